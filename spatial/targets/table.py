"""The target table: each patrol area described in the columns of the contract."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import shapely

from config.profile import Family, Profile
from spatial.hexes.counts import HARM_UNITS
from spatial.hexes.grid import cell_names, merge_cells
from spatial.hotspots.significance import HOT
from spatial.projection import grid_reference, national_grid
from spatial.results import TARGET_COLUMNS
from spatial.targets.names import NamedLines, name_areas
from spatial.targets.reasons import why

if TYPE_CHECKING:
    import datetime as dt

    from spatial.hexes.counts import CellCounts
    from spatial.hexes.grid import HexGrid
    from spatial.targets.expected import AreaExpectations
    from spatial.targets.ranking import RankedAreas


def target_table(  # noqa: PLR0913 (what a row must say)
    ranked: RankedAreas,
    counts: CellCounts,
    grid: HexGrid,
    *,
    profile: Profile,
    expected: AreaExpectations | None,
    hot: pd.DataFrame,
    disorder: pd.DataFrame,
    streets: NamedLines | None,
    proxy: bool,
    run_id: str,
    data_through: dt.date,
    marking: str,
) -> pd.DataFrame:
    """Describe each ranked area in the contract's columns, with its outline.

    Parameters
    ----------
    ranked, counts, grid
        The areas, and what lies in their cells.
    profile
        Which incidents.
    expected
        What is expected of each area; None where nothing can be (antisocial behaviour).
    hot
        ``cell, class`` of the profile's own surface; cells left out are ``none``.
    disorder
        ``cell, class`` of the antisocial behaviour surface, for the reason's last words.
    streets
        For names; without them an area is called by its grid reference.
    proxy
        Whether the records are open data's categories.
    run_id, data_through, marking
        Written in every row, so that a row torn from its file still says what it is.

    Returns
    -------
    ``TARGET_COLUMNS`` and ``geometry`` (EPSG:4326), by rank. The columns of things not built yet
    are null.
    """
    outlines = [merge_cells(grid.cells[area]) for area in ranked.areas]
    system = grid.study_area.metric_system
    names = name_areas(outlines, streets, metric_system=system)
    classes = hot.set_index("cell")["class"]
    hot_disorder = set(disorder.loc[disorder["class"].isin(HOT), "cell"])
    tiers = counts.by_tier.set_index("position")
    total_harm = int(counts.harm.sum())
    rows = []
    for rank, (area, outline, name) in enumerate(
        zip(ranked.areas, outlines, names, strict=True), start=1
    ):
        cells = cell_names(grid.cells[area]).tolist()
        kinds = tiers[tiers.index.isin(area)].groupby("tier")["incidents"].sum()
        harm = int(counts.harm[area].sum())
        # where no incident has a weight the harm is unknown, not none
        known = int((counts.incidents - counts.without_weight)[area].sum()) > 0
        weighed = profile.weighs_harm and known
        place = _position(outline, in_grid=system.crs == national_grid().crs)
        rows.append(
            {
                "area_id": area_id(cells),
                "rank": rank,
                "name": name or place["grid_ref"] or area_id(cells),
                "driver": profile.family.value,
                "cells": " ".join(cells),
                **place,
                "area_ha": round(float(system.project(outline).area / 10_000), 2),
                "incidents": int(counts.incidents[area].sum()),
                "harm_days": round(harm / HARM_UNITS, 1) if weighed else None,
                **_expected(expected, rank - 1),
                "harm_share": (round(harm / total_harm, 6) if weighed and total_harm else None),
                "why": why(
                    {str(tier): int(number) for tier, number in kinds.items()},
                    disorder_hot=profile.family is Family.SERIOUS_VIOLENCE
                    and not hot_disorder.isdisjoint(cells),
                    proxy=proxy,
                    measure=ranked.measure,
                ),
                "run_id": run_id,
                "data_through": data_through.isoformat(),
                "marking": marking,
                "significance": _hottest(classes.reindex(cells, fill_value="none")),
                "wkt": shapely.to_wkt(_wound(outline), rounding_precision=6),
                "geometry": _wound(outline),
            }
        )
    return pd.DataFrame(rows, columns=[*TARGET_COLUMNS, "geometry"])


def _expected(expected: AreaExpectations | None, place: int) -> dict[str, object]:
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


def _wound(outline: shapely.Polygon | shapely.MultiPolygon) -> shapely.Polygon:
    # RFC 7946: exterior rings run anticlockwise; six decimals are a tenth of a metre
    rounded = shapely.transform(outline, lambda corners: np.round(corners, 6))
    return cast("shapely.Polygon", shapely.orient_polygons(rounded, exterior_cw=False))


def _position(
    outline: shapely.Polygon | shapely.MultiPolygon, *, in_grid: bool
) -> dict[str, object]:
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
