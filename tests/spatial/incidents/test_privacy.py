"""Privacy: a mapping that would keep personal data is refused, by heading and by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.mapping import FOLDER, load_mapping, personal
from spatial.incidents.load import load_incidents
from tests.spatial.incidents.exports import FORCE_COLUMNS, force_export, written


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("Victim Name", "a name"),
        ("Surname", "a name"),
        ("SuspectForename", "a name"),
        ("NAME", "a name"),
        ("Name of offender", "a name"),
        ("Date of Birth", "a date of birth"),
        ("Victim DOB", "a date of birth"),
        ("Offence Address", "an address"),
        ("Post Code", "an address"),
        ("e-mail", "an address"),
        ("MO", "free text"),
        ("Modus Operandi", "free text"),
        ("Crime Notes", "free text"),
        ("NHS Number", "a number of one person"),
        ("Force Name", ""),
        ("Premises Name", ""),
        ("Mobile phone", "an address"),
        ("Victim Age", ""),
        ("Month", ""),
        ("Location Type", ""),
    ],
)
def test_headings_are_judged_word_by_word(heading: str, what: str) -> None:
    assert personal(heading) == what


def test_no_heading_of_the_shipped_exports_is_personal() -> None:
    assert [column for column in FORCE_COLUMNS if personal(column)] == []


def mapped(folder: Path, old: str, new: str) -> Path:
    text = (FOLDER / "force_export.toml").read_text("utf-8")
    assert old in text
    path = folder / "mine.toml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_a_mapping_of_a_personal_heading_is_refused(tmp_path: Path) -> None:
    mine = mapped(tmp_path, 'force = "Force"', 'force = "Victim Surname"')
    with pytest.raises(BadInputError, match="'Victim Surname', which by its heading holds a name"):
        load_mapping(mine)


PROSE = "{} was approached near the pier by somebody known to them and struck"
PEOPLE = [
    f"{first} {last}"
    for first in ["Ann", "Ben", "Cat", "Dan", "Eve"]
    for last in ["Ash", "Birch", "Elm", "Oak"]
]


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("Incident Number", [PROSE.format(number) for number in range(40)], "free text"),
        ("Home Office Code", [PROSE.format(number) for number in range(40)], "free text"),
        ("Incident Number", PEOPLE, "texts without figures, such as names"),
        ("Force", [f"P{number}" for number in range(200)], "more different texts than there are"),
    ],
)
def test_content_is_refused_without_repeating_it(
    tmp_path: Path, column: str, values: list[str], said: str
) -> None:
    rows = [{"Incident Number": f"R{at}", column: value} for at, value in enumerate(values)]
    file = written(tmp_path / "a.csv", force_export(*rows))
    with pytest.raises(BadInputError, match=f"column {column!r} is mapped, but holds {said}") as no:
        load_incidents([file], tmp_path / "store")
    assert all(value not in str(no.value) for value in values)
    assert not (tmp_path / "store").exists()


def test_a_few_odd_numbers_are_no_names(tmp_path: Path) -> None:
    rows = [{"Incident Number": name} for name in PEOPLE[:3]]
    file = written(
        tmp_path / "a.csv", force_export(*rows, *({"Incident Number": f"R{n}"} for n in range(9)))
    )
    assert load_incidents([file], tmp_path / "store").stored == 12
