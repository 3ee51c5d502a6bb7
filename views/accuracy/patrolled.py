"""Where patrols went, to be left out of a backtest: the register's visits, or a file."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from config.access import Action
from config.shifts import day_starts
from register import targets, visits
from spatial.accuracy.patrolled import read_place_days
from views import access, records

if TYPE_CHECKING:
    from spatial.accuracy.patrolled import PlaceDays

KEY: Final = "accuracy_patrolled"
FILE: Final = "accuracy_patrolled_file"
_KEPT: Final = "accuracy_left_out"
LEFT_IN, VISITS, UPLOADED = "left_in", "visits", "uploaded"
WORDS: Final = {
    LEFT_IN: "Leave them in",
    VISITS: "Leave out the visits in the register",
    UPLOADED: "Leave out those of a file",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Patrolled place-days to be left out, as CSV with the columns ``date`` and ``cells``.

    Attributes
    ----------
    content
        The file; empty for nothing.
    """

    content: bytes = b""

    @property
    def key(self) -> str:
        """Tell one choice from another."""
        return hashlib.sha256(self.content).hexdigest() if self.content else ""

    def read(self) -> PlaceDays | None:
        """Return the place-days; None for nothing.

        Raises
        ------
        BadInputError
            See :func:`spatial.accuracy.patrolled.read_place_days`.
        """
        if not self.content:
            return None
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "patrolled.csv"
            path.write_bytes(self.content)
            return read_place_days(path)


def chosen() -> LeftOut:
    """Return what is left out, where it is not asked now."""
    state = st.session_state
    if KEY in state:
        # the box is not drawn on this part, and would be forgotten
        state[KEY] = state[KEY]
    kept: LeftOut = state.get(_KEPT, LeftOut())
    return kept


def choose() -> LeftOut:
    """Ask what is to be left out."""
    found = _choose()
    st.session_state[_KEPT] = found
    return found


def _choose() -> LeftOut:
    offered = {
        name: words
        for name, words in WORDS.items()
        if name != VISITS or access.may(Action.SEE_REGISTER)
    }
    if st.session_state.get(KEY) not in offered:
        st.session_state[KEY] = LEFT_IN
    answer = st.selectbox(
        "Days on which a place was patrolled",
        list(offered),
        format_func=offered.__getitem__,
        key=KEY,
        help="Patrols change what is recorded where they go.",
    )
    if answer == VISITS:
        found = LeftOut(visited_csv())
        if not found.content:
            st.html('<p class="hx-absent">The register holds no visit to a place of a list.</p>')
        return found
    if answer == UPLOADED:
        given = st.file_uploader(
            "CSV with the columns date and cells", type=["csv"], key=FILE, max_upload_size=20
        )
        return LeftOut(b"" if given is None else given.getvalue())
    return LeftOut()


def visited_csv() -> bytes:
    """Return the visits of the register as place-days, each with the cells of its area.

    A visit counts on its policing day. Areas that no adopted list names are passed over: nothing
    says where they lie. Nothing where no visit is known.

    Raises
    ------
    BadInputError
        The register cannot be read.
    """
    with records.register().reading() as session:
        made = visits.table(session)
        cells = {
            one.area_id: " ".join(one.cells)
            for kept in reversed(targets.listed(session))
            for one in targets.areas_of(session, kept.id)
        }
    starts = dt.timedelta(hours=day_starts())
    begun = pd.to_datetime(made["start"]) - starts
    days = {
        (day.date().isoformat(), cells[area])
        for day, area in zip(begun, made["area_id"], strict=True)
        if area in cells
    }
    if not days:
        return b""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("date", "cells"))
    writer.writerows(sorted(days))
    return text.getvalue().encode()
