"""Weighing: the stored incidents under another harm scheme, for one analysis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from config.harm_scheme import HarmScheme, load_harm_scheme
from config.harm_workbook import read_workbook
from config.offence import offence_table
from spatial.incidents.rows.offences import weight_of

if TYPE_CHECKING:
    import duckdb

_WEIGHTS: Final = pa.schema(
    [
        pa.field("ho_code", pa.string()),
        pa.field("prc_code", pa.string()),
        pa.field("category", pa.string()),
        pa.field("days", pa.float64()),
    ]
)


def scheme_named(weights: str) -> HarmScheme:
    """Return a shipped scheme by name, or one's own by the path of its .toml or .xlsx file.

    Raises
    ------
    BadInputError
        There is no such scheme, or its file cannot be used.
    """
    path = Path(weights)
    return read_workbook(path) if path.suffix.lower() == ".xlsx" else load_harm_scheme(weights)


def weigh_incidents(connection: duckdb.DuckDBPyConnection, scheme: HarmScheme) -> None:
    """Put other weights in place of the stored ones, in one connection.

    Parameters
    ----------
    connection
        Has the view ``incidents``, which is replaced: ``harm_days`` and ``harm_edition`` are those
        of the scheme, null where it has no weight. The store is left as it is.
    scheme
        The weights, applied as a load applies them: by code, class and category.

    Notes
    -----
    Each distinct combination of codes is weighed once, and joined back by plain SQL.
    """
    connection.execute("ALTER VIEW incidents RENAME TO stored_incidents")
    combinations = connection.execute(
        """
        SELECT DISTINCT CAST(ho_code AS VARCHAR), CAST(prc_code AS VARCHAR),
               CAST(category AS VARCHAR)
        FROM stored_incidents
        ORDER BY ALL
        """
    ).fetchall()
    table = offence_table()
    days = [
        weight_of(
            table.classify(ho_code, prc_code, category), scheme, ho_code=ho_code, prc_code=prc_code
        )
        for ho_code, prc_code, category in combinations
    ]
    columns = list(zip(*combinations, strict=True)) or [(), (), ()]
    rows = [*(pa.array(column, pa.string()) for column in columns), pa.array(days, pa.float64())]
    connection.register("chosen_weights", pa.Table.from_arrays(rows, schema=_WEIGHTS))
    label = scheme.edition.replace("'", "''")
    connection.execute(
        f"""
        CREATE VIEW incidents AS
        SELECT i.* REPLACE (
            w.days AS harm_days,
            CASE WHEN w.days IS NOT NULL THEN '{label}' END AS harm_edition
        )
        FROM stored_incidents i LEFT JOIN chosen_weights w
        ON i.ho_code IS NOT DISTINCT FROM w.ho_code
           AND i.prc_code IS NOT DISTINCT FROM w.prc_code
           AND i.category IS NOT DISTINCT FROM w.category
        """  # noqa: S608 (a label, quoted)
    )
