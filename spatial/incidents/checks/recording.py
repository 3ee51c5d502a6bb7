"""Recording: when a force used a flag more, or less, than it usually does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from config.settings import load_settings
from spatial.incidents.checks.reach import typical_month
from spatial.incidents.schema import FLAGS, TRUE, UNKNOWN
from spatial.window import month_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from config.settings import QualitySettings
    from spatial.incidents.store import IncidentStore

FLAG_WORDS: Final = (*FLAGS, "relationship", "victim_age_band")
"""Everything a profile may ask of an incident beyond its offence."""

CHANGE_COLUMNS: Final = (
    "force", "flag", "what", "month", "until", "usual", "during", "offences_usual",
    "offences_during", "p_adjusted", "words",
)  # fmt: skip

# flags are asked of offences: antisocial behaviour is an incident, and "other" is mixed
_OFFENCES: Final = "tier NOT IN ('disorder', 'other')"
_FEWEST_MONTHS: Final = 6
_FEWEST_OFFENCES: Final = 30
# a month with less than this share of a typical one holds offences reported years later
_TRICKLE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Spell:
    """The spell of months whose share differs most from that of all the others.

    Attributes
    ----------
    first, last
        Places of its first and last month. A spell that lasts to the end is a step.
    usual, during
        The share outside and in it, 0-1.
    p
        Two-sided, for the most different of all the spells looked at.
    """

    first: int
    last: int
    usual: float
    during: float
    p: float


def flag_changes(store: IncidentStore) -> pd.DataFrame:
    """Return the flags whose use changed for good or for a spell of months, and when.

    Returns
    -------
    ``force`` (empty where none is recorded), ``flag``, ``what`` (recorded: the share of offences
    for which it is known; marked: the share of those that have it), ``month, until`` (YYYY-MM;
    ``until`` is empty where the change lasts to the end), ``usual, during`` (shares outside and in
    the spell, 0-1), ``offences_usual, offences_during``, ``p_adjusted`` (Benjamini-Hochberg over
    every flag of every force) and ``words``; by force, flag and kind.

    Notes
    -----
    See :func:`strangest_spell`. A change is listed when it is improbable and large enough to matter
    (``recorded_step``, ``marked_ratio`` in the settings). It may be real: a campaign, or another
    mix of offences. Until somebody has shown so, it is a change of recording, and figures from
    in and outside it cannot be compared. Only one change of each series is listed, the strangest; a
    slow drift is dated to one month although it took many.
    """
    rules = load_settings().quality
    tested = list(_spells(flag_use(store)))
    if not tested:
        return pd.DataFrame(columns=list(CHANGE_COLUMNS))
    adjusted = stats.false_discovery_control([row["p_adjusted"] for row in tested], method="bh")
    found = [
        row | {"p_adjusted": float(p), "words": _words(row)}
        for row, p in zip(tested, adjusted, strict=True)
        if p <= rules.false_alarms and _matters(row, rules)
    ]
    return pd.DataFrame(found, columns=list(CHANGE_COLUMNS))


def flag_use(store: IncidentStore) -> pd.DataFrame:
    """Return ``force, month`` (YYYY-MM), ``flag, offences, recorded, marked``.

    Of offences only, without antisocial behaviour. ``marked`` is missing for the relationship and
    the age band, which are no yes or no.
    """
    counts = ", ".join(
        f"count(*) FILTER ({word} <> '{UNKNOWN}') AS recorded_{place}, "
        f"count(*) FILTER ({word} = '{TRUE}') AS marked_{place}"
        for place, word in enumerate(FLAG_WORDS)
    )
    with store.connect() as connection:
        wide = connection.execute(
            "SELECT coalesce(force, '') AS force, strftime(occurred_from, '%Y-%m') AS month, "  # noqa: S608 (our words)
            f"count(*) AS offences, {counts} FROM incidents WHERE {_OFFENCES} "
            "GROUP BY ALL ORDER BY force, month"
        ).df()
    tall = [
        pd.DataFrame(
            {
                "force": wide["force"],
                "month": wide["month"],
                "flag": word,
                "offences": wide["offences"],
                "recorded": wide[f"recorded_{place}"],
                "marked": wide[f"marked_{place}"] if word in FLAGS else np.nan,
            }
        )
        for place, word in enumerate(FLAG_WORDS)
    ]
    return pd.concat(tall, ignore_index=True)


def strangest_spell(marked: NDArray[np.int64], of: NDArray[np.int64]) -> Spell | None:
    """Find the spell of months whose share differs most from the others', and its chance.

    Parameters
    ----------
    marked, of
        Counts by month and what they are counts of, in order, shape (n,). Months of nothing may not
        be given.

    Returns
    -------
    None where the series never changes, has fewer than six months, or no spell leaves thirty
    offences on either side.

    Notes
    -----
    A spell lasts from any month but the first to the end, or is any run of up to half of the months
    inside. For each, t is the difference between the pooled shares over its standard error, whose
    variance is the binomial one or that of the months about their own side's share, whichever is
    the greater: months that swing more than chance widen it (a quasi-binomial test with n - 2
    degrees of freedom). The p-value of the largest t is multiplied by the number of spells
    (Bonferroni), which errs on the side of silence, as neighbouring spells say nearly the same.
    The months of one side are taken for independent: a drift or a season passes for a change.
    """
    n = len(of)
    total, successes = int(of.sum()), int(marked.sum())
    if n < _FEWEST_MONTHS or not 0 < successes < total:
        return None
    first, after = np.triu_indices(n + 1, k=1)
    inner = (after < n) & (after - first <= n // 2)
    spell = (first > 0) & (inner | (after == n))
    first, after = first[spell], after[spell]
    of_until, marked_until = (np.concatenate([[0], np.cumsum(counts)]) for counts in (of, marked))
    of_in, marked_in = of_until[after] - of_until[first], marked_until[after] - marked_until[first]
    enough = (of_in >= _FEWEST_OFFENCES) & (total - of_in >= _FEWEST_OFFENCES)
    if not enough.any():
        return None
    first, after, of_in, marked_in = (them[enough] for them in (first, after, of_in, marked_in))
    of_out = total - of_in
    during, usual = marked_in / of_in, (successes - marked_in) / of_out
    # of shares about the mean of their side, weighted by offences: all squares less those between
    pooled, shares = successes / total, marked / of
    between = of_in * of_out / total * (during - usual) ** 2
    within = np.maximum((of * (shares - pooled) ** 2).sum() - between, 0.0) / (n - 2)
    t = np.sqrt(between / np.maximum(within, pooled * (1.0 - pooled)))
    best = int(np.argmax(t))
    p = min(1.0, 2.0 * float(stats.t.sf(t[best], n - 2)) * len(t))
    return Spell(int(first[best]), int(after[best]) - 1, float(usual[best]), float(during[best]), p)


def _spells(use: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the strangest spell of every flag of every force: recorded, and marked where so."""
    for (force, flag), rows in use.groupby(["force", "flag"], sort=True):
        enough = rows["offences"] >= _TRICKLE * typical_month(rows["offences"])
        in_earnest = rows[enough]
        for what, counts, of in (
            ("recorded", in_earnest["recorded"], in_earnest["offences"]),
            ("marked", in_earnest["marked"], in_earnest["recorded"]),
        ):
            if counts.isna().any():
                continue
            some = of.to_numpy() > 0
            asked = of.to_numpy(dtype=np.int64)[some]
            months = in_earnest["month"].to_numpy()[some]
            spell = strangest_spell(counts.to_numpy(dtype=np.int64)[some], asked)
            if spell is None:
                continue
            during = int(asked[spell.first : spell.last + 1].sum())
            yield {
                "force": force,
                "flag": flag,
                "what": what,
                "month": months[spell.first],
                "until": "" if spell.last == len(months) - 1 else months[spell.last],
                "usual": spell.usual,
                "during": spell.during,
                "offences_usual": int(asked.sum()) - during,
                "offences_during": during,
                "p_adjusted": spell.p,
            }


def _matters(row: dict[str, Any], rules: QualitySettings) -> bool:
    if row["what"] == "recorded":
        return bool(abs(row["during"] - row["usual"]) >= rules.recorded_step)
    low, high = sorted((row["usual"], row["during"]))
    return bool(high >= rules.marked_ratio * low)


def _words(row: dict[str, Any]) -> str:
    flag = row["flag"].removesuffix("_band").replace("_", " ")
    usual, during = _percent(row["usual"]), _percent(row["during"])
    if row["what"] == "recorded":
        changed = f"{flag} is recorded for {during} of offences instead of {usual}"
    else:
        changed = f"{flag} is marked on {during} of the offences it is recorded for, not {usual}"
    return f"{_when(row)} {changed}; a recording change until shown otherwise."


def _when(row: dict[str, Any]) -> str:
    first = _month(row["month"])
    if not row["until"]:
        return f"From {first}"
    return (
        f"In {first}" if row["until"] == row["month"] else f"From {first} to {_month(row['until'])}"
    )


def _month(month: str) -> str:
    return month_words(dt.date.fromisoformat(f"{month}-01"))


def _percent(share: float) -> str:
    # a small share keeps a figure: 0.4% is not 0%
    return f"{share:.0%}" if share == 0 or share >= 0.1 else f"{share:.1%}"  # noqa: PLR2004 (10%)
