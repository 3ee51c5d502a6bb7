"""Dose: minutes of patrol by place-day from recorded visits, gaps in them, and what went along."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import chi2

from config.errors import BadInputError
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.evaluation.crossover.design import CrossoverDesign
    from spatial.notes import Notes

NEEDED: Final = ("area_id", "start", "minutes")
BANDS: Final = (0.0, 10.0, 17.0, 31.0)
DOSE_COLUMNS: Final = (
    "minutes", "place_days", "incidents", "expected", "ratio", "low", "high",
)  # fmt: skip
LONGEST_MINUTES: Final = 180
ZONE: Final = "Europe/London"
# of a time: Z, or +01:00 behind the clock
_OFFSET: Final = r"(?:Z|:\d\d(?:\.\d+)?[+-]\d\d:?\d\d)$"
OBSERVATIONAL: Final = Note(
    "Observed, not drawn: officers stay longer where there is trouble, so that more minutes may go "
    "with more incidents without causing them, and fewer minutes with fewer.",
    loud=True,
)


@dataclass(frozen=True, slots=True, eq=False)
class Dose:
    """What was delivered.

    Attributes
    ----------
    minutes, visits
        Shape (days, places).
    silent_dates
        Days in force with places drawn and no visit anywhere: a tracker that was off, or no patrol.
    implausible
        Visits left out because they took no time, or more than ``LONGEST_MINUTES``.
    elsewhere
        Visits left out because their place or day is not the operation's.
    notes
        The same in sentences.
    """

    minutes: NDArray[np.float64]
    visits: NDArray[np.int64]
    silent_dates: tuple[dt.date, ...]
    implausible: int
    elsewhere: int
    notes: Notes

    @property
    def delivered(self) -> NDArray[np.bool_]:
        """Whether a place-day had any visit."""
        return np.asarray(self.visits > 0)


def dose_of(visits: pd.DataFrame, design: CrossoverDesign, *, day_starts: str = "06:00") -> Dose:
    """Add up recorded visits by place and policing day.

    Parameters
    ----------
    visits
        ``area_id, start`` (wall-clock, ``2026-12-14T18:30``; one that says its own offset is put on
        the wall-clock), ``minutes``; more is ignored.
    day_starts
        What begins before this hour belongs to the day before.

    Raises
    ------
    BadInputError
        A column is missing, a start is no time, or minutes are no number.
    """
    for column in NEEDED:
        if column not in visits.columns:
            msg = f"The visits have no column {column!r}. Give area_id, start and minutes."
            raise BadInputError(msg)
    start = _wall_clock(visits["start"])
    minutes = pd.to_numeric(visits["minutes"], errors="coerce").to_numpy(dtype=np.float64)
    for column, wrong in (("start", start.isna().to_numpy()), ("minutes", np.isnan(minutes))):
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            msg = (
                f"Visit {row + 1}: {column}: {visits[column].iloc[row]!r} cannot be read. Mend it, "
                "or take the visit out."
            )
            raise BadInputError(msg)
    began = dt.timedelta(hours=int(day_starts[:2]), minutes=int(day_starts[3:]))
    day = pd.Index(design.dates).get_indexer(pd.Index((start - began).dt.date))
    place = pd.Index(design.area_ids).get_indexer(pd.Index(visits["area_id"].astype(str)))
    plausible = (minutes > 0) & (minutes <= LONGEST_MINUTES)
    ours = (day >= 0) & (place >= 0)
    kept = plausible & ours
    total = np.zeros(design.treated.shape)
    count = np.zeros(design.treated.shape, dtype=np.int64)
    np.add.at(total, (day[kept], place[kept]), minutes[kept])
    np.add.at(count, (day[kept], place[kept]), 1)
    silent = np.flatnonzero(~count.any(axis=1) & design.treated.any(axis=1))
    dates = tuple(design.dates[one] for one in silent)
    implausible, elsewhere = int((~plausible & ours).sum()), int((~ours).sum())
    return Dose(
        total, count, dates, implausible, elsewhere, _gap_notes(dates, implausible, elsewhere)
    )


def dose_response(
    counts: NDArray[np.int64],
    design: CrossoverDesign,
    dose: Dose,
    *,
    bands: tuple[float, ...] = BANDS,
    level: float = 0.95,
) -> tuple[pd.DataFrame, Notes]:
    """Count incidents by minutes of patrol, against what the same places had on all their days.

    Parameters
    ----------
    counts
        Shape (days, places).
    bands
        Where a band begins, in minutes, ascending, from 0; the first holds place-days without a
        patrol, and shorter ones.

    Returns
    -------
    ``DOSE_COLUMNS`` by band: expected is the sum over its place-days of each place's own mean;
    the ratio has an exact Poisson interval, taking what is expected as known. Days on which no
    visit was recorded anywhere are left out. With the note that none of this was drawn.
    """
    edges = np.array(bands)
    silent = frozenset(dose.silent_dates)
    known = np.array([day not in silent for day in design.dates])
    seen, minutes = counts[known], dose.minutes[known]
    own = np.broadcast_to(seen.mean(axis=0) if len(seen) else 0.0, seen.shape)
    band = np.searchsorted(edges, minutes, side="right") - 1
    size = edges.size
    days = np.bincount(band.ravel(), minlength=size)
    incidents = np.bincount(band.ravel(), weights=seen.ravel(), minlength=size).astype(np.int64)
    expected = np.bincount(band.ravel(), weights=own.ravel(), minlength=size)
    half = (1 - level) / 2
    low = np.where(incidents > 0, chi2.ppf(half, 2 * np.maximum(incidents, 1)) / 2, 0.0)
    high = chi2.ppf(1 - half, 2 * incidents + 2) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = [np.where(expected > 0, one / expected, np.nan) for one in (incidents, low, high)]
    names = [f"{edges[i]:g} to under {edges[i + 1]:g}" for i in range(size - 1)]
    table = pd.DataFrame(
        dict(
            zip(
                DOSE_COLUMNS,
                ([*names, f"{edges[-1]:g} or more"], days, incidents, expected, *ratios),
                strict=True,
            )
        )
    )
    return table, (OBSERVATIONAL,)


def _wall_clock(given: pd.Series) -> pd.Series:
    """Read starts, those with an offset of their own too; NaT for what is no time."""
    texts = given.astype(str).str.strip()
    offset = texts.str.contains(_OFFSET)
    start = pd.Series(pd.NaT, index=given.index, dtype="datetime64[ns]")
    plain = pd.to_datetime(texts[~offset], errors="coerce", format="ISO8601")
    aware = pd.to_datetime(texts[offset], errors="coerce", format="ISO8601", utc=True)
    start[~offset] = plain.astype("datetime64[ns]")
    start[offset] = aware.dt.tz_convert(ZONE).dt.tz_localize(None).astype("datetime64[ns]")
    return start


def _gap_notes(dates: tuple[dt.date, ...], implausible: int, elsewhere: int) -> Notes:
    notes: Notes = ()
    if dates:
        some = ", ".join(day.isoformat() for day in dates[:3]) + (", ..." if len(dates) > 3 else "")  # noqa: PLR2004
        notes += (
            Note(
                f"No visit was recorded anywhere on {len(dates)} days with places drawn ({some}): "
                "either no patrol went out or nothing was recorded. Ask before reading compliance.",
                loud=True,
            ),
        )
    if implausible:
        notes += (
            Note(
                f"{implausible} visits of no time, or of more than {LONGEST_MINUTES} minutes, were "
                "left out: a tracker left on, or a mistake.",
                loud=True,
            ),
        )
    if elsewhere:
        notes += (Note(f"{elsewhere} visits to other places, or on other days, were left out."),)
    return notes
