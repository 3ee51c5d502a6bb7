"""The occasion: for which days, shift and team something is printed, and what is known of them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from config.errors import BadInputError
from config.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from config.shifts import Shift
    from layers.overlays import Mark
    from register.due import Due

SCHEDULE_NEEDED: Final = ("date", "area_id", "visit", "start", "minutes")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Occasion:
    """What a printout is for.

    Attributes
    ----------
    first
        First day of the period.
    day
        The policing day whose visits are printed; None for the first.
    team
        Only places of this beat or ward, by name or code; None for all.
    shift
        Whose hours are marked, and to whose visits times are cut; None for the whole day.
    schedule
        `SCHEDULE_NEEDED` as ``harmhex schedule`` writes it; None without one.
    visits
        ``area_id, start, minutes`` as :func:`register.visits.table` gives them; None where no
        register is at hand, which is not the same as no visit.
    due, marks
        Anniversaries and events of the period; those and tension as overlays. None where no
        register is at hand.
    evaluation
        One line on whether the last period's patrols worked; may be empty.
    what3words
        By area id, where the force supplies them.
    """

    first: dt.date
    day: dt.date | None = None
    team: str | None = None
    shift: Shift | None = None
    schedule: pd.DataFrame | None = None
    visits: pd.DataFrame | None = None
    due: tuple[Due, ...] | None = None
    marks: tuple[Mark, ...] | None = None
    evaluation: str = ""
    what3words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a day that the sheets are not for.

        Raises
        ------
        BadInputError
            The day of the visits lies outside the period.
        """
        if not self.first <= self.visit_day <= self.last:
            msg = (
                f"The day of the visits, {self.visit_day.isoformat()}, lies outside the period "
                f"{self.first.isoformat()} to {self.last.isoformat()}. Give a day in it, or "
                "another first day."
            )
            raise BadInputError(msg)

    @property
    def last(self) -> dt.date:
        """Last day of the period."""
        return self.first + dt.timedelta(days=load_settings().period_days - 1)

    @property
    def visit_day(self) -> dt.date:
        """The policing day whose visits are printed."""
        return self.day or self.first


def read_schedule(path: Path) -> pd.DataFrame:
    """Read the CSV that ``harmhex schedule`` wrote.

    Raises
    ------
    BadInputError
        It cannot be opened or read, or a column is missing.
    """
    table = _table(path, what="schedule")
    missing = [column for column in SCHEDULE_NEEDED if column not in table]
    if missing:
        msg = (
            f"{path.name} has no column {missing[0]!r}, so it is no schedule. Give the file that "
            "harmhex schedule wrote."
        )
        raise BadInputError(msg)
    return table


def first_day(schedule: pd.DataFrame | None, *, today: dt.date) -> dt.date:
    """Return the first day of the period where nobody named one.

    Returns
    -------
    Today; the schedule's first day where it has not begun today or is over: the sheets then are for
    the days that their visits are of.

    Raises
    ------
    BadInputError
        A date of the schedule cannot be read.
    """
    if schedule is None or schedule.empty:
        return today
    text = schedule["date"].astype(str).str[:10]
    days = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    if days.isna().any():
        wrong = text[days.isna()].iloc[0]
        msg = (
            f"The schedule's column 'date' holds {wrong!r}, which is no date. Write it as "
            "2026-11-21, as harmhex schedule does."
        )
        raise BadInputError(msg)
    first, last = days.min().date(), days.max().date()
    return today if first <= today <= last else first


def read_what3words(path: Path) -> dict[str, str]:
    """Read a CSV of ``area_id`` and ``what3words``.

    Raises
    ------
    BadInputError
        It cannot be opened or read, or a column is missing.
    """
    table = _table(path, what="what3words")
    missing = [column for column in ("area_id", "what3words") if column not in table]
    if missing:
        msg = f"{path.name} has no column {missing[0]!r}. Give area_id and what3words."
        raise BadInputError(msg)
    return dict(zip(table["area_id"], table["what3words"], strict=True))


def _table(path: Path, *, what: str) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.BytesIO(path.read_bytes()), dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except OSError as error:
        reason = (error.strerror or "no reason").lower()
        msg = f"{path.name!r} cannot be opened ({reason}). Check the path of the {what} file."
        raise BadInputError(msg) from error
    except (ValueError, UnicodeDecodeError) as error:
        msg = f"{path.name} is no CSV that can be read. Give the {what} file as CSV."
        raise BadInputError(msg) from error
