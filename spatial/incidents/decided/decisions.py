"""Decisions: what was decided about doubtful points, and the incidents as they are then read."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from config.errors import BadInputError
from spatial.incidents.rows.locations import cells_of
from spatial.incidents.schema import RESOLUTIONS, cell_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb

    from spatial.window import Window

DECISIONS_FILE: Final = "decisions.json"
DECIMALS: Final = 7
"""Of a degree: points are stored, and decided on, to these."""

_PRODUCT: Final = "harmhex location decisions"
_FORMAT: Final = 1
_FURTHEST: Final = (180.0, 90.0)


class Choice(StrEnum):
    """What may be decided about a point."""

    KEEP = "keep"
    """Looked at, and right as it is."""
    DROP = "drop"
    """Its incidents are kept and counted, and are on no map."""
    MOVE = "move"
    """Its incidents are read as if they lay somewhere else."""


class Reason(StrEnum):
    """Why: fixed kinds and no free text, so that nothing personal can be written down."""

    POLICE_STATION = "police station"
    HOSPITAL = "hospital"
    PRISON = "prison"
    HEADQUARTERS = "headquarters"
    CUSTODY = "custody"
    SNAP_POINT = "snap point"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one point of one source.

    Attributes
    ----------
    source
        The source whose incidents it is about, as the store names it.
    longitude, latitude
        The point as the source gives it, EPSG:4326, seven decimals.
    choice, reason
        What was decided, and why.
    decided_on
        The date given with it. Who decided is not kept.
    to_longitude, to_latitude
        Where a moved point goes, EPSG:4326; None unless it is moved.
    """

    source: str
    longitude: float
    latitude: float
    choice: Choice
    reason: Reason
    decided_on: dt.date
    to_longitude: float | None = None
    to_latitude: float | None = None

    @property
    def place(self) -> tuple[str, float, float]:
        """The point it is about: there is one decision on each."""
        return self.source, self.longitude, self.latitude


def in_effect(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that change where an incident is: not those to keep."""
    return tuple(decision for decision in decisions if decision.choice is not Choice.KEEP)


def content(decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    """Return what makes a number differ, sorted, for a hash: neither dates nor points kept."""
    told = [_entry(decision) for decision in ordered(in_effect(decisions))]
    return [
        {name: value for name, value in entry.items() if name != "decided_on"} for entry in told
    ]


def ordered(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return them in the order they are kept and listed in: by source, then west to east."""
    return tuple(sorted(decisions, key=lambda decision: decision.place))


def read_decisions(folder: Path) -> tuple[Decision, ...]:
    """Read a store's decisions; none where nothing was decided.

    Raises
    ------
    BadInputError
        The file is damaged, or a newer version wrote it.
    """
    path = folder / DECISIONS_FILE
    if not path.exists():
        return ()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        version = int(document["format"])
        is_newer = document["product"] == _PRODUCT and version > _FORMAT
        decisions = () if is_newer else tuple(map(_decision, document["decisions"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = (
            f"The store {folder.name!r} has a {DECISIONS_FILE} that cannot be read. Restore it "
            "from a backup, or remove the file to withdraw every decision about a location."
        )
        raise BadInputError(msg) from error
    if is_newer:
        msg = (
            f"The decisions of the store {folder.name!r} were written by a newer version of "
            f"Harmhex (format {version}, where this one reads {_FORMAT}). Update Harmhex."
        )
        raise BadInputError(msg)
    return ordered(decisions)


def write_decisions(folder: Path, decisions: Iterable[Decision]) -> None:
    """Replace a store's decisions in one step; the caller holds the store's lock."""
    entries = [_entry(decision) for decision in ordered(decisions)]
    document = {"product": _PRODUCT, "format": _FORMAT, "decisions": entries}
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    temporary = folder / f".{DECISIONS_FILE}.part"
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / DECISIONS_FILE)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def placed(origin: str, decisions: Iterable[Decision]) -> str:
    """Return incidents as they are read once the decisions are applied.

    Parameters
    ----------
    origin
        What may follow FROM: the incidents as their sources gave them, with the columns of
        :mod:`spatial.incidents.schema` (geometry apart, which is left as it was given).
    decisions
        All that were made.

    Returns
    -------
    What may follow FROM, with the same columns and rows. Longitude, latitude and the cells of a
    moved point are those of where it goes, each cell from the point itself; of a dropped one they
    are null, and so is how exact it was. Without a decision in effect, the origin itself.

    Notes
    -----
    A decision is about the point that the source gave: one point moved onto another does not take
    part in what was decided about that other.
    """
    table = _table(in_effect(decisions))
    if table is None:
        return origin
    moved = ("longitude", "latitude", *map(cell_column, RESOLUTIONS))
    replaced = [
        f"CASE WHEN told.choice IS NULL THEN given.{name} ELSE told.to_{name} END AS {name}"
        for name in moved
    ]
    replaced.append(
        f"CASE WHEN told.choice = '{Choice.DROP}' THEN NULL ELSE given.location_precision_m END "
        "AS location_precision_m"
    )
    return (
        f"(SELECT given.* REPLACE ({', '.join(replaced)}) FROM {origin} AS given "  # noqa: S608 (checked values, quoted)
        f"LEFT JOIN {table} ON {_SAME})"
    )


def touched(origin: str, decisions: Iterable[Decision]) -> str | None:
    """Return the incidents that the decisions drop or move, each with its choice and reason.

    Parameters
    ----------
    origin, decisions
        As :func:`placed`.

    Returns
    -------
    What may follow FROM: the origin's columns, ``choice`` and ``reason``; None where no decision is
    in effect.
    """
    table = _table(in_effect(decisions))
    if table is None:
        return None
    return (
        f"(SELECT given.*, told.choice, told.reason FROM {origin} AS given "  # noqa: S608 (checked values, quoted)
        f"JOIN {table} ON {_SAME})"
    )


def count_touched(
    connection: duckdb.DuckDBPyConnection,
    origin: str,
    decisions: Iterable[Decision],
    *,
    condition: str,
    window: Window,
) -> dict[Choice, dict[str, int]]:
    """Count the incidents of a profile and window that the decisions drop or move, by reason.

    Parameters
    ----------
    connection
        Knows the origin.
    origin, decisions
        As :func:`placed`.
    condition
        SQL over the origin: see :func:`spatial.incidents.select.profile_condition`.
    window
        Inclusive dates of ``occurred_from``.

    Returns
    -------
    For drop and for move, reason to incidents, the most common first; nothing where there are none.
    """
    table = touched(origin, decisions)
    if table is None:
        return {}
    rows = connection.execute(
        f"""
        SELECT choice, reason, count(*) AS incidents FROM {table}
        WHERE occurred_from >= $first AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
              AND ({condition})
        GROUP BY choice, reason ORDER BY choice, incidents DESC, reason
        """,  # noqa: S608 (checked decisions and profile models)
        {"first": window.first, "last": window.last},
    ).fetchall()
    counted: dict[Choice, dict[str, int]] = {}
    for choice, reason, incidents in rows:
        counted.setdefault(Choice(choice), {})[str(reason)] = int(incidents)
    return counted


_SAME: Final = (
    "told.source = given.source AND told.longitude = given.longitude "
    "AND told.latitude = given.latitude"
)


def _table(decisions: Sequence[Decision]) -> str | None:
    """Write the decisions as a table of SQL, ``told``."""
    if not decisions:
        return None
    stays = np.nan
    to_longitude = np.array(
        [stays if d.to_longitude is None else d.to_longitude for d in decisions]
    )
    to_latitude = np.array([stays if d.to_latitude is None else d.to_latitude for d in decisions])
    cells = [column.to_pylist() for column in cells_of(to_longitude, to_latitude).values()]
    rows = [
        ", ".join(
            [
                _text(decision.source),
                _degrees(decision.longitude),
                _degrees(decision.latitude),
                _text(decision.choice),
                _text(decision.reason),
                _degrees(decision.to_longitude),
                _degrees(decision.to_latitude),
                *(f"CAST({'NULL' if one is None else one} AS UBIGINT)" for one in indexed),
            ]
        )
        for decision, *indexed in zip(decisions, *cells, strict=True)
    ]
    names = ("longitude", "latitude", *map(cell_column, RESOLUTIONS))
    columns = ["source", "longitude", "latitude", "choice", "reason", *(f"to_{n}" for n in names)]
    return f"(VALUES {', '.join(f'({row})' for row in rows)}) AS told({', '.join(columns)})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _degrees(value: float | None) -> str:
    # from text, as a decimal constant might be rounded on its way to a double
    return "CAST(NULL AS DOUBLE)" if value is None else f"CAST('{value!r}' AS DOUBLE)"


def _entry(decision: Decision) -> dict[str, Any]:
    return {**asdict(decision), "decided_on": decision.decided_on.isoformat()}


def _decision(entry: dict[str, Any]) -> Decision:
    """Read one decision of the file; whatever is odd about it is an error."""
    decision = Decision(
        source=str(entry["source"]),
        longitude=float(entry["longitude"]),
        latitude=float(entry["latitude"]),
        choice=Choice(entry["choice"]),
        reason=Reason(entry["reason"]),
        decided_on=dt.date.fromisoformat(entry["decided_on"]),
        to_longitude=_optional(entry["to_longitude"]),
        to_latitude=_optional(entry["to_latitude"]),
    )
    moves = decision.to_longitude is not None and decision.to_latitude is not None
    points = [(decision.longitude, decision.latitude)]
    if moves:
        points.append((float(entry["to_longitude"]), float(entry["to_latitude"])))
    if moves is not (decision.choice is Choice.MOVE) or not all(map(is_on_earth, points)):
        msg = f"{entry!r} is no decision"
        raise ValueError(msg)
    return decision


def is_on_earth(point: tuple[float, float]) -> bool:
    """Say whether longitude and latitude are degrees, and not the 0, 0 that stands for nothing."""
    within = all(abs(value) <= most for value, most in zip(point, _FURTHEST, strict=True))
    return within and point != (0.0, 0.0)


def _optional(value: object) -> float | None:
    return None if value is None else float(str(value))
