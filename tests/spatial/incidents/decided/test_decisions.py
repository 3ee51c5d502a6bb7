"""Decisions: applied at once and later, withdrawn, carried along, and never half-made."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from config.errors import BadInputError
from spatial.incidents.checks.suspects import DECIDED, PILE_UP, find_suspects
from spatial.incidents.decided import deciding
from spatial.incidents.decided.deciding import Asked, decide, withdraw
from spatial.incidents.decided.decisions import DECISIONS_FILE, Choice, Decision, Reason, placed
from spatial.incidents.load import load_incidents
from spatial.incidents.rows.locations import cells_of
from spatial.incidents.schema import RESOLUTIONS, cell_column
from spatial.incidents.store import AS_GIVEN, IncidentStore
from spatial.incidents.undo import undo_load
from spatial.results import HotspotRequest
from spatial.run import hotspots
from spatial.window import Window
from tests.spatial.incidents.decided.made import DAY, LISTS, point_of
from tests.spatial.incidents.exports import force_export, rows_of, snapshot, written

STATION = (1.3910795, 53.1953213)


YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))


WHERE = "incident_id, longitude, latitude, location_precision_m, h3_08, h3_09, h3_10"


@pytest.fixture
def town(saltmere_store: IncidentStore, tmp_path: Path) -> Path:
    """The sample town in a store of its own, to decide in."""
    return Path(shutil.copytree(saltmere_store.path, tmp_path / "town"))


def hot(store: Path) -> tuple[str, int, list[str]]:
    result = hotspots(IncidentStore.open(store), HotspotRequest(profile="ark", window=YEAR))
    loud = [note.text for note in result.notes if note.loud]
    return result.run_id, int(result.cells["incidents"].sum()), loud


def test_dropped_incidents_stay_and_lose_their_location(small: Path) -> None:
    before, given = IncidentStore.open(small).fingerprint, rows_of(small, WHERE)
    recorded = decide(small, [Asked(*point_of(small, "1"), Choice.DROP)], decided_on=DAY)
    assert recorded.incidents == 3
    assert [row[1:] for row in rows_of(small, WHERE)[:3]] == [(None,) * 6] * 3
    assert rows_of(small, WHERE)[3] == given[3]
    with IncidentStore.open(small).connect() as connection:
        rows = connection.execute(f"SELECT {WHERE} FROM {AS_GIVEN} ORDER BY 1").fetchall()
    assert rows == given
    assert IncidentStore.open(small).fingerprint != before


def test_moved_incidents_are_indexed_where_they_go(small: Path) -> None:
    to = (1.4012345, 53.2)
    decide(small, [Asked(*point_of(small, "1"), Choice.MOVE, to=to)], decided_on=DAY)
    cells = cells_of(np.array([to[0]]), np.array([to[1]]))
    wanted = (*to, None, *(cells[resolution][0].as_py() for resolution in RESOLUTIONS))
    assert [row[1:] for row in rows_of(small, WHERE)[:3]] == [wanted] * 3


def test_nothing_is_rewritten_and_withdrawing_is_as_if_it_had_never_been(small: Path) -> None:
    files, mark, given = snapshot(small), IncidentStore.open(small).fingerprint, rows_of(small)
    point = point_of(small, "1")
    decide(small, [Asked(*point, Choice.DROP, Reason.HOSPITAL)], decided_on=DAY)
    changed = snapshot(small)
    assert {name for name in changed if changed[name] != files.get(name)} == {DECISIONS_FILE}
    (gone,) = withdraw(small, *point)
    assert (gone.choice, gone.reason, gone.decided_on) == (Choice.DROP, Reason.HOSPITAL, DAY)
    assert rows_of(small) == given
    assert IncidentStore.open(small).fingerprint == mark


def test_to_keep_changes_no_number_and_is_asked_no_more(town: Path) -> None:
    store = IncidentStore.open(town)
    assert find_suspects(store).counts.set_index("check").loc[PILE_UP, "undecided"] == 1
    decide(town, [Asked(*STATION, Choice.KEEP, Reason.POLICE_STATION)], decided_on=DAY)
    kept = IncidentStore.open(town)
    assert kept.fingerprint == store.fingerprint
    found = find_suspects(kept, most=1)
    assert found.counts.set_index("check").loc[PILE_UP, "undecided"] == 0
    assert found.points.iloc[0][["decision", "reason", "decided_on"]].tolist() == [
        "keep", "police station", "2026-11-21",
    ]  # fmt: skip


def test_decisions_hold_for_later_loads_and_reloading_adds_nothing(
    small: Path, tmp_path: Path
) -> None:
    decide(small, [Asked(*point_of(small, "1"), Choice.DROP)], decided_on=DAY)
    # the same point by another row, and the first file again in another guise
    later = written(
        tmp_path / "b.csv", force_export({"Incident Number": "5"}, {"Incident Number": "1"})
    )
    result = load_incidents([later], small)
    assert (result.stored, result.duplicates) == (1, 1)
    assert dict(rows_of(small, "incident_id, longitude"))["5"] is None
    undo_load(small, result.load_id)
    assert len(IncidentStore.open(small).decisions) == 1


@pytest.mark.slow
def test_a_dropped_point_is_told_beside_the_result(town: Path) -> None:
    run_id, counted, loud = hot(town)
    assert not any("decided" in text for text in loud)
    decide(town, [Asked(*STATION, Choice.DROP, Reason.POLICE_STATION)], decided_on=DAY)
    dropped_id, dropped, loud = hot(town)
    (said,) = [text for text in loud if "decided to drop" in text]
    assert counted - dropped == 7
    assert "7 incidents are on no map" in said
    assert "(police station 7)" in said
    decide(town, [Asked(*STATION, Choice.MOVE, Reason.OTHER, to=(1.4, 53.2))], decided_on=DAY)
    moved_id, moved, loud = hot(town)
    assert moved == counted
    assert any("7 incidents are counted where it was decided to move" in text for text in loud)
    withdraw(town, *STATION)
    assert hot(town)[0] == run_id
    assert len({run_id, dropped_id, moved_id}) == 3


def test_the_same_decisions_give_the_same_id_whatever_their_order_and_date(
    town: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(town, tmp_path / "other"))
    first, second = IncidentStore.open(town), find_suspects(IncidentStore.open(town)).points.iloc[2]
    asked = [
        Asked(*STATION, Choice.DROP),
        Asked(second["longitude"], second["latitude"], Choice.MOVE, to=(1.4, 53.2)),
    ]
    decide(town, asked, decided_on=DAY)
    for one in reversed(asked):
        decide(other, [one], decided_on=dt.date(2027, 1, 1))
    assert IncidentStore.open(other).fingerprint == IncidentStore.open(town).fingerprint
    assert IncidentStore.open(town).fingerprint != first.fingerprint


def test_of_two_decisions_on_one_point_the_last_counts_and_is_said(small: Path) -> None:
    point = point_of(small, "1")
    both = [Asked(*point, Choice.DROP, row=2), Asked(*point, Choice.KEEP, row=3)]
    (note,) = decide(small, both, decided_on=DAY).notes
    assert note.loud
    assert "decided on twice (row 3 after row 2): keep counts, not drop" in note.text
    assert [one.choice for one in IncidentStore.open(small).decisions] == [Choice.KEEP]
    (note,) = decide(small, both[:1], decided_on=DAY).notes
    assert "drop replaces keep of 2026-11-21" in note.text
    # the same once more replaces nothing
    assert decide(small, both[:1], decided_on=DAY).notes == ()


def test_what_waits_comes_into_force_with_its_load(small: Path, tmp_path: Path) -> None:
    (x, y), source = point_of(small, "4"), "force export"
    empty = tmp_path / "new"
    first = written(
        tmp_path / "first.csv", force_export({"Incident Number": "9", "Easting": "627400"})
    )
    load_incidents([first], empty)
    waiting = Asked(x, y, Choice.DROP, source=source, waits=True)
    (note,) = decide(empty, [waiting], decided_on=DAY).notes
    assert "wait for a load" in note.text
    assert find_suspects(IncidentStore.open(empty)).points["check"].tolist() == [DECIDED]
    load_incidents([tmp_path / "a.csv"], empty)
    assert dict(rows_of(empty, "incident_id, longitude"))["4"] is None
    assert dict(rows_of(empty, "incident_id, longitude"))["3"] is not None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"longitude": 1.5},
            r"no incident lies at the point 1\.5000000, .* \(the nearest that does",
        ),
        ({"source": "others"}, "no incident of source 'others' lies at the point"),
        ({"choice": Choice.MOVE}, "needs a place to go to"),
        ({"to": (1.4, 53.2)}, "given with drop, not move"),
        ({"choice": Choice.MOVE, "to": (53.2, 1.4)}, "longitude comes first"),
        ({"choice": Choice.MOVE, "to": (1.4, 54.2)}, "lies over 25 km from"),
        ({"choice": Choice.MOVE, "to": (0.0, 0.0)}, "no place on Earth"),
        ({"choice": Choice.MOVE, "to": (191.0, 53.2)}, "no place on Earth"),
        ({"choice": Choice.MOVE, "to": (float("nan"), 53.2)}, "no place on Earth"),
        ({"choice": Choice.MOVE, "to": "itself"}, "is the point itself"),
    ],
)
def test_what_cannot_be_decided_changes_nothing(
    small: Path, change: dict[str, object], said: str
) -> None:
    x, y = point_of(small, "1")
    if change.get("to") == "itself":
        change = {**change, "to": (x, y)}
    wrong = Asked(**{"longitude": x, "latitude": y, "choice": Choice.DROP, **change})  # type: ignore[arg-type]
    good, before = Asked(*point_of(small, "4"), Choice.DROP), snapshot(small)
    with pytest.raises(BadInputError, match=f"(?i){said}") as caught:
        decide(small, [good, wrong], decided_on=DAY)
    assert str(caught.value).endswith("Nothing was recorded.")
    assert snapshot(small) == before


def test_there_is_nothing_to_decide_where_there_is_no_store(tmp_path: Path) -> None:
    for act in (
        lambda: decide(tmp_path / "no", [Asked(1, 2, Choice.DROP)], decided_on=DAY),
        lambda: withdraw(tmp_path / "no", 1, 2),
    ):
        with pytest.raises(BadInputError, match="does not exist"):
            act()
    assert not (tmp_path / "no").exists()


def test_only_what_was_decided_is_withdrawn(small: Path) -> None:
    with pytest.raises(BadInputError, match=r"Nothing was decided about.*Decided on are: none"):
        withdraw(small, *point_of(small, "1"))
    assert not (small / DECISIONS_FILE).exists()


def test_a_failure_leaves_the_decisions_as_they_were(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(small, [Asked(*point_of(small, "1"), Choice.DROP)], decided_on=DAY)
    before = snapshot(small)

    def fail(*_: object) -> None:
        msg = "disk full"
        raise OSError(msg)

    monkeypatch.setattr("spatial.incidents.decided.decisions.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        decide(small, [Asked(*point_of(small, "4"), Choice.DROP)], decided_on=DAY)
    assert snapshot(small) == before


@settings(max_examples=40)
@given(LISTS)
def test_placing_conserves_rows_and_touches_only_its_points(made: list[Decision]) -> None:
    import duckdb  # noqa: PLC0415 (this test alone reads SQL without a store)

    columns = ", ".join(f"CAST(1 AS UBIGINT) AS {cell_column(one)}" for one in RESOLUTIONS)
    points = [
        *((one.source, one.longitude, one.latitude) for one in made),
        ("force export", 9.0, 9.0),
    ]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE given_points(s VARCHAR, x DOUBLE, y DOUBLE)")
        connection.executemany("INSERT INTO given_points VALUES (?, ?, ?)", points)
        connection.execute(
            "CREATE VIEW raw AS SELECT s AS source, x AS longitude, y AS latitude, "
            f"CAST(5 AS FLOAT) AS location_precision_m, {columns} FROM given_points"
        )
        seen = connection.execute(f"SELECT * FROM {placed('raw', made)}").fetchall()
    assert len(seen) == len(points)
    dropped = sum(one.choice is Choice.DROP for one in made)
    moved = [(one.to_longitude, one.to_latitude) for one in made if one.choice is Choice.MOVE]
    assert sum(row[1] is None for row in seen) == dropped
    assert sum(row[4] is None for row in seen) == dropped
    for goal in moved:
        assert goal in [row[1:3] for row in seen]
    assert sum(row[4] == 1 for row in seen) == len(points) - dropped - len(moved)


def test_without_a_decision_in_effect_the_origin_is_read_as_it_is() -> None:
    keep = Decision("a", 1.0, 2.0, Choice.KEEP, Reason.OTHER, DAY)
    assert placed("incidents_as_given", ()) == "incidents_as_given"
    assert placed("incidents_as_given", (keep,)) == "incidents_as_given"


def test_a_store_keeps_so_many_decisions_and_no_more(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "MOST_DECISIONS", 1)
    asked = [Asked(*point_of(small, number), Choice.DROP) for number in "14"]
    with pytest.raises(BadInputError, match="would hold 2 decisions, and at most 1"):
        decide(small, asked, decided_on=DAY)
    assert not (small / DECISIONS_FILE).exists()
