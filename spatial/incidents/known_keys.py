"""Known keys: which incidents have come before, at eight bytes each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np

from spatial.incidents.identity import KEY, key_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]


class KnownKeys:
    """A growing set of hashes, kept in sorted runs that double in length."""

    def __init__(self) -> None:
        self._runs: list[Hashes] = []

    def add_stored(self, parts: Sequence[str]) -> None:
        """Add the keys of every incident in Parquet files of a store, every version of it."""
        if not parts:
            return
        with duckdb.connect() as connection:
            reader = connection.sql(
                f"SELECT {key_hash(*KEY)} AS key FROM read_parquet(?)",  # noqa: S608 (our names)
                params=[list(parts)],
            ).to_arrow_reader(1 << 20)
            for batch in reader:
                self._add(np.unique(batch.column(0).to_numpy(zero_copy_only=False)))

    def repeats(self, keys: Hashes) -> NDArray[np.bool_]:
        """Say which of these came before, here or among them, and add the rest."""
        repeated = np.ones(len(keys), dtype=bool)
        distinct, first = np.unique(keys, return_index=True)
        repeated[first] = self._has(distinct)
        self._add(distinct[~repeated[first]])
        return repeated

    def _has(self, keys: Hashes) -> NDArray[np.bool_]:
        found = np.zeros(len(keys), dtype=bool)
        for run in self._runs:
            place = np.minimum(np.searchsorted(run, keys), len(run) - 1)
            found |= run[place] == keys
        return found

    def _add(self, distinct: Hashes) -> None:
        if not len(distinct):
            return
        run = distinct
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort()
        self._runs.append(run)
