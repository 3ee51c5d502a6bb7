"""A force's own settings: laid over the defaults, one set in force, and refused in one sentence."""

from __future__ import annotations

import math
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from config.basemap import load_basemap
from config.dose import load_dose_rules
from config.errors import BadInputError
from config.force_file import (
    FILE_NAME,
    SECTION_NAMES,
    SHIPPED,
    Origin,
    Section,
    force_file,
    held,
    laid_over,
    put,
    said_in,
    settings_key,
)
from config.in_force import FILE_VARIABLE, checked, find, in_force
from config.period_return import load_return_layout
from config.print import load_print_settings
from config.register import load_register_rules
from config.risk_terrain import load_risk_rules
from config.settings import load_settings
from config.shifts import day_starts, load_shifts
from config.watch import load_watch_list


def _held(tables: dict[str, Any]) -> AbstractContextManager[None]:
    return held(said_in(tables, Origin.NAMED, None))


def test_every_section_has_its_shipped_file() -> None:
    assert all(Section(name).shipped.is_file() for name in ("", *SECTION_NAMES))


def test_what_is_said_is_laid_over_and_the_rest_stays() -> None:
    shipped = load_settings()
    tables = {
        "places": 15,
        "quality": {"care_rejected": 0.02},
        "shifts": {"day_starts": 7},
        "dose": {"minutes": 12},
        "print": {"expiry_days": 21},
        "period_return": {"fewest_shown": 5},
        "risk_terrain": {"words": {"mela": ["a mela", "melas"]}},
        "watch": {"rules": {"quiet_weeks": 26}},
        "register": {"retention": {"visits": {"days": 365}}},
        "basemap": {
            "kind": "xyz", "address": "https://maps.force.example/{z}/{x}/{y}.png",
            "attribution": "OS",
        },
    }  # fmt: skip
    with _held(tables):
        quality = shipped.quality.model_copy(update={"care_rejected": 0.02})
        assert load_settings() == shipped.model_copy(update={"places": 15, "quality": quality})
        assert day_starts() == 7
        assert len(load_shifts().shift) == 3
        assert (load_dose_rules().minutes, load_dose_rules().most_minutes) == (12, 16)
        assert load_print_settings().expiry_days == 21
        assert load_return_layout().fewest_shown == 5
        assert load_risk_rules().words_of("mela") == ("a mela", "melas")
        assert load_risk_rules().words_of("atm") == ("a cash machine", "cash machines")
        assert load_watch_list().rules.quiet_weeks == 26
        visits = load_register_rules().retention.visits
        assert (visits.days, visits.reason[:4]) == (365, "From")
        assert load_basemap().host == "maps.force.example"
    assert load_settings() == shipped
    assert day_starts() == 6
    assert not load_basemap().shown


def test_a_list_counts_as_a_whole() -> None:
    assert laid_over({"a": [1, 2], "b": {"c": 1, "d": 2}}, {"a": [3], "b": {"d": 4}}) == {
        "a": [3], "b": {"c": 1, "d": 4},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tables", "match"),
    [
        ({"plases": 3}, r"no setting 'plases'. Perhaps 'places' is meant"),
        ({"shfts": {}}, r"no setting 'shfts'. Perhaps 'shifts' is meant"),
        ({"dose": {"minuts": 3}}, r"no setting 'dose.minuts'. Perhaps 'minutes' is meant"),
        ({"places": 0}, r"places is 0: it must be a whole number from 1 to 500"),
        ({"places": True}, r"places is True: it must be a whole number from 1"),
        (
            {"quality": {"expected_unseen": math.inf}},
            r"expected_unseen is inf: it must be a number",
        ),
        ({"dose": {"detour": math.nan}}, r"dose.detour is nan: it must be a number of 1 or more"),
        ({"resolution": 11}, r"resolution is 11: it must be a whole number from 8 to 10"),
        (
            {"quality": {"poor_missing": 1.5}},
            r"quality.poor_missing is 1.5: .*more than 0 and less",
        ),
        ({"quality": {"care_unlocated": 0.5}}, r"care_unlocated is 0.5 .* care has to come first"),
        ({"fewest_cells": 9}, r"fewest_cells is 9, more than most_cells, 7"),
        ({"resolution": 8}, r"coarse_resolution is 9, finer than resolution, 8"),
        ({"marking": "  "}, r"marking: '  ' is blank"),
        ({"marking": "A\nB"}, r"more than one line"),
        ({"quality": 3}, r"quality is 3: it must be a table"),
        ({"shifts": 3}, r"shifts is 3, where a table has to stand"),
        (
            {"shifts": {"shift": [{"name": "x", "starts": 3, "ends": 25}]}},
            r"shifts.shift\[1\].ends",
        ),
        ({"shifts": {"shift": [{"name": "x", "starts": 3}]}}, r"shifts.shift\[1\].ends is missing"),
        ({"basemap": {"kind": "pdf"}}, r"basemap.kind is 'pdf': it must be one of none, style"),
        ({"periods": {"term": 3}}, r"periods.term is 3"),
        ({"register": {"retention": {"visits": {"days": -1}}}}, r"visits.days is -1: .* 0 or more"),
    ],
)
def test_a_bad_setting_is_one_sentence(tables: dict[str, Any], match: str) -> None:
    with pytest.raises(BadInputError, match=match) as refused:
        checked(said_in(tables, Origin.NAMED, Path("ours.toml")))
    assert str(refused.value).startswith("ours.toml: ")


def test_the_named_file_comes_before_the_environment_and_that_before_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, named, said = tmp_path / "store", tmp_path / "named.toml", tmp_path / "said.toml"
    store.mkdir()
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    assert find(store=store) is SHIPPED
    for number, file in enumerate((store / FILE_NAME, said, named), start=3):
        file.write_text(f"places = {number}", encoding="utf-8")
    seen = []
    for variable, option in (("", None), (str(said), None), (str(said), named)):
        monkeypatch.setenv(FILE_VARIABLE, variable)
        with in_force(named=option, store=store) as file:
            seen.append((load_settings().places, file.origin))
    assert seen == [(3, Origin.STORE), (4, Origin.NAMED), (5, Origin.NAMED)]
    assert force_file() is SHIPPED
    with pytest.raises(BadInputError, match=r"gone\.toml cannot be opened"):
        find(named=tmp_path / "gone.toml")


def test_a_thread_keeps_what_it_holds_while_others_change() -> None:
    seen: list[int] = []
    go, done = threading.Event(), threading.Event()

    def work() -> None:
        with _held({"places": 3}):
            go.set()
            done.wait(10)
            seen.append(load_settings().places)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        go.wait(10)
        put(said_in({"places": 4}, Origin.NAMED, None))
        seen.append(load_settings().places)
        done.set()
        thread.join(10)
    finally:
        put(SHIPPED)
    assert seen == [4, 3]


def test_the_key_follows_what_is_said_and_where_paths_begin(tmp_path: Path) -> None:
    one = said_in({"places": 3, "ring": 1}, Origin.STORE, tmp_path / "a.toml")
    same = said_in({"ring": 1, "places": 3}, Origin.STORE, tmp_path / "b.toml")
    elsewhere = said_in({"places": 3, "ring": 1}, Origin.STORE, tmp_path / "x" / "a.toml")
    other = said_in({"places": 4, "ring": 1}, Origin.STORE, tmp_path / "a.toml")
    assert one.digest == same.digest
    assert len({one.digest, elsewhere.digest, other.digest, settings_key()}) == 4
