"""Adopting the list on the page: the run, its areas and its outputs are put away for good."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from layers.targets.archived import BESIDE, EARLIER, beside_name
from layers.targets.files import target_files
from layers.targets.schedule_files import schedule_calendar, schedule_csv
from register import targets
from register.archive import put_away
from register.targets import TargetArea, TargetsDraft
from views import access, frame, records

if TYPE_CHECKING:
    from collections.abc import Callable

    from spatial.incidents.store import IncidentStore
    from spatial.results import TargetResult
    from spatial.targets.schedule.plan import Plan

_SAID: Final = "adopt_said"
_FORTNIGHTS: Final = dt.timedelta(days=27)


def panel(
    store: IncidentStore,
    result: TargetResult,
    *,
    schedule: Plan | None = None,
    beside: Callable[[], str] | None = None,
) -> None:
    """Offer to adopt the list, and the schedule made for it, to who may decide on it.

    ``beside`` gives what stood beside the list's share when it was decided on: kept with it.
    """
    if not access.may(Action.ADOPT) or result.areas.empty:
        return
    first, last = _days(store, schedule)
    also = "" if schedule is None else " The schedule made for it is kept with it."
    with st.popover("Adopt", type="primary"), st.form("adopt"):
        st.html(
            '<p class="hx-words">The list is kept with its run id and its files, so that what was '
            f"decided on can be opened again. The register is where to see it.{also} The next list "
            "is compared with it.</p>"
        )
        dates = st.date_input("Patrolled from and to", (first, last), format="DD/MM/YYYY")
        remark = st.text_input("Remark (may be empty)", key="adopt_remark")
        if st.form_submit_button("Adopt this list", type="primary"):
            with frame.plain_errors():
                said = "" if beside is None else beside()
                _adopt(store, result, dates, remark, schedule=schedule, beside=said)
                st.session_state[_SAID] = result.run_id
        if st.session_state.get(_SAID) == result.run_id:
            st.html('<p role="status"><b>Adopted.</b> It is on the page Register.</p>')


def _days(store: IncidentStore, schedule: Plan | None) -> tuple[dt.date, dt.date]:
    if schedule is not None:
        return schedule.dates[0], schedule.dates[-1]
    first = records.today(store)
    return first, first + _FORTNIGHTS


def _adopt(  # noqa: PLR0913 (what is decided on)
    store: IncidentStore,
    result: TargetResult,
    dates: object,
    remark: str,
    *,
    schedule: Plan | None,
    beside: str,
) -> None:
    access.require(Action.ADOPT)
    if not isinstance(dates, tuple) or len(dates) != 2:  # noqa: PLR2004 (a first and a last day)
        msg = "Choose the first and the last day on which the list is patrolled."
        raise BadInputError(msg)
    draft = TargetsDraft(
        run_id=result.run_id,
        profile=result.profile.name,
        study_area=result.study_area.name,
        first_date=dates[0],
        last_date=dates[1],
        data_through=result.data_through,
        remark=remark,
    )
    areas = tuple(
        TargetArea(
            area_id=str(row["area_id"]),
            rank=int(row["rank"]),
            name=str(row["name"]),
            cells=tuple(str(row["cells"]).split()),
        )
        for row in result.areas.to_dict("records")
    )
    # written before the register names them: a file that nobody names does no harm
    folder = records.archive(store)
    files = put_away(folder, result.run_id, target_files(result))
    if schedule is not None:
        made = {"schedule.csv": schedule_csv(schedule), "schedule.ics": schedule_calendar(schedule)}
        files = (*files, *put_away(folder, schedule.run_id, made))
    if beside:
        content = json.dumps({"run_id": result.run_id, EARLIER: beside}, ensure_ascii=False)
        files = (*files, *put_away(folder, beside_name(result.run_id), {BESIDE: content.encode()}))
    records.change(Action.ADOPT, targets.adopt, draft, areas, files)
