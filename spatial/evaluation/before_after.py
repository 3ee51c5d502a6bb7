"""Before and after: one outcome of places and comparators, from occurrences to its verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from spatial.evaluation.counted import (
    Tallied,
    monthly_series,
    period_panel,
    sides_of,
    tally,
    totals_of,
)
from spatial.evaluation.difference import did_negative_binomial
from spatial.evaluation.displacement_quotient import displacement_quotient
from spatial.evaluation.estimate import Estimate
from spatial.evaluation.estimates import every_estimate
from spatial.evaluation.event_study import FEWEST_BEFORE, event_study
from spatial.evaluation.panel import COUNT, HARM, Panel
from spatial.evaluation.periods import Periods, operation_periods
from spatial.evaluation.placing import area_ha
from spatial.evaluation.rate_ratio import naive_before_after, rate_ratio
from spatial.evaluation.synthetic_control import synthetic_control
from spatial.evaluation.totals import Totals
from spatial.evaluation.verdict import (
    LEADING,
    direction,
    harm_words,
    headline,
    many,
    next_door,
    told_words,
)
from spatial.evaluation.wdd import wdd
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
    from spatial.evaluation.event_study import EventStudy
    from spatial.evaluation.placed import Placed

SINCE_CHOICE: Final = "naive_since_choice"
"""The patrolled places against the dates they were chosen on: what a chart of both shows."""

_AGAINST: Final = "in the patrolled places, against the comparison places"
_OF_CHOICE: Final = frozenset({"did_with_choice_window", SINCE_CHOICE})
_QUARTER: Final = 3
_FEW_A_MONTH: Final = 10.0
_LEVEL: Final = 0.05


def evaluate_before_after(  # noqa: PLR0913 (what an outcome is judged by)
    placed: Placed,
    operation: Operation,
    profile: Profile,
    *,
    name: str,
    role: str,
    largest_days: float | None,
    minutes: NDArray[np.float64] | None = None,
) -> Outcome:
    """Evaluate one outcome of a before-after or matched design.

    Parameters
    ----------
    placed
        Its occurrences.
    name
        Of the outcome in ``placed.occurrences.counts_as``.
    role
        ``primary`` or ``secondary``.
    largest_days
        The greatest weight that an incident of the profile could have.
    minutes
        Of patrol by patrolled place; None where not known.

    Raises
    ------
    BadInputError
        There is no time before outside the dates of choice.
    """
    periods = operation_periods(operation)
    panel, tallied = _panel(placed, profile, periods, name=name, largest_days=largest_days)
    at = operation.buffer_m
    around = _around(placed, periods, name, at)
    harm_around = _around(placed, periods, name, at, measure=HARM)
    estimates = list(
        every_estimate(
            panel, treated_around=around[0], control_around=around[1], harm_around=harm_around
        )
    )
    naive = estimates.pop()
    estimates += [*_synthetic(panel), *_since_choice(panel), naive]
    study = _event_study(placed, operation, profile, name=name, panel=panel)
    counts = sides_of(panel, against="comparison places")
    displaced = tuple(
        _displacement(placed, operation, panel, periods, name=name, metres=metres)
        for metres in placed.around
    )
    own = next((one for one in displaced if one.distance_m == at), None)
    if not placed.choice_held:
        # the data do not reach over the dates of choice: what rests on them says nothing
        estimates = [one for one in estimates if one.name not in _OF_CHOICE]
    verdict = _verdict(profile, operation, estimates, counts, own, study)
    series = monthly_series(
        placed.occurrences,
        placed.chosen(name),
        {
            "treated": (placed.row >= 0) & (placed.row < placed.places),
            "comparators": placed.row >= placed.places,
            **({"buffer": placed.around[at] >= 0} if at in placed.around else {}),
        },
        operation=operation,
        span=placed.span,
        weighs_harm=profile.weighs_harm,
    )
    return Outcome(
        profile, role, counts, tuple(estimates), verdict, displaced, series,
        _by_place(panel, placed, minutes), study, None, None, None,
        _unweighed(profile, tallied),
    )  # fmt: skip


def switched(placed: Placed, operation: Operation, *, name: str, title: str) -> Switching:
    """Say whether other incidents changed in the same places, by the leading estimate."""
    periods = operation_periods(operation)
    found = _tally(placed, periods, placed.row, len(placed.treated), name)
    panel = period_panel(
        found, periods, treated=placed.treated, outcome=name, weighs_harm=False, largest_days=None
    )
    estimate = did_negative_binomial(panel)
    counts = sides_of(panel, against="comparison places")
    said = headline(estimate, what=title[:1].lower() + title[1:], against=_AGAINST)
    return Switching(name, title, counts, estimate, f"{said} {_counts_words(counts)}")


def _panel(
    placed: Placed, profile: Profile, periods: Periods, *, name: str, largest_days: float | None
) -> tuple[Panel, Tallied]:
    found = _tally(placed, periods, placed.row, len(placed.treated), name)
    panel = period_panel(
        found,
        periods,
        treated=placed.treated,
        outcome=profile.name,
        weighs_harm=profile.weighs_harm,
        largest_days=largest_days,
    )
    return panel, found


def _tally(
    placed: Placed, periods: Periods, row: NDArray[np.int64], rows: int, name: str
) -> Tallied:
    return tally(
        placed.occurrences,
        placed.chosen(name),
        row=row,
        column=periods.of(placed.occurrences),
        shape=(rows, len(periods.spans)),
    )


def _around(
    placed: Placed, periods: Periods, name: str, metres: int, *, measure: str = COUNT
) -> tuple[Totals | None, Totals | None]:
    found: list[Totals | None] = []
    for rings, rows in (
        (placed.around, placed.places),
        (placed.around_comparators, len(placed.treated) - placed.places),
    ):
        if metres not in rings:
            found.append(None)
            continue
        tallied = _tally(placed, periods, rings[metres], rows, name)
        found.append(totals_of(tallied, periods, measure=measure))
    return found[0], found[1]


def _displacement(  # noqa: PLR0913 (one distance of one outcome)
    placed: Placed,
    operation: Operation,
    panel: Panel,
    periods: Periods,
    *,
    name: str,
    metres: int,
) -> DisplacementAt:
    rings = _tally(placed, periods, placed.around[metres], placed.places, name)
    # the rings take the patrolled places' rows, against the same comparators
    counts = np.concatenate([rings.incidents, panel.counts[~panel.treated]])
    mine = np.arange(len(counts)) < placed.places
    beside = Panel(panel.outcome, counts, panel.days, mine, panel.after, panel.chosen_on)
    around, around_control = _around(placed, periods, name, metres)
    treated, control = (panel.totals(treated=side) for side in (True, False))
    own = totals_of(rings, periods)
    estimates = [
        replace(did_negative_binomial(beside), name="did_buffer"),
        replace(rate_ratio(own, control, outcome=panel.outcome), name="rate_ratio_buffer"),
    ]
    if around is not None and around_control is not None:
        estimates.append(
            wdd(
                treated, control, outcome=panel.outcome, treated_around=around,
                control_around=around_control,
            )
        )  # fmt: skip
    estimates += displacement_quotient(treated, own, control, outcome=panel.outcome)
    sides = sides_of(beside, against="comparison places")
    counts_shown = tuple(
        replace(one, words=one.words.replace("patrolled places", "round the places"))
        for one in sides
    )
    said = f"{many(sides[1].incidents, 'incident')} after, {sides[0].incidents:,} before"
    return DisplacementAt(
        metres,
        metres in operation.distances_m,
        counts_shown,
        tuple(estimates),
        area_ha(placed.ground.buffers[metres]),
        next_door(estimates[0], metres=metres, counts=said),
        placed.around_notes.get(metres, ()),
    )


def _synthetic(panel: Panel) -> tuple[Estimate, ...]:
    # all patrolled places together, against each comparator by itself
    used = panel.used
    try:
        found = synthetic_control(
            panel.counts[panel.treated][:, used].sum(axis=0).astype(np.float64),
            panel.counts[~panel.treated][:, used].astype(np.float64),
            after=panel.after[used],
            outcome=panel.outcome,
        )
    except BadInputError as error:
        why = Note(f"Not made. {error}")
        return (
            Estimate(
                "synthetic_control", panel.outcome, "count", None, None, None, None,
                "A mixture of comparison areas that had the same course before.", (why,),
            ),
        )  # fmt: skip
    return (found.estimate,)


def _since_choice(panel: Panel) -> tuple[Estimate, ...]:
    """Compare with the dates of choice alone, as a chart of before and after does."""
    if panel.chosen_on is None:
        return ()
    rows = panel.treated
    window, after = panel.chosen_on, panel.after
    group = Totals(
        float(panel.counts[np.ix_(rows, window)].sum()),
        float(panel.counts[np.ix_(rows, after)].sum()),
        days_before=float(panel.days[window].sum()),
        days_after=float(panel.days[after].sum()),
    )
    found = naive_before_after(group, outcome=panel.outcome)
    why = Note(
        "Before is the time that the places were chosen on: whatever was high then by chance falls "
        "by itself.",
        loud=True,
    )
    return (replace(found, name=SINCE_CHOICE, notes=(why, *found.notes)),)


def _event_study(
    placed: Placed, operation: Operation, profile: Profile, *, name: str, panel: Panel
) -> EventStudy | None:
    typical = panel.counts[panel.treated][:, panel.before].sum(axis=0).mean()
    if typical >= _FEW_A_MONTH:
        return event_study(panel)
    quarters = operation_periods(operation, months=_QUARTER)
    wide, _ = _panel(placed, profile, quarters, name=name, largest_days=None)
    return event_study(panel if wide.before.sum() < FEWEST_BEFORE else wide)


def _by_place(panel: Panel, placed: Placed, minutes: NDArray[np.float64] | None) -> pd.DataFrame:
    against = placed.ground.comparators
    ids = list(placed.ground.treated.area_ids)
    others = len(panel.treated) - len(ids)
    ids += (
        list(against.area_ids) if against is not None else [f"rest {n + 1}" for n in range(others)]
    )
    counts = panel.by_place()
    harm = np.full(counts.shape, np.nan) if panel.harm is None else panel.by_place("harm")
    walked = np.full(len(ids), np.nan)
    if minutes is not None:
        walked[: len(minutes)] = minutes
    group = np.where(panel.treated, "treated", "comparators")
    columns = (ids, group, *counts.T.astype(np.int64), *harm.T, walked)
    return pd.DataFrame(dict(zip(PLACE_COLUMNS, columns, strict=True)))


def _verdict(  # noqa: PLR0913, PLR0917 (all that a verdict weighs)
    profile: Profile,
    operation: Operation,
    estimates: list[Estimate],
    counts: tuple[SideCounts, ...],
    own: DisplacementAt | None,
    study: EventStudy | None,
) -> Verdict:
    lead = estimates[0]
    assert lead.name == LEADING[operation.design]  # noqa: S101 (fixed beforehand)
    found = direction(lead)
    harm = [harm_words(one) for one in estimates if one.name == "did_harm"]
    cautions = []
    other = next((one for one in estimates if one.name == "did_with_choice_window"), None)
    if other is not None and direction(other) != found:
        cautions.append(
            "With the dates that the places were chosen on counted as before, it would come out as "
            f"{told_words(other)}: places chosen because they were high come down by themselves, "
            "so those dates are left out."
        )
    unlike = [one for one in (study.pre_trend_p, study.slope_p) if one is not None] if study else []
    if unlike and min(unlike) <= _LEVEL:
        cautions.append(
            "The patrolled and the comparison places already moved apart before the first day, so "
            "the difference after it cannot be put down to the patrols."
        )
    if found in {FELL, ROSE}:
        cautions.append(
            "That is a difference from the comparison places; whether patrols made it rests on "
            "those being what the patrolled places would have been."
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
        f"{many(after.incidents, 'incident')} in {many(after.places, 'patrolled place')} over "
        f"{many(after.days, 'day')}, {before.incidents:,} over {many(before.days, 'day')} before; "
        f"{other_after.incidents:,} and {other_before.incidents:,} in the comparison places."
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
