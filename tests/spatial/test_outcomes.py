from __future__ import annotations

import datetime as dt
from pathlib import Path

from config.profile import FOLDER, load_profile
from spatial.incidents.select import profile_condition
from spatial.incidents.store import IncidentStore
from spatial.outcomes import outcomes_at
from spatial.window import Window

WINDOW = Window(dt.date(2026, 8, 1), dt.date(2026, 10, 31))


def test_outcomes_of_every_cell_are_the_profile_itself(saltmere_store: IncidentStore) -> None:
    with saltmere_store.connect() as connection:
        cells, incidents, harm = connection.execute(
            f"""
            SELECT list(DISTINCT h3_10), count(*), sum(harm_days) FROM incidents
            WHERE h3_10 IS NOT NULL AND occurred_from >= '2026-08-01'
                  AND ({profile_condition(load_profile("ark"))})
            """
        ).fetchone()  # type: ignore[misc]
    table = outcomes_at(
        saltmere_store,
        ["ark", "asb", "ark"],
        cells=[f"{cell:x}" for cell in cells],
        window=WINDOW,
        study_area=None,
        resolution=10,
    )
    ark = table[table["profile"] == "ark"]
    assert int(ark["incidents"].sum()) == incidents
    assert abs(float(ark["harm_days"].sum()) - float(harm)) < 0.01
    assert ark["date"].is_monotonic_increasing
    assert ark["date"].is_unique
    # antisocial behaviour is counted, and never weighed
    assert table.loc[table["profile"] == "asb", "harm_days"].isna().all()


def test_a_profile_without_any_is_nought_not_unknown(saltmere_store: IncidentStore) -> None:
    table = outcomes_at(
        saltmere_store, ["ark"], cells=["8a1941990787fff"], study_area=None, resolution=10,
        window=Window(dt.date(2026, 8, 1), dt.date(2026, 8, 1)),
    )  # fmt: skip
    assert table.to_dict("records") == [
        {"profile": "ark", "date": "2026-08-01", "incidents": 0, "harm_days": 0.0}
    ]


def test_a_profile_that_the_store_cannot_tell_is_unknown_not_nought(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    rules = (FOLDER / "homicide.toml").read_text(encoding="utf-8")
    # no offence of the sample town has this code
    own = tmp_path / "own.toml"
    own.write_text(rules.replace('tiers = ["homicide"]', 'ho_codes = ["998/99"]'))
    table = outcomes_at(
        saltmere_store, [str(own), "asb"], cells=["8a1941990787fff"], window=WINDOW,
        study_area=None, resolution=10,
    )  # fmt: skip
    assert set(table["profile"]) == {"asb"}
    only = outcomes_at(
        saltmere_store, [str(own)], cells=["8a1941990787fff"], window=WINDOW,
        study_area=None, resolution=10,
    )  # fmt: skip
    assert only.empty
