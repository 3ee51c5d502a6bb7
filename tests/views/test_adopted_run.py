"""An adopted run is opened again by its id, with the same numbers, whatever became of the data."""

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from config.access import Role
from config.profile import profile_title
from layers.wording import escaped
from register import targets
from register.archive import archive_beside, files_of
from register.opening import Register
from register.targets import Targets
from tests.views.conftest import APP, words_of
from tests.views.people import claims


@pytest.fixture
def adopted(held: Register) -> Targets:
    """A list that a tasking lead adopted on the Tasking page."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims("tasking_lead")
    app.run()
    next(one for one in app.button if one.label == "Adopt this list").click().run()
    assert not app.exception
    with held.reading() as session:
        return targets.listed(session)[0]


def reopened(run: str, role: str = "tasking_lead") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims(role)
    app._page_hash = calc_hash("run")  # noqa: SLF001 (AppTest opens pages of files only)
    app.query_params["run"] = run
    app.run()
    assert not app.exception
    return app


def test_the_same_numbers_after_the_data_are_gone(
    held: Register, adopted: Targets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert held.file is not None
    archive = archive_beside(held.file)
    listed = json.loads((archive / adopted.run_id / "targets.geojson").read_text("utf-8"))
    there = words_of(reopened(adopted.run_id))
    # pruned, moved or lost: the archive stays
    monkeypatch.setenv("HARMHEX_STORE", str(tmp_path / "gone"))
    gone = words_of(reopened(adopted.run_id[:12]))
    for said in (there, gone):
        assert "Archived: adopted on 23 Nov 2026" in said
        assert "tasking_lead@force.example" in said
        assert "Every automatic choice, as it was told then" in said
        assert f"<dt>Profile</dt><dd>{escaped(profile_title('ark'))}</dd>" in said
        # what stood on the strip when it was decided on
        assert "<dt>Earlier lists</dt><dd>12 places chosen the same way" in said
        for one in listed["features"]:
            facts = one["properties"]
            assert facts["name"].split(" / ")[0] in said
            assert f"<td>{facts['incidents']:,}</td>" in said
    table = there[there.index("<table>") : there.index("</table>")]
    assert table in gone


@pytest.mark.parametrize(
    "run", ["ffffffffffff", "", "a", "../../etc", "<b>", "x" * 5_000, "%00", "0'; drop table--"]
)
def test_a_run_that_nobody_adopted_is_a_sentence(held: Register, run: str) -> None:
    said = words_of(reopened(run))
    assert held.dialect
    assert "No adopted list of the run" in said or "Which run?" in said
    assert "<b>'" not in said
    assert len(said) < 90_000


def test_a_file_that_was_touched_is_told_and_not_shown(held: Register, adopted: Targets) -> None:
    assert held.file is not None
    with held.reading() as session:
        kept = files_of(session, adopted.id)
    file = archive_beside(held.file) / next(
        one.path for one in kept if one.path.endswith("targets.geojson")
    )
    file.write_bytes(file.read_bytes() + b"\n")
    said = words_of(reopened(adopted.run_id))
    assert "is not what was archived" in said
    assert "<table>" not in said
    shutil.rmtree(file.parent)
    assert "is missing from the archive" in words_of(reopened(adopted.run_id))


def test_a_link_grants_nothing(adopted: Targets) -> None:
    seen = reopened(adopted.run_id, Role.VIEWER.value)
    said = words_of(seen)
    assert "Archived: adopted on" in said
    assert "<table>" in said
    # who adopted it stands in the register, which a viewer may not see
    assert "tasking_lead@force.example for" not in said
    assert "by tasking_lead" not in said
    assert not seen.get("download_button")


def test_any_address_with_a_run_opens_it(adopted: Targets) -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims("analyst")
    app.query_params["run"] = adopted.run_id
    app.run()
    assert not app.exception
    assert "Archived: adopted on" in words_of(app)
