"""A file of visits: which place, when, for how many minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from config.errors import BadInputError
from spatial.evaluation.crossover.dose import NEEDED

if TYPE_CHECKING:
    from pathlib import Path


def read_visits(path: Path) -> pd.DataFrame:
    """Read ``area_id, start, minutes``; other columns are left out, whoever they may name.

    Raises
    ------
    BadInputError
        The file cannot be read as CSV, or a column is missing.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        msg = f"{path.name} cannot be read as CSV ({error}). Save it again as CSV UTF-8."
        raise BadInputError(msg) from error
    for column in NEEDED:
        if column not in table.columns:
            msg = f"{path.name} has no column {column!r}. Give area_id, start and minutes."
            raise BadInputError(msg)
    return table.loc[:, list(NEEDED)]
