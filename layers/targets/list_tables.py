"""List tables: what lies beside a list of places, as CSV: dropped, changed by hand, the curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.formats.tables import table_csv
from layers.formats.values import clean_text
from layers.marking import marking_in_force

if TYPE_CHECKING:
    import pandas as pd

    from spatial.results import TargetResult

_DECIMALS: Final = {"officer_hours": 2, "share": 6, "held_out_share": 6}


def list_tables(result: TargetResult) -> dict[str, bytes]:
    """Return the tables beside a list by file name, each row with its run and marking.

    Returns
    -------
    ``dropped.csv`` (places of the earlier list that are not on this one, and why), ``coverage.csv``
    (harm covered against officer-hours), ``overrides.csv`` (what became of each change by hand) and
    ``removals.csv`` (what stands in a place that may be no patrol's work). A table without a row
    has its header alone; one that the result does not have is left out.
    """
    tables = {
        "dropped.csv": result.dropped,
        "coverage.csv": result.coverage,
        "overrides.csv": result.overrides,
        "removals.csv": result.removals,
    }
    return {
        name: table_csv(_told(table, result.run_id))
        for name, table in tables.items()
        if len(table.columns)
    }


def _told(table: pd.DataFrame, run_id: str) -> pd.DataFrame:
    clean = table.map(lambda value: clean_text(value) if isinstance(value, str) else value)
    decimals = {column: places for column, places in _DECIMALS.items() if column in table.columns}
    return clean.round(decimals).assign(run_id=run_id, marking=marking_in_force().marking)
