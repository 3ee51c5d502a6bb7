"""A schedule as tables: one day as patrols are given it, and each place over all days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from layers.targets.compare import Rows
    from spatial.targets.schedule.delivery import Delivery
    from spatial.targets.schedule.plan import Plan


def day_rows(plan: Plan, day: str) -> Rows:
    """Return one day's visits in the order of its patrols; nothing of what is not visited."""
    table = plan.table
    held = table[(table["date"] == day) & (table["visit"] > 0)]
    held = held.sort_values(["team", "starts_at", "stop"], kind="stable")
    rows = [
        (
            f"{row['team']}",
            str(row["start"]),
            counted(int(row["minutes"]), "minute"),
            str(row["name"]),
            f"{row['walk_minutes']} min",
        )
        for row in held.to_dict("records")
    ]
    return ("Patrol", "Start", "For", "Place", "On the way"), rows


def place_rows(plan: Plan) -> Rows:
    """Return how often each place is visited over all days."""
    treated = plan.allocation.sum(axis=0)
    visits = plan.table[plan.table["visit"] > 0].groupby("area_id").size()
    names = dict(zip(plan.table["area_id"], plan.table["name"], strict=True))
    rows = [
        (
            str(names[area]),
            f"{int(treated[at])} of {len(plan.dates)}",
            f"{int(visits.get(area, 0))}",
            area,
        )
        for at, area in enumerate(plan.area_ids)
    ]
    return ("Place", "Days", "Visits", "Id"), rows


def delivery_rows(delivery: Delivery, names: dict[str, str]) -> Rows:
    """Return what each place was to have and had."""
    rows = [
        (
            names.get(str(row["area_id"]), str(row["area_id"])),
            f"{int(row['kept'])} of {int(row['planned'])}",
            f"{int(row['days_reached'])} of {int(row['days_treated'])}",
            f"{int(row['minutes']):,}",
            f"{int(row['control_visits']) + int(row['outside_visits'])}",
            _words(str(row["seen"])),
            _words(str(row["done"])),
        )
        for row in delivery.by_area.to_dict("records")
    ]
    head = ("Place", "Visits", "Days", "Minutes", "Not planned", "Seen", "Done")
    return head, rows


def visit_rows(visits: pd.DataFrame, names: dict[str, str], *, most: int) -> Rows:
    """Return the latest visits, newest first."""
    newest = visits.sort_values(["start", "area_id"], ascending=False).head(most)
    rows = [
        (
            str(row["start"]).replace("T", " "),
            names.get(str(row["area_id"]), str(row["area_id"])),
            f"{int(row['minutes'])}",
            f"{int(row['officers'])}",
            _words(str(row["seen"])),
            _words(str(row["done"])),
        )
        for row in newest.to_dict("records")
    ]
    return ("Start", "Place", "Minutes", "Officers", "Seen", "Done"), rows


def _words(text: str) -> str:
    return text.replace("; ", ", ").replace("_", " ")
