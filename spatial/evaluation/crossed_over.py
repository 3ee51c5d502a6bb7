"""Crossed over: one outcome of a randomised crossover, from occurrences to its verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.evaluation.counted import Tallied, column_of, crossover_panel, monthly_series, tally
from spatial.evaluation.crossover.analysis import BESIDE, analyse_crossover
from spatial.evaluation.crossover.dose import dose_response
from spatial.evaluation.crossover.panel import CrossoverPanel
from spatial.evaluation.crossover.rate_ratio import crossover_rate_ratio
from spatial.evaluation.placing import area_ha
from spatial.evaluation.verdict import (
    LEADING,
    direction,
    harm_words,
    headline,
    many,
    next_door,
)
from spatial.evaluation_results import (
    CANNOT_TELL,
    FELL,
    PLACE_COLUMNS,
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
    from spatial.evaluation.crossover.analysis import CrossoverResult
    from spatial.evaluation.crossover.design import CrossoverDesign
    from spatial.evaluation.crossover.dose import Dose
    from spatial.evaluation.estimate import Estimate
    from spatial.evaluation.placed import Placed

_AGAINST: Final = "on days drawn for a patrol, against the same places' other days"


def evaluate_crossover(  # noqa: PLR0913 (what an outcome is judged by)
    placed: Placed,
    operation: Operation,
    design: CrossoverDesign,
    profile: Profile,
    *,
    name: str,
    role: str,
    largest_days: float | None,
    dose: Dose | None,
    drawn: NDArray[np.bool_] | None,
    draws: int,
    seed: int,
) -> tuple[Outcome, CrossoverResult]:
    """Evaluate one outcome of a randomised crossover, as it was drawn.

    Parameters
    ----------
    placed
        Its occurrences; no row is a comparator's.
    name
        Of the outcome in ``placed.occurrences.counts_as``.
    dose
        What was delivered; None without visits.
    drawn
        The draw made again, where it kept a longest wait; None where each day was drawn by itself.
    draws, seed
        Of the re-randomisation, where it has no exact sum.
    """
    found = _tally(placed, design, placed.row, name)
    at = operation.buffer_m
    around = (
        _tally(placed, design, placed.around[at], name).incidents if at in placed.around else None
    )
    panel = crossover_panel(
        found,
        around,
        design,
        outcome=profile.name,
        weighs_harm=profile.weighs_harm,
        largest_days=largest_days,
    )
    delivered = None if dose is None else dose.delivered
    result = analyse_crossover(panel, delivered=delivered, drawn=drawn, draws=draws, seed=seed)
    sides = _sides(panel)
    displaced = tuple(
        _displacement(placed, operation, design, profile, name=name, metres=metres, drawn=drawn)
        for metres in placed.around
    )
    own = next((one for one in displaced if one.distance_m == at), None)
    response, notes = None, _unweighed(profile, found)
    if dose is not None:
        response, more = dose_response(panel.counts, design, dose)
        notes = (*notes, *more)
    series = monthly_series(
        placed.occurrences,
        placed.chosen(name),
        {
            "treated": placed.row >= 0,
            **({"buffer": placed.around[at] >= 0} if at in placed.around else {}),
        },
        operation=operation,
        span=placed.span,
        weighs_harm=profile.weighs_harm,
    )
    outcome = Outcome(
        profile, role, sides, result.estimates, _verdict(profile, operation, result, sides, own),
        displaced, series, _by_place(panel, dose), None, result.balance, result.achieved, response,
        notes,
    )  # fmt: skip
    return outcome, result


def switched_on_days(
    placed: Placed,
    design: CrossoverDesign,
    *,
    name: str,
    title: str,
    drawn: NDArray[np.bool_] | None,
) -> Switching:
    """Say whether other incidents differed between the same places' days."""
    panel = CrossoverPanel(design, name, _tally(placed, design, placed.row, name).incidents)
    estimate = crossover_rate_ratio(panel.counts, design, outcome=name, drawn=drawn)
    sides = _sides(panel)
    said = headline(estimate, what=title[:1].lower() + title[1:], against=_AGAINST)
    return Switching(name, title, sides, estimate, f"{said} {_counts_words(sides)}")


def _tally(placed: Placed, design: CrossoverDesign, place: NDArray[np.int64], name: str) -> Tallied:
    return tally(
        placed.occurrences,
        placed.chosen(name),
        row=column_of(placed.occurrences, design.dates),
        column=place,
        shape=design.treated.shape,
    )


def _displacement(  # noqa: PLR0913 (one distance of one outcome)
    placed: Placed,
    operation: Operation,
    design: CrossoverDesign,
    profile: Profile,
    *,
    name: str,
    metres: int,
    drawn: NDArray[np.bool_] | None,
) -> DisplacementAt:
    counts = _tally(placed, design, placed.around[metres], name).incidents
    estimate = crossover_rate_ratio(
        counts, design, outcome=profile.name, drawn=drawn, name="crossover_buffer_rate_ratio"
    )
    estimate = replace(estimate, notes=(*estimate.notes, BESIDE))
    sides = tuple(
        replace(one, words=f"round the places, {one.words}")
        for one in _sides(CrossoverPanel(design, profile.name, counts))
    )
    drawn_on, others = sides[0].incidents, sides[1].incidents
    said = f"{many(drawn_on, 'incident')} on patrolled days, {others:,} on others"
    return DisplacementAt(
        metres,
        metres in operation.distances_m,
        sides,
        (estimate,),
        area_ha(placed.ground.buffers[metres]),
        next_door(estimate, metres=metres, counts=said),
        placed.around_notes.get(metres, ()),
    )


def _sides(panel: CrossoverPanel) -> tuple[SideCounts, ...]:
    design, places = panel.design, len(panel.design.area_ids)
    found = []
    for side, words, rows in (
        ("treated_days", "days drawn for a patrol", design.treated),
        ("control_days", "other days", ~design.treated),
    ):
        harm = None if panel.harm_days is None else float(panel.harm_days[rows].sum())
        found.append(
            SideCounts(side, words, int(panel.counts[rows].sum()), harm, places, float(rows.sum()))
        )
    return tuple(found)


def _by_place(panel: CrossoverPanel, dose: Dose | None) -> pd.DataFrame:
    design, on = panel.design, panel.design.treated
    nobody = np.full(len(design.area_ids), np.nan)
    sides = [
        nobody if values is None else np.where(rows, values, 0).sum(axis=0)
        for values in (panel.counts, panel.harm_days)
        for rows in (~on, on)
    ]
    minutes = nobody if dose is None else dose.minutes.sum(axis=0)
    columns = (list(design.area_ids), ["treated"] * len(design.area_ids), *sides, minutes)
    return pd.DataFrame(dict(zip(PLACE_COLUMNS, columns, strict=True)))


def _verdict(
    profile: Profile,
    operation: Operation,
    result: CrossoverResult,
    sides: tuple[SideCounts, ...],
    own: DisplacementAt | None,
) -> Verdict:
    lead: Estimate = result.estimates[0]
    assert lead.name == LEADING[operation.design]  # noqa: S101 (fixed beforehand)
    found = direction(lead)
    harm = [harm_words(one) for one in result.estimates if one.name == "crossover_harm_ratio"]
    cautions = []
    if found == CANNOT_TELL:
        cautions.append("Not being able to tell is not the same as nothing having changed.")
        if result.achieved is not None:
            cautions.append(result.achieved.words)
    lagged = [
        one
        for one in result.estimates
        if one.name.startswith("crossover_carry_over_") and direction(one) == FELL
    ]
    if lagged:
        cautions.append(
            "Places stayed quieter on days after a patrol, so that this figure may understate what "
            "patrols do."
        )
    return Verdict(
        found,
        lead.name,
        headline(lead, what=profile.title, against=_AGAINST),
        _counts_words(sides),
        own.words if own is not None else "",
        tuple(cautions),
        " ".join(harm),
    )


def _counts_words(sides: tuple[SideCounts, ...]) -> str:
    treated, control = sides
    return (
        f"{many(treated.incidents, 'incident')} on {treated.days:,.0f} patrolled place-days "
        f"against {control.incidents:,} on {control.days:,.0f} others."
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
