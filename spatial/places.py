"""Places: the patrol areas of one subject, chosen as every analysis chooses them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.profile import Measure
from config.shifts import load_shifts
from spatial.expected import expect_harm
from spatial.hexes.counts import cell_dates
from spatial.hexes.gravest import gravest_harm
from spatial.incidents.moments import read_moments
from spatial.notes import Note, Notes, merged
from spatial.targets.areas.barriers import read_barriers
from spatial.targets.areas.drawn_counts import DrawnCounts, count_drawn
from spatial.targets.areas.drawn_ranking import rank_drawn
from spatial.targets.areas.growth import JOIN_SHARE, AreaRules
from spatial.targets.areas.parting import walkable
from spatial.targets.budget import coverage_curve
from spatial.targets.figures import PlaceFigures, figures_of
from spatial.targets.ranking import (
    RankedAreas,
    rank_by_value,
    ranking_values,
    shares_by_place,
    without_harm,
)
from spatial.targets.when.shifts import shift_values

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from config.profile import Profile
    from spatial.hexes.neighbours import Neighbours
    from spatial.hotspots.expected.expected_harm import ExpectedHarm
    from spatial.scene import Scene, Subject
    from spatial.targets.areas.drawn import DrawnAreas
    from spatial.targets.budget import Dose

SMOOTH_JOIN: Final = 0.5
"""Where cells are ranked by expected harm, which is smooth, a further one joins an area with at
least this share of its mean: a quarter would take in the surroundings of every hot cell."""


def require_places(places: int) -> None:
    """Refuse to choose no place.

    Raises
    ------
    BadInputError
        ``places`` is below 1.
    """
    if places < 1:
        msg = f"places is {places!r}: ask for at least 1."
        raise BadInputError(msg)


def ranking_measure(profile: Profile, measure: Measure | None) -> Measure:
    """Return what orders a profile's places: what is asked for, or its own.

    Raises
    ------
    BadInputError
        Harm of any kind is asked of antisocial behaviour.
    """
    if measure in {None, Measure.COUNT} or profile.weighs_harm:
        return measure or profile.ranking_measure
    msg = (
        f"Measure {str(measure)!r} cannot rank places of profile {profile.name!r}: antisocial "
        "behaviour has no harm weight. Use count."
    )
    raise BadInputError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class CellWorth:
    """By what the cells of one subject are ordered.

    Attributes
    ----------
    measure
        What it is of: the count, where harm was asked for and nothing has a weight.
    value
        Whole numbers, one per cell, shape (n,).
    dates
        See :func:`spatial.hexes.counts.cell_dates`; of one shift where that is ranked.
    seeds
        Cells from which an area may grow, shape (n,).
    expected_days
        Harm to be expected, days, shape (n,); None where it was not at hand and ranks nothing.
    weighed
        Whether what was asked for could be used.
    notes
        How one shift was taken.
    """

    measure: Measure
    value: NDArray[np.int64]
    dates: pd.DataFrame
    seeds: NDArray[np.bool_]
    expected_days: NDArray[np.float64] | None
    weighed: bool
    notes: Notes = ()


def cell_worth(
    subject: Subject,
    *,
    measure: Measure | None = None,
    expected: ExpectedHarm | None = None,
    shift: str | None = None,
) -> CellWorth:
    """Return by what a subject's cells are ordered.

    Parameters
    ----------
    subject
        Profile and window: nothing outside it is read.
    measure, expected
        See :func:`ranked_places`.
    shift
        Only what lies in the hours of this shift counts; None for the whole day.

    Raises
    ------
    BadInputError
        See :func:`spatial.targets.when.shifts.shift_values`.
    """
    asked = ranking_measure(subject.profile, measure)
    weighed = asked is Measure.COUNT or bool(subject.counts.harm.any())
    used = asked if weighed else Measure.COUNT
    if used is Measure.EXPECTED_HARM and expected is None:
        expected = expect_harm(subject)
    days = None if expected is None else expected.harm_days
    scene, condition, window = subject.scene, subject.condition, subject.window
    if shift is None:
        return CellWorth(
            used,
            ranking_values(subject.counts, used, expected_days=days),
            cell_dates(scene.connection, condition, window=window, grid=scene.grid),
            subject.counts.incidents > 0,
            days,
            weighed,
        )
    made = shift_values(
        read_moments(scene.connection, condition, window=window, resolution=scene.grid.resolution),
        scene.grid,
        shifts=load_shifts(),
        shift=shift,
        measure=used,
        expected_days=days,
    )
    return CellWorth(used, made.value, made.dates, made.seeds, days, weighed, made.notes)


def ranked_places(  # noqa: PLR0913 (one choice, as it may be asked for)
    subject: Subject,
    places: int,
    *,
    measure: Measure | None = None,
    expected: ExpectedHarm | None = None,
    rivals: int = 0,
    drawn: DrawnAreas | None = None,
    worth: CellWorth | None = None,
) -> RankedAreas:
    """Choose and order a subject's patrol areas.

    Parameters
    ----------
    subject
        Profile and window: nothing outside it is read.
    places
        How many are wanted.
    measure
        What orders them; None for the profile's own: expected harm, or the count for antisocial
        behaviour. Where nothing has a harm weight the count stands in, with a loud note.
    expected
        What is expected of the subject's cells, where it is at hand; else it is worked out.
    rivals
        How many of the next best are wanted beside them.
    drawn
        A force's own polygons, to choose among them instead of growing areas.
    worth
        By what its cells are ordered, where it is at hand, in place of ``measure`` and
        ``expected``.
    """
    worth = worth or cell_worth(subject, measure=measure, expected=expected)
    scene, rules = subject.scene, area_rules(subject, worth.measure)
    if drawn is not None:
        ranked = rank_drawn(
            counted_in(subject, drawn),
            measure=worth.measure,
            rules=rules,
            places=places,
            metric_system=scene.grid.study_area.metric_system,
            expected_days=worth.expected_days,
            rivals=rivals,
            separation_m=scene.settings.separation_m,
        )
        return ranked if worth.weighed else without_harm(ranked)
    adjoining, notes = walked(scene, rules)
    ranked = rank_by_value(
        worth.value,
        worth.dates,
        scene.grid,
        measure=worth.measure,
        rules=rules,
        places=places,
        seeds=worth.seeds,
        rivals=rivals,
        adjoining=adjoining,
        separation_m=scene.settings.separation_m,
    )
    ranked = replace(ranked, notes=merged(ranked.notes, worth.notes, notes))
    return ranked if worth.weighed else without_harm(ranked)


def walked(scene: Scene, rules: AreaRules) -> tuple[Neighbours | None, Notes]:
    """Return which cells adjoin on foot, by the barriers that the store keeps; None for one cell.

    The same for every list of a scene: also for :func:`spatial.targets.ranking.best_areas`.
    """
    if rules.most_cells == 1:
        return None, (_ONE_CELL,)
    barriers = read_barriers(
        scene.store.context_layers(), metric_system=scene.grid.study_area.metric_system
    )
    return walkable(scene.grid, barriers)


_ONE_CELL: Final = Note(
    "Each place is one cell: a railway, a river or the coast may run through it."
)


def counted_in(subject: Subject, drawn: DrawnAreas) -> DrawnCounts:
    """Count a subject into a force's own polygons."""
    return count_drawn(
        subject.scene.connection,
        subject.condition,
        window=subject.window,
        grid=subject.scene.grid,
        drawn=drawn,
    )


def place_figures(subject: Subject, ranked: RankedAreas) -> PlaceFigures:
    """Add up what the subject's window brought to each place."""
    gravest = gravest_harm(
        subject.scene.connection,
        subject.condition,
        window=subject.window,
        grid=subject.scene.grid,
    )
    return figures_of(ranked, subject.counts, gravest)


def coverage(
    subject: Subject,
    ranked: RankedAreas,
    *,
    dose: Dose,
    earlier: RankedAreas | None = None,
) -> pd.DataFrame:
    """Return what 1, 2, ... places hold of a subject's harm (incidents, where nothing weighs it).

    Parameters
    ----------
    subject
        Profile and window.
    ranked
        Its places, as many as the curve shall have.
    dose
        What patrolling a place takes.
    earlier
        Places chosen the same way on the window before; None where the data do not reach back.

    Returns
    -------
    See :func:`spatial.targets.budget.coverage_curve`.
    """
    summed = Measure.HARM if subject.counts.harm.any() else Measure.COUNT
    held = None
    if earlier is not None:
        held = shares_by_place(measured_on(subject, earlier), subject.counts, summed)
    shares = shares_by_place(ranked, subject.counts, summed)
    return coverage_curve(shares, held, dose=dose)


def measured_on(subject: Subject, earlier: RankedAreas) -> RankedAreas:
    """Return places chosen on another window with this subject's counts, where drawn by hand.

    Places of cells are returned as they are: cells are counted once for all.
    """
    if earlier.drawn is None:
        return earlier
    return replace(earlier, drawn=counted_in(subject, earlier.drawn.drawn))


def area_rules(subject: Subject, measure: Measure) -> AreaRules:
    """Return the sizes and least numbers of a patrol area, as settings and grid have them."""
    settings = subject.scene.settings
    # one cell of the coarse grid is as large as several of the fine one
    fine = subject.scene.grid.resolution > settings.coarse_resolution
    return AreaRules(
        fewest_cells=settings.fewest_cells if fine else 1,
        most_cells=settings.most_cells if fine else 1,
        fewest_incidents=settings.fewest_incidents,
        fewest_dates=settings.fewest_months if subject.monthly else settings.fewest_dates,
        dates_are_months=subject.monthly,
        join_share=SMOOTH_JOIN if measure is Measure.EXPECTED_HARM else JOIN_SHARE,
    )
