"""The target table: each patrol area described in the columns of the contract."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pandas as pd
import shapely

from spatial.hexes.counts import HARM_UNITS
from spatial.hexes.grid import cell_names, merge_cells
from spatial.hotspots.significance import HOT
from spatial.projection import grid_reference, national_grid
from spatial.results import TARGET_COLUMNS
from spatial.targets.names import NamedLines, name_areas

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Sequence

    from shapely.geometry.base import BaseGeometry

    from config.profile import Profile
    from spatial.hexes.grid import HexGrid
    from spatial.targets.expected import AreaExpectations
    from spatial.targets.figures import PlaceFigures
    from spatial.targets.ranking import RankedAreas

_GROUND: Final = frozenset(
    {
        "area_id", "rank", "name", "cells", "easting", "northing", "grid_ref", "longitude",
        "latitude", "area_ha", "wkt", "geometry",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class PlaceWords:
    """What is said of each place in words, by rank.

    Attributes
    ----------
    reasons
        See :func:`spatial.targets.reasons.why`.
    peaks
        For ``peak_windows``.
    cautions
        What its rank or figures lean on.
    """

    reasons: Sequence[str]
    peaks: Sequence[str]
    cautions: Sequence[str]


def outlines_of(ranked: RankedAreas, grid: HexGrid) -> list[BaseGeometry]:
    """Return each place's outline, EPSG:4326: of its cells, or as people drew it."""
    if ranked.drawn is not None:
        return list(ranked.drawn.drawn.outlines[: len(ranked.areas)])
    return [merge_cells(grid.cells[area]) for area in ranked.areas]


def ground_table(
    ranked: RankedAreas, grid: HexGrid, *, ids: Sequence[str], streets: NamedLines | None
) -> pd.DataFrame:
    """Say where each place lies, and what its streets call it.

    Parameters
    ----------
    ranked, grid
        The places.
    ids
        One each.
    streets
        For names; without them an area is called by its grid reference. An area that people drew is
        called as its file does.

    Returns
    -------
    ``area_id, rank, name, cells, easting, northing, grid_ref, longitude, latitude, area_ha, wkt``
    and ``geometry`` (EPSG:4326), by rank.
    """
    outlines = outlines_of(ranked, grid)
    system = grid.study_area.metric_system
    names = name_areas(outlines, streets, metric_system=system)
    if ranked.drawn is not None:
        names = list(ranked.drawn.drawn.names[: len(outlines)])
    rows = []
    for rank, (key, area, outline, name) in enumerate(
        zip(ids, ranked.areas, outlines, names, strict=True), start=1
    ):
        place = _position(outline, in_grid=system.crs == national_grid().crs)
        wound = _wound(outline)
        rows.append(
            {
                "area_id": key,
                "rank": rank,
                "name": name or place["grid_ref"] or key,
                "cells": " ".join(cell_names(grid.cells[area]).tolist()),
                **place,
                "area_ha": round(float(system.project(outline).area / 10_000), 2),
                "wkt": shapely.to_wkt(wound, rounding_precision=6),
                "geometry": wound,
            }
        )
    columns = [column for column in (*TARGET_COLUMNS, "geometry") if column in _GROUND]
    return pd.DataFrame(rows, columns=columns)


def target_table(  # noqa: PLR0913 (what a row must say)
    ground: pd.DataFrame,
    *,
    profile: Profile,
    figures: PlaceFigures,
    total_harm: int,
    expected: AreaExpectations | None,
    hot: pd.DataFrame,
    words: PlaceWords,
    run_id: str,
    data_through: dt.date,
    marking: str,
) -> pd.DataFrame:
    """Describe each ranked area in the contract's columns, with its outline.

    Parameters
    ----------
    ground
        See :func:`ground_table`.
    profile
        Which incidents.
    figures
        What lies in each area.
    total_harm
        In the study area, thousandths of a day.
    expected
        What is expected of each area; None where nothing can be (antisocial behaviour).
    hot
        ``cell, class`` of the profile's own surface; cells left out are ``none``.
    words
        What is said of each.
    run_id, data_through, marking
        Written in every row, so that a row torn from its file still says what it is.

    Returns
    -------
    ``TARGET_COLUMNS`` and ``geometry`` (EPSG:4326), by rank. Null are the columns that compare the
    list with another or say what people changed: see :mod:`spatial.targets.kept.compared`.
    """
    classes = hot.set_index("cell")["class"]
    rows: list[dict[Hashable, object]] = []
    for at, row in enumerate(ground.to_dict("records")):
        harm = int(figures.harm[at])
        # where no incident has a weight the harm is unknown, not none
        weighed = (
            profile.weighs_harm and int(figures.incidents[at] - figures.without_weight[at]) > 0
        )
        rows.append(
            {
                **row,
                "driver": profile.family.value,
                "incidents": int(figures.incidents[at]),
                "harm_days": round(harm / HARM_UNITS, 1) if weighed else None,
                **_expected(expected, at),
                "harm_share": (round(harm / total_harm, 6) if weighed and total_harm else None),
                "why": words.reasons[at],
                "peak_windows": words.peaks[at],
                "cautions": words.cautions[at],
                "run_id": run_id,
                "data_through": data_through.isoformat(),
                "marking": marking,
                "significance": _hottest(classes.reindex(row["cells"].split(), fill_value="none")),
            }
        )
    return pd.DataFrame(rows, columns=[*TARGET_COLUMNS, "geometry"])


def _expected(expected: AreaExpectations | None, place: int) -> dict[Hashable, object]:
    if expected is None:
        return {}
    return {
        "expected_harm": round(float(expected.harm_days[place]), 1),
        "expected_low": round(float(expected.low[place]), 1),
        "expected_high": round(float(expected.high[place]), 1),
        "chance_in_top": round(float(expected.chance_in_top[place]), 3),
        "rests_on": expected.rests_on[place],
    }


def _hottest(classes: pd.Series) -> str:
    return next((name for name in (*HOT, "hot 90") if (classes == name).any()), "none")


def _wound(outline: BaseGeometry) -> shapely.Polygon:
    # RFC 7946: exterior rings run anticlockwise; six decimals are a tenth of a metre
    rounded = shapely.transform(outline, lambda corners: np.round(corners, 6))
    return cast("shapely.Polygon", shapely.orient_polygons(rounded, exterior_cw=False))


def _position(outline: BaseGeometry, *, in_grid: bool) -> dict[str, object]:
    inside = outline.representative_point()
    longitude, latitude = round(inside.x, 6), round(inside.y, 6)
    if not in_grid:
        return {
            "easting": None, "northing": None, "grid_ref": "",
            "longitude": longitude, "latitude": latitude,
        }  # fmt: skip
    east, north = national_grid().forward(longitude, latitude)
    return {
        # the metre square it lies in, never rounded: a grid reference names its south-west corner
        "easting": int(float(east)),
        "northing": int(float(north)),
        "grid_ref": grid_reference(float(east), float(north)),
        "longitude": longitude,
        "latitude": latitude,
    }


def area_id(cells: list[str]) -> str:
    """Return the id of an area: the same cells have the same id in every run."""
    return f"PA-{hashlib.sha256(' '.join(cells).encode()).hexdigest()[:6].upper()}"
