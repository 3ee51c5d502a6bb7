"""An adopted run, opened again by its id: what a meeting decided on, from the archive."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from layers.context import Context
from layers.rows import rows_html
from layers.targets.archived import (
    archived_deck,
    basis_html,
    beside_name,
    places_html,
    read_archived,
)
from layers.targets.change_words import unsigned
from layers.wording import escaped, run_words
from register import targets
from register.archive import archive_troubles, files_of
from spatial.window import day_words
from views import access, answers, frame, records, screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.navigation.page import StreamlitPage

    from layers.targets.archived import ArchivedList
    from register.archive import ArchivedFile
    from register.targets import Targets

ADDRESS: Final = "run"
PARAMETER: Final = "run"
_RUN: Final = re.compile(r"[A-Za-z0-9-]{4,80}")
_SHOWN: Final = 40
_MIMES: Final = {
    ".csv": "text/csv", ".json": "application/json", ".geojson": "application/geo+json",
    ".kml": "application/vnd.google-earth.kml+xml", ".gpx": "application/gpx+xml",
    ".ics": "text/calendar",
}  # fmt: skip
# a schedule names where no patrol will be: those only who may see the page it is made on
_PLANS: Final = ("schedule.",)


def divert(address: str, pages: Mapping[str, StreamlitPage]) -> None:
    """Open the page of an adopted run where any page's address names one."""
    if address != ADDRESS and PARAMETER in st.query_params and ADDRESS in pages:
        st.switch_page(pages[ADDRESS], query_params={PARAMETER: st.query_params[PARAMETER]})


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_TASKING)
        asked = str(st.query_params.get(PARAMETER, "")).strip()
        st.html('<div class="hx-gap"></div><h1 class="hx-h2">An adopted list, as archived</h1>')
        if not asked:
            frame.say(
                "Which run? Open one from the adopted lists on the page Register.", kind="plain"
            )
            return
        adopted = _adopted(asked)
        folder = _folder()
        with records.register().reading() as session:
            kept = files_of(session, adopted.id)
        archived = _read(folder, kept, adopted)
        frame.name_place(adopted.study_area, ())
        access.record_seen("adopted run", archived.run_id)
        _draw(adopted, archived)
        with frame.plain_errors():
            _files(folder, kept, adopted)


def _adopted(asked: str) -> Targets:
    """Return the adopted list of a run, the last adopted where there are several."""
    shown = asked[:_SHOWN] + ("..." if len(asked) > _SHOWN else "")
    unknown = (
        f"No adopted list of the run {shown!r} is in the register. Look for it on the page "
        "Register; a run that nobody adopted is not archived."
    )
    if not _RUN.fullmatch(asked):
        raise BadInputError(unknown)
    with records.register().reading() as session:
        found = [one for one in targets.listed(session) if one.run_id.startswith(asked)]
    if not found or len({one.run_id for one in found}) > 1:
        raise BadInputError(unknown)
    return found[0]


def _folder() -> Path:
    return records.archive_of(Path(os.environ.get(answers.STORE_VARIABLE, "")))


def _read(folder: Path, kept: tuple[ArchivedFile, ...], adopted: Targets) -> ArchivedList:
    folders = (adopted.run_id, beside_name(adopted.run_id))
    own = tuple(one for one in kept if one.path.partition("/")[0] in folders)
    if troubles := archive_troubles(folder, own):
        msg = f"{troubles[0]}, so that this list cannot be shown as it was. Restore the archive."
        raise BadInputError(msg)
    files = {one.path.rpartition("/")[2]: (folder / one.path).read_bytes() for one in own}
    return read_archived(files, called=f"The list of {day_words(adopted.first_date)}")


def _draw(adopted: Targets, archived: ArchivedList) -> None:
    by = f" by {adopted.created_by}" if access.may(Action.SEE_REGISTER) else ""
    st.html(
        '<div class="hx-say hx-plain" role="status">'
        f"Archived: adopted on {day_words(adopted.created_at.date())}{escaped(by)} for patrols "
        f"from {day_words(adopted.first_date)} to {day_words(adopted.last_date)}. The numbers are "
        "those of that day, read from the archived files; data, settings or software may have "
        "changed since.</div>"
    )
    left, right = st.columns([1.2, 1], gap="medium")
    with left, st.container(key="archived_map_pane"):
        if archived.areas.empty:
            st.html('<p class="hx-absent">The list holds no place.</p>')
        else:
            st.pydeck_chart(
                archived_deck(archived, _ground(), screen=screen.screen()),
                height=430,
                key="archived_map",
                alt="Map of the places of the archived list. The table below names each.",
            )
    with right:
        st.html(basis_html(archived))
        if adopted.remark:
            st.html(f'<p class="hx-words">Remark: {escaped(adopted.remark)}</p>')
        with st.expander("How this was made"):
            by_whom = access.may(Action.SEE_REGISTER)
            said = [note if by_whom else unsigned(note) for note in archived.notes]
            notes = "".join(f"<li>{escaped(note)}</li>" for note in said)
            st.html(
                f'<div class="hx-made"><p>Run {escaped(run_words(archived.run_id))}. Every '
                f"automatic choice, as it was told then:</p><ul>{notes}</ul></div>"
            )
    st.html(places_html(archived))


def _ground() -> Context:
    """Return the ground of the store; none where the store is gone, the places stand alone."""
    try:
        return answers.ground(answers.open_store())
    except (BadInputError, OSError):
        return Context()


def _files(folder: Path, kept: tuple[ArchivedFile, ...], adopted: Targets) -> None:
    st.html('<h2 class="hx-h2">Archived files</h2>')
    offered = [
        one
        for one in kept
        if access.may(Action.SEE_TARGETS) or not one.path.rpartition("/")[2].startswith(_PLANS)
    ]
    troubles = archive_troubles(folder, tuple(offered))
    for trouble in troubles:
        frame.say(f"{trouble}. Restore the archive.")
    rows = [
        (one.path.rpartition("/")[2], f"{one.size / 1024:,.0f} KB", one.sha256) for one in offered
    ]
    st.html(rows_html(("File", "Size", "SHA-256"), rows))
    if troubles:
        return
    with st.container(horizontal=True, key="archived_files"):
        for one in offered:
            name = one.path.rpartition("/")[2]
            ending = name[name.rindex(".") :] if "." in name else ""
            access.download(
                name,
                (folder / one.path).read_bytes(),
                file_name=f"harmhex_archived_{adopted.first_date.isoformat()}_{name}",
                mime=_MIMES.get(ending, "application/octet-stream"),
                run_id=adopted.run_id,
                key=f"archived_{one.path}",
            )
