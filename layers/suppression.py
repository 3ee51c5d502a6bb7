"""Suppression: small counts kept back, and others with them, so that no sum gives them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from config.settings import load_settings
from spatial.notes import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from spatial.notes import Notes

# below this a count that is kept back could only be one number, and so would be given
_LEAST_FEWEST: Final = 3
_SHOW_ALL: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class Suppressed:
    """Counts as they may be shown.

    Attributes
    ----------
    shown
        Counts, NaN where kept back; float64, shape (n,).
    kept_back
        Which are kept back, small or not; bool, shape (n,). Which of them are the small ones is
        said nowhere.
    total
        The sum of all counts; None where it has to be kept back too.
    fewest
        The least number shown, 0 apart.
    """

    shown: NDArray[np.float64]
    kept_back: NDArray[np.bool_]
    total: int | None
    fewest: int

    @property
    def notes(self) -> Notes:
        """What must be said beside the table; nothing where nothing is kept back."""
        number = int(self.kept_back.sum())
        if not number:
            return ()
        total = "" if self.total is not None else " So is their total."
        return (
            Note(
                f"Counts of 1 to {self.fewest - 1} are kept back, and as many larger ones as it "
                f"takes that nobody can work them out from a total: {number} of "
                f"{len(self.kept_back)}.{total} A blank is not 0."
            ),
        )


def suppress(counts: ArrayLike, *, fewest: int | None = None) -> Suppressed:
    """Keep back counts of 1 to ``fewest`` - 1, and the next larger ones until none can be derived.

    Parameters
    ----------
    counts
        Whole numbers from 0, shape (n,), whose sum a reader may know, from this table or elsewhere.
    fewest
        The least number to show; None for the setting ``fewest_shown``. 1 keeps nothing back.

    Returns
    -------
    See :class:`Suppressed`. 0 is shown: it says of no person that anything happened to them.

    Raises
    ------
    BadInputError
        ``fewest`` is below 1, or 2, under which a blank could only be a 1.

    Notes
    -----
    All counts up to a cut are kept back, and the cut is the least for which a reader who knows the
    sum, and which of the blanks are small, is left with two values or more for every one of them.
    Equal counts are treated alike, for a choice among them would itself say something: tests search
    every table of up to five counts and find none that this rule, known to the reader, gives away.
    Where no cut will do (a single count, or too few incidents), the sum is kept back as well; a
    reader who knows it from elsewhere then knows the counts. Two tables of windows that differ by
    little can still be subtracted: publish whole months, once.
    """
    least = load_settings().fewest_shown if fewest is None else fewest
    if least != _SHOW_ALL and least < _LEAST_FEWEST:
        msg = (
            f"fewest_shown {least!r} hides nothing: a count kept back could only be 1. Set "
            f"{_LEAST_FEWEST} or more, or {_SHOW_ALL} to show every count."
        )
        raise BadInputError(msg)
    given = np.asarray(counts, dtype=np.int64)
    small = (given > 0) & (given < least)
    if not small.any():
        return _as_shown(given, small, fewest=least, total=True)
    for cut in (least - 1, *np.unique(given[given >= least]).tolist()):
        kept = (given > 0) & (given <= cut)
        if _protected(given, kept, fewest=least):
            return _as_shown(given, kept, fewest=least, total=True)
    return _as_shown(given, given > 0, fewest=least, total=False)


def suppress_table(
    table: pd.DataFrame,
    *,
    count: str,
    telling: Sequence[str] = (),
    fewest: int | None = None,
) -> tuple[pd.DataFrame, Suppressed]:
    """Keep back the small counts of a table, and what else in their rows would tell them.

    Parameters
    ----------
    table
        One row for each place or period.
    count
        The column of counts.
    telling
        Columns from which a count could be read: harm, shares, reasons. Blank where it is.
    fewest
        See :func:`suppress`.

    Returns
    -------
    The table with blanks and a column ``kept_back`` after ``count``, and the counts as shown.

    Raises
    ------
    BadInputError
        As :func:`suppress`.
    """
    found = suppress(table[count].to_numpy(), fewest=fewest)
    shown = table.astype(dict.fromkeys((count, *telling), object))
    shown.loc[found.kept_back, [count, *telling]] = None
    place = list(shown.columns).index(count) + 1
    shown.insert(place, "kept_back", np.where(found.kept_back, "yes", "no"))
    return shown, found


def _as_shown(
    counts: NDArray[np.int64], kept: NDArray[np.bool_], *, fewest: int, total: bool
) -> Suppressed:
    return Suppressed(
        shown=np.where(kept, np.nan, counts.astype(np.float64)),
        kept_back=kept,
        total=int(counts.sum()) if total else None,
        fewest=fewest,
    )


def _protected(counts: NDArray[np.int64], kept: NDArray[np.bool_], *, fewest: int) -> bool:
    """Return whether each count kept back could be two values or more, its sum being known."""
    hidden = counts[kept]
    small = hidden < fewest
    # a larger one is at least the threshold, and below whatever is still shown
    still = counts[~kept & (counts > 0)]
    ceiling = int(still.min()) - 1 if len(still) else int(counts.sum())
    least = np.where(small, 1, fewest)
    most = np.where(small, fewest - 1, ceiling)
    total = int(hidden.sum())
    low = np.maximum(least, total - (most.sum() - most))
    high = np.minimum(most, total - (least.sum() - least))
    return bool((high > low).all())
