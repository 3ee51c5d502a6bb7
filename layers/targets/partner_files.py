"""Partner files: where the places are, for those outside the force, small counts kept back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from config.version import VERSION
from layers.formats.area_layer import Kind, area_layer
from layers.formats.geojson import collection, feature
from layers.formats.tables import table_csv
from layers.marking import OUTSIDE_HANDLING, marking_in_force
from layers.suppression import suppress_table
from layers.targets.manifest import digests
from spatial.notes import texts

if TYPE_CHECKING:
    import pandas as pd

    from spatial.results import TargetResult

# what a partner needs to be in the right place. No harm: one homicide can be read from a sum of
# days; no reasons, hours or trends: they tell single events apart
PARTNER_COLUMNS: Final = (
    "area_id", "rank", "name", "driver", "cells", "easting", "northing", "grid_ref", "longitude",
    "latitude", "area_ha", "incidents", "status", "run_id", "data_through", "marking", "wkt",
)  # fmt: skip
_COUNT: Final = "incidents"


def partner_table(
    result: TargetResult, *, fewest: int | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the list as a partner may see it, with ``geometry``, and what must be said of it.

    Columns that are not in ``PARTNER_COLUMNS`` are left out, so that one that is added to the list
    later does not leave the force unnoticed. ``kept_back`` follows ``incidents``.
    """
    columns = [column for column in PARTNER_COLUMNS if column in result.areas]
    table, found = suppress_table(
        result.areas.loc[:, [*columns, "geometry"]], count=_COUNT, fewest=fewest
    )
    return table, tuple(texts(found.notes))


def partner_files(
    result: TargetResult, *, fewest: int | None = None, handling: str = OUTSIDE_HANDLING
) -> dict[str, bytes]:
    """Return a list for partners by file name: CSV, GeoJSON, and a manifest of the two.

    Parameters
    ----------
    result
        The list as the force has it.
    fewest
        The least count shown, 0 apart; None for the setting ``fewest_shown``.
    handling
        What may be done with them: the force's own line usually forbids to share.

    Raises
    ------
    BadInputError
        As :func:`layers.suppression.suppress`.

    Notes
    -----
    A place is on the list because violence was recorded there, and the rank says how it compares:
    suppression hides numbers, not places. Whoever also holds another window's list can subtract.
    """
    table, said = partner_table(result, fewest=fewest)
    marking = marking_in_force()
    shown = [column for column in table.columns if column != "geometry"]
    layer = area_layer(
        table,
        [column for column in shown if column != "wkt"],
        name="partner_targets",
        title=f"Patrol areas for partners, {result.study_area.name}",
        marking=marking.marking,
        handling=handling,
        facts={},
        made=result.data_through,
        kinds={_COUNT: Kind.WHOLE, "easting": Kind.WHOLE, "northing": Kind.WHOLE},
    )
    head = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "profile": result.profile.name,
        "data_through": result.data_through.isoformat(),
        "notes": list(said),
        "version": VERSION,
        "marking": marking.marking,
        "handling": handling,
    }
    features = [
        feature(row["area_id"], row, outline)
        for row, outline in zip(layer.rows, layer.outlines, strict=True)
    ]
    files = {
        "partner_targets.csv": table_csv(table.loc[:, shown]),
        "partner_targets.geojson": collection(features, head),
    }
    manifest = {**head, "places": len(table), **digests(files)}
    written = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    return {**files, "partner_manifest.json": written.encode()}
