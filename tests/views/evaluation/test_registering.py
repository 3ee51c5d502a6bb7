"""Registering operations on the Evaluation page: by form, by file, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from config.operation_papers import gather
from register import audit, operations, targets
from register.targets import TargetArea, TargetsDraft
from sample_geo.ready import DATA
from tests.views.conftest import words_of
from tests.views.people import NOW, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from register.opening import Register

STEM = "op_new_0"
CELLS = ("8a194ada9267fff", "8a194ada926ffff")


def run_evaluation_page() -> None:
    from views.evaluation import page as evaluation  # noqa: PLC0415 (AppTest runs this function alone)

    evaluation.page()


def blank(role: str = "analyst") -> AppTest:
    page = opened(run_evaluation_page, role)
    return page.selectbox(key="operation").set_value("").run()


def by_file(*names: str, **replaced: bytes) -> AppTest:
    page = blank()
    page.radio(key=f"{STEM}_way").set_value("By its file (TOML)").run()
    files = [
        (name, replaced.get(name.partition(".")[0], (DATA / name).read_bytes()), "text/plain")
        for name in names
    ]
    page.file_uploader(key=f"{STEM}_files").set_value(files).run()
    page.button(key="operation_send_file").click().run()
    assert not page.exception
    return page


def registered(held: Register) -> dict[str, Any]:
    with held.reading() as session:
        return {one.name: one for one in operations.listed(session)}


TERN = ("operation_tern.toml", "operation_tern_areas.geojson", "operation_tern_allocation.csv")


def test_by_its_file(held: Register) -> None:
    plan = (DATA / TERN[0]).read_text(encoding="utf-8").replace("Operation Tern", "Operation Knot")
    page = by_file(*TERN, operation_tern=plan.encode())
    kept = registered(held)["Operation Knot"]
    assert f"Registered: Operation Knot, {kept.digest[:12]}." in words_of(page)
    assert page.selectbox(key="operation").value == kept.id
    tern = gather(DATA / TERN[0])
    assert kept.files == tern.files
    # the name is part of what is sealed
    assert kept.digest != tern.digest
    with held.reading() as session:
        (entry,) = audit.entries(session, noun="operations", item=kept.id)
    assert (entry.action, entry.by) == ("added", "analyst@force.example")


@pytest.mark.parametrize(
    ("names", "replaced", "why"),
    [
        (TERN[:2], {}, "crossover.allocation: there is no file"),
        (TERN[1:2], {}, "0 files of these say a design"),
        (TERN, {"operation_tern": b"design = "}, "operation_tern.toml"),
        (TERN, {"operation_tern_allocation": b"date,area_id,treated\n"}, "operation_tern_alloc"),
        (TERN, {"operation_tern_areas": b"\xff\xfe"}, "is no text in UTF-8"),
    ],
)
def test_files_that_are_refused(
    held: Register, names: tuple[str, ...], replaced: dict[str, bytes], why: str
) -> None:
    assert why in words_of(by_file(*names, **replaced))
    assert set(registered(held)) == {"Operation Gull", "Operation Tern"}


def test_by_form_from_a_published_design(held: Register) -> None:
    page = blank("tasking_lead")
    page.button(key="operation_send").click().run()
    assert "name" in words_of(page)
    page.selectbox(key=f"{STEM}_begin").set_value("ark").run()
    stem = f"{STEM}_ark"
    assert page.text_input(key=f"{stem}_each_day").value == "8"
    page.text_input(key=f"{stem}_name").set_value("Operation Dunlin")
    page.date_input(key=f"{stem}_first_date").set_value(dt.date(2026, 6, 1))
    page.date_input(key=f"{stem}_last_date").set_value(dt.date(2026, 8, 29))
    page.text_input(key=f"{stem}_start").set_value("14:00")
    page.text_input(key=f"{stem}_end").set_value("00:00")
    page.selectbox(key=f"{stem}_areas_source").set_value("A file").run()
    areas, draw = (DATA / name for name in TERN[1:])
    page.file_uploader(key=f"{stem}_areas_file").set_value(
        (areas.name, areas.read_bytes(), "application/json")
    )
    page.file_uploader(key=f"{stem}_allocation").set_value(
        (draw.name, draw.read_bytes(), "text/csv")
    ).run()
    page.button(key="operation_send").click().run()
    assert not page.exception
    kept = registered(held)["Operation Dunlin"]
    assert (len(kept.areas), kept.design, kept.buffer_m) == (20, "crossover", 100)
    # who registered it, and when by the server's clock, is in the plan
    assert "tasking_lead@force.example" in kept.plan
    assert f"{NOW:%Y-%m-%dT%H:%M}" in kept.plan
    assert "Nobody has seen results of it here" in words_of(page)


def test_by_form_from_an_adopted_list(held: Register) -> None:
    draft = TargetsDraft(
        run_id="run1", profile="ark", study_area="Saltmere", first_date=dt.date(2026, 8, 1),
        last_date=dt.date(2026, 8, 14), data_through=dt.date(2026, 7, 31),
    )  # fmt: skip
    areas = tuple(
        TargetArea(area_id=f"a{rank}", rank=rank, name=f"Place {rank}", cells=(cell,))
        for rank, cell in enumerate(CELLS, 1)
    )
    with held.writing() as session:
        targets.adopt(session, draft, areas, (), now=NOW, by="lead")
    page = blank()
    page.selectbox(key=f"{STEM}_design").set_value("before_after").run()
    page.text_input(key=f"{STEM}_name").set_value("Operation Plover")
    for box, day in {
        "first_date": "2026-08-01", "last_date": "2026-09-30", "baseline_from": "2025-08-01",
        "baseline_to": "2025-09-30", "selection_from": "2026-05-01",
    }.items():  # fmt: skip
        page.date_input(key=f"{STEM}_{box}").set_value(dt.date.fromisoformat(day))
    page.button(key="operation_send").click().run()
    assert "Places chosen on data: give both dates, or neither" in words_of(page)
    page.date_input(key=f"{STEM}_selection_to").set_value(dt.date(2026, 7, 31)).run()
    page.button(key="operation_send").click().run()
    assert not page.exception
    kept = registered(held)["Operation Plover"]
    assert kept.areas == ("a1", "a2")
    assert 'kind = "rest_of_force"' in kept.plan
    assert CELLS[0] in kept.plan


def test_waves_by_form(held: Register) -> None:
    page = blank()
    page.selectbox(key=f"{STEM}_design").set_value("staggered").run()
    page.text_input(key=f"{STEM}_name").set_value("Operation Knot")
    for box, day in {
        "first_date": "2026-06-01", "last_date": "2026-09-30", "baseline_from": "2025-06-01",
        "baseline_to": "2026-05-31",
    }.items():  # fmt: skip
        page.date_input(key=f"{STEM}_{box}").set_value(dt.date.fromisoformat(day))
    page.selectbox(key=f"{STEM}_areas_source").set_value("A file").run()
    areas = DATA / TERN[1]
    page.file_uploader(key=f"{STEM}_areas_file").set_value(
        (areas.name, areas.read_bytes(), "application/json")
    ).run()
    ids = [one["properties"]["area_id"] for one in json.loads(areas.read_text())["features"]]
    page.text_area(key=f"{STEM}_starts").set_value("T01 on the first of June").run()
    page.button(key="operation_send").click().run()
    assert "is no id with a day" in words_of(page)
    lines = [f"{one}, 2026-0{6 + number % 2}-01" for number, one in enumerate(ids)]
    page.text_area(key=f"{STEM}_starts").set_value("\n".join(lines))
    page.selectbox(key=f"{STEM}_order").set_value("by_lot").run()
    page.button(key="operation_send").click().run()
    assert not page.exception
    kept = registered(held)["Operation Knot"]
    assert kept.design == "staggered"
    assert 'order = "by_lot"' in kept.plan
    assert f"{ids[1]}" in kept.plan
    assert "2026-07-01" in kept.plan


def test_a_layer_of_the_store(held: Register) -> None:
    assert registered(held)
    page = blank()
    page.selectbox(key=f"{STEM}_areas_source").set_value("A layer of the store").run()
    layers = page.selectbox(key=f"{STEM}_areas_layer")
    assert "beats" in layers.options
    # streets are no areas
    assert "streets" not in layers.options
    layers.set_value("beats").run()
    (which,) = (one for one in page.multiselect if str(one.key).startswith(f"{STEM}_areas_ids"))
    assert "Harbour and Eastcliff" in which.options
    assert not page.exception


def test_a_role_that_only_looks(held: Register, rules: Callable[[str], None]) -> None:
    rules(
        '[sign_in]\nmethod = "oidc"\n[may]\nsee_evaluation = ["viewer", "administrator"]\n'
        'register_operation = ["administrator"]'
    )
    page = blank("viewer")
    assert "your role does not register any" in words_of(page)
    assert not [one for one in page.button if str(one.key).startswith("operation_")]
    page.selectbox(key="operation").set_value(registered(held)["Operation Tern"].id).run()
    assert not [one for one in page.button if str(one.key).startswith("operation_")]
