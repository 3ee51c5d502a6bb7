"""Months: which hold no incidents, or far fewer than the months around them."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from config.settings import load_settings
from spatial.incidents.checks.reach import DAYS_A_MONTH, monthly_counts, reach, typical_month
from spatial.window import day_words, month_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from numpy.typing import NDArray

    from config.settings import QualitySettings
    from spatial.incidents.store import IncidentStore

ALL: Final = "all"
GAP_COLUMNS: Final = (
    "source", "force", "family", "kind", "first", "last", "months", "incidents", "expected",
    "dispersion", "p_adjusted", "words",
)  # fmt: skip

_NEIGHBOURS: Final = 12
_FEWEST_NEIGHBOURS: Final = 6
# the middle of a squared standard normal value: what one dispersion-free month would show
_MEDIAN_SQUARE: Final = 0.4549
# a month with less than this share of a typical one lies before or after the data in earnest
_TRICKLE: Final = 0.05
_FAMILY_WORDS: Final = {
    ALL: "incidents",
    "serious_violence": "incidents of serious violence",
    "antisocial_behaviour": "incidents of antisocial behaviour",
    "other": "other incidents",
}


@dataclass(frozen=True, slots=True, eq=False)
class MonthTest:
    """Every month of one series beside what its neighbours lead to expect.

    Attributes
    ----------
    expected
        Median of the twelve nearest months that hold anything, shape (n,); NaN without any.
    dispersion
        Variance of the months about it as a multiple of the count expected, at least 1.
    p
        Chance of so few or fewer, shape (n,); NaN where a month is not tested: the first and the
        last, which may be part months, and those with fewer than six neighbours.
    """

    expected: NDArray[np.float64]
    dispersion: float
    p: NDArray[np.float64]


def month_gaps(store: IncidentStore) -> pd.DataFrame:
    """Return the months that are missing, thin or part months, and the sources that stop early.

    Returns
    -------
    ``source, force`` (empty where none is recorded), ``family`` (serious_violence,
    antisocial_behaviour, other, or all), ``kind`` (missing, thin, part, stops), ``first, last``
    (YYYY-MM), ``months, incidents, expected`` (a month), ``dispersion``, ``p_adjusted``
    (Benjamini-Hochberg over every month tested; NaN where there is no test) and ``words``; by
    source, force, month and family. A family is listed only where the whole series is not.

    Notes
    -----
    See :func:`month_test`. A thin month is a question about recording or the export, not a finding
    about crime; a real fall of half, as in spring 2020, is listed too. A level that falls for
    good lowers the months beside it as well and is then not listed month by month: look at the
    chart. The last month fills up late, so it is said and never alarms.
    """
    rules = load_settings().quality
    spans = reach(store)
    found = [row for series in _series(store, spans) for row in _gaps(series, rules)]
    table = pd.DataFrame(found, columns=list(GAP_COLUMNS))
    tested = table["kind"].eq("thin")
    if tested.any():
        raw = table.loc[tested, "p_adjusted"].to_numpy(dtype=float)
        table.loc[tested, "p_adjusted"] = stats.false_discovery_control(raw, method="bh")
    is_thin = (table["p_adjusted"] <= rules.false_alarms) & (
        table["incidents"] < rules.thin_month * table["expected"]
    )
    shown = table[~tested | is_thin]
    records = shown.to_dict("records")
    whole = {_place(row) for row in records if row["family"] == ALL}
    ordered = [row for row in records if row["family"] == ALL or _place(row) not in whole]
    ordered += _stops(spans)
    ordered.sort(key=lambda row: (row["source"], row["force"], row["first"], row["family"]))
    return pd.DataFrame(ordered, columns=list(GAP_COLUMNS))


def _place(row: Mapping[Hashable, Any]) -> tuple[Any, ...]:
    return (row["source"], row["force"], row["kind"], row["first"])


def month_test(counts: NDArray[np.int64]) -> MonthTest:
    """Compare each month of a series with the median of its twelve neighbours.

    Parameters
    ----------
    counts
        Incidents of consecutive months, the first and last of which hold any, shape (n,).

    Notes
    -----
    The chance of so few is that of a negative binomial count whose variance is ``dispersion`` times
    its mean (Poisson where that is 1): the exact tail, not an approximation. The dispersion is the
    median of the squared Pearson residuals of the months that hold anything, over the median
    of a squared standard normal value, so that the gaps looked for do not widen it. Months without
    an incident are nobody's neighbours. With a year of data or less the dispersion is itself
    uncertain by half.
    """
    n = len(counts)
    places = np.arange(n)
    filled = places[counts > 0]
    expected = np.full(n, np.nan)
    neighbours = np.zeros(n, dtype=int)
    for place in places:
        others = filled[filled != place]
        near = others[np.argsort(np.abs(others - place), kind="stable")][:_NEIGHBOURS]
        neighbours[place] = len(near)
        if len(near):
            expected[place] = float(np.median(counts[near]))
    inner = (places > 0) & (places < n - 1) & (neighbours >= _FEWEST_NEIGHBOURS)
    judged = inner & (counts > 0)
    dispersion = 1.0
    if judged.any():
        squares = (counts[judged] - expected[judged]) ** 2 / expected[judged]
        dispersion = max(1.0, float(np.median(squares)) / _MEDIAN_SQUARE)
    p = np.full(n, np.nan)
    if inner.any():
        p[inner] = _lower_tail(counts[inner], expected[inner], dispersion)
    return MonthTest(expected, dispersion, p)


def _lower_tail(
    counts: NDArray[np.int64], expected: NDArray[np.float64], dispersion: float
) -> NDArray[np.float64]:
    if dispersion <= 1.0:
        return np.asarray(stats.poisson.cdf(counts, expected), dtype=float)
    size = expected / (dispersion - 1.0)
    return np.asarray(stats.nbinom.cdf(counts, size, 1.0 / dispersion), dtype=float)


@dataclass(frozen=True, slots=True, eq=False)
class _Series:
    """Consecutive months of one source, force and family, over the months of the whole source.

    ``first`` is in months since year 0. ``early`` incidents lie before it: reported years later.
    """

    source: str
    force: str
    family: str
    first: int
    counts: NDArray[np.int64]
    early: int
    begins: dt.date
    ends: dt.date


def _series(store: IncidentStore, spans: pd.DataFrame) -> Iterator[_Series]:
    """Yield each source and force whole, then by family, over the months recorded in earnest."""
    table = monthly_counts(store)
    for span in spans.to_dict("records"):
        own = table[(table["source"] == span["source"]) & (table["force"] == span["force"])]
        whole = own.groupby("month")["incidents"].sum()
        kept = whole.index[whole >= _TRICKLE * typical_month(whole)]
        first, last = int(kept.min()), max(int(kept.max()), _index(span["data_through"].date()))
        begins = max(span["data_from"].date(), _first_day(first))
        for family in (ALL, *sorted(set(own["family"]))):
            rows = own if family == ALL else own[own["family"] == family]
            inside = rows[rows["month"] >= first]
            counts = np.zeros(last - first + 1, dtype=np.int64)
            np.add.at(counts, inside["month"].to_numpy(dtype=int) - first, inside["incidents"])
            yield _Series(
                str(span["source"]),
                str(span["force"]),
                family,
                first,
                counts,
                early=int(rows["incidents"].sum() - counts.sum()),
                begins=begins,
                ends=span["data_through"].date(),
            )


def _gaps(series: _Series, rules: QualitySettings) -> Iterator[dict[str, Any]]:
    """Yield what may be wrong with one series: every month tested, to be judged together."""
    test = month_test(series.counts)
    what = _FAMILY_WORDS[series.family]
    last = len(series.counts) - 1
    empty = (series.counts == 0) & (np.nan_to_num(test.expected) >= rules.expected_unseen)
    for run in _runs(empty):
        # a family's first or last month alone may be no more than a part month
        if len(run) == 1 and run[0] in {0, last}:
            continue
        expected = float(np.median(test.expected[run]))
        words = f"No {what} {_span(series, run)}; about {_about(expected)} a month are usual."
        yield _row(series, "missing", run, test, expected=expected, words=words)
    for place in np.flatnonzero(~np.isnan(test.p) & (series.counts > 0)):
        expected, run = float(test.expected[place]), np.array([place])
        words = (
            f"{int(series.counts[place]):,} {what} {_span(series, run)}, where about "
            f"{_about(expected)} are usual ({series.counts[place] / expected:.0%})."
        )
        p = float(test.p[place])
        yield _row(series, "thin", run, test, expected=expected, words=words, p=p)
    if series.family == ALL:
        yield from _part_months(series, test, rules)


def _part_months(
    series: _Series, test: MonthTest, rules: QualitySettings
) -> Iterator[dict[str, Any]]:
    """Yield the first and the last month, where incidents begin late in it or end early."""
    typical = typical_month(series.counts)
    daily = typical / DAYS_A_MONTH
    last = len(series.counts) - 1
    begins, ends = series.begins, series.ends
    said = []
    if series.early:
        words = (
            f"{series.early:,} incidents are dated before {month_words(begins)}, where recording "
            "begins in earnest: reported later, or misdated."
        )
        said.append((0, words))
    if (begins.day - 1) * daily >= rules.expected_unseen:
        words = f"{month_words(begins)} holds data from {day_words(begins)} only: a part month."
        said.append((0, words))
    days = calendar.monthrange(ends.year, ends.month)[1]
    few = last > 0 and series.counts[last] < rules.thin_month * typical
    if (days - ends.day) * daily >= rules.expected_unseen:
        words = f"{month_words(ends)} holds data to {day_words(ends)} only: a part month."
        said.append((last, words))
    elif few and typical >= rules.expected_unseen:
        words = (
            f"{month_words(ends)}, the last month, holds {series.counts[last]:,} incidents, where "
            f"about {_about(typical)} are usual: recorded late, or a part month."
        )
        said.append((last, words))
    for place, words in said:
        yield _row(series, "part", np.array([place]), test, expected=typical, words=words)


def _stops(spans: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return a row for every source and force that is behind the others."""
    rows: list[dict[Hashable, Any]] = []
    for span in spans[spans["is_behind"].astype(bool)].to_dict("records"):
        month = f"{span['data_through']:%Y-%m}"
        words = (
            f"Ends on {day_words(span['data_through'].date())}, {span['lag_days']:,} days before "
            f"the rest; about {_about(span['unseen'])} incidents were to be expected since."
        )
        rows.append(
            {
                "source": span["source"], "force": span["force"], "family": ALL, "kind": "stops",
                "first": month, "last": month, "months": 1, "incidents": 0,
                "expected": float(span["unseen"]), "dispersion": np.nan, "p_adjusted": np.nan,
                "words": words,
            }
        )  # fmt: skip
    return rows


def _row(  # noqa: PLR0913 (the parts of one row)
    series: _Series,
    kind: str,
    run: NDArray[np.int64],
    test: MonthTest,
    *,
    expected: float,
    words: str,
    p: float = float("nan"),
) -> dict[str, Any]:
    return {
        "source": series.source,
        "force": series.force,
        "family": series.family,
        "kind": kind,
        "first": _month(series.first + int(run[0])),
        "last": _month(series.first + int(run[-1])),
        "months": len(run),
        "incidents": int(series.counts[run].sum()),
        "expected": round(expected, 1),
        "dispersion": round(test.dispersion, 2),
        "p_adjusted": p,
        "words": words,
    }


def _runs(wanted: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return the places of each unbroken run."""
    places = np.flatnonzero(wanted)
    if not len(places):
        return []
    return np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)


def _span(series: _Series, run: NDArray[np.int64]) -> str:
    first, last = (month_words(_first_day(series.first + int(place))) for place in run[[0, -1]])
    return f"in {first}" if len(run) == 1 else f"from {first} to {last}"


def _about(number: float) -> str:
    # two figures are all that a median of neighbours can carry
    return f"{int(float(f'{number:.2g}')):,}"


def _index(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(index: int) -> dt.date:
    return dt.date(index // 12, index % 12 + 1, 1)


def _month(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
