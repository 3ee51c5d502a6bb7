"""An adopted list for tests of the pages: kept with its files, its schedule and some visits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from streamlit.testing.v1 import AppTest

from config.access import Role
from config.dose import load_dose_rules
from layers.targets.files import target_files
from layers.targets.schedule_files import schedule_csv
from register import targets, visits
from register.archive import archive_beside, put_away
from register.opening import Register
from register.targets import TargetArea, TargetsDraft
from register.visits import VisitDraft
from spatial.incidents.store import IncidentStore
from spatial.projection import metric_system_at
from spatial.results import TargetRequest, TargetResult
from spatial.run import targets as find_targets
from spatial.targets.schedule.places import places_of
from spatial.targets.schedule.plan import Plan, schedule
from spatial.targets.schedule.request import ScheduleRequest
from spatial.window import Window
from tests.views.people import NOW, claims
from views.windows import CHOSEN_DATES

EARLIER = Window(dt.date(2023, 11, 1), dt.date(2023, 12, 31))
FIRST, LAST = dt.date(2026, 10, 17), dt.date(2026, 10, 30)


def run_targets_page() -> None:
    from views.targets import page  # noqa: PLC0415 (AppTest runs this function alone)

    page.page()


def on_part(part: str, role: Role = Role.ANALYST, **chosen: Any) -> AppTest:  # noqa: ANN401 (as state holds it)
    page = AppTest.from_function(run_targets_page, default_timeout=60)
    page.user = claims(role.value)
    page.session_state["places"] = 3
    # three months without any before them: a list in half a second
    page.session_state["preset"] = CHOSEN_DATES
    page.session_state["dates"] = (dt.date(2023, 11, 1), dt.date(2024, 1, 31))
    page.session_state["list_part"] = part
    for name, value in chosen.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception
    return page


def earlier_list(store: IncidentStore) -> TargetResult:
    return find_targets(store, TargetRequest("ark", EARLIER, places=3, resolution=10))


def plan_of(result: TargetResult) -> Plan:
    places = places_of(result.areas, window_days=result.window.days)
    request = ScheduleRequest(start=FIRST, days=14, seed=5, treated=2)
    system = metric_system_at(*places.points[0].tolist())
    return schedule(places, request, streets=None, metric_system=system, rules=load_dose_rules())


def adopt(register: Register, result: TargetResult, plan: Plan | None) -> str:
    """Adopt a list of the fortnight before the sample's last day; returns its id."""
    assert register.file is not None
    folder = archive_beside(register.file)
    files = put_away(folder, result.run_id, target_files(result, formats=()))
    if plan is not None:
        files = (*files, *put_away(folder, plan.run_id, {"schedule.csv": schedule_csv(plan)}))
    draft = TargetsDraft(
        run_id=result.run_id,
        profile=result.profile.name,
        study_area=result.study_area.name,
        first_date=FIRST,
        last_date=LAST,
        data_through=result.data_through,
    )
    areas = tuple(
        TargetArea(
            area_id=row["area_id"],
            rank=int(row["rank"]),
            name=row["name"],
            cells=tuple(row["cells"].split()),
        )
        for row in result.areas.to_dict("records")
    )
    with register.writing() as session:
        return targets.adopt(session, draft, areas, files, now=NOW, by="lead@force.example").id


def visit_all(register: Register, plan: Plan, *, leave_out: int) -> int:
    """Enter every planned visit but so many; returns how many were entered."""
    planned = plan.table[plan.table["visit"] > 0].to_dict("records")[leave_out:]
    drafts = [
        VisitDraft(
            area_id=row["area_id"], start=row["starts_at"][:16], minutes=15, seen=("groups",)
        )
        for row in planned
    ]
    with register.writing() as session:
        visits.add_all(session, drafts, now=NOW, by="pc@force.example")
    return len(drafts)
