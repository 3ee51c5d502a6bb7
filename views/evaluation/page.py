"""The Evaluation page: did the patrols work, said with the counts and how sure one can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.published_operation import MARK, load_published, published_names
from layers.evaluation.rows import published_design_words, published_rows
from layers.findings import why_not_html
from layers.rows import rows_html
from layers.wording import escaped
from spatial.window import day_words
from views import access, answers, frame
from views.evaluation import answer as evaluation_answer
from views.evaluation import evaluated
from views.evaluation import plan as evaluation_plan
from views.evaluation import registering as evaluation_register
from views.evaluation.registering import CHOSEN

if TYPE_CHECKING:
    from register.operations import Operation
    from spatial.incidents.store import IncidentStore
    from views.evaluation.evaluated import Registered

_NEW: Final = ""
_ASKED: Final = "evaluation_asked"
_LOST: Final = "evaluation_lost"


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_EVALUATION)
        store = answers.open_store()
        access.record_seen("evaluation", "")
        frame.name_place(", ".join(answers.study_area_names(store)), answers.forces(store))
        with st.container(key="controls", horizontal=True, vertical_alignment="center"):
            opened = _choose()
        evaluation_register.said()
        with st.container(key="evaluation"):
            if opened is None:
                evaluation_register.panel(store, None)
            else:
                _operation(store, opened)
            _published()


def _choose() -> Operation | None:
    listed = {one.id: one for one in evaluated.listed()}
    state = st.session_state
    following = f"{CHOSEN}_next"
    if following in state:
        state[CHOSEN] = state.pop(following) or next(iter(listed), _NEW)
    if (lost := state.get(CHOSEN)) not in {_NEW, *listed}:
        state[CHOSEN] = next(iter(listed), _NEW)
        state[_LOST] = (lost, state[CHOSEN])
    chosen = st.selectbox(
        "Operation",
        [*listed, _NEW],
        format_func=lambda item: (
            f"{listed[item].name}, {day_words(listed[item].first_date)} to "
            f"{day_words(listed[item].last_date)}"
            if item
            else "Register a new one"
        ),
        key=CHOSEN,
    )
    lost, instead = state.get(_LOST, (None, _NEW))
    if lost and chosen == instead:
        frame.say(
            f"The operation asked for ({lost}) is not in the register, or not any more. "
            "Choose one that is.",
            kind="plain",
        )
    return listed.get(str(chosen))


def _operation(store: IncidentStore, opened: Operation) -> None:
    known = evaluated.registered(opened)
    if not opened.plan:
        frame.say(
            "Only the outline of this operation is registered. Change it below: give its areas, "
            "comparators and dates.",
            kind="plain",
        )
    else:
        with frame.plain_errors():
            _judged(store, known)
    with st.expander("Change this operation"):
        evaluation_register.panel(store, opened)
    evaluation_register.withdrawal(opened)


def _judged(store: IncidentStore, known: Registered) -> None:
    """Show the result; before anybody has seen one, the plan and a button."""
    opened = known.operation
    asked: set[str] = st.session_state.setdefault(_ASKED, set())
    if known.seen_at is None and opened.id not in asked:
        evaluation_plan.draw(store, known)
        st.html(
            '<p class="hx-words">Nobody has seen results of it here. Once they are worked out, '
            "that is recorded, and every later change of the operation is shown beside them.</p>"
        )
        if opened.last_date > store.data_through:
            frame.say(
                f"The operation runs to {day_words(opened.last_date)} and the data to "
                f"{day_words(store.data_through)}. Who looks before the end and stops when it "
                "pleases takes chance for an effect: wait.",
                kind="plain",
            )
        if not st.button("Work out the result", type="primary", key="evaluation_ask"):
            return
        asked.add(opened.id)
        # what is shown must be recorded first, so that the page is drawn with it
        try:
            evaluated.result(store, opened)
        except BadInputError:
            asked.discard(opened.id)
            raise
        st.rerun()
    evaluation_answer.draw(store, known, evaluated.result(store, opened))


def _published() -> None:
    with st.expander("Published examples: Ark and Rasure"):
        for name in published_names():
            example = load_published(name)
            st.html(
                f'<h3 class="hx-h3">{escaped(example.title)}, {escaped(example.when)}: '
                f'{escaped(MARK)}</h3><p class="hx-words">{escaped(example.description)} '
                f"{escaped(published_design_words(example))}</p>"
            )
            st.html(rows_html(*published_rows(example)))
            frame.put(why_not_html([example.not_published]))
            st.html(f'<p class="hx-words">Source: {escaped(example.source)}</p>')
