"""The Evaluation page, as a person meets it: each action as each role."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from config.operation_papers import gather
from register import audit, operation_versions, operations
from register.operations import OperationDraft
from sample_geo.ready import DATA
from spatial.evaluate import evaluate
from tests.views.conftest import deck_of, words_of
from tests.views.people import NOW, opened
from views import access
from views.evaluation import evaluated

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from register.opening import Register
    from register.operations import Operation
    from spatial.incidents.store import IncidentStore
    from tests.views.people import Clock


def run_evaluation_page() -> None:
    from views.evaluation import page as evaluation  # noqa: PLC0415 (AppTest runs this function alone)

    evaluation.page()


def ask(held: Register) -> dict[str, Operation]:
    with held.reading() as session:
        return {one.name.split()[-1]: one for one in operations.listed(session)}


def chosen(page: AppTest, held: Register, name: str) -> AppTest:
    page.selectbox(key="operation").set_value(ask(held)[name].id).run()
    assert not page.exception
    return page


def later() -> None:
    clock: Clock = access.now  # type: ignore[assignment]  # the fixture's own
    clock.later(minutes=5)


def test_a_viewer_may_not_see_it(held: Register) -> None:
    page = opened(run_evaluation_page, "viewer")
    assert "As viewer you may not see the Evaluation page" in words_of(page)
    assert not page.selectbox
    with held.reading() as session:
        (refused,) = audit.entries(session, noun="action")
    assert refused.item == "see_evaluation"


@pytest.mark.slow
def test_results_are_seen_on_request_and_recorded(held: Register) -> None:
    page = chosen(opened(run_evaluation_page, "analyst"), held, "Tern")
    said = words_of(page)
    assert "Nobody has seen results of it here" in said
    assert "20 places · 1 Jun 2026 to 29 Aug 2026 · 14:00 to 00:00" in said
    # nothing of the outcome before it is asked for
    assert "incidents on" not in said
    assert not page.get("download_button")
    tern = ask(held)["Tern"]
    with held.reading() as session:
        assert operation_versions.first_seen(session, tern.id) is None
    page.button(key="evaluation_ask").click().run()
    assert not page.exception
    said = words_of(page)
    assert "the true change could be anything from a" in said
    assert "patrolled place-days against" in said
    assert "The register holds the operation as it stands since 23 Nov 2026 only" in said
    for part in ("Every estimate", "What could make it wrong", "Did it move next door?",
                 "Were the patrols made?", "Was it drawn evenly?"):  # fmt: skip
        assert part in said
    assert {"patrolled", "buffers", "comparators"} <= set(deck_of(page))
    with held.reading() as session:
        assert operation_versions.first_seen(session, tern.id) == NOW
        (noted,) = audit.entries(session, noun="operations", item=tern.id)[:-1]
    assert noted.details == {"digest": tern.digest}
    # report, JSON and the operation itself
    offered = [one.label for one in page.get("download_button")]
    assert offered == ["Report", "PDF", "JSON", "Operation"]
    # seen by somebody is seen: the next one needs no button, and is noted too
    other = chosen(opened(run_evaluation_page, "tasking_lead"), held, "Tern")
    assert "Every estimate" in words_of(other)
    with held.reading() as session:
        assert len(audit.entries(session, noun="operations", item=tern.id)) == 3


@pytest.mark.slow
def test_before_and_after_says_that_it_cannot_tell(held: Register) -> None:
    page = chosen(opened(run_evaluation_page, "administrator"), held, "Gull")
    page.button(key="evaluation_ask").click().run()
    assert not page.exception
    said = words_of(page)
    assert "We cannot tell whether" in said
    assert "Naive before and after" in said
    assert "Period by period against comparators" in said
    assert len(deck_of(page)["comparators"]["data"]) == 24


@pytest.mark.slow
def test_changes_after_results_were_seen_are_said(
    held: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    # three times the same result: what changes is the plan
    results: list[object] = []

    def one(store: IncidentStore, operation: object, **given: object) -> object:
        del given
        results.append(results[0] if results else evaluate(store, operation))  # type: ignore[arg-type]
        return results[-1]

    monkeypatch.setattr(evaluated, "evaluate", one)
    page = chosen(opened(run_evaluation_page, "analyst"), held, "Gull")
    page.button(key="evaluation_ask").click().run()
    gull = ask(held)["Gull"]
    # comparators would lie in so wide a buffer
    page.number_input(key=f"op_{gull.id}_1_0_buffer_m").set_value(250).run()
    page.button(key="operation_send").click().run()
    assert "or the 250 m round it, where it may be felt" in words_of(page)
    for metres in (80, 60):
        later()
        gull = ask(held)["Gull"]
        stem = f"op_{gull.id}_{gull.version}_{gull.version - 1}"
        page.number_input(key=f"{stem}_buffer_m").set_value(metres).run()
        page.text_input(key=f"{stem}_buffers_m").set_value("50").run()
        page.button(key="operation_send").click().run()
        assert not page.exception
    changed = ask(held)["Gull"]
    assert (changed.version, changed.buffer_m) == (3, 60)
    # another design has another day of registration, whatever the first file said
    assert "analyst@force.example" in changed.plan
    assert "Changed twice since results were first seen" in words_of(page)
    assert "after results were seen" in words_of(page)


def test_withdrawing_needs_to_be_sure(held: Register) -> None:
    page = chosen(opened(run_evaluation_page, "tasking_lead"), held, "Tern")
    assert page.button(key="operation_withdraw").disabled
    page.checkbox(key=f"operation_sure_{ask(held)['Tern'].id}").check().run()
    page.button(key="operation_withdraw").click().run()
    assert not page.exception
    assert list(ask(held)) == ["Gull"]
    assert "Withdrawn." in words_of(page)


def test_two_changes_at_once(held: Register) -> None:
    page = chosen(opened(run_evaluation_page, "analyst"), held, "Tern")
    tern = ask(held)["Tern"]
    page.text_input(key=f"op_{tern.id}_1_0_remark").set_value("Mine").run()
    draft = operations.draft_of(gather(DATA / "operation_tern.toml"))
    with held.writing() as session:
        operations.change(
            session, tern.id, draft, version=1, now=NOW + dt.timedelta(minutes=1), by="other"
        )
    # the page is drawn on the version that is there when it is sent
    page.run()
    assert ask(held)["Tern"].remark == ""


def test_an_outline_alone_is_not_judged(held: Register) -> None:
    outline = OperationDraft(
        name="Operation Outline", design="before_after", areas=("A1",),
        first_date=dt.date(2026, 9, 1), last_date=dt.date(2026, 9, 30),
    )  # fmt: skip
    with held.writing() as session:
        operations.add(session, outline, now=NOW, by="somebody")
    page = chosen(opened(run_evaluation_page, "analyst"), held, "Outline")
    assert "Only the outline of this operation is registered" in words_of(page)
    assert not [one for one in page.button if one.key == "evaluation_ask"]


def test_published_figures_are_marked(held: Register) -> None:
    assert ask(held)
    said = words_of(opened(run_evaluation_page, "analyst"))
    assert "Operation Ark, Southend-on-Sea, July to October 2020: published, not recomputed" in said
    assert "88.5% lower" in said
    assert "6 incidents against 34 would fit this figure" in said
    assert "8.74% lower, not significant" in said


@pytest.mark.usefixtures("held")
def test_it_is_on_the_register_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARMHEX_REGISTER", "/proc/none/register.sqlite")
    page = opened(run_evaluation_page, "analyst")
    assert "cannot be" in words_of(page)
    assert not page.selectbox
