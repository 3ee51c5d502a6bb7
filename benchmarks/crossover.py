"""Crossovers: does a 5% test refuse 5%, do 95% intervals hold the truth, and how long it takes.

Places, days and chance are made up: 20 places, 8 treated each day, 90 days, all unequal.
Incidents come one by one, with place-days of their own (gamma), or in bursts of two and more.
Crossovers to which a method has no answer (for the model, nothing on one side) are left out.

    python -m benchmarks.crossover [--operations 2000] [--real DIR]

With ``--real`` (a folder of open data with minutes, ``timed/``), patrols that were never made are
drawn over the busiest hexes of a real city.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import h3
import numpy as np
import pandas as pd

from spatial.evaluation.crossover.analysis import achieved, analyse_crossover
from spatial.evaluation.crossover.design import CrossoverDesign
from spatial.evaluation.crossover.harm_ratio import crossover_harm_ratio
from spatial.evaluation.crossover.null_sum import null_sum
from spatial.evaluation.crossover.panel import CrossoverPanel
from spatial.evaluation.crossover.poisson_split import poisson_split
from spatial.evaluation.crossover.rate_ratio import crossover_rate_ratio_model
from spatial.targets.schedule.allocation import allocate

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS, PLACES, TREATED = 90, 20, 8
FIRST: Final = dt.date(2026, 8, 1)
WEIGHTS: Final = np.array([10.0, 19.0, 365.0, 1460.0])
OFTEN: Final = (0.5, 0.3, 0.15, 0.05)
KINDS: Final = ("one by one", "gamma", "bursts")
METHODS: Final = ("exact", "mid-p", "poisson", "model", "harm")
LEVEL: Final = 0.05
SEED: Final = 20261121


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=2000)
    parser.add_argument("--real", type=Path)
    asked = parser.parse_args()
    print(f"{asked.operations} crossovers each: share refused at 5% / share of 95% intervals that "
          "hold the truth")  # fmt: skip
    print(f"{'':32}" + "".join(f"{name:>16}" for name in METHODS))
    for total in (40, 200):
        for kind in KINDS:
            for ratio in (1.0, 0.6):
                _calibration(asked.operations, total=total, kind=kind, ratio=ratio)
    _seconds()
    if asked.real is not None:
        _placebo(asked.real / "timed", operations=asked.operations)


def _calibration(operations: int, *, total: float, kind: str, ratio: float) -> None:
    rng = np.random.default_rng(SEED)
    refused, held, tried = (np.zeros(len(METHODS)) for _ in range(3))
    for number in range(operations):
        design = _design(_drawn(rng))
        counts = _counts(rng, design.treated, total=total, kind=kind, ratio=ratio)
        p, holds = _answers(counts, design, ratio=ratio, seed=number, rng=rng)
        known = ~np.isnan(p)
        refused += known & (p <= LEVEL)
        held += known & holds
        tried += known
    cells = "".join(
        f"{no / n:>9.3f} / {yes / n:.2f}" for no, yes, n in zip(refused, held, tried, strict=True)
    )
    print(f"{total:>4} incidents, {kind:<10}, x{ratio:<4}{cells}", flush=True)


def _answers(
    counts: NDArray[np.int64],
    design: CrossoverDesign,
    *,
    ratio: float,
    seed: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    nulls, split = null_sum(counts, design), poisson_split(counts, design)
    values = nulls.p_values()
    chances = split.chances(float(np.log(ratio)))
    tails = chances[: split.observed + 1].sum(), chances[split.observed :].sum()
    model = crossover_rate_ratio_model(counts, design, outcome="benchmark")
    harm = np.where(counts > 0, counts * rng.choice(WEIGHTS, size=counts.shape, p=OFTEN), 0.0)
    panel = CrossoverPanel(design, "benchmark", counts, harm)
    heavy = crossover_harm_ratio(panel, draws=1000, seed=seed)
    p = [values.doubled, values.mid, split.p(), model.p, heavy.p]
    holds = [
        nulls.covers(ratio, level=0.95),
        nulls.covers(ratio, level=0.95, mid=True),
        min(tails) > LEVEL / 2,
        model.low is not None and model.high is not None and model.low <= ratio <= model.high,
        heavy.low is not None and heavy.low <= ratio <= (heavy.high or np.inf),
    ]
    return np.array([np.nan if one is None else one for one in p]), np.array(holds)


def _seconds() -> None:
    rng = np.random.default_rng(SEED)
    for wait in (None, 6):
        treated = _drawn(rng) if wait is None else allocate(
            PLACES, TREATED, DAYS, wait=wait, rng=rng
        )  # fmt: skip
        counts = _counts(rng, treated, total=40, kind="bursts", ratio=0.6)
        panel = CrossoverPanel(_design(treated, wait), "benchmark", counts, counts * 19.0, counts)
        began = time.perf_counter()
        analyse_crossover(panel, delivered=treated)
        took = time.perf_counter() - began
        print(f"whole analysis, 10,000 draws, {'no limits' if wait is None else 'longest wait'}: "
              f"{took:.2f} s")  # fmt: skip


def _placebo(folder: Path, *, operations: int) -> None:
    # Chicago's aggravated assaults by the minute: patrols that were never made, on the busiest
    # hexes of the year before, in each of four quarters
    rows = pd.read_parquet(folder / "chicago_aggravated_assaults_2010_2015.parquet")
    rows.columns = [str(column).lower() for column in rows.columns]
    when = pd.to_datetime(rows[_column(rows, "date")])
    place = [
        h3.latlng_to_cell(lat, lon, 9)
        for lat, lon in zip(rows[_column(rows, "lat")], rows[_column(rows, "lon")], strict=True)
    ]
    day = (when - pd.Timedelta(hours=6)).dt.normalize()
    cells = pd.Series(place, index=rows.index)
    rng = np.random.default_rng(SEED)
    last = int(when.dt.year.max())
    for quarter in range(4):
        start = pd.Timestamp(last, 1, 1) + pd.Timedelta(days=DAYS * quarter)
        before = (day >= start - pd.Timedelta(days=365)) & (day < start)
        chosen = cells[before].value_counts().index[:PLACES]
        inside = (day >= start) & (day < start + pd.Timedelta(days=DAYS)) & cells.isin(chosen)
        counts = np.zeros((DAYS, PLACES), dtype=np.int64)
        np.add.at(
            counts, ((day[inside] - start).dt.days, pd.Index(chosen).get_indexer(cells[inside])), 1
        )
        exact, poisson, spread = 0, 0, []
        for _ in range(operations):
            design = _design(_drawn(rng))
            nulls = null_sum(counts, design)
            exact += nulls.p_values().doubled <= LEVEL
            poisson += poisson_split(counts, design).p() <= LEVEL
            spread.append(nulls.clustering)
        met = achieved(CrossoverPanel(design, "assault", counts))
        print(f"Chicago, quarter {quarter + 1} of {last}: {counts.sum()} assaults in 20 hexes, "
              f"clustering {np.mean(spread):.2f}; refused exact {exact / operations:.3f}, Poisson "
              f"{poisson / operations:.3f}. {met.words if met else ''}", flush=True)  # fmt: skip


def _column(rows: pd.DataFrame, start: str) -> str:
    return next(column for column in rows.columns if column.startswith(start))


def _design(treated: NDArray[np.bool_], wait: int | None = None) -> CrossoverDesign:
    dates = tuple(FIRST + dt.timedelta(days=day) for day in range(DAYS))
    return CrossoverDesign(dates, tuple(f"P{one:02d}" for one in range(PLACES)), treated, wait)


def _drawn(rng: np.random.Generator) -> NDArray[np.bool_]:
    return np.asarray(rng.random((DAYS, PLACES)).argsort(axis=1).argsort(axis=1) < TREATED)


def _counts(
    rng: np.random.Generator, treated: NDArray[np.bool_], *, total: float, kind: str, ratio: float
) -> NDArray[np.int64]:
    place, day = rng.gamma(2, size=PLACES), rng.gamma(4, size=DAYS)
    rate = total * np.outer(day / day.sum(), place / place.sum()) * np.where(treated, ratio, 1)
    if kind == "gamma":
        rate = rate * rng.gamma(0.5, 2, size=rate.shape)
    if kind == "bursts":
        some = rng.poisson(rate / 2.5)
        return some + rng.poisson(1.5 * some)
    return rng.poisson(rate)


if __name__ == "__main__":
    main()
