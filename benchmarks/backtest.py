"""The table of rivals on real open data, and how long a county's backtest takes.

Every ranking of the product and its rivals, chosen on the past and scored on the next quarter, on
each open data set that is long enough: docs/accuracy.md is made of this.

Run from the project's folder:
    python -m benchmarks.backtest                            the robberies of every place
    python -m benchmarks.backtest Violence                   another kind, by a part of its name
    python -m benchmarks.backtest Robbery Toronto            one place
    python -m benchmarks.backtest --time                     36 months of a county's volume
The open data lie in ../shared/data; nothing else is needed.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd

from benchmarks.expected_harm import DATA, Place, archive_points, places, settled_area
from spatial.accuracy.ground import backtest_ground
from spatial.accuracy.record import Record
from spatial.accuracy.resampling import interval
from spatial.accuracy.rivals import BASELINE, rivals_for
from spatial.accuracy.scores import INCIDENTS, Pooled, pool
from spatial.accuracy.timeline import Horizon, Origin, Timeline
from spatial.accuracy.trial import Lengths, run_trial
from spatial.hexes.grid import HexGrid, fill
from spatial.hexes.study_area import study_area_from_polygons

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARES: Final = (0.005, 0.01, 0.02, 0.05)
NUMBERS: Final = (20, 100)
ONE_PER_CENT: Final = 1
QUARTER: Final = Horizon(months=3)
TWINS: Final = frozenset({"raw_harm", "sqrt_harm", "sqrt_harm_neighbour_lag", "expected_count"})
"""Where every incident weighs one day these are the count, or expected harm, again."""


def further_places() -> list[Place]:
    """Return data sets of a single kind, and Norwich."""
    norwich = archive_points("norwich-2025.zip")
    found = [Place("Norwich", norwich, settled_area(norwich), (6, 9))]
    asb = pd.read_parquet(DATA / "police_uk" / "northumbria_asb_2022.parquet")
    found.append(_single("Northumbria ASB", asb, "Anti-social behaviour", ("longitude", "latitude"),
                         asb["month"].astype(str).str[:7], (5, 8)))  # fmt: skip
    memphis = pd.read_csv(DATA / "timed" / "memphis_robberies_2019.csv.gz")
    found.append(_single("Memphis", memphis, "Robbery", ("longitude", "latitude"),
                         memphis["date"].str[:7], (6, 9)))  # fmt: skip
    chicago = pd.read_parquet(DATA / "timed" / "chicago_aggravated_assaults_2010_2015.parquet")
    found.append(_single("Chicago assaults", chicago, "Violence: aggravated assault",
                         ("longitude", "latitude"), chicago["date"].dt.strftime("%Y-%m"),
                         tuple(range(24, 72, 3))))  # fmt: skip
    return found


def _single(  # noqa: PLR0913, PLR0917 (one data set's own columns)
    name: str,
    frame: pd.DataFrame,
    kind: str,
    axes: tuple[str, str],
    months: pd.Series,
    origins: tuple[int, ...],
) -> Place:
    points = pd.DataFrame(
        {"month": months, "x": frame[axes[0]], "y": frame[axes[1]], "kind": kind}
    ).dropna()
    return Place(name, points, settled_area(points), origins)


def record_of(place: Place, kind: str, grid: HexGrid) -> tuple[Record, pd.PeriodIndex]:
    """Return a place's record with one kind as the profile's own, every incident one day."""
    points = place.points
    months = pd.PeriodIndex(points["month"], freq="M")
    every = pd.period_range(months.min(), months.max(), freq="M")
    days = (months.start_time - every[0].start_time).days.to_numpy()
    named = pd.Categorical(points["kind"])
    own = [name for name in named.categories if kind.lower() in name.lower()]
    kinds = [*own, *(name for name in named.categories if name not in own)]
    number = pd.Index(kinds).get_indexer(named.categories)[named.codes]
    cells = [
        h3_int.latlng_to_cell(y, x, grid.resolution)
        for x, y in zip(points["x"], points["y"], strict=True)
    ]
    position = grid.positions(np.array(cells, dtype=np.uint64))
    inside = position >= 0
    table = (
        pd.DataFrame({"day": days, "position": position, "kind": number})[inside]
        .value_counts(sort=False)
        .reset_index()
        .sort_values(["day", "position", "kind"])
    )
    mine = inside & (number < len(own))
    at = np.round(points.loc[mine, ["x", "y"]].to_numpy(dtype=float), 4)
    where, site = np.unique(at, axis=0, return_inverse=True)
    order = np.argsort(days[mine], kind="stable")
    incidents = table["count"].to_numpy(dtype=float)
    weight = np.where(table["kind"].to_numpy() < len(own), incidents, 0.0)
    record = Record(
        cells=len(grid),
        kinds=tuple(kinds),
        tiers=len(own),
        day=table["day"].to_numpy(np.int64),
        position=table["position"].to_numpy(np.int64),
        kind=table["kind"].to_numpy(np.int64),
        incidents=incidents,
        harm=weight,
        root_harm=weight,
        points=where,
        site_day=days[mine][order].astype(np.int64),
        site=site.reshape(-1)[order].astype(np.int64),
        site_incidents=np.ones(int(mine.sum())),
        months_only=True,
    )
    return record, every


def timeline_of(months: pd.PeriodIndex, origins: Sequence[int], ahead: int) -> Timeline:
    """Return a timeline with origins so many months after the first."""
    starts = [month.start_time.date() for month in [*months, months[-1] + 1]]
    return Timeline(
        begins=starts[0],
        ends=starts[-1],
        origins=tuple(Origin(starts[at], starts[at + ahead]) for at in origins),
        overlap=1,
        monthly=True,
        notes=(),
    )


def scored(place: Place, kind: str, resolution: int) -> Pooled | None:
    """Return every rival's pooled shares at one place, None where it has no such kind."""
    grid = fill(study_area_from_polygons(place.name, [place.area]), resolution)
    record, months = record_of(place, kind, grid)
    if not record.tiers:
        return None
    rivals, _ = rivals_for(weighs_harm=True, periods=max(place.origins))
    trial = run_trial(
        backtest_ground(grid, record.points),
        record,
        timeline_of(months, place.origins, QUARTER.months),
        horizon=QUARTER,
        rivals={name: one for name, one in rivals.items() if name not in TWINS},
        lengths=Lengths(SHARES, NUMBERS, len(grid)),
        weighs_harm=True,
        certain=False,
    )
    return pool(trial, overlap=1)


def show(place: Place, resolution: int, pooled: Pooled) -> None:
    """Print one place: share captured in 1% of the area, and the gap to last year's count."""
    events = pooled.trial.total.sum()
    print(f"\n{place.name}, resolution {resolution}, {events:,.0f} incidents scored, "
          f"{len(place.origins)} origins")  # fmt: skip
    for name in pooled.methods:
        share = pooled.shares[INCIDENTS][name][ONE_PER_CENT]
        low, high = interval(pooled.drawn[INCIDENTS][name][:, ONE_PER_CENT])
        gap = pooled.difference(name, BASELINE, measure=INCIDENTS, length=ONE_PER_CENT)
        peer = pooled.difference(name, "plain_poisson", measure=INCIDENTS, length=ONE_PER_CENT)
        beyond = " ".join(
            f"{100 * one[0]:+6.1f} ({100 * one[1]:+5.1f} to {100 * one[2]:+5.1f})"
            for one in (gap, peer)
        )
        print(f"  {name:26}{share:7.1%} ({low:.1%} to {high:.1%})  {beyond}", flush=True)


def county(resolution: int) -> tuple[HexGrid, Record, Timeline]:
    """Return 36 months of Essex's volume: its year three times, one after the other."""
    place = next(one for one in places() if one.name == "Essex")
    grid = fill(study_area_from_polygons("Essex", [place.area]), resolution)
    year, _ = record_of(place, "Violence", grid)
    later = [365 * back for back in range(3)]
    each = ("position", "kind", "incidents", "harm", "root_harm", "site", "site_incidents")
    record = replace(
        year,
        **{name: np.tile(getattr(year, name), 3) for name in each},
        day=np.concatenate([year.day + shift for shift in later]),
        site_day=np.concatenate([year.site_day + shift for shift in later]),
    )
    months = pd.period_range("2025-01", periods=36, freq="M")
    return grid, record, timeline_of(months, range(24, 36), 1)


def timed() -> None:
    """Print how long all rivals take, 12 origins, resolutions 9 and 10."""
    whole = 0.0
    for resolution in (9, 10):
        grid, record, timeline = county(resolution)
        rivals, _ = rivals_for(weighs_harm=True, periods=35)
        spent = dict.fromkeys(rivals, 0.0)

        def clocked(name: str, rank, spent=spent):  # noqa: ANN001, ANN202 (a rival, and one like it)
            def ranked(known):  # noqa: ANN001, ANN202
                start = time.process_time()
                scores = rank(known)
                spent[name] += time.process_time() - start
                return scores

            return ranked

        start = time.process_time()
        trial = run_trial(
            backtest_ground(grid, record.points),
            record,
            timeline,
            horizon=Horizon(months=1),
            rivals={name: clocked(name, one) for name, one in rivals.items()},
            lengths=Lengths(SHARES, NUMBERS, len(grid)),
            weighs_harm=True,
        )
        pool(trial, overlap=1)
        seconds = time.process_time() - start
        whole += seconds
        dear = sorted(spent.items(), key=lambda one: -one[1])
        print(
            f"resolution {resolution}: {len(grid):,} cells, {len(rivals)} rankings, 12 origins: "
            f"{seconds:.0f} s of processor time; "
            + ", ".join(f"{name} {took:.0f}" for name, took in dear if took >= 1)
        )
    print(f"both: {whole:.0f} s ({dt.timedelta(seconds=round(whole))})")


def main(kind: str = "Robbery", only: str = "") -> None:
    """Print the table of rivals of one kind of incident."""
    if kind == "--time":
        timed()
        return
    print(
        f"{kind}, next {QUARTER.words}, 1% of the area: share captured (95% interval); points "
        "more than last year's count, and than the plain Poisson model (paired 95% intervals)"
    )
    for place in [*places(), *further_places()]:
        if only.lower() not in place.name.lower():
            continue
        for resolution in (9, 10):
            pooled = scored(place, kind, resolution)
            if pooled is not None:
                show(place, resolution, pooled)


if __name__ == "__main__":
    main(*sys.argv[1:])
