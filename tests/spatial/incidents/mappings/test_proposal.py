"""Proposals: drafts that read the file they were drafted from."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.mapping import load_mapping, shipped_mappings, template_names
from spatial.incidents.load import load_incidents
from spatial.incidents.mappings.drafts import draft_mapping
from spatial.incidents.mappings.proposal import as_toml, propose_mapping
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import csv_text, force_export, police_uk, written

HEADER = ("Crime Ref", "HO Code", "Committed From", "OS Grid Ref", "Victim Name", "Knife Crime")
ROWS = [
    ("C1", "8/6", "2025-03-01 23:10:00", "TG 2711 7142", "A Person", "Y"),
    ("C2", "34/1", "2025-03-02 01:00:00", "TG 2712 7143", "B Person", ""),
]


def test_a_draft_says_what_each_column_is() -> None:
    draft = propose_mapping(HEADER, ROWS)
    assert draft.columns.model_dump(exclude_none=True) == {
        "incident_id": "Crime Ref",
        "ho_code": "HO Code",
        "occurred_from": "Committed From",
        "grid_reference": "OS Grid Ref",
        "knife": "Knife Crime",
    }
    assert draft.time.formats == ("%Y-%m-%d %H:%M:%S",)
    assert (draft.time.precision, draft.location.crs, draft.harm) == (
        "minute", "gridref", "cchi_2020",
    )  # fmt: skip
    assert not draft.verified
    assert draft.loud_notes


@pytest.mark.parametrize(
    ("dates", "written_as", "precision"),
    [
        (["01/03/2025", "13/03/2025"], "%d/%m/%Y", "day"),
        (["03/01/2025", "03/13/2025"], "%m/%d/%Y", "day"),
        (["2025-03", "2025-04"], "%Y-%m", "month"),
        (["2025-03-01T00:00:00"], "%Y-%m-%dT%H:%M:%S", "day"),
        (["1 Mar 2025 10:00"], "%d %b %Y %H:%M", "minute"),
    ],
)
def test_the_format_is_the_one_all_dates_have(
    dates: list[str], written_as: str, precision: str
) -> None:
    rows = [("8/6", date, "627200", "372400") for date in dates]
    draft = propose_mapping(("HO Code", "Date", "X", "Y"), rows)
    assert draft.time.formats == (written_as,)
    assert draft.time.precision == precision
    assert draft.location.crs == "EPSG:27700"


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (("HO Code", "X", "Y"), ("8/6", "1", "2"), "looks like when it happened"),
        (("HO Code", "Date"), ("8/6", "2025-03-01"), "looks like where it happened"),
        (("Date", "X", "Y"), ("2025-03-01", "1", "2"), "looks like an offence"),
        (("HO Code", "Date", "X", "Y"), ("8/6", "whenever", "1", "2"), "in no one format"),
    ],
)
def test_what_is_missing_is_named(header: tuple[str, ...], row: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        propose_mapping(header, [row])
    assert "whenever" not in str(refused.value)


def test_a_draft_reads_back_as_it_was_written(tmp_path: Path) -> None:
    for mapping in (propose_mapping(HEADER, ROWS), *shipped_mappings()):
        path = tmp_path / f"{mapping.name}.toml"
        path.write_text(as_toml(mapping), "utf-8")
        assert load_mapping(path) == mapping


def test_the_draft_of_an_export_loads_it(tmp_path: Path) -> None:
    for name, content, tier in (
        (
            "force.csv",
            force_export({}, {"Incident Number": "2", "From": "13/03/2025 10:00"}),
            "injury",
        ),
        ("open.csv", police_uk({}), "robbery"),
        ("2025.csv", csv_text(HEADER, ROWS), "injury"),
    ):
        file = written(tmp_path / name, content)
        mine = written(tmp_path / f"{name}.toml", draft_mapping(file).encode())
        result = load_incidents([file], tmp_path / f"store-{name}", mapping=mine)
        assert result.stored == result.read
        assert any("Drafted from the headings" in n.text and n.loud for n in result.notes)
        with IncidentStore.open(tmp_path / f"store-{name}").connect() as connection:
            tiers = connection.execute("SELECT tier FROM incidents ORDER BY source_row").fetchall()
        assert tiers[0] == (tier,)


def test_templates_are_never_chosen_unasked(tmp_path: Path) -> None:
    assert template_names() == ("athena_style", "connect_style", "niche_style", "red_sigma_style")
    for name in template_names():
        template = load_mapping(name)
        assert template.name == name
        assert not template.verified
        assert "Template, not verified" in template.loud_notes[0]
        assert set(template.wanted) <= set(template.required)
        file = written(tmp_path / f"{name}.csv", csv_text(template.required, []))
        with pytest.raises(BadInputError, match=f"No mapping fits {name}"):
            load_incidents([file], tmp_path / "store")
        assert template not in shipped_mappings()
    row = {"Occurrence Number": "1", "HO Code": "8/6", "Start Date/Time": "01/03/2025 10:00",
           "X Coordinate": "627200", "Y Coordinate": "372400"}  # fmt: skip
    required = load_mapping("niche_style").required
    content = csv_text(required, [[row.get(column, "") for column in required]])
    file = written(tmp_path / "a.csv", content)
    result = load_incidents([file], tmp_path / "store", mapping="niche_style")
    assert result.stored == 1
    assert any("Template, not verified" in note.text and note.loud for note in result.notes)
