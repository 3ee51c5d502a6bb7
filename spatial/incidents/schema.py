"""The incident: one row of the store, its columns and their types."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

RESOLUTIONS: Final = (8, 9, 10)
"""H3 resolutions at which every point is indexed as it is loaded, each from the point itself."""

FLAGS: Final = ("domestic", "public_place", "knife", "firearm", "weapon")
TRUE, FALSE, UNKNOWN = "true", "false", "unknown"

_WORD: Final = pa.dictionary(pa.int32(), pa.string())

INCIDENT_SCHEMA: Final = pa.schema(
    [
        pa.field("incident_id", pa.string(), nullable=False),
        pa.field("source", _WORD, nullable=False),
        pa.field("force", _WORD),
        # Europe/London wall-clock, without a zone.
        pa.field("occurred_from", pa.timestamp("s"), nullable=False),
        pa.field("occurred_to", pa.timestamp("s")),
        pa.field("time_precision", _WORD, nullable=False),
        # Degrees, EPSG:4326; null where the source gives no usable location.
        pa.field("longitude", pa.float64()),
        pa.field("latitude", pa.float64()),
        pa.field("location_precision_m", pa.float32()),
        pa.field("ho_code", _WORD),
        pa.field("prc_code", _WORD),
        pa.field("category", _WORD),
        pa.field("tier", _WORD, nullable=False),
        # Days; null where the offence has no weight (never zero in its place).
        pa.field("harm_days", pa.float64()),
        pa.field("harm_edition", _WORD),
        *(pa.field(flag, _WORD, nullable=False) for flag in FLAGS),
        pa.field("relationship", _WORD, nullable=False),
        pa.field("victim_age_band", _WORD, nullable=False),
        pa.field("load_id", _WORD, nullable=False),
        # Beyond the contract: where the row came from, and its cells (null without a location).
        pa.field("source_file", _WORD, nullable=False),
        pa.field("source_row", pa.int64(), nullable=False),
        *(pa.field(f"h3_{resolution:02d}", pa.uint64()) for resolution in RESOLUTIONS),
        # GeoParquet: WKB point, EPSG:4326, the same position as longitude and latitude.
        pa.field("geometry", pa.binary()),
    ]
)


def cell_column(resolution: int) -> str:
    """Return the name of the column that holds cells of a resolution."""
    return f"h3_{resolution:02d}"
