"""Scores: shares captured, pooled over origins, with their intervals and paired differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.accuracy.resampling import LEVEL, drawn_shares, interval
from spatial.accuracy.rivals import BASELINE, ORACLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.accuracy.trial import Trial

    Floats = NDArray[np.float64]

SCORE_COLUMNS: Final = (
    "method", "area_share", "places", "captured", "captured_harm", "pai", "pei", "low", "high",
    "harm_low", "harm_high", "harm_pai", "harm_pei", "recapture_ratio",
)  # fmt: skip
"""Shares 0-1. ``places`` is null where a share of the area was asked for. ``low`` and ``high``
belong to ``captured``. ``recapture_ratio``: share held ahead over share held in the last twelve
months known, by the same places (the T2 / T1 meaning of RRI)."""
PAIRED_COLUMNS: Final = (
    "method", "against", "area_share", "places", "measure", "difference", "low", "high",
)  # fmt: skip
"""``measure``: incidents or harm; ``difference``: of shares captured, 0-1."""
INCIDENTS: Final = "incidents"
HARM: Final = "harm"
OURS: Final = "expected_harm"


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """One resolution's shares, and those of every draw.

    Attributes
    ----------
    trial
        What they were pooled from.
    shares
        By measure and method, shape (lengths,); harm only where there is any.
    drawn
        The same of every draw, shape (draws, lengths).
    """

    trial: Trial
    shares: dict[str, dict[str, Floats]]
    drawn: dict[str, dict[str, Floats]]

    @property
    def methods(self) -> tuple[str, ...]:
        """Every method, the oracle last."""
        return tuple(self.shares[INCIDENTS])

    def difference(
        self, method: str, against: str, *, measure: str, length: int, level: float = LEVEL
    ) -> tuple[float, float, float]:
        """Return by how much one method captured more than another, with its paired interval."""
        shares, drawn = self.shares[measure], self.drawn[measure]
        gap = float(shares[method][length] - shares[against][length])
        low, high = interval(drawn[method][:, length] - drawn[against][:, length], level=level)
        return gap, float(low), float(high)


def pool(trial: Trial, *, overlap: int) -> Pooled:
    """Pool a trial over its origins.

    Parameters
    ----------
    trial
        At least one incident in what was scored.
    overlap
        How many consecutive origins share days they are scored on.
    """
    shares: dict[str, dict[str, Floats]] = {}
    drawn: dict[str, dict[str, Floats]] = {}
    for measure, held, total in (
        (INCIDENTS, trial.captured, trial.total),
        (HARM, trial.captured_harm, trial.total_harm),
    ):
        if total.sum() > 0:
            shares[measure] = {
                name: one.sum(axis=(0, 2)) / total.sum() for name, one in held.items()
            }
            drawn[measure] = drawn_shares(held, total, run=overlap)
    return Pooled(trial, shares, drawn)


def score_table(pooled: Pooled) -> pd.DataFrame:
    """Return ``SCORE_COLUMNS``, a row for each method and length of list."""
    trial = pooled.trial
    area = np.array(trial.lengths.area_shares)
    tables = []
    for name in pooled.methods:
        captured = pooled.shares[INCIDENTS][name]
        low, high = interval(pooled.drawn[INCIDENTS][name])
        before = trial.trained[name].sum(axis=0) / max(trial.trained_total.sum(), 1.0)
        columns = {
            "method": name,
            "area_share": area,
            "places": pd.array(list(trial.lengths.numbers), dtype="Int64"),
            "captured": captured,
            "pai": captured / area,
            "pei": _over(captured, pooled.shares[INCIDENTS][ORACLE]),
            "low": low,
            "high": high,
            "recapture_ratio": _over(captured, before),
        }
        if HARM in pooled.shares:
            harm = pooled.shares[HARM][name]
            harm_low, harm_high = interval(pooled.drawn[HARM][name])
            columns |= {
                "captured_harm": harm,
                "harm_low": harm_low,
                "harm_high": harm_high,
                "harm_pai": harm / area,
                "harm_pei": _over(harm, pooled.shares[HARM][ORACLE]),
            }
        tables.append(pd.DataFrame(columns).reindex(columns=list(SCORE_COLUMNS)))
    return pd.concat(
        [one.astype(dict.fromkeys(SCORE_COLUMNS[3:], "float64")) for one in tables],
        ignore_index=True,
    )


def paired_table(pooled: Pooled) -> pd.DataFrame:
    """Return ``PAIRED_COLUMNS``: every method against last year's count, and ours against all."""
    trial = pooled.trial
    methods = [name for name in pooled.methods if name != ORACLE]
    pairs = [(name, BASELINE) for name in methods if name != BASELINE]
    ours = OURS if OURS in methods else "expected_count"
    if ours in methods:
        pairs += [(ours, name) for name in methods if name not in {ours, BASELINE}]
    rows = [
        (name, against, share, number, measure,
         *pooled.difference(name, against, measure=measure, length=length))
        for measure in pooled.shares
        for name, against in pairs
        for length, (share, number) in enumerate(
            zip(trial.lengths.area_shares, trial.lengths.numbers, strict=True)
        )
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(PAIRED_COLUMNS))
    return table.astype({"places": "Int64"})


def origin_table(pooled: Pooled) -> pd.DataFrame:
    """Return each origin's shares, null where nothing happened.

    Returns
    -------
    ``origin`` (from 0), ``method, area_share, places, captured, captured_harm``.
    """
    trial = pooled.trial
    tables = []
    for name in pooled.methods:
        held, harm = (
            _over(one[name].sum(axis=2), total.sum(axis=1)[:, None])
            for one, total in (
                (trial.captured, trial.total),
                (trial.captured_harm, trial.total_harm),
            )
        )
        origins, lengths = held.shape
        tables.append(
            pd.DataFrame(
                {
                    "origin": np.repeat(np.arange(origins), lengths),
                    "method": name,
                    "area_share": np.tile(trial.lengths.area_shares, origins),
                    "places": pd.array(list(trial.lengths.numbers) * origins, dtype="Int64"),
                    "captured": held.reshape(-1),
                    "captured_harm": harm.reshape(-1),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _over(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio
