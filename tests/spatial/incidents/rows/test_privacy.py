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
        # short forms
        ("VIC_SNAME", "a name"),
        ("fname", "a name"),
        ("Susp Nm", "a name"),
        ("Initials", "a name"),
        ("AKA", "a name"),
        ("Dte_of_Birth", "a date of birth"),
        ("D.O.B.", "a date of birth"),
        ("YOB", "a date of birth"),
        ("Year of birth", "a date of birth"),
        ("Addr1", "an address"),
        ("P/Code", "an address"),
        ("PCode", "an address"),
        ("Tel No", "an address"),
        ("mob", "an address"),
        ("NI No", "a number of one person"),
        ("FreeTxt", "free text"),
        # Welsh, with and without accents
        ("Enw", "a name"),
        ("Cyfenw", "a name"),
        ("Enw cyntaf", "a name"),
        ("Dyddiad Geni", "a date of birth"),
        ("Cyfeiriad", "an address"),
        ("Cod Post", "an address"),
        ("Rhif ff\u00f4n", "an address"),
        ("e-bost", "an address"),
        ("Nodiadau", "free text"),
        ("Rhif Yswiriant Gwladol", "a number of one person"),
        # none of these is about a person
        ("Enw'r heddlu", ""),
        ("Offence", ""),
        ("Offence Name", ""),
        ("Street Name", ""),
        ("Telephone box", "an address"),
        ("Initial Classification", ""),
        ("Place of birth place", ""),
        ("Incident Number", ""),
        ("Code", ""),
        ("Mode", ""),
        ("Motel", ""),
        ("Emobility", ""),
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


FIRST = ["Ann", "Ben", "Cat", "Dan", "Eve", "Fay", "Gil", "Hal"]
LAST = ["Ash", "Birch", "Elm", "Oak", "Yew", "Fir", "Rowan", "Lime"]
EVERYBODY = [f"{first} {last}" for first in FIRST for last in LAST]


@pytest.mark.parametrize("column", ["Incident Type", "Location Type", "Relationship", "Knife"])
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([PROSE.format(number) for number in range(40)], "free text"),
        (["ann@example.org", "b.elm@example.co.uk", "c@d.uk", "x"], "e-mail addresses"),
        (["SS1 1AA", "CM2 6JX", "1 High Street, EC1A 1BB", "x"], "postcodes"),
        (["07700 900123", "+44 (0)1632 960001", "01632960002", "x"], "telephone numbers"),
        (["QQ 12 34 56 C", "qq123456a", "QQ123456B", "x"], "National Insurance numbers"),
        (EVERYBODY, "a new text in nearly every row, such as names"),
    ],
)
def test_a_column_of_words_that_holds_people_is_refused(
    tmp_path: Path, column: str, values: list[str], said: str
) -> None:
    rows = [{"Incident Number": f"R{at}", column: value} for at, value in enumerate(values)]
    file = written(tmp_path / "a.csv", force_export(*rows))
    with pytest.raises(BadInputError) as no:
        load_incidents([file], tmp_path / "store")
    assert f"a.csv: the column {column!r} is mapped, but holds {said}, and nothing" in str(no.value)
    assert all(value not in str(no.value) for value in values if len(value) > 1)
    assert not (tmp_path / "store").exists()


def test_births_for_ages_and_endless_numbers_are_refused(tmp_path: Path) -> None:
    births = [{"Incident Number": f"R{at}", "Victim Age": f"0{at}/03/1990"} for at in range(1, 5)]
    file = written(tmp_path / "a.csv", force_export(*births))
    with pytest.raises(BadInputError, match="'Victim Age' is mapped, but holds dates, such as"):
        load_incidents([file], tmp_path / "store")
    file = written(tmp_path / "b.csv", force_export({"Incident Number": "9" * 201}))
    with pytest.raises(BadInputError, match="holds texts of more than 200 letters"):
        load_incidents([file], tmp_path / "store")


@pytest.mark.parametrize(
    "style",
    [
        "{:011d}",
        "07{:09d}",
        "42/{:06d}/25",
        "CR{:05d}/2025",
        "ab12 {:03d}",
        "{:064x}",
        "E{:03d} 1A",
    ],
)
def test_numbers_of_incidents_in_any_style_are_no_telephones(tmp_path: Path, style: str) -> None:
    rows = [{"Incident Number": style.format(number + 123_456)} for number in range(60)]
    file = written(tmp_path / "a.csv", force_export(*rows))
    assert load_incidents([file], tmp_path / "store").stored == 60


def test_code_lists_are_no_people(tmp_path: Path) -> None:
    # every word of a long list once, and lists of words of several parts
    rows = [
        {
            "Incident Number": f"R{at}",
            "Incident Type": f"Violence with injury, type {at}",
            "Location Type": ["Dwelling - flat (A1 2)", "Street", "A & E"][at % 3],
            "Home Office Code": f"{at:03d}/01",
        }
        for at in range(60)
    ]
    file = written(tmp_path / "a.csv", force_export(*rows))
    assert load_incidents([file], tmp_path / "store").stored == 60


def test_a_few_odd_numbers_are_no_names(tmp_path: Path) -> None:
    rows = [{"Incident Number": name} for name in PEOPLE[:3]]
    file = written(
        tmp_path / "a.csv", force_export(*rows, *({"Incident Number": f"R{n}"} for n in range(9)))
    )
    assert load_incidents([file], tmp_path / "store").stored == 12
