"""What was done at a place, as the register knows it: visits, lists, changes, operations."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.operation_papers import lay_out
from layers.overlays import plain
from layers.targets.compare import KIND_WORDS
from layers.wording import counted, percent
from register import operations, targets
from spatial.evaluation.footprint import footprint, shared_ground
from spatial.window import day_words
from views import access, records
from views.signed_in.trail import register_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd
    import shapely

    from register.operations import Operation
    from spatial.evaluation.footprint import Footprint
    from views.in_force import InForce
    from views.targets.delivery import Delivered

Lines = list[tuple[str, str]]

_LATEST: Final = 3
_LISTS: Final = 4
# of a place's ground; below, the share is said
_ALL: Final = 0.95


def done_at(place: gpd.GeoDataFrame, *, held: InForce, made: Delivered | None) -> Lines:
    """Return what was done at a place, label and words, for whoever is asking.

    Parameters
    ----------
    place
        Its row of the list, with its ground.
    held, made
        The last list and people's changes, and what was delivered at it.
    """
    area_id, cells = str(place["area_id"].iloc[0]), str(place["cells"].iloc[0])
    lines: Lines = []
    if made is not None:
        lines.append(("Last period", made.by_area.get(area_id, "no visit was entered")))
    if not access.may(Action.SEE_REGISTER) or register_in_force() is None:
        return lines
    if made is not None:
        # when each visit was, and what was seen: as on the Register page
        lines += _visits(made.visits, area_id)
    try:
        with records.register().reading() as session:
            listed = targets.every_table(session)
            run = operations.listed(session) if access.may(Action.SEE_EVALUATION) else ()
    except BadInputError as error:
        return [*lines, ("Register", str(error))]
    lines += _lists(listed, area_id)
    lines += [
        (
            "Changed by hand",
            f"{KIND_WORDS.get(one.kind, one.kind)}: {one.reason} ({one.created_by})",
        )
        for one in held.kept
        if area_id in one.areas
    ]
    return lines + _operations(run, area_id, cells, place.geometry.iloc[0])


def _visits(visits: pd.DataFrame, area_id: str) -> Lines:
    own = visits[visits["area_id"] == area_id]
    if own.empty:
        return []
    told = []
    for row in own.sort_values("start", ascending=False).head(_LATEST).to_dict("records"):
        start = dt.datetime.fromisoformat(str(row["start"]))
        # a day of the week is what a meeting remembers
        words = f"{start:%a} {start.day} {start:%b}, {start:%H:%M}, {int(row['minutes'])} minutes"
        words += f", {counted(int(row['officers']), 'officer')}"
        seen = [plain(one) for one in str(row["seen"]).split()]
        told.append(f"{words}: {', '.join(seen)}" if seen else words)
    return [("Latest visits", "; ".join(told))]


def _lists(listed: pd.DataFrame, area_id: str) -> Lines:
    own = listed[listed["area_id"] == area_id]
    if own.empty:
        return []
    told = [
        f"{day_words(dt.date.fromisoformat(str(row['adopted_on'])))} (number {int(row['rank'])})"
        for row in own.head(_LISTS).to_dict("records")
    ]
    more = f" and {len(own) - _LISTS} more" if len(own) > _LISTS else ""
    return [(f"On {counted(len(own), 'list')}", f"{', '.join(told)}{more}")]


def _operations(
    run: Iterable[Operation], area_id: str, cells: str, shape: shapely.Geometry
) -> Lines:
    return [
        (
            "Operation",
            f"{one.name}, {day_words(one.first_date)} to {day_words(one.last_date)}: {part}",
        )
        for one in run
        if (part := _part_in(one, area_id, cells, shape))
    ]


def _part_in(one: Operation, area_id: str, cells: str, shape: shapely.Geometry) -> str:
    """Say what an operation did with a place: patrolled or compared with, and how much of it."""
    try:
        grounds = _grounds(one.id, one.version, _operation=one)
    except BadInputError:
        grounds = {}
    for what in ("patrolled", "compared with"):
        if what in grounds:
            share = shared_ground(shape, grounds[what])
            if share > 0:
                return what if share >= _ALL else f"{what} on {percent(share)} of this ground"
    if grounds:
        return ""
    # nothing but names was registered
    ground = {area_id, *cells.split()}
    if ground & set(one.areas):
        return "patrolled"
    return "compared with" if ground & set(one.comparators) else ""


@st.cache_resource(show_spinner=False, max_entries=64)
def _grounds(operation_id: str, version: int, *, _operation: Operation) -> dict[str, Footprint]:
    del operation_id, version  # parts of the key only
    if not _operation.plan:
        return {}
    with tempfile.TemporaryDirectory(prefix="harmhex-operation-") as folder:
        said = lay_out(_operation.plan, _operation.files, Path(folder))
        found = {"patrolled": footprint(said.areas)}
        if said.comparators is not None and said.comparators.kind == "areas":
            found["compared with"] = footprint(said.comparators)
    return found
