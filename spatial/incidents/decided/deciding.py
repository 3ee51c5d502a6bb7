"""Deciding: decisions about points recorded in a store, and taken back, all of them or none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.incidents import commit as commits
from spatial.incidents.decided.decisions import (
    DECIMALS,
    Choice,
    Decision,
    Reason,
    ordered,
    write_decisions,
)
from spatial.incidents.decided.destinations import sensible_box, wrong_destination
from spatial.incidents.decided.positions import write_position
from spatial.incidents.store import AS_GIVEN, IncidentStore
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb
    from numpy.typing import NDArray

MOST_DECISIONS: Final = 5_000
"""More than this is not decided by looking; the sources' mapping or geocoder is to be mended."""

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision as a person asks for it.

    Attributes
    ----------
    longitude, latitude
        The point, EPSG:4326; rounded to seven decimals, and then to be met exactly.
    choice, reason
        What is to be done with it, and why.
    to
        Longitude and latitude of where a moved point goes; None otherwise.
    source
        Whose incidents; None for those of every source that has the point.
    decided_on
        The date of the decision, where it is not that of the recording.
    row
        Its row in a file, for messages; None where it stands alone.
    waits
        Whether it may be about a point that the store does not hold (yet); needs a source.
    """

    longitude: float
    latitude: float
    choice: Choice
    reason: Reason = Reason.OTHER
    to: tuple[float, float] | None = None
    source: str | None = None
    decided_on: dt.date | None = None
    row: int | None = None
    waits: bool = False

    @property
    def point(self) -> tuple[float, float]:
        """The point, rounded as the store rounds."""
        return _rounded((self.longitude, self.latitude))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of asking.

    Attributes
    ----------
    decisions
        Those recorded now, in the order they are kept in.
    incidents
        How many incidents now held lie on their points.
    notes
        What they replaced, what waits, and what else a person must know.
    """

    decisions: tuple[Decision, ...]
    incidents: int
    notes: Notes


def decide(path: Path, asked: Sequence[Asked], *, decided_on: dt.date, file: str = "") -> Recorded:
    """Record decisions about points: they apply at once, and to every later load.

    Parameters
    ----------
    path
        The store's folder.
    asked
        Of two about one point the later counts, and that is said.
    decided_on
        The date that is kept with those that bring none.
    file
        The file they were read from, for messages.

    Raises
    ------
    BadInputError
        There is no such store; or anything about any of them cannot be used: no incident lies at
        the point, a place to move to is missing, not wanted, no place or far from everything.
        Nothing is recorded then.
    """
    IncidentStore.open(path)
    with commits.locked(path) as held:
        with held.connect() as connection:
            found = _found(connection, asked)
            refuse(_problems(asked, held, connection, found), file=file)
        recorded: dict[tuple[str, float, float], tuple[Decision, Asked]] = {}
        before = {decision.place: decision for decision in held.decisions}
        notes: list[Note] = []
        for one in asked:
            for source in _sources(one, found):
                decision = _decision(one, source, decided_on)
                notes += _replacing(decision, one, recorded, before)
                recorded[decision.place] = (decision, one)
        made = {place: decision for place, (decision, _) in recorded.items()}
        together = before | made
        if len(together) > MOST_DECISIONS:
            msg = (
                f"The store {path.name!r} would hold {len(together):,} decisions, and at most "
                f"{MOST_DECISIONS:,} are kept. So many wrong points are mended in the mapping or "
                "the geocoder. Nothing was recorded."
            )
            raise BadInputError(msg)
        write_decisions(held.path, together.values())
    counts = [found.get(place[1:], {}).get(place[0], 0) for place in made]
    notes += _waiting(made, counts)
    notes += _several(asked, found)
    return Recorded(ordered(made.values()), sum(counts), tuple(notes))


def withdraw(
    path: Path, longitude: float, latitude: float, *, source: str | None = None
) -> tuple[Decision, ...]:
    """Take back what was decided about a point: its incidents lie again where they were given.

    Parameters
    ----------
    path
        The store's folder.
    longitude, latitude
        The point, as :class:`Asked`.
    source
        Whose; None for every source.

    Returns
    -------
    What was decided, and is no more.

    Raises
    ------
    BadInputError
        There is no such store, or nothing was decided about the point; nothing is changed then.
    """
    point = _rounded((longitude, latitude))
    IncidentStore.open(path)
    with commits.locked(path) as held:
        gone = tuple(
            decision
            for decision in held.decisions
            if decision.place[1:] == point and source in {None, decision.source}
        )
        if not gone:
            listed = "; ".join(
                write_position(decision.longitude, decision.latitude)
                for decision in held.decisions[:_SHOWN]
            )
            msg = (
                f"Nothing was decided about the point {write_position(*point)}. "
                f"Decided on are: {listed or 'none'}."
            )
            raise BadInputError(msg)
        write_decisions(held.path, [one for one in held.decisions if one not in gone])
    return gone


def refuse(problems: Iterable[tuple[int | None, str]], *, file: str = "") -> None:
    """Raise what is wrong with decisions as one message, by row; nothing where nothing is.

    Raises
    ------
    BadInputError
        There is a problem.
    """
    listed = [text if row is None else f"row {row}: {text}" for row, text in problems]
    if not listed:
        return
    more = f"; and {len(listed) - _SHOWN:,} more rows" if len(listed) > _SHOWN else ""
    where = f"{file}: " if file else ""
    sentence = "; ".join(listed[:_SHOWN])
    msg = f"{where}{sentence}{more}. Nothing was recorded."
    raise BadInputError(msg[:1].upper() + msg[1:] if not file else msg)


_Found = dict[tuple[float, float], dict[str, int]]


def _found(connection: duckdb.DuckDBPyConnection, asked: Sequence[Asked]) -> _Found:
    """Return the incidents on each point asked about, by source."""
    points = sorted({one.point for one in asked})
    rows = connection.execute(
        f"""
        SELECT longitude, latitude, CAST(source AS VARCHAR) AS source, count(*)
        FROM {AS_GIVEN} JOIN (SELECT unnest($1) AS x, unnest($2) AS y)
        ON longitude = x AND latitude = y
        GROUP BY ALL ORDER BY ALL
        """,  # noqa: S608 (our own words)
        [[float(x) for x, _ in points], [float(y) for _, y in points]],
    ).fetchall()
    found: _Found = {}
    for x, y, source, count in rows:
        found.setdefault((x, y), {})[source] = count
    return found


def _sources(one: Asked, found: _Found) -> list[str]:
    return [one.source] if one.source is not None else sorted(found.get(one.point, {}))


def _decision(one: Asked, source: str, decided_on: dt.date) -> Decision:
    to = (None, None) if one.to is None else _rounded(one.to)
    return Decision(source, *one.point, one.choice, one.reason, one.decided_on or decided_on, *to)


def _problems(
    asked: Sequence[Asked],
    store: IncidentStore,
    connection: duckdb.DuckDBPyConnection,
    found: _Found,
) -> list[tuple[int | None, str]]:
    """List what keeps decisions from being made, by row."""
    box = sensible_box(store, connection)
    problems: list[tuple[int | None, str]] = []
    for one in asked:
        held = found.get(one.point, {})
        is_known = bool(held) if one.source is None else one.source in held
        if not is_known and not (one.waits and one.source is not None):
            # to look for the nearest is a pass over the store: only for those that are shown
            near = _nearest(one, connection) if len(problems) < _SHOWN else ""
            whose = "" if one.source is None else f" of source {one.source!r}"
            text = f"no incident{whose} lies at the point {write_position(*one.point)}{near}"
            problems.append((one.row, text))
        elif (wrong := _wrong_move(one, box)) is not None:
            problems.append((one.row, wrong))
    return problems


def _wrong_move(one: Asked, box: NDArray[np.float64] | None) -> str | None:
    """Say what is wrong with where a point is to go; None where nothing is."""
    if one.choice is not Choice.MOVE:
        return None if one.to is None else f"a place to go to is given with {one.choice}, not move"
    if one.to is None:
        return "a point to move needs a place to go to"
    if _rounded(one.to) == one.point:
        return f"{write_position(*one.to)} is the point itself: choose keep, or another place"
    return wrong_destination(one.to, box)


def _nearest(one: Asked, connection: duckdb.DuckDBPyConnection) -> str:
    x, y = one.point
    near = connection.execute(
        f"""
        SELECT longitude, latitude FROM {AS_GIVEN}
        WHERE longitude IS NOT NULL AND ($3 IS NULL OR source = $3)
        ORDER BY ((longitude - $1) * cos(radians($2))) ** 2 + (latitude - $2) ** 2,
                 longitude, latitude
        LIMIT 1
        """,  # noqa: S608 (our own words)
        [x, y, one.source],
    ).fetchone()
    return "" if near is None else f" (the nearest that does is {write_position(*near)})"


def _replacing(
    decision: Decision,
    one: Asked,
    recorded: dict[tuple[str, float, float], tuple[Decision, Asked]],
    before: dict[tuple[str, float, float], Decision],
) -> list[Note]:
    """Say what an earlier decision about the same point was, where it was another."""
    point = f"The point {write_position(decision.longitude, decision.latitude)}"
    if decision.place in recorded:
        earlier, other = recorded[decision.place]
        rows = "" if one.row is None else f" (row {one.row} after row {other.row})"
        text = f"{point} is decided on twice{rows}: {decision.choice} counts, not {earlier.choice}."
        return [Note(text, loud=True)]
    held = before.get(decision.place)
    if held is None or _told(held) == _told(decision):
        return []
    text = f"{point}: {decision.choice} replaces {held.choice} of {held.decided_on.isoformat()}."
    return [Note(text, loud=True)]


def _told(decision: Decision) -> tuple[object, ...]:
    return decision.choice, decision.reason, decision.to_longitude, decision.to_latitude


def _waiting(made: Iterable[tuple[str, float, float]], counts: Sequence[int]) -> list[Note]:
    waiting = [place for place, count in zip(made, counts, strict=True) if not count]
    if not waiting:
        return []
    text = (
        f"Decisions about points on which the store holds no incident of their source yet: "
        f"{len(waiting):,} (the first is {write_position(*waiting[0][1:])} of {waiting[0][0]!r}). "
        "They wait for a load that has one."
    )
    return [Note(text, loud=True)]


def _several(asked: Sequence[Asked], found: _Found) -> list[Note]:
    several = Counter(
        one.point for one in asked if one.source is None and len(found.get(one.point, {})) > 1
    )
    return [
        Note(
            f"The point {write_position(*point)} is decided on for each of the sources that have "
            f"it: {', '.join(sorted(found[point]))}.",
            loud=True,
        )
        for point in sorted(several)
    ]


def _rounded(point: tuple[float, float]) -> tuple[float, float]:
    # as locations.to_degrees rounds, so that equal points are equal numbers
    x, y = np.round(np.array(point, dtype=np.float64), DECIMALS).tolist()
    return x, y
