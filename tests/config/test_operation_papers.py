"""An operation's papers: kept as text, laid out again to the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.operation_file import digest, read_operation
from config.operation_papers import MOST_BYTES, PLAN, check_name, compose, gather, lay_out
from sample_geo.ready import DATA
from tests.config.test_operation import BEFORE_AFTER, CROSSOVER, written


@pytest.mark.parametrize("name", ["gull", "tern"])
def test_papers_are_laid_out_again_to_the_same(tmp_path: Path, name: str) -> None:
    plan = DATA / f"operation_{name}.toml"
    papers = gather(plan)
    again = lay_out(papers.plan, papers.files, tmp_path)
    assert papers.digest == digest(read_operation(plan)) == digest(again)
    assert gather(tmp_path / PLAN) == papers
    assert str(DATA) not in papers.plan
    # areas; and of the crossover its draw
    assert len(papers.files) == {"gull": 1, "tern": 2}[name]


def test_line_ends_and_byte_order_marks_stay(tmp_path: Path) -> None:
    path = written(tmp_path, CROSSOVER)
    draw = "\ufeffdate,area_id,treated\r\n2026-08-01,A1,1\r\n"
    (tmp_path / "daily.csv").write_bytes(draw.encode())
    papers = gather(path)
    assert papers.files == (("daily.csv", draw),)
    (tmp_path / "again").mkdir()
    lay_out(papers.plan, papers.files, tmp_path / "again")
    assert (tmp_path / "again" / "daily.csv").read_bytes() == draw.encode()


def test_a_form_and_its_file_say_the_same(tmp_path: Path) -> None:
    papers = gather(written(tmp_path, BEFORE_AFTER))
    said = read_operation(tmp_path / "op.toml").model_dump(exclude_defaults=True)
    assert compose(said, {}) == papers


@pytest.mark.parametrize(
    "name", ["../a.csv", "a/b.csv", "a\\b.csv", ".a.csv", "a.gpkg", "a.exe", PLAN, ""]
)
def test_names_that_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInputError, match="cannot be kept with an operation"):
        check_name(name)
    with pytest.raises(BadInputError):
        lay_out("", ((name, "x"),), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_kept_as_text(tmp_path: Path) -> None:
    path = written(tmp_path, CROSSOVER)
    (tmp_path / "daily.csv").write_bytes(b"\xff\xfe\x00date")
    with pytest.raises(BadInputError, match=r"daily\.csv cannot be read as text"):
        gather(path)
    (tmp_path / "daily.csv").write_bytes(b"d" * (MOST_BYTES + 1))
    with pytest.raises(BadInputError, match="8 MB are kept"):
        gather(path)


def test_two_files_of_one_name(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "areas.csv").write_text("area_id,cells\nA1,8a194ada9267fff\n")
    cells = '[areas.cells]\nA1 = ["8a194ada9267fff"]\n'
    text = (
        BEFORE_AFTER.replace(cells, '[areas]\nfile = "one/areas.csv"\n')
        .replace('"A 2" = ["8a194ada926ffff"]\n', "")
        .replace('kind = "rest_of_force"', 'kind = "areas"\nfile = "two/areas.csv"')
    )  # fmt: skip
    with pytest.raises(BadInputError, match=r"areas\.csv: two files have this name"):
        gather(written(tmp_path, text))
