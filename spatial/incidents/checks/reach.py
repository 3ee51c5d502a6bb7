"""Reach: from when to when each source and force goes, and which of them lags behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from config.profile import Tier
from config.settings import load_settings

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from spatial.incidents.store import IncidentStore

SERIOUS_VIOLENCE: Final = (
    Tier.HOMICIDE, Tier.ATTEMPTED_HOMICIDE, Tier.SERIOUS_INJURY, Tier.WEAPON_ROBBERY,
    Tier.ROBBERY, Tier.INJURY,
)  # fmt: skip
"""Tiers that count as serious violence where no profile is named; a profile draws it narrower."""

FAMILY: Final = (
    f"CASE WHEN tier = '{Tier.DISORDER}' THEN 'antisocial_behaviour' WHEN tier IN "
    f"({', '.join(repr(str(tier)) for tier in SERIOUS_VIOLENCE)}) "
    "THEN 'serious_violence' ELSE 'other' END"
)
"""SQL: the family of an incident by its tier."""

DAYS_A_MONTH: Final = 30.44

_LAST_DAY: Final = (
    "CASE WHEN time_precision = 'month' THEN coalesce(occurred_to, occurred_from) "
    "ELSE occurred_from END"
)


def reach(store: IncidentStore) -> pd.DataFrame:
    """Return how far each source and force goes.

    Returns
    -------
    ``source, force`` (empty where none is recorded), ``incidents, data_from, data_through`` (dates
    at midnight), ``lag_days`` (behind the source that goes furthest), ``unseen`` (incidents that
    were to be expected in that time), ``is_behind``; by source and force.

    Notes
    -----
    A source is behind when chance would hardly leave so long a silence (``expected_unseen`` in the
    settings), so that a quiet source is not called late. What is to be expected goes by its typical
    month: where recording has dwindled to a trickle, look at the months.
    """
    with store.connect() as connection:
        table: pd.DataFrame = connection.execute(
            "SELECT source, coalesce(force, '') AS force, count(*) AS incidents, "  # noqa: S608 (our words)
            "CAST(min(occurred_from) AS DATE) AS data_from, "
            f"CAST(max({_LAST_DAY}) AS DATE) AS data_through "
            "FROM incidents GROUP BY ALL ORDER BY source, force"
        ).df()
    if table.empty:
        return table.assign(lag_days=[], unseen=[], is_behind=[])
    # a whole number of months either way: counted by the month, and no month is half a typical one
    months = monthly_counts(store).groupby(["source", "force", "month"])["incidents"].sum()
    typical = months.groupby(level=["source", "force"]).agg(typical_month)
    # both in order of source and force
    daily = typical.sort_index().to_numpy(dtype=float) / DAYS_A_MONTH
    lag_days = (table["data_through"].max() - table["data_through"]).dt.days
    unseen = lag_days.to_numpy() * daily
    return table.assign(
        lag_days=lag_days,
        unseen=np.round(unseen, 1),
        is_behind=unseen >= load_settings().quality.expected_unseen,
    )


def monthly_counts(store: IncidentStore) -> pd.DataFrame:
    """Return ``source, force, family, month`` (months since year 0), ``incidents``."""
    with store.connect() as connection:
        table: pd.DataFrame = connection.execute(
            "SELECT source, coalesce(force, '') AS force, "  # noqa: S608 (our words)
            f"{FAMILY} AS family, "
            "year(occurred_from) * 12 + month(occurred_from) - 1 AS month, "
            "count(*) AS incidents FROM incidents GROUP BY ALL ORDER BY ALL"
        ).df()
    return table


def typical_month(counts: ArrayLike) -> float:
    """Return how many incidents the month of the middle incident holds.

    Parameters
    ----------
    counts
        Incidents of each month, in any order, shape (n,).

    Notes
    -----
    The median over incidents, not over months: offences that are reported decades later leave many
    months with one or two, which say nothing about a month of recording.
    """
    ordered = np.sort(np.asarray(counts, dtype=float))
    if not ordered.sum():
        return 0.0
    reached = np.searchsorted(np.cumsum(ordered), ordered.sum() / 2)
    return float(ordered[reached])
