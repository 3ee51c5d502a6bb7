"""Registering an operation: by form or by its file, changing it later, and withdrawing it."""

from __future__ import annotations

import datetime as dt
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.operation_papers import Papers, compose, gather, lay_out
from config.profile import load_profile
from config.published_operation import load_published, published_names
from layers.wording import counted, escaped
from register import operations
from register.errors import ChangedElsewhereError
from register.words import PRIVACY_RULE
from spatial.evaluation.planned import read_planned
from views import access, frame, records
from views.evaluation import form as evaluation_form
from views.evaluation.areas import MOST_MB, text_of
from views.evaluation.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from config.published_operation import PublishedOperation
    from register.operations import Operation
    from spatial.incidents.store import IncidentStore

CHOSEN: Final = "operation"
"""Name in session state of the operation that is looked at: its id, or empty for a new one."""
_SAID: Final = "operation_said"
_ROUND: Final = "operation_round"
_BLANK: Final = "Nothing"
_WAYS: Final = ("By form", "By its file (TOML)")
_ENDINGS: Final = ("toml", "csv", "geojson", "json")


def panel(store: IncidentStore, opened: Operation | None) -> None:
    """Offer to register a new operation, or to change the one that is open."""
    if not access.may(Action.REGISTER_OPERATION):
        if opened is None:
            frame.say("No operation is chosen, and your role does not register any.", kind="plain")
        return
    turn = st.session_state.setdefault(_ROUND, 0)
    stem = f"op_{opened.id}_{opened.version}_{turn}" if opened else f"op_new_{turn}"
    words = "Change this operation" if opened else "Register an operation"
    with st.container(key="operation_entry"):
        st.html(
            f'<h2 class="hx-h2">{words}</h2><p class="hx-words">Register it before anybody looks '
            "at its outcomes: a design that is fixed first cannot be bent to the result. It can be "
            "changed later; how it stood before is kept and shown. "
            f"{escaped(PRIVACY_RULE)}</p>"
        )
        way = st.radio("How", _WAYS, horizontal=True, key=f"{stem}_way")
        with frame.plain_errors():
            papers = _by_file(stem) if way == _WAYS[1] else _by_form(store, stem, opened)
            if papers is not None:
                _keep(papers, opened)


def said() -> None:
    """Say what was done last, once."""
    if words := st.session_state.pop(_SAID, ""):
        st.html(f'<p class="hx-words" role="status"><b>{escaped(words)}</b></p>')


def withdrawal(opened: Operation) -> None:
    """Offer to withdraw the operation that is open, on the version that is seen."""
    if not access.may(Action.REGISTER_OPERATION):
        return
    with st.expander("Withdraw this operation"):
        st.html(
            '<p class="hx-words">For what should not have been registered: it is listed no more; '
            "its versions and who saw its results stay in the register.</p>"
        )
        sure = st.checkbox("Sure", key=f"operation_sure_{opened.id}")
        if st.button("Withdraw", key="operation_withdraw", disabled=not sure):
            with frame.plain_errors():
                records.change(
                    Action.REGISTER_OPERATION,
                    operations.withdraw,
                    opened.id,
                    version=opened.version,
                )
                _done("Withdrawn.", chosen=None)


def _by_form(store: IncidentStore, stem: str, opened: Operation | None) -> Papers | None:
    kept: dict[str, Any] = {}
    files: Mapping[str, str] = {}
    if opened is not None and opened.plan:
        kept, files = tomllib.loads(opened.plan), dict(opened.files)  # type: ignore[arg-type]  # pairs
    elif opened is None:
        names = {one: load_published(one) for one in published_names()}
        begin = st.selectbox(
            "Begin with",
            [_BLANK, *names],
            format_func=lambda name: (
                f"The design of {names[name].title}" if name in names else "A blank form"
            ),
            key=f"{stem}_begin",
        )
        if begin in names:
            kept, stem = _template(names[str(begin)]), f"{stem}_{begin}"
    entry = Entry(stem, kept, files)
    evaluation_form.draw(store, entry)
    if not st.button("Register" if opened is None else "Keep the change", type="primary",
                     key="operation_send"):  # fmt: skip
        return None
    entry.require_clear()
    entry.put("registered", kept.get("registered"))
    return compose(entry.said, entry.files)


def _template(published: PublishedOperation) -> dict[str, Any]:
    design = published.template
    kept: dict[str, Any] = {"design": design.design, "profiles": list(design.profiles)}
    if design.start:
        kept |= {"start": design.start, "end": design.end}
    if design.buffer_m is not None:
        kept["buffer_m"] = design.buffer_m
    if design.treated_each_day is not None:
        kept["crossover"] = {"treated_each_day": design.treated_each_day}
    return kept


def _by_file(stem: str) -> Papers | None:
    given = st.file_uploader(
        "The operation's TOML, with every file that it names",
        type=list(_ENDINGS),
        accept_multiple_files=True,
        key=f"{stem}_files",
        max_upload_size=MOST_MB,
    )
    st.html(
        '<p class="hx-words">The same file as for harmhex evaluate; docs/methods/crossover.md and '
        "docs/evaluation.md say what it holds.</p>"
    )
    if not st.button("Register", type="primary", key="operation_send_file", disabled=not given):
        return None
    return _uploaded(given)


def _uploaded(given: Sequence[UploadedFile]) -> Papers:
    files = [text_of(one) for one in given]
    if len({name for name, _ in files}) < len(files):
        msg = "Two of the files have one name. Give each its own."
        raise BadInputError(msg)
    plans = [name for name, content in files if name.endswith(".toml") and _is_plan(content)]
    if len(plans) != 1:
        msg = (
            f"{counted(len(plans), 'file')} of these say a design. Give one operation's TOML, with "
            "the files that it names."
        )
        raise BadInputError(msg)
    with tempfile.TemporaryDirectory(prefix="harmhex-operation-") as folder:
        for name, content in files:
            (Path(folder) / name).write_text(content, encoding="utf-8", newline="")
        return gather(Path(folder) / plans[0])


def _is_plan(content: str) -> bool:
    try:
        return "design" in tomllib.loads(content)
    except tomllib.TOMLDecodeError:
        # read again below, which says what is wrong with it
        return "design" in content


def _keep(papers: Papers, opened: Operation | None) -> None:
    """Check the plan without looking at any outcome, then register it."""
    with tempfile.TemporaryDirectory(prefix="harmhex-operation-") as folder:
        found = lay_out(papers.plan, papers.files, Path(folder))
        read_planned(found)
        for name in found.profiles:
            load_profile(name)
    who = access.require(Action.REGISTER_OPERATION)
    redesigned = opened is not None and opened.digest != papers.digest
    if found.registered is None or redesigned:
        papers = _registered(papers, who.account, access.now())
    draft = operations.draft_of(papers)
    try:
        if opened is None:
            kept = records.change(Action.REGISTER_OPERATION, operations.add, draft)
        else:
            kept = records.change(
                Action.REGISTER_OPERATION,
                operations.change,
                opened.id,
                draft,
                version=opened.version,
            )
    except ChangedElsewhereError as error:
        frame.say(str(error))
        st.button("Reload it", key="operation_reload", on_click=_reload)
        return
    words = "Registered" if opened is None else "The change is kept"
    _done(f"{words}: {kept.name}, {kept.digest[:12]}.", chosen=kept.id)


def _registered(papers: Papers, account: str, now: dt.datetime) -> Papers:
    """Return papers that say who registered this design and when: another design, another day."""
    moment = now.astimezone(dt.UTC).replace(microsecond=0)
    said = {**tomllib.loads(papers.plan), "registered": {"by": account, "at": moment}}
    return compose(said, dict(papers.files))  # type: ignore[arg-type]  # pairs


def _done(words: str, *, chosen: str | None) -> None:
    st.session_state[_SAID] = words
    st.session_state[_ROUND] += 1
    # the box of operations is drawn by now: it takes this on the next run
    st.session_state[f"{CHOSEN}_next"] = chosen
    st.rerun()


@frame.fenced
def _reload() -> None:
    st.session_state[_ROUND] += 1
