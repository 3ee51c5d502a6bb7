"""Places: the patrol areas of one subject, chosen as every analysis chooses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.profile import Measure
from spatial.expected import expect_harm
from spatial.hexes.counts import cell_dates
from spatial.targets.areas import JOIN_SHARE, AreaRules
from spatial.targets.ranking import RankedAreas, rank_areas, without_harm

if TYPE_CHECKING:
    from config.profile import Profile
    from spatial.hotspots.expected.expected_harm import ExpectedHarm
    from spatial.scene import Subject

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


def ranked_places(
    subject: Subject,
    places: int,
    *,
    measure: Measure | None = None,
    expected: ExpectedHarm | None = None,
    rivals: int = 0,
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
    """
    asked = ranking_measure(subject.profile, measure)
    weighed = asked is Measure.COUNT or bool(subject.counts.harm.any())
    used = asked if weighed else Measure.COUNT
    if used is Measure.EXPECTED_HARM and expected is None:
        expected = expect_harm(subject)
    scene = subject.scene
    dates = cell_dates(scene.connection, subject.condition, window=subject.window, grid=scene.grid)
    ranked = rank_areas(
        subject.counts,
        dates,
        scene.grid,
        measure=used,
        rules=area_rules(subject, used),
        places=places,
        expected_days=None if expected is None else expected.harm_days,
        rivals=rivals,
    )
    return ranked if weighed else without_harm(ranked)


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
