from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import pytest

from config.errors import BadInputError
from config.operation import DESIGNS, from_register, register_fields
from config.operation_file import area_ids, digest, operation_text, read_operation
from config.operation_rules import check_precision
from config.published_operation import MARK, load_published, published_names
from register import operations

CELLS = '[areas.cells]\nA1 = ["8a194ada9267fff"]\n"A 2" = ["8a194ada926ffff"]\n'
HEAD = (
    'name = "Autumn \\"trial\\""\nfirst_date = 2026-08-01\nlast_date = 2026-10-29\n'
    'profiles = ["ark"]\n'
)
CROSSOVER = (
    HEAD
    + 'design = "crossover"\nstart = "14:00"\nend = "00:00"\n'
    + CELLS
    + '[crossover]\nallocation = "daily.csv"\ntreated_each_day = 1\n'
)
BEFORE = "[baseline]\nfirst = 2025-08-01\nlast = 2025-10-29\n"
REST = '[comparators]\nkind = "rest_of_force"\n'
BEFORE_AFTER = HEAD + 'design = "before_after"\n' + CELLS + REST + BEFORE
STAGGERED = HEAD + 'design = "staggered"\n' + CELLS + BEFORE + "[starts]\nA1 = 2026-08-01\n"


def written(folder: Path, text: str, name: str = "op.toml") -> Path:
    (folder / "daily.csv").write_text("date,area_id,treated\n", encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    "text",
    [CROSSOVER, BEFORE_AFTER, STAGGERED + '"A 2" = 2026-09-01\n'],
    ids=["crossover", "before_after", "staggered"],
)
def test_an_operation_is_written_and_read_back_the_same(tmp_path: Path, text: str) -> None:
    said = read_operation(written(tmp_path, text))
    again = read_operation(
        written(tmp_path, operation_text(said, folder=tmp_path), name="again.toml")
    )
    assert again == said
    assert digest(again) == digest(said)
    assert len(said.dates) == 90
    assert area_ids(said.areas) == ("A1", "A 2")


def test_who_drew_the_order_is_read_and_changes_the_digest(tmp_path: Path) -> None:
    text = STAGGERED + '"A 2" = 2026-09-01\n'
    silent = read_operation(written(tmp_path, text))
    drawn = read_operation(written(tmp_path, text.replace("design", 'order = "by_lot"\ndesign', 1)))
    assert silent.order is None
    assert drawn.order == "by_lot"
    assert digest(silent) != digest(drawn)
    assert 'order = "by_lot"' in operation_text(drawn)
    later = drawn.model_copy(update={"starts": {**drawn.starts, "A 2": dt.date(2026, 9, 2)}})
    with pytest.raises(BadInputError, match="not the first of a month"):
        check_precision(later, "month", name="op.toml")


def test_the_register_keeps_an_operation(tmp_path: Path) -> None:
    assert operations.DESIGNS == DESIGNS
    said = read_operation(written(tmp_path, CROSSOVER))
    draft = operations.OperationDraft(**register_fields(said, area_ids=area_ids(said.areas)))
    kept = operations.checked(draft)
    assert kept.areas == ("A1", "A 2")
    assert (kept.start, kept.end, kept.profiles) == ("14:00", "00:00", ("ark",))
    # and gives it back, with what it does not keep
    more = said.model_dump(include={"areas", "crossover"})
    assert from_register(asdict(kept), more=more) == said
    filed = from_register(asdict(kept), areas_file="areas.geojson")
    assert (filed.areas.file, filed.areas.ids) == ("areas.geojson", ("A1", "A 2"))
    cell = "8a194ada9267fff"
    assert from_register({**asdict(kept), "areas": (cell,)}).areas.cells == {cell: (cell,)}


def test_the_digest_is_of_what_an_evaluation_rests_on(tmp_path: Path) -> None:
    first = digest(read_operation(written(tmp_path, CROSSOVER)))
    later = CROSSOVER + '[registered]\nby = "analyst"\nat = 2026-07-30\n'
    assert digest(read_operation(written(tmp_path, later))) == first
    # another folder, the same content
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert digest(read_operation(written(elsewhere, CROSSOVER))) == first
    other = read_operation(written(tmp_path, CROSSOVER.replace('"14:00"', '"15:00"')))
    assert digest(other) != first
    # the allocation was changed afterwards
    (tmp_path / "daily.csv").write_text("date,area_id,treated\n2026-08-01,A1,1\n", "utf-8")
    assert digest(read_operation(tmp_path / "op.toml")) != first


def test_areas_are_listed_from_their_file(tmp_path: Path) -> None:
    text = CROSSOVER.replace(CELLS, '[areas]\nfile = "places.csv"\n')
    (tmp_path / "places.csv").write_text("area_id,name\nB1,x\nB2,y\n", encoding="utf-8")
    assert area_ids(read_operation(written(tmp_path, text)).areas) == ("B1", "B2")
    (tmp_path / "places.csv").write_text("area_id,name\nB1,x\nB1,y\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"places.csv: area_id: 'B1' stands twice"):
        area_ids(read_operation(written(tmp_path, text)).areas)
    (tmp_path / "places.csv").write_text("area_id,name\nB1,x\nB2,y\n", encoding="utf-8")
    named = text.replace("[areas]\n", '[areas]\nids = ["B9"]\n')
    with pytest.raises(BadInputError, match="'B9' is named and is not there"):
        area_ids(read_operation(written(tmp_path, named)).areas)


def test_hours_may_pass_midnight_but_not_the_start_of_the_policing_day(tmp_path: Path) -> None:
    night = CROSSOVER.replace('"14:00"', '"22:00"').replace('"00:00"', '"06:00"')
    assert read_operation(written(tmp_path, night)).end == "06:00"
    with pytest.raises(BadInputError, match="runs over 06:00"):
        read_operation(written(tmp_path, night.replace('"06:00"', '"07:00"')))


def test_weekdays_leave_their_days(tmp_path: Path) -> None:
    said = read_operation(written(tmp_path, "weekdays = [4, 5]\n" + CROSSOVER))
    assert {day.weekday() for day in said.dates} == {4, 5}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (BEFORE_AFTER.replace(BEFORE, ""), "op.toml: baseline: missing"),
        (BEFORE_AFTER.replace(REST, ""), "op.toml: comparators: missing"),
        (BEFORE_AFTER.replace("2025-10-29", "2026-08-02"), "baseline: 2026-08-02 is not before"),
        (BEFORE_AFTER.replace("before_after", "matched_comparison"), "is not matched"),
        (BEFORE_AFTER.replace("before_after", "staggered"), "starts: missing"),
        (BEFORE_AFTER.replace("before_after", "crossover"), "crossover: missing"),
        (STAGGERED, "starts: 'A 2' has no date"),
        (STAGGERED + '"A 2" = 2026-11-01\n', r"starts.A 2: 2026-11-01 is outside"),
        (STAGGERED + '"A 2" = 2026-09-01\nA3 = 2026-09-01\n', r"starts.A3: is none of the areas"),
        (BEFORE_AFTER.replace("design", 'order = "chosen"\ndesign'), "order: 'chosen' does not go"),
        (STAGGERED.replace("design", 'order = "by hand"\ndesign', 1), "order"),
        (CROSSOVER.replace("daily.csv", "none.csv"), r"crossover.allocation: there is no file"),
        (CROSSOVER.replace("2026-10-29", "2026-07-29"), "last_date: 2026-07-29 is before"),
        (CROSSOVER.replace('end = "00:00"\n', ""), "start, end: give both"),
        (CROSSOVER.replace('"00:00"', '"14:00"'), "end: '14:00' is also the start"),
        (CROSSOVER.replace("8a194ada926ffff", "8a194ada9267fff"), "belongs to 'A1' and to 'A 2'"),
        (CROSSOVER.replace("8a194ada926ffff", "here"), "op.toml: areas.cells"),
        (CROSSOVER.replace(CELLS, "[areas]\n"), "areas: give either a file or lists of cells"),
        (
            BEFORE_AFTER.replace(
                REST,
                '[comparators]\nkind = "areas"\n[comparators.cells]\nC = ["8a194ada9267fff"]\n',
            ),
            "comparators.cells: '8a194ada9267fff' lies in an area that is patrolled",
        ),
        (
            BEFORE_AFTER.replace('kind = "rest_of_force"', 'kind = "rest_of_force"\nhow_many = 2'),
            "comparators.how_many",
        ),
        (CROSSOVER + "patrols = 3\n", "op.toml: crossover.patrols"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(BadInputError, match=match):
        read_operation(written(tmp_path, text))


def test_month_only_data_cannot_judge_days(tmp_path: Path) -> None:
    crossover = read_operation(written(tmp_path, CROSSOVER))
    check_precision(crossover, "minute", name="op.toml")
    with pytest.raises(BadInputError, match="ran 14:00 to 00:00, and the data say only the day"):
        check_precision(crossover, "day", name="op.toml")
    all_day = crossover.model_copy(update={"start": "", "end": ""})
    check_precision(all_day, "day", name="op.toml")
    with pytest.raises(BadInputError, match="'crossover' compares days"):
        check_precision(all_day, "month", name="op.toml")
    before = read_operation(written(tmp_path, BEFORE_AFTER))
    with pytest.raises(BadInputError, match=r"first_date and last_date: .* not whole months"):
        check_precision(before, "month", name="op.toml")
    months = BEFORE_AFTER.replace("10-29", "10-31")
    check_precision(read_operation(written(tmp_path, months)), "month", name="op.toml")


def test_a_baseline_on_the_days_places_were_chosen_on_is_known(tmp_path: Path) -> None:
    chosen = BEFORE_AFTER + "[selection]\nfirst = 2025-01-01\nlast = 2025-08-31\n"
    assert read_operation(written(tmp_path, chosen)).baseline_on_selection
    earlier = chosen.replace("2025-08-31", "2025-07-31")
    assert not read_operation(written(tmp_path, earlier)).baseline_on_selection


def test_published_operations_keep_their_figures_and_cautions() -> None:
    assert published_names() == ("ark", "rasure")
    ark, rasure = load_published("ark"), load_published("rasure")
    assert MARK == "published, not recomputed"
    design = ark.template
    assert (design.places, design.days, design.treated_each_day) == (20, 90, 8)
    assert design.places * design.days == design.place_days_treated + design.place_days_control
    assert [figure.value for figure in ark.figures] == [-0.885, -0.735, -0.319, 0.98]
    assert [(figure.value, figure.significant) for figure in rasure.figures] == [(-0.0874, False)]
    assert all(figure.caution for figure in (*ark.figures, *rasure.figures))
    with pytest.raises(BadInputError, match="Choose one of ark, rasure"):
        load_published("rowan")
