"""Answers kept between clicks: what they depend on."""

from __future__ import annotations

import pandas as pd

from config.force_file import Origin, held, said_in
from config.settings import load_settings
from spatial.incidents.store import IncidentStore
from spatial.window import year_to
from views import answers, tables

STRICT = said_in(
    {"quality": {"poor_unlocated": 0.0001, "care_unlocated": 0.00005}}, Origin.NAMED, None
)


def limits(store: IncidentStore) -> pd.DataFrame:
    assert store.loads
    return pd.DataFrame({"poor": [load_settings().quality.poor_unlocated]})


def test_a_change_of_settings_grades_the_data_anew_and_back(saltmere_store: IncidentStore) -> None:
    window = year_to(saltmere_store.data_through)

    def graded() -> tuple[str, str, float]:
        return (
            answers.banner(saltmere_store).grade.value,
            answers.window_banner(saltmere_store, "ark", window).grade.value,
            float(tables.table_of(saltmere_store, limits)["poor"].iloc[0]),
        )

    before = graded()
    with held(STRICT):
        strict = graded()
    assert all(now != was for now, was in zip(strict, before, strict=True))
    assert graded() == before
