"""In waves: one outcome of a staggered operation, from occurrences to its verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.evaluation.counted import Tallied, monthly_series, tally
from spatial.evaluation.placing import area_ha
from spatial.evaluation.verdict import (
    LEADING,
    direction,
    harm_words,
    headline,
    next_door,
    told_words,
)
from spatial.evaluation.waves.course import staggered_course
from spatial.evaluation.waves.estimates import (
    HARM_RATIO,
    every_staggered_estimate,
    staggered_ratio,
)
from spatial.evaluation.waves.panel import SIDES, WavePanel
from spatial.evaluation_results import (
    CANNOT_TELL,
    FELL,
    PLACE_COLUMNS,
    ROSE,
    DisplacementAt,
    Outcome,
    SideCounts,
    Switching,
    Verdict,
)
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.operation import Operation
    from config.profile import Profile
    from spatial.evaluation.estimate import Estimate
    from spatial.evaluation.event_study import EventStudy
    from spatial.evaluation.placed import Placed
    from spatial.evaluation.waves.plan import WavePlan

_AGAINST: Final = "in the patrolled places, against places not yet patrolled"
_WORDS: Final = dict(
    zip(
        SIDES,
        (
            "patrolled places, before their own start",
            "patrolled places, from it on",
            "places not yet patrolled, before the first start",
            "places not yet patrolled, since it",
        ),
        strict=True,
    )
)
_FEW_A_MONTH: Final = 10.0
_LEVEL: Final = 0.05


def evaluate_waves(  # noqa: PLR0913 (what an outcome is judged by)
    placed: Placed,
    operation: Operation,
    plan: WavePlan,
    profile: Profile,
    *,
    name: str,
    role: str,
    minutes: NDArray[np.float64] | None = None,
) -> Outcome:
    """Evaluate one outcome of a staggered operation.

    Parameters
    ----------
    placed
        Its occurrences.
    plan
        Its waves and periods.
    name
        Of the outcome in ``placed.occurrences.counts_as``.
    role
        ``primary`` or ``secondary``.
    minutes
        Of patrol by patrolled place; None where not known.
    """
    found = _tally(placed, plan, placed.row, len(placed.treated), name)
    panel, whole_past = (
        plan.panel(
            found, outcome=profile.name, weighs_harm=profile.weighs_harm, with_choice=with_choice
        )
        for with_choice in (False, True)
    )
    chosen = bool(plan.periods.chosen_on.any())
    estimates = every_staggered_estimate(panel, with_choice=whole_past if chosen else None)
    first = int(panel.starts[0])
    few = panel.counts[panel.patrolled, :first].sum(axis=0).mean() < _FEW_A_MONTH
    study = staggered_course(panel, plan.leads(quarters=bool(few)))
    counts = _sides(panel)
    displaced = tuple(
        _displacement(placed, operation, plan, panel, name=name, metres=metres)
        for metres in placed.around
    )
    at = operation.buffer_m
    own = next((one for one in displaced if one.distance_m == at), None)
    never = placed.row >= placed.places
    series = monthly_series(
        placed.occurrences,
        placed.chosen(name),
        {
            "treated": (placed.row >= 0) & ~never,
            **({"comparators": never} if len(placed.treated) > placed.places else {}),
            **({"buffer": placed.around[at] >= 0} if at in placed.around else {}),
        },
        operation=operation,
        span=placed.span,
        weighs_harm=profile.weighs_harm,
    )
    return Outcome(
        profile,
        role,
        counts,
        estimates,
        _verdict(profile, operation, estimates, counts, own, study),
        displaced,
        series,
        _by_place(panel, placed, minutes),
        study,
        None,
        None,
        None,
        _unweighed(profile, found),
    )


def switched_in_waves(placed: Placed, plan: WavePlan, *, name: str, title: str) -> Switching:
    """Say whether other incidents changed in the same places, by the leading estimate."""
    found = _tally(placed, plan, placed.row, len(placed.treated), name)
    panel = plan.panel(found, outcome=name, weighs_harm=False)
    estimate, counts = staggered_ratio(panel), _sides(panel)
    said = headline(estimate, what=title[:1].lower() + title[1:], against=_AGAINST)
    return Switching(name, title, counts, estimate, f"{said} {_counts_words(counts)}")


def _tally(placed: Placed, plan: WavePlan, row: NDArray[np.int64], rows: int, name: str) -> Tallied:
    return tally(
        placed.occurrences,
        placed.chosen(name),
        row=row,
        column=plan.periods.of(placed.occurrences),
        shape=(rows, len(plan.periods.spans)),
    )


def _displacement(  # noqa: PLR0913 (one distance of one outcome)
    placed: Placed,
    operation: Operation,
    plan: WavePlan,
    panel: WavePanel,
    *,
    name: str,
    metres: int,
) -> DisplacementAt:
    rings = _tally(placed, plan, placed.around[metres], placed.places, name)
    counts = rings.incidents[:, ~plan.periods.chosen_on]
    # the rings take the patrolled places' rows: each against the rings of places that wait
    beside = replace(
        panel,
        counts=np.concatenate([counts, panel.counts[placed.places :]]),
        harm=None,
        squares=None,
        greatest=None,
    )
    estimate = staggered_ratio(beside, name="staggered_buffer")
    sides = tuple(replace(one, words=f"round the places: {one.words}") for one in _sides(beside))
    said = f"{sides[1].incidents:,} incidents after, {sides[0].incidents:,} before"
    return DisplacementAt(
        metres,
        metres in operation.distances_m,
        sides,
        (estimate,),
        area_ha(placed.ground.buffers[metres]),
        next_door(estimate, metres=metres, counts=said),
        placed.around_notes.get(metres, ()),
    )


def _sides(panel: WavePanel) -> tuple[SideCounts, ...]:
    found = []
    for side, inside in panel.sides().items():
        harm = None if panel.harm is None else float(panel.harm[inside].sum())
        found.append(
            SideCounts(
                side,
                _WORDS[side],
                int(panel.counts[inside].sum()),
                harm,
                int(inside.any(axis=1).sum()),
                float((inside * panel.days).sum()),
            )
        )
    return tuple(found)


def _by_place(
    panel: WavePanel, placed: Placed, minutes: NDArray[np.float64] | None
) -> pd.DataFrame:
    against = placed.ground.comparators
    ids = list(placed.ground.treated.area_ids)
    others = len(panel.wave) - len(ids)
    ids += (
        list(against.area_ids) if against is not None else [f"rest {n + 1}" for n in range(others)]
    )
    late = panel.began | (
        ~panel.patrolled[:, None] & (np.arange(len(panel.days)) >= panel.starts[0])
    )
    nothing = np.full(len(ids), np.nan)
    sums = [
        nothing if values is None else np.where(when, values, 0).sum(axis=1)
        for values in (panel.counts, panel.harm)
        for when in (~late, late)
    ]
    walked = nothing.copy()
    if minutes is not None:
        walked[: len(minutes)] = minutes
    group = np.where(panel.patrolled, "treated", "comparators")
    return pd.DataFrame(dict(zip(PLACE_COLUMNS, (ids, group, *sums, walked), strict=True)))


def _verdict(  # noqa: PLR0913, PLR0917 (all that a verdict weighs)
    profile: Profile,
    operation: Operation,
    estimates: tuple[Estimate, ...],
    counts: tuple[SideCounts, ...],
    own: DisplacementAt | None,
    study: EventStudy,
) -> Verdict:
    lead = estimates[0]
    assert lead.name == LEADING[operation.design]  # noqa: S101 (fixed beforehand)
    found = direction(lead)
    harm = [harm_words(one) for one in estimates if one.name == HARM_RATIO]
    cautions = []
    other = next((one for one in estimates if one.name == "did_with_choice_window"), None)
    if other is not None and direction(other) != found:
        cautions.append(
            "With the dates that the places were chosen on counted as before, it would come out as "
            f"{told_words(other)}: places chosen because they were high come down by themselves, "
            "so those dates are left out."
        )
    unlike = [one for one in (study.pre_trend_p, study.slope_p) if one is not None]
    if unlike and min(unlike) <= _LEVEL:
        cautions.append(
            "Places that began early and places that waited already moved apart before the start, "
            "so the difference after it cannot be put down to the patrols."
        )
    if found in {FELL, ROSE}:
        cautions.append(
            "Chance drew which places began first, so that they differ from those that waited by "
            "chance alone, but trouble that moved to places that waited would show as a fall too."
            if operation.order == "by_lot" and operation.comparators is None
            else "That is a difference from places that waited or were never patrolled; chance did "
            "not draw all of it, so whether patrols made it rests on those being what the others "
            "would have been."
        )
    elif found == CANNOT_TELL:
        cautions.append("Not being able to tell is not the same as nothing having changed.")
    return Verdict(
        found,
        lead.name,
        headline(lead, what=profile.title, against=_AGAINST),
        _counts_words(counts),
        own.words if own is not None else "",
        tuple(cautions),
        " ".join(harm),
    )


def _counts_words(counts: tuple[SideCounts, ...]) -> str:
    before, after, other_before, other_after = counts
    return (
        f"{after.incidents:,} incidents in {after.places} patrolled places from their own start on "
        f"({after.days:,.0f} place-days), {before.incidents:,} before it ({before.days:,.0f}); in "
        f"places not yet patrolled {other_after.incidents:,} since the first start "
        f"({other_after.days:,.0f}) and {other_before.incidents:,} before it "
        f"({other_before.days:,.0f})."
    )


def _unweighed(profile: Profile, tallied: Tallied) -> tuple[Note, ...]:
    if not profile.weighs_harm or not tallied.without_weight:
        return ()
    return (
        Note(
            f"{profile.title}: {tallied.without_weight:,} incidents have no harm weight. They are "
            "counted, and add nothing to harm.",
            loud=True,
        ),
    )
