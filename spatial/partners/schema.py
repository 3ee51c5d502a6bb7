"""The partner record: one row of what a partner saw, its columns and their types."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from spatial.incidents.schema import RESOLUTIONS, cell_column

EXACT: Final = "exact"
NAMED: Final = "named place"
STREET: Final = "street"
UNMATCHED: Final = "unmatched"

_WORD: Final = pa.dictionary(pa.int32(), pa.string())

PARTNER_SCHEMA: Final = pa.schema(
    [
        # A hash of what the row says and its place among rows that say the same: no partner's own
        # number is read.
        pa.field("partner_id", pa.string(), nullable=False),
        pa.field("source", _WORD, nullable=False),
        # ambulance, emergency_department or deaths.
        pa.field("kind", _WORD, nullable=False),
        # Europe/London wall-clock, without a zone.
        pa.field("occurred_from", pa.timestamp("s"), nullable=False),
        pa.field("occurred_to", pa.timestamp("s")),
        pa.field("time_precision", _WORD, nullable=False),
        # Degrees, EPSG:4326; null where the row gives no place that could be found.
        pa.field("longitude", pa.float64()),
        pa.field("latitude", pa.float64()),
        pa.field("location_precision_m", pa.float32()),
        # body_part, blade, bottle, firearm, other or unknown.
        pa.field("weapon", _WORD, nullable=False),
        # How the place was found: exact, named place, street or unmatched.
        pa.field("place_confidence", _WORD, nullable=False),
        pa.field("load_id", _WORD, nullable=False),
        *(pa.field(cell_column(resolution), pa.uint64()) for resolution in RESOLUTIONS),
    ]
)
"""Where the row stood in which file is not kept: it would lead back to the name of the place."""
