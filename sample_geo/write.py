"""Writing: the town's files, the same bytes for the same seed and version."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sample_geo.awkward import PLANTED, spoil
from sample_geo.barriers import draw_barriers
from sample_geo.beats import draw_beats, outline
from sample_geo.census import count_groups
from sample_geo.chance import Chance
from sample_geo.coast import draw_coast
from sample_geo.field import park_shapes
from sample_geo.frontage import measure_frontage
from sample_geo.hot_places import HOT_PLACES
from sample_geo.incidents import COLUMNS, HOT_PLACE, record_incidents
from sample_geo.operation_files import operation_files
from sample_geo.operations import carry_out
from sample_geo.partner_files import draw_partner_files
from sample_geo.patrol_places import PatrolMap
from sample_geo.places import draw_places
from sample_geo.plane import EASTING, NORTHING, degrees
from sample_geo.population import count_people
from sample_geo.register_entries import register_files
from sample_geo.repeats import DAYS, OFFENCE, WITHIN_M, plant_repeats
from sample_geo.rhythm import FIRST, LAST
from sample_geo.risk_factors import draw_risk_places, plant_risk, risk_truth
from sample_geo.standing_files import draw_standing_files
from sample_geo.streets import draw_streets
from sample_geo.surfaces import Surfaces

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

VERSION: Final = 4
"""Of the generator: raised whenever the same seed gives other bytes."""
SEED: Final = 20_231_101
FOLDER: Final = Path(__file__).parent / "saltmere"
"""Where the committed copy lies."""

_Feature = tuple[dict[str, object], "BaseGeometry"]


def write_sample(directory: Path, *, seed: int = SEED) -> tuple[Path, ...]:
    """Write the sample town into a folder, made if need be.

    Parameters
    ----------
    directory
        Where the files go; files of the same names are replaced.
    seed
        Another seed gives another 36 months and other places in the same hand-drawn town.

    Returns
    -------
    The files written, in the order of their names.
    """
    # what is in the way is found before the town is drawn
    directory.mkdir(parents=True, exist_ok=True)
    streets = draw_streets(seed)
    frontage = measure_frontage(streets)
    places = draw_places(seed, streets, frontage)
    rows = record_incidents(seed, Surfaces(frontage, places, Chance(seed, "surfaces")))
    rows, repeats = plant_repeats(seed, rows)
    risk_places = draw_risk_places(seed, streets, frontage, places)
    series = set(chain.from_iterable(repeats))
    rows, moved = plant_risk(seed, rows, risk_places, untouched=series)
    partners = draw_partner_files(seed, rows, places, streets)
    spoiled, awkward = spoil(seed, rows)
    barriers = draw_barriers(streets)
    incidents, operations = carry_out(
        seed,
        spoiled,
        PatrolMap(streets, [line for *_, line in barriers]),
        untouched=series.union(*awkward.values()),
    )
    patrols, patrol_truths = operation_files(seed, operations)
    coast = draw_coast()
    squares = count_people(frontage)

    files = {
        "boundary.geojson": _geojson([({"name": "Saltmere"}, outline())]),
        "coastline.geojson": _geojson([({"name": "Saltmere Bay"}, coast.coastline)]),
        "sea.geojson": _geojson([({"name": "North Sea"}, coast.sea)]),
        "water.geojson": _geojson(
            [({"name": "River Salter"}, coast.river), ({"name": "Park Lake"}, coast.lake)]
        ),
        "streets.geojson": _geojson(
            ({"name": street.name, "class": street.rank}, street.line) for street in streets
        ),
        "barriers.geojson": _geojson(
            ({"name": name, "kind": kind}, line) for name, kind, line in barriers
        ),
        "risk_factors.geojson": _geojson(
            ({"name": one.name, "kind": one.kind}, one.shape) for one in risk_places
        ),
        "parks.geojson": _geojson(({"name": name}, shape) for name, shape in park_shapes()),
        "beats.geojson": _geojson(
            ({"name": beat.name, "code": beat.code}, beat.shape) for beat in draw_beats()
        ),
        "places.geojson": _geojson(
            ({"name": place.name, "kind": place.kind}, place.point) for place in places
        ),
        "population.geojson": _geojson(
            ({"name": square.name, "population": square.people}, square.shape) for square in squares
        ),
        "census.geojson": _geojson(
            (
                {
                    "code": area.code,
                    "decile": area.decile,
                    "residents": sum(area.people.values()),
                    **area.people,
                },
                area.shape,
            )
            for area in count_groups(seed, squares)
        ),
        "incidents.csv": _csv(incidents),
        "planted.json": _planted(
            seed,
            rows=len(incidents),
            hot_places=_hot_places(rows, incidents),
            near_repeats={
                "offence": OFFENCE,
                "within_m": WITHIN_M,
                "days": list(DAYS),
                "series": repeats,
            },
            risk_factors=risk_truth(moved),
            operations=patrol_truths,
            awkward_incident_numbers=awkward,
        ),
        **partners,
        **draw_standing_files(seed, places),
        **patrols,
        **register_files(),
    }
    written = []
    for name in sorted(files):
        path = directory / name
        path.write_bytes(files[name].encode())
        written.append(path)
    return tuple(written)


def _geojson(features: Iterable[_Feature]) -> str:
    """Write features as RFC 7946 GeoJSON, one a line, WGS84 to six decimals."""
    lines = []
    for properties, shape in features:
        drawn = json.loads(json.dumps(degrees(shape).__geo_interface__))
        feature = {"type": "Feature", "properties": properties, "geometry": drawn}
        lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _csv(incidents: pd.DataFrame) -> str:
    """Write the export: UTF-8, commas, line feeds."""
    text: str = incidents[list(COLUMNS)].to_csv(index=False, lineterminator="\n")
    return text


def _planted(seed: int, *, rows: int, **sections: object) -> str:
    """Write what was planted, for whoever checks that it is found."""
    record = {
        "generator_version": VERSION,
        "seed": seed,
        "fictional": True,
        "first_day": FIRST.isoformat(),
        "last_day": LAST.isoformat(),
        "rows": rows,
        "awkward_counts": PLANTED,
        **sections,
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _hot_places(rows: pd.DataFrame, incidents: pd.DataFrame) -> list[dict[str, object]]:
    """Say of each hot place where it is, its ways, and how many of its rows stand in the export."""
    standing = rows[rows["Incident Number"].isin(incidents["Incident Number"])]
    planted = standing[HOT_PLACE].value_counts()
    return [
        {
            "name": place.name,
            "easting": round(EASTING + place.centre[0]),
            "northing": round(NORTHING + place.centre[1]),
            "radius_m": round(2 * place.spread_m),
            "rhythm": place.rhythm,
            "trend": place.trend,
            "serious_violence": place.violence > 0,
            "antisocial_behaviour": place.disorder > 0,
            "incidents_planted": int(planted.get(number, 0)),
        }
        for number, place in enumerate(HOT_PLACES)
    ]
