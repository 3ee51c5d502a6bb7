"""The watch list: a few rare offences followed force-wide, at a stated false-alarm rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binom

from config.profile import Tier
from config.watch import WEEK_DAYS
from spatial.incidents.select import profile_condition, untested_condition
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import duckdb
    from numpy.typing import NDArray

    from config.profile import Profile
    from config.watch import WatchList, WatchRules

MORE_THAN_CHANCE: Final = "more than chance"
FIRST_SINCE: Final = "first since"
NOTHING_UNUSUAL: Final = "nothing unusual"
TOO_SHORT: Final = "too short to say"
CANNOT_BE_SEEN: Final = "cannot be seen"
STATUSES: Final = (MORE_THAN_CHANCE, FIRST_SINCE, NOTHING_UNUSUAL, TOO_SHORT, CANNOT_BE_SEEN)

WATCH_COLUMNS: Final = (
    "series", "title", "status", "span_days", "events", "expected", "years_before", "p",
    "last_event", "event_before", "untested", "words",
)  # fmt: skip
_YEAR_DAYS: Final = 52 * WEEK_DAYS
_MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class WatchedEvents:
    """What the records hold of every series, by its name.

    Attributes
    ----------
    days
        Distinct event days, ascending: see :func:`event_days`.
    untested
        Incidents that could not be tested because a flag was not recorded.
    coded
        Share (0-1) of crimes, antisocial behaviour apart, that carry an offence code.
    """

    days: Mapping[str, NDArray[np.datetime64]]
    untested: Mapping[str, int]
    coded: float


class Look(NamedTuple):
    """One span of a series at one look.

    Attributes
    ----------
    span_days
        How far back it looks.
    events
        Event days in the span.
    expected
        By the rate of the whole years before it.
    years_before
        How many such years there are, of 52 weeks.
    p
        Exact: how often so many or more of all these event days would fall in the span by chance.
    """

    span_days: int
    events: int
    expected: float
    years_before: int
    p: float


def event_days(connection: duckdb.DuckDBPyConnection, profile: Profile) -> NDArray[np.datetime64]:
    """Return the days on which a profile has an incident, located or not, ascending.

    Notes
    -----
    A shooting with four victims is four records and one event: records of one day count once, so
    that one bad night is no series. Month-only records all fall on the first of their month.
    """
    rows = connection.execute(
        "SELECT DISTINCT CAST(occurred_from AS DATE) AS day FROM incidents "  # noqa: S608 (the condition is built from checked profile models)
        f"WHERE {profile_condition(profile)} ORDER BY day"
    ).fetchnumpy()
    return np.asarray(rows["day"], dtype="datetime64[D]")


def read_events(connection: duckdb.DuckDBPyConnection, watched: WatchList) -> WatchedEvents:
    """Read what the records hold of every series."""
    return WatchedEvents(
        days={one.name: event_days(connection, one) for one in watched.series},
        untested={
            one.name: int(_number(connection, f"count(*) FILTER ({untested_condition(one)})"))
            for one in watched.series
        },
        coded=_number(
            connection,
            "avg(CAST(ho_code IS NOT NULL OR prc_code IS NOT NULL AS INTEGER))"
            f" FILTER (tier <> '{Tier.DISORDER}')",
        ),
    )


def looks(
    days: NDArray[np.datetime64], *, data_from: dt.date, data_through: dt.date, rules: WatchRules
) -> list[Look]:
    """Set the latest spans of a series against the years before each.

    Parameters
    ----------
    days
        Distinct event days, ascending, shape (n,).
    data_from, data_through
        First and last date the data cover. The last is the day of the look.
    rules
        Spans, and how many years to look back.

    Returns
    -------
    One look a span, as far as the data have a whole year (52 weeks) before it.

    Notes
    -----
    Given all event days of span and years before, those in the span are binomial with share span /
    (span + years) if nothing has changed, whatever the rate: no rate is assumed known, and a
    series that never had an event is tested too. p <= ``rules.chance_per_span`` is false in at
    most that share of looks; how that makes one false alarm in ``false_alarm_years`` is said there.
    """
    covered = (data_through - data_from).days + 1
    last = np.datetime64(data_through, "D")
    made = []
    for span in rules.spans_days:
        years = min((covered - span) // _YEAR_DAYS, rules.most_years_before)
        if years < 1:
            continue
        before = years * _YEAR_DAYS
        age = (last - days).astype(np.int64)
        recent = int(((age >= 0) & (age < span)).sum())
        earlier = int(((age >= span) & (age < span + before)).sum())
        # P(X >= recent); sf alone is P(X > recent)
        p = float(binom.sf(recent - 1, recent + earlier, span / (span + before)))
        made.append(Look(span, recent, earlier * span / before, years, p))
    return made


def watch_row(
    profile: Profile,
    days: NDArray[np.datetime64],
    *,
    data_from: dt.date,
    data_through: dt.date,
    rules: WatchRules,
) -> dict[str, object]:
    """Say in one row how a series stands at the last date of the data.

    Returns
    -------
    ``WATCH_COLUMNS`` but ``untested``. The status is ``more than chance`` where a span raises an
    alarm (the least likely one is shown); else ``first since`` where the last four weeks (the
    shortest span) hold an event and the series was quiet for ``quiet_weeks`` before it, which is
    told whatever chance says; else ``nothing unusual``; or ``too short to say`` where the data hold
    no whole year to compare with. A series with a code younger than the data is followed from that
    code's first day, so that a new offence is not taken for a rise.
    """
    data_from = max([data_from, *profile.valid_from.values()])
    days = days[days >= np.datetime64(data_from, "D")]
    made = looks(days, data_from=data_from, data_through=data_through, rules=rules)
    seen = days[days <= np.datetime64(data_through, "D")]
    latest, previous = _first_of_the_latest(seen, data_through, rules)
    worst = min(made, key=lambda look: look.p) if made else None
    alarm = worst is not None and worst.p <= rules.chance_per_span
    quiet_since = previous or data_from
    fresh = latest is not None and (latest - quiet_since).days >= rules.quiet_weeks * WEEK_DAYS
    if worst is not None and alarm:
        status = MORE_THAN_CHANCE
    elif fresh:
        status = FIRST_SINCE
    else:
        status = NOTHING_UNUSUAL if made else TOO_SHORT
    shown = worst if alarm or not made else made[0]
    said = [_alarm_words(shown)] if alarm and shown else []
    if latest is not None and fresh:
        said.append(_first_words(latest, previous, data_from))
    if not said:
        said.append(_quiet_words(shown, seen))
    return {
        "series": profile.name,
        "title": profile.title,
        "status": status,
        "span_days": shown.span_days if shown else None,
        "events": shown.events if shown else None,
        "expected": shown.expected if shown else None,
        "years_before": shown.years_before if shown else None,
        "p": shown.p if shown else None,
        "last_event": _date(seen[-1]) if len(seen) else None,
        "event_before": previous,
        "words": f"{profile.title}: {'; '.join(said)}.",
    }


def watch_list(
    events: WatchedEvents,
    *,
    watched: WatchList,
    data_from: dt.date,
    data_through: dt.date,
) -> pd.DataFrame:
    """Say how every series stands.

    Parameters
    ----------
    events
        What the records hold: see :func:`read_events`.
    watched
        The series and rules.
    data_from, data_through
        First and last date the data cover.

    Returns
    -------
    ``WATCH_COLUMNS``, alarms first, then first events, then the rest in the file's order. Where
    most records carry no code (open data), every series ``cannot be seen``: that none is found then
    says nothing.
    """
    if events.coded < _MOSTLY:
        unseen = [_unseen(profile, events.coded) for profile in watched.series]
        return pd.DataFrame(unseen, columns=list(WATCH_COLUMNS))
    rows = [
        watch_row(
            profile,
            events.days[profile.name],
            data_from=data_from,
            data_through=data_through,
            rules=watched.rules,
        )
        for profile in watched.series
    ]
    for row in rows:
        number = events.untested.get(str(row["series"]), 0)
        row["untested"] = number
        if number:
            row["words"] = f"{row['words']} {number:,} could not be tested: a mark is blank."
    rows.sort(key=lambda row: STATUSES.index(str(row["status"])))
    return pd.DataFrame(rows, columns=list(WATCH_COLUMNS))


def rate_words(rules: WatchRules) -> str:
    """Say how often the list is wrong, for the line beneath it."""
    return (
        f"Looked at {rules.looks_per_year} times a year, each series raises at most one false "
        f"alarm in {rules.false_alarm_years:g} years on average, where events come singly; a first "
        "event is told whatever chance says."
    )


def _number(connection: duckdb.DuckDBPyConnection, aggregate: str) -> float:
    row = connection.execute(f"SELECT {aggregate} FROM incidents").fetchone()  # noqa: S608 (as above)
    return float(row[0]) if row and row[0] is not None else 0.0


def _unseen(profile: Profile, coded: float) -> dict[str, object]:
    return {
        "series": profile.name,
        "title": profile.title,
        "status": CANNOT_BE_SEEN,
        "words": (
            f"{profile.title}: cannot be seen, only {coded:.0%} of the records carry an offence "
            "code."
        ),
    }


def _first_of_the_latest(
    seen: NDArray[np.datetime64], data_through: dt.date, rules: WatchRules
) -> tuple[dt.date | None, dt.date | None]:
    # the first event of the shortest span, and the one before it
    begin = np.datetime64(data_through, "D") - np.timedelta64(min(rules.spans_days) - 1, "D")
    at = int(np.searchsorted(seen, begin))
    latest = _date(seen[at]) if at < len(seen) else None
    return latest, (_date(seen[at - 1]) if at else None)


def _date(day: np.datetime64) -> dt.date:
    value: dt.date = day.astype("datetime64[D]").item()
    return value


def _alarm_words(look: Look) -> str:
    often = f"{look.expected:.1f}" if look.expected >= 0.05 else "hardly any"  # noqa: PLR2004 (what one decimal can show)
    return (
        f"{_days(look.events)} in {look.span_days // WEEK_DAYS} weeks, where the "
        f"{_years(look.years_before)} before would give {often}: more than chance"
    )


def _first_words(latest: dt.date, previous: dt.date | None, data_from: dt.date) -> str:
    if previous is None:
        return f"{day_words(latest)}, the first since the data begin on {day_words(data_from)}"
    return f"{day_words(latest)}, the first since {day_words(previous)}"


def _quiet_words(look: Look | None, seen: Sequence[np.datetime64] | NDArray[np.datetime64]) -> str:
    last = f"the last on {day_words(_date(seen[-1]))}" if len(seen) else "none in the data"
    if look is None:
        return f"too short to say, the data hold no whole year before; {last}"
    return f"nothing unusual: {_days(look.events)} in {look.span_days // WEEK_DAYS} weeks, {last}"


def _days(number: int) -> str:
    return f"on {number} day{'' if number == 1 else 's'}" if number else "none"


def _years(number: int) -> str:
    return "year" if number == 1 else f"{number} years"
