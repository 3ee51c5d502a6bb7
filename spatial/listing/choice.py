"""The choice: as many ranked areas as are asked for, and what more or fewer would hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.profile import Measure
from spatial.places import CellWorth, cell_worth, coverage, measured_on, ranked_places
from spatial.scene import count_subject
from spatial.targets.budget import (
    hours_for,
    places_for_hours,
    places_for_share,
    what_more_buys,
)
from spatial.targets.ranking import RankedAreas, held_out, shares_by_place
from spatial.window import day_words

if TYPE_CHECKING:
    import pandas as pd

    from spatial.hotspots.expected.expected_harm import ExpectedHarm
    from spatial.listing.asked import Asked
    from spatial.scene import Subject

# so many times the places asked for contend for a rank
_CONTENDERS: Final = 4
# the curve goes on to twice the list, and by so many places at least
_FURTHER: Final = 10
# places looked at for a share of harm, before all that qualify are
_FIRST_LOOK: Final = 64
_MORE_HOURS: Final = (10.0, 100.0)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Ranked areas of one subject, before people's changes.

    Attributes
    ----------
    ranked
        The areas asked for, and the next best.
    places
        How many the number, the hours or the share come to.
    worth
        By what cells are ordered.
    curve, more_hours
        See :class:`spatial.results.TargetResult`.
    held_out_share, held_out_note
        What places chosen the same way on the window before hold of this one; None and why not.
    """

    ranked: RankedAreas
    places: int
    worth: CellWorth
    curve: pd.DataFrame
    more_hours: str
    held_out_share: float | None
    held_out_note: str


def choose(subject: Subject, asked: Asked, expected: ExpectedHarm | None) -> Choice:
    """Choose the areas that a request asks for.

    Raises
    ------
    BadInputError
        The hours are below one visit or one place, no list holds the share asked for, or the data
        cannot tell the shift.
    """
    worth = cell_worth(subject, measure=asked.measure, expected=expected, shift=asked.shift)
    places = number_of_places(subject, asked, worth)
    ranked = _ranked(subject, places, asked, worth)
    reach = max(2 * places, places + _FURTHER)
    earlier, why_not = _earlier(subject)
    share: float | None = None
    longer: RankedAreas | None = None
    before: CellWorth | None = None
    if earlier is not None:
        # from the earlier window alone: what is expected of it has seen nothing of this one
        before, why_not = _earlier_worth(earlier, asked)
    if earlier is not None and before is not None:
        chosen = _ranked(earlier, places, asked, before)
        longer = _longer(earlier, chosen, reach, asked, before)
        share, why_not = held_out(
            measured_on(subject, chosen),
            subject.counts,
            measure=summed(subject),
            before=earlier.window,
        )
    curve = coverage(
        subject,
        _longer(subject, ranked, reach, asked, worth),
        dose=asked.dose,
        earlier=longer,
    )
    return Choice(
        ranked,
        places,
        worth,
        curve,
        _more(curve, len(ranked.areas), asked, _counted(subject)),
        share,
        why_not,
    )


def number_of_places(subject: Subject, asked: Asked, worth: CellWorth) -> int:
    """Return how many places a budget comes to on one subject."""
    budget = asked.budget
    if budget.places is not None:
        return budget.places
    if budget.officer_hours is not None:
        return places_for_hours(budget.officer_hours, asked.dose)
    share = float(budget.harm_share or 0.0)
    look = _FIRST_LOOK
    while True:
        ranked = ranked_places(subject, look, drawn=asked.drawn, worth=worth)
        shares = shares_by_place(ranked, subject.counts, summed(subject))
        # the list for k places is the head of that for more
        if shares.sum() >= share or len(ranked.areas) < look:
            return places_for_share(share, shares, what=_counted(subject))
        look *= 8


def summed(subject: Subject) -> Measure:
    """Return what shares are of: harm, or incidents where nothing weighs it."""
    return Measure.HARM if subject.counts.harm.any() else Measure.COUNT


def _ranked(subject: Subject, places: int, asked: Asked, worth: CellWorth) -> RankedAreas:
    rivals = max((_CONTENDERS - 1) * places, _FURTHER)
    return ranked_places(subject, places, rivals=rivals, drawn=asked.drawn, worth=worth)


def _longer(
    subject: Subject, ranked: RankedAreas, reach: int, asked: Asked, worth: CellWorth
) -> RankedAreas:
    """Return the same list with more places."""
    if subject.scene.settings.separation_m > 0:
        # the next best lie wherever they do; those of a longer list lie apart
        return ranked_places(subject, reach, drawn=asked.drawn, worth=worth)
    return replace(ranked, areas=(*ranked.areas, *ranked.rivals)[:reach], rivals=())


def _earlier(subject: Subject) -> tuple[Subject | None, str]:
    reach = subject.scene.store.data_from
    if subject.window.first <= reach:
        return None, "No out-of-sample figure: the data begin with this window or in it."
    before = subject.window.before()
    if reach > before.first:
        return None, (
            f"No out-of-sample figure: it needs data from {day_words(before.first)}, and the "
            f"store begins on {day_words(reach)}."
        )
    return count_subject(subject.scene, subject.profile, before), ""


def _earlier_worth(earlier: Subject, asked: Asked) -> tuple[CellWorth | None, str]:
    try:
        return cell_worth(earlier, measure=asked.measure, shift=asked.shift), ""
    except BadInputError as error:
        # the window asked about can be answered; only the one before it cannot tell the shift
        return None, f"No out-of-sample figure for {earlier.window.words}: {error}"


def _counted(subject: Subject) -> str:
    return "harm" if summed(subject) is Measure.HARM else "incidents"


def _more(curve: pd.DataFrame, places: int, asked: Asked, what: str) -> str:
    few, many = _MORE_HOURS
    spent = hours_for(places, asked.dose)
    left_over = max((asked.budget.officer_hours or 0.0) - spent, 0.0)
    said, further = (
        what_more_buys(
            curve, places, dose=asked.dose, more_hours=more, left_over=left_over, what=what
        )
        for more in (few, many)
    )
    if len(curve) <= places or left_over + few >= asked.dose.place_hours:
        return said
    return f"{said} {further}"
