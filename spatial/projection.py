"""Metric coordinates: the British National Grid by one pinned transformation, UTM elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Transformer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

# EPSG:1314, OSGB36 to WGS 84 (6): the seven-parameter Helmert transformation that Ordnance Survey
# publishes ("A guide to coordinate systems in Great Britain", section 6.6), written out in full so
# that no grid file, network setting or newer EPSG database can change a result.
_NATIONAL_GRID_PIPELINE = (
    "+proj=pipeline "
    "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 "
    "+rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector "
    "+step +inv +proj=cart +ellps=airy "
    "+step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
)
WGS84_EPSG: Final = 4326
NATIONAL_GRID_EPSG: Final = 27700
# a shapefile names its system in words; a weaker match is right as the words are the grid's own
_LEAST_CONFIDENCE: Final = 25
# The grid's own extent in degrees: EPSG:27700, area of use.
_GRID_WEST, _GRID_SOUTH, _GRID_EAST, _GRID_NORTH = -9.01, 49.75, 2.01, 61.01


@dataclass(frozen=True, slots=False)
class MetricSystem:
    """A plane in metres, and the exact steps that lead there from WGS84 degrees.

    Attributes
    ----------
    name
        What is printed beside distances and areas.
    crs
        The authority code of the plane, for files that must name one.
    pipeline
        The PROJ pipeline from longitude, latitude (degrees) to x, y (metres).
    accuracy_m
        How far the plane's positions may lie from the official ones. Distances and areas within one
        town are far better than this: neighbouring points share their error.
    """

    name: str
    crs: str
    pipeline: str
    accuracy_m: float

    @cached_property
    def _transformer(self) -> Transformer:
        return Transformer.from_pipeline(self.pipeline)

    def forward(
        self, longitude: ArrayLike, latitude: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Project degrees (WGS84) to metres; arrays of one shape in, two of that shape out.

        A point that is not finite, or cannot be projected, comes back as infinity.
        """
        x, y = self._transformer.transform(
            np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
        )
        return np.asarray(x), np.asarray(y)

    def inverse(
        self, x: ArrayLike, y: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return metres to degrees (WGS84): longitude, latitude, of the shape given."""
        longitude, latitude = self._transformer.transform(
            np.asarray(x, dtype=float), np.asarray(y, dtype=float), direction="INVERSE"
        )
        return np.asarray(longitude), np.asarray(latitude)

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project a geometry in degrees (WGS84) to this plane, vertex by vertex."""
        projected: BaseGeometry = shapely.transform(geometry, self._forward_pairs)
        return projected

    def unproject(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry on this plane to degrees (WGS84), vertex by vertex."""
        returned: BaseGeometry = shapely.transform(geometry, self._inverse_pairs)
        return returned

    def _forward_pairs(self, pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(self.forward(pairs[:, 0], pairs[:, 1]))

    def _inverse_pairs(self, pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(self.inverse(pairs[:, 0], pairs[:, 1]))


@lru_cache(maxsize=1)
def national_grid() -> MetricSystem:
    """Return the British National Grid by the pinned Helmert transformation.

    Notes
    -----
    At Ordnance Survey's 40 test points for OSTN15 positions are off by 2.2 m (root mean square):
    under 2.7 m in England, Wales and the mainland of Scotland, but for the far south-west (Lizard
    4.1 m, Scilly 4.7 m); up to 4.9 m in and beyond the Outer Hebrides (St Kilda). Places near each
    other are off alike. OSTN15 is not used because no dependency ships it and it may not be
    fetched; hexes are 75 m and more across. Sources: Ordnance Survey, A guide to coordinate systems
    in Great Britain, section 6.6, and the developers' pack of OSTN15 and OSGM15.
    """
    return MetricSystem(
        name="British National Grid (EPSG:27700, Helmert transformation, to 5 m)",
        crs="EPSG:27700",
        pipeline=_NATIONAL_GRID_PIPELINE,
        accuracy_m=5.0,
    )


def on_the_ground(crs: CRS) -> CRS:
    """Return the horizontal part of a system that may add heights or a datum shift."""
    if crs.is_compound:
        return on_the_ground(crs.sub_crs_list[0])
    if crs.is_bound and crs.source_crs is not None:
        return on_the_ground(crs.source_crs)
    return crs


def epsg_on_the_ground(crs: CRS) -> int | None:
    """Return 4326 for WGS84 degrees, 27700 for the National Grid, None for any other system.

    Heights are left out, and so is a datum shift that a file brings along: the National Grid is
    always turned into degrees by `national_grid`.
    """
    flat = on_the_ground(crs)
    # longitude first is WGS84 all the same
    if flat.name == "WGS 84 (CRS84)":
        return WGS84_EPSG
    found = flat.to_2d().to_epsg(min_confidence=_LEAST_CONFIDENCE)
    return found if found in {WGS84_EPSG, NATIONAL_GRID_EPSG} else None


def metric_system_at(longitude: float, latitude: float) -> MetricSystem:
    """Choose the plane for a place: the National Grid inside its extent, else the UTM zone.

    Parameters
    ----------
    longitude, latitude
        A point of the place, degrees, WGS84.

    Notes
    -----
    The National Grid's extent also holds Ireland and a strip of France, where its distances are
    still right to about 1 in 1,000 but its grid references mean nothing.
    """
    if _GRID_WEST <= longitude <= _GRID_EAST and _GRID_SOUTH <= latitude <= _GRID_NORTH:
        return national_grid()
    zone = int((longitude + 180) // 6) % 60 + 1
    south = latitude < 0
    return MetricSystem(
        name=f"UTM zone {zone}{'S' if south else 'N'}",
        crs=f"EPSG:{(32700 if south else 32600) + zone}",
        pipeline=(
            "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
            f"+step +proj=utm +zone={zone} {'+south ' if south else ''}+ellps=WGS84"
        ),
        accuracy_m=0.0,
    )


def in_national_grid(longitude: ArrayLike, latitude: ArrayLike) -> NDArray[np.bool_]:
    """Say which points (degrees, WGS84) lie inside the National Grid's area of use."""
    lon = np.asarray(longitude, dtype=float)
    lat = np.asarray(latitude, dtype=float)
    inside: NDArray[np.bool_] = (
        (lon >= _GRID_WEST) & (lon <= _GRID_EAST) & (lat >= _GRID_SOUTH) & (lat <= _GRID_NORTH)
    )
    return inside


def grid_reference(easting: float, northing: float, *, digits: int = 4) -> str:
    """Write a National Grid position as a reference such as ``TG 5141 1317``.

    Parameters
    ----------
    easting, northing
        Metres on EPSG:27700.
    digits
        Figures in each half: 4 gives a 10 m square, 5 a metre.

    Returns
    -------
    The reference of the square that holds the position (its south-west corner, never rounded), or
    an empty text outside the lettered grid (0-700 km east, 0-1,300 km north).

    Notes
    -----
    Positions come from a transformation good to 5 m, so the last of five digits is not to be
    trusted.
    """
    if not (0 <= easting < 700_000 and 0 <= northing < 1_300_000):  # noqa: PLR2004 (the grid's edge)
        return ""
    letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
    # The grid's false origin is the corner of square SV; letters run west to east, north to south.
    east, north = int(easting // 100_000) + 10, int(northing // 100_000) + 5
    first = letters[(4 - north // 5) * 5 + east // 5]
    second = letters[(4 - north % 5) * 5 + east % 5]
    step = 10 ** (5 - digits)
    column, row = int(easting % 100_000) // step, int(northing % 100_000) // step
    return f"{first}{second} {column:0{digits}d} {row:0{digits}d}"
