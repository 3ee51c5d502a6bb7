"""Next quarter's robberies captured in 1% of the area: expected harm against simpler rankings.

Rolling origins: each ranking sees what happened before the origin and nothing after it, and is
scored on the three months that follow; ties in expectation; shares pooled over origins.

Run from the project's folder: python -m benchmarks.expected_harm [KIND OF INCIDENT]
The open data lie in ../shared/data; nothing else is needed.
"""

from __future__ import annotations

import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import shapely

from spatial.accuracy.plain_poisson import poisson_scores
from spatial.hexes.grid import fill, merge_cells
from spatial.hexes.history import CellHistory
from spatial.hexes.rings import rings_of
from spatial.hexes.study_area import study_area_from_polygons
from spatial.hotspots.expected.expected_harm import expected_harm

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spatial.hexes.rings import Rings

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
MONTHS_AHEAD: Final = 3
SHARE: Final = 0.01
YEAR: Final = 12


@dataclass(frozen=True)
class Place:
    """Points of one force or city, and the months from which its next quarter is looked at."""

    name: str
    points: pd.DataFrame
    area: shapely.Geometry
    origins: tuple[int, ...]


def archive_points(name: str) -> pd.DataFrame:
    """Read an archive of data.police.uk: month, kind, longitude, latitude."""
    columns = ["Month", "Longitude", "Latitude", "Crime type"]
    with zipfile.ZipFile(DATA / "police_uk" / name) as archive:
        months = [
            pd.read_csv(archive.open(entry), usecols=columns)
            for entry in archive.namelist()
            if entry.endswith("street.csv")
        ]
    return pd.concat(months)[columns].set_axis(["month", "x", "y", "kind"], axis=1).dropna()


def force_points(force: str) -> pd.DataFrame:
    """Read one force's year out of the national file."""
    frame = pd.read_parquet(
        DATA / "police_uk" / "england-wales-2025-points.parquet",
        filters=[("force_slug", "==", force)],
        columns=["Month", "Longitude", "Latitude", "Crime type"],
    )
    return frame.set_axis(["month", "x", "y", "kind"], axis=1).astype({"month": str}).dropna()


def toronto_points() -> pd.DataFrame:
    """Read Toronto's five kinds of 2014-18."""
    frame = pd.read_parquet(DATA / "timed" / "toronto_2014_2018.parquet")
    return pd.DataFrame(
        {
            "month": frame["occurrence_local"].dt.strftime("%Y-%m"),
            "x": frame["Long"],
            "y": frame["Lat"],
            "kind": frame["MCI"],
        }
    ).dropna()


def force_area(title: str) -> shapely.Geometry:
    """Return a force's area."""
    areas = gpd.read_file(DATA / "boundaries" / "police_force_areas_dissolved.geojson")
    return areas.loc[areas["force"] == title, "geometry"].iloc[0]


def settled_area(points: pd.DataFrame) -> shapely.Geometry:
    """Return the cells of resolution 7 with at least 20 records, where no boundary is to hand."""
    cells = [h3_int.latlng_to_cell(y, x, 7) for x, y in zip(points["x"], points["y"], strict=True)]
    found, sizes = np.unique(np.array(cells, dtype=np.uint64), return_counts=True)
    return merge_cells(found[sizes >= 20])  # noqa: PLR2004 (as the first line says)


def places() -> list[Place]:
    """Return the places that are compared, those used while the method was shaped first."""
    toronto = toronto_points()
    outline = shapely.concave_hull(shapely.multipoints(toronto[["x", "y"]].to_numpy()), ratio=0.05)
    found = [
        Place(
            "Bedfordshire",
            archive_points("bedfordshire-2021-05_2023-04.zip"),
            force_area("Bedfordshire Police"),
            (12, 15, 18, 21),
        ),
        Place("Toronto", toronto, outline, tuple(range(24, 60, 3))),
        Place("Essex", archive_points("essex-2025.zip"), force_area("Essex Police"), (6, 9)),
    ]
    # the first five were looked at while the method was shaped, the last four never
    for force in (
        "norfolk", "kent", "merseyside", "nottinghamshire", "south-yorkshire",
        "hampshire", "leicestershire", "cleveland", "northumbria",
    ):  # fmt: skip
        points = force_points(force)
        found.append(Place(force.capitalize(), points, settled_area(points), (6, 9)))
    return found


def history_at(
    points: pd.DataFrame, area: shapely.Geometry, name: str, resolution: int
) -> tuple[CellHistory, Rings]:
    """Count points by cell, month and kind."""
    grid = fill(study_area_from_polygons(name, [area]), resolution)
    cells = [
        h3_int.latlng_to_cell(y, x, resolution)
        for x, y in zip(points["x"], points["y"], strict=True)
    ]
    position = grid.positions(np.array(cells, dtype=np.uint64))
    inside = position >= 0
    months = pd.Categorical(points["month"])
    kinds = pd.Categorical(points["kind"])
    counted = (
        pd.DataFrame({"cell": position, "month": months.codes, "kind": kinds.codes})[inside]
        .value_counts(sort=False)
        .reset_index()
    )
    history = CellHistory(
        cells=len(grid),
        periods=len(months.categories),
        kinds=tuple(kinds.categories),
        position=counted["cell"].to_numpy(np.int64),
        period=counted["month"].to_numpy(np.int64),
        kind=counted["kind"].to_numpy(np.int64),
        incidents=counted["count"].to_numpy(np.int64),
    )
    return history, rings_of(grid)


def captured(score: NDArray[np.float64], events: NDArray[np.float64]) -> float:
    """Return the events in the best-ranked share of cells, ties in expectation."""
    wanted = SHARE * len(score)
    level = np.sort(score)[::-1][int(wanted)]
    above, tied = score > level, score == level
    return float(events[above].sum() + events[tied].sum() * (wanted - above.sum()) / tied.sum())


def last_year(history: CellHistory, _: Rings, own: int) -> NDArray[np.float64]:
    """Rank by the count of the last twelve months."""
    return history.weighted([own], np.arange(history.periods) >= history.periods - YEAR)


def ties_broken(history: CellHistory, _: Rings, own: int) -> NDArray[np.float64]:
    """Rank by last year's count, ties by all kinds together."""
    recent = (np.arange(history.periods) >= history.periods - YEAR).astype(float)
    every = history.weighted(range(len(history.kinds)), recent)
    return history.weighted([own], recent) + every / 1e6


def plain_poisson(history: CellHistory, rings: Rings, own: int) -> NDArray[np.float64]:
    """Rank by a log-linear Poisson model on a year of each kind and its neighbours."""
    return poisson_scores(history, rings, own=[own])


def ours(history: CellHistory, rings: Rings, own: int) -> NDArray[np.float64]:
    """Rank by expected harm, every incident weighing one day."""
    return expected_harm(history, rings, weights={history.kinds[own]: 1.0}).harm_days


METHODS: Final[dict[str, Callable[[CellHistory, Rings, int], NDArray[np.float64]]]] = {
    "last year": last_year,
    "ties broken": ties_broken,
    "plain Poisson": plain_poisson,
    "expected harm": ours,
}


def main(kind: str = "Robbery") -> None:
    """Print the share captured by each ranking, and how long expected harm took each time."""
    print(f"{kind}, next {MONTHS_AHEAD} months, {SHARE:.0%} of the area")
    print(f"{'':16}  res   cells events " + " ".join(f"{name:>14}" for name in METHODS))
    for place in places():
        for resolution in (9, 10):
            history, rings = history_at(place.points, place.area, place.name, resolution)
            names = [name for name in history.kinds if kind in name]
            if not names:
                continue
            own = history.kinds.index(names[0])
            found, total, seconds = dict.fromkeys(METHODS, 0.0), 0.0, 0.0
            for origin in place.origins:
                ahead = np.isin(np.arange(history.periods), origin + np.arange(MONTHS_AHEAD))
                events = history.weighted([own], ahead)
                total += events.sum()
                known = history.first(origin)
                for name, method in METHODS.items():
                    start = time.perf_counter()
                    score = method(known, rings, own)
                    seconds = time.perf_counter() - start
                    found[name] += captured(score, events)
            shares = " ".join(f"{found[name] / total:>14.1%}" for name in METHODS)
            print(
                f"{place.name:16} {resolution:4} {history.cells:7,} {total:6,.0f} {shares}"
                f"   {seconds:.2f} s",
                flush=True,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
