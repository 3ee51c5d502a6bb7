"""Printing a list from the page: sheets, a team's pack, the meeting's pack, a map for partners."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.settings import load_settings
from config.shifts import load_shifts
from layers.handout import handout_html
from layers.overlays import due_marks, tension_marks
from layers.print.files import print_files
from layers.print.folder import read_targets_folder
from layers.print.occasion import Occasion
from register import visits
from register.due import due
from register.tension import Sight, current
from views import access, records, waiting
from views.signed_in.trail import register_in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from layers.print.folder import TargetsFolder
    from spatial.incidents.store import IncidentStore
    from spatial.results import TargetResult
    from spatial.targets.schedule.plan import Plan
    from views.workroom import Steps

_KINDS: Final = {
    "sheets": "A sheet for each place",
    "team": "A team's pack",
    "tasking": "The meeting's pack",
    "handout": "A map for partners (opens offline)",
}
_MADE: Final = "print_made"
_BEGUN: Final = "print_begun"
_ALL: Final = ""


def printing_part(
    store: IncidentStore,
    result: TargetResult,
    files: Mapping[str, bytes],
    plan: Plan | None,
) -> None:
    """Offer to print the list, to who may take it away; asked for again when it is printed."""
    st.html(
        '<h2 class="hx-h2">Print</h2><p class="hx-words">Readable in black and white. The map for '
        "partners keeps small counts back.</p>"
    )
    beats = sorted(records.beats(store))
    with st.container(horizontal=True, vertical_alignment="bottom", key="print_form"):
        kind = str(
            st.selectbox("What", list(_KINDS), format_func=_KINDS.__getitem__, key="print_kind")
        )
        first = st.date_input("From", records.today(store), format="DD/MM/YYYY", key="print_first")
        team = str(
            st.selectbox(
                "Team",
                beats if kind == "team" and beats else [_ALL, *beats],
                format_func=lambda name: name or "All",
                key=f"print_team_{kind == 'team'}",
            )
        )
        shifts = [one.name for one in load_shifts().shift]
        shift = str(
            st.selectbox(
                "Shift", [_ALL, *shifts], format_func=lambda name: name or "All", key="print_shift"
            )
        )
        restricted = access.may(Action.SEE_RESTRICTED_TENSION) and st.checkbox(
            "With restricted tension",
            key="print_restricted",
            help="Ethnicity, religion and protest stay off paper unless this is ticked.",
        )
        wanted = (result.run_id, kind, first, team, shift, restricted)
        pressed = st.button("Print", key="print_now")
    state = st.session_state
    if pressed:
        access.require(Action.EXPORT)
        # each time is a print of its own: what is due, tense and visited may have changed
        state[_BEGUN] = (wanted, f"print {secrets.token_hex(8)}")
        state.pop(_MADE, None)
    begun = state.get(_BEGUN)
    if begun is not None and begun[0] == wanted:
        access.require(Action.EXPORT)
        occasion = None
        if kind != "handout":
            occasion = _occasion(store, first, team, shift, plan, restricted=bool(restricted))
        made = waiting.answer(
            begun[1],
            lambda steps: _printed(store, files, occasion, kind, steps),
            doing="Drawing the pages",
        )
        del state[_BEGUN]
        state[_MADE] = (wanted, made)
    done = state.get(_MADE)
    if done is None or done[0] != wanted:
        return
    ending, mime = ("html", "text/html") if kind == "handout" else ("pdf", "application/pdf")
    access.download(
        f"Download the {ending.upper()}",
        done[1],
        file_name=f"harmhex_{kind}_{result.profile.name}_{first.isoformat()}.{ending}",
        mime=mime,
        run_id=result.run_id,
        key="file_print",
    )


def quick_work(
    store: IncidentStore,
    files: Mapping[str, bytes],
    *,
    kind: str,
    first: dt.date,
    area_id: str = "",
) -> Callable[[Steps], bytes]:
    """Return the work that prints a list as it is, for all teams and the whole day.

    What the register knows is read now, as whoever asks may see it.

    Parameters
    ----------
    files
        Of the list: see :func:`layers.targets.files.target_files`.
    kind
        Of `layers.print.files.KINDS`.
    first
        First day of the period.
    area_id
        The one place whose sheet is wanted; empty for all.

    Raises
    ------
    BadInputError
        Whoever asks may not take files away, or it cannot be printed.
    """
    access.require(Action.EXPORT)
    folder = _folder(files)
    if area_id:
        areas = folder.patrol.areas
        own = areas[areas["area_id"].astype(str) == area_id].reset_index(drop=True)
        folder = replace(folder, patrol=replace(folder.patrol, areas=own))
    if register_in_force() is None:
        occasion = Occasion(first=first)
    else:
        occasion = _occasion(store, first, _ALL, _ALL, None, restricted=False)
    return lambda steps: _drawn(store, folder, occasion, kind, steps)


def _occasion(  # noqa: PLR0913 (what is chosen on the page)
    store: IncidentStore,
    first: dt.date,
    team: str,
    shift: str,
    plan: Plan | None,
    *,
    restricted: bool,
) -> Occasion:
    """Say for which days and people it is printed, with what the register knows of them."""
    sight = Sight.ALL if restricted else Sight.OPEN
    with records.register().reading() as session:
        soon = due(session, first, next_days=load_settings().period_days - 1, past_days=0)
        tense = current(session, first, sight=sight)
        made = visits.table(session)
    return Occasion(
        first=first,
        team=team or None,
        shift=load_shifts().named(shift) if shift else None,
        schedule=None if plan is None or first not in plan.dates else plan.table,
        visits=made,
        due=soon,
        marks=(*due_marks(soon), *tension_marks(tense, first, beats=records.beats(store))),
    )


def _printed(
    store: IncidentStore,
    files: Mapping[str, bytes],
    occasion: Occasion | None,
    kind: str,
    steps: Steps,
) -> bytes:
    """Print a list, for an occasion; the map for partners is of none."""
    steps("Reading the list")
    folder = _folder(files)
    if occasion is None:
        return handout_html(folder, store)
    return _drawn(store, folder, occasion, kind, steps)


def _drawn(
    store: IncidentStore, folder: TargetsFolder, occasion: Occasion, kind: str, steps: Steps
) -> bytes:
    told = steps.counting("Drawing sheets")
    return print_files(store, folder, occasion, kinds=(kind,), progress=told)[f"{kind}.pdf"]


def _folder(files: Mapping[str, bytes]) -> TargetsFolder:
    with tempfile.TemporaryDirectory() as place:
        for name, content in files.items():
            (Path(place) / name).write_bytes(content)
        return read_targets_folder(Path(place))
