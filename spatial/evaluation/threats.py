"""Threats: ways in which the result could be wrong, and what the data say of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.operation import Span
from spatial.evaluation.before_after import SINCE_CHOICE
from spatial.evaluation.crossover.rate_ratio import CLUSTERED
from spatial.evaluation.periods import cut_months
from spatial.evaluation.registration import registered_standing
from spatial.evaluation.verdict import told_words
from spatial.evaluation_results import CLEAR, SUSPECT, THREATS, UNKNOWN, Outcome, Threat
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from numpy.typing import NDArray

    from config.operation import Operation
    from spatial.evaluation.crossover.dose import Dose
    from spatial.evaluation.recorded import Recorded

TITLES: Final = {
    "regression_to_the_mean": "Places chosen because they were high",
    "recording_change": "A change of recording",
    "season": "Season",
    "shocks": "Single days or bursts",
    "small_numbers": "Small numbers",
    "one_serious_incident": "One grave incident",
    "moved_differently_before": "Places that already moved apart",
    "overlapping_operations": "Other operations",
    "tracker_gaps": "Gaps in the record of visits",
    "late_recording": "Recent incidents not recorded yet",
    "registered_after": "Registered afterwards",
}
FEW: Final = 20
"""Incidents on one side below which the exact figure hangs on single incidents."""

_ALIKE: Final = 0.9
_LARGE: Final = 0.15
_FEWEST_IN_BURST: Final = 4
_SETTLED_DAYS: Final = 28
_HALF: Final = 0.5
_LEVEL: Final = 0.05
# places this much above what they had before were chosen because they were high
_HIGHER: Final = 1.25


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What the checklist looks at.

    Attributes
    ----------
    outcome
        The primary one.
    burst
        The most incidents of the outcome in one place on one day (in one month, where the data say
        no more), of the dates that are compared, and all of them there.
    unit
        ``day`` or ``month``.
    chosen
        Incidents a day in the patrolled places on the dates they were chosen on, and before; None
        where either is not known.
    gravest
        The weight of the gravest single incident, and the harm of its side; None without weights.
    recorded
        Whether what is compared was recorded alike.
    others
        Other operations that share ground and time, in words; None where none were named to look
        at.
    held_since
        The day since which a register holds the design as it stands; None where none was asked.
    """

    operation: Operation
    outcome: Outcome
    burst: tuple[int, int]
    unit: str
    chosen: tuple[float, float] | None
    gravest: tuple[float, float] | None
    recorded: Recorded
    data_through: dt.date
    dose: Dose | None
    others: tuple[str, ...] | None
    held_since: dt.date | None = None


def checklist(facts: Facts) -> tuple[Threat, ...]:
    """Return one of each of ``THREATS``, in their order."""
    found = []
    for name in THREATS:
        standing, says = _LOOKED_AT[name](facts)
        found.append(Threat(name, TITLES[name], standing, says))
    return tuple(found)


def _regression(facts: Facts) -> tuple[str, str]:
    operation, outcome = facts.operation, facts.outcome
    if operation.design == "crossover":
        return CLEAR, (
            "Every place is compared with its own other days, and chance drew which: that the "
            "places were high when they were chosen touches both alike."
        )
    naive = outcome.named(SINCE_CHOICE) or outcome.named("naive_before_after")
    lead = outcome.lead
    said = ""
    if naive is not None and naive.estimate is not None and lead.estimate is not None:
        since = "the dates they were chosen on" if naive.name == SINCE_CHOICE else "before"
        said = (
            f" Against {since} alone the places show {told_words(naive)}, against the comparison "
            f"places {told_words(lead)}."
        )
    if operation.selection is None:
        return UNKNOWN, (
            "The operation does not say on which dates the places were chosen, so what fell by "
            f"itself cannot be told from what patrols did. Write [selection].{said}"
        )
    if operation.baseline_on_selection:
        return SUSPECT, (
            "Part of the time before is time that the places were chosen on; those days were left "
            f"out of it.{said}"
        )
    other = outcome.named("did_with_choice_window")
    differs = (
        other is not None
        and other.estimate is not None
        and lead.low is not None
        and lead.high is not None
        and not lead.low <= other.estimate <= lead.high
    )
    left_out = (
        f"The dates the places were chosen on ({_span(operation.selection)}) are not part of the "
        "time before."
    )
    if facts.chosen is not None and facts.chosen[0] >= _HIGHER * facts.chosen[1]:
        left_out += (
            f" They had {facts.chosen[0]:.2f} incidents a day then and {facts.chosen[1]:.2f} "
            "before: some of that comes down by itself, and some may last and hide a fall."
        )
        if not differs:
            return SUSPECT, left_out + said
    if differs and other is not None and other.estimate is not None:
        return SUSPECT, (
            f"{left_out} With them it would be {told_words(other)}, outside the interval without "
            f"them: the choice of places decides the answer.{said}"
        )
    return CLEAR, left_out + said


def _recording(facts: Facts) -> tuple[str, str]:
    found = facts.recorded
    said = f" {found.words}" if found.words else ""
    if found.unlike:
        share = " That is more on one side than chance explains, and passes for an effect."
        return SUSPECT, " ".join((*found.spells, (said + share).strip()))
    if found.spells:
        return SUSPECT, (
            f"{' '.join(found.spells)} If it touched patrolled and comparison places, or treated "
            f"and other days, alike, it cancels; if not, it passes for an effect.{said}"
        )
    alike = " The shares do not differ by more than chance." if said else ""
    return CLEAR, (
        "Of the dates compared no month stands out, and no flag is used more or less than on "
        f"others.{said}{alike}"
    )


def _season(facts: Facts) -> tuple[str, str]:
    operation = facts.operation
    if operation.design == "crossover":
        return CLEAR, "Treated and other days alternate within the same weeks."
    before = operation.baseline
    now = _months(Span(first=operation.first_date, last=operation.last_date))
    then = _months(before) if before is not None else np.zeros(12)
    shared = float(np.minimum(now / now.sum(), then / max(then.sum(), 1.0)).sum())
    if shared >= _ALIKE:
        return CLEAR, (
            f"{shared:.0%} of the days before and after fall in the same months of the year, and "
            "comparison places had the same weather."
        )
    return SUSPECT, (
        f"Only {shared:.0%} of the days before and after fall in the same months of the year. "
        "Comparison places allow for it only if season moves them as it moves the patrolled ones."
    )


def _shocks(facts: Facts) -> tuple[str, str]:
    most, total = facts.burst
    if total == 0:
        return UNKNOWN, "There is no incident to look at."
    also = _scatter(facts.outcome)
    if most >= max(_FEWEST_IN_BURST, _LARGE * total):
        return SUSPECT, (
            f"{most} of {total:,} incidents came in one place in one {facts.unit}: look at what "
            f"happened there.{also}"
        )
    standing = SUSPECT if also else CLEAR
    return (
        standing,
        f"No place and {facts.unit} holds more than {most} of {total:,} incidents.{also}",
    )


def _scatter(outcome: Outcome) -> str:
    """Say whether incidents come in clusters, or places go their own ways, beyond chance."""
    met = outcome.achieved
    if met is not None and met.clustering > CLUSTERED:
        return (
            f" Incidents come in clusters: the draw scatters {met.clustering:.1f} times as much as "
            "single ones would. The leading figure allows for it."
        )
    found = outcome.named("wdd")
    loud = [note.text for note in found.notes if note.loud] if found is not None else []
    said = next((text for text in loud if "scatter" in text), "")
    return f" {said}" if said else ""


def _small(facts: Facts) -> tuple[str, str]:
    counts = facts.outcome.counts
    fewest = min(counts, key=lambda one: one.incidents)
    listed = ", ".join(f"{one.incidents:,} ({one.words})" for one in counts)
    if fewest.incidents < FEW:
        return SUSPECT, f"{listed}. With fewer than {FEW} on a side, a few incidents decide it."
    return CLEAR, f"{listed}. The interval says what so many can tell."


def _gravest(facts: Facts) -> tuple[str, str]:
    if facts.gravest is None:
        return CLEAR, "Nothing is weighed: every incident counts as one."
    most, harm = facts.gravest
    if harm == 0:
        return CLEAR, "There is no harm on either side."
    share = most / harm
    part = f"{share:.0%}" if share >= 0.01 else "under 1%"  # noqa: PLR2004 (never nothing)
    said = f"The gravest incident holds {part} of the harm of its side ({most:,.0f} days)."
    if share >= _HALF:
        return SUSPECT, f"{said} Harm says when it happened, not what patrols did; read the count."
    return CLEAR, f"{said} The verdict rests on the count, in which it is one."


def _apart(facts: Facts) -> tuple[str, str]:
    if facts.operation.design == "crossover":
        return CLEAR, "Every place is compared with itself."
    study = facts.outcome.event_study
    if study is None or study.pre_trend_p is None:
        return UNKNOWN, "There are too few incidents or periods before the start to see."
    found = [one for one in (study.pre_trend_p, study.slope_p) if one is not None]
    if min(found) <= _LEVEL:
        return SUSPECT, (
            "Patrolled and comparison places moved differently before the first day (p "
            f"{min(found):.3f}): the difference after it may be no more than that going on."
        )
    return CLEAR, (
        f"No difference in course stands out before the first day (p {min(found):.2f}). With few "
        "incidents one is easily missed."
    )


def _others(facts: Facts) -> tuple[str, str]:
    if facts.others is None:
        return UNKNOWN, "No other operation was named to look at."
    if facts.others:
        return SUSPECT, f"{'; '.join(facts.others)}. What they did is in these figures too."
    return CLEAR, "No other operation known here shares ground and dates with this one."


def _gaps(facts: Facts) -> tuple[str, str]:
    dose = facts.dose
    if dose is None:
        return UNKNOWN, (
            "No record of visits was given: what was patrolled is not known, only what was planned."
        )
    made = int(dose.visits.sum())
    if dose.silent_dates:
        some = ", ".join(day_words(day) for day in dose.silent_dates[:3])
        more = f" and {len(dose.silent_dates) - 3} more" if len(dose.silent_dates) > 3 else ""  # noqa: PLR2004
        return SUSPECT, (
            f"{made:,} visits; none anywhere on {len(dose.silent_dates)} days in force ({some}"
            f"{more}), and {dose.implausible} of no plausible length."
        )
    if dose.implausible:
        return SUSPECT, f"{made:,} visits, and {dose.implausible} of no plausible length left out."
    return CLEAR, f"{made:,} visits, some on every day in force."


def _late(facts: Facts) -> tuple[str, str]:
    since = (facts.data_through - facts.operation.last_date).days
    said = f"The data end {since} days after the last day ({day_words(facts.data_through)})"
    if since < _SETTLED_DAYS:
        return SUSPECT, f"{said}: the last weeks may still fill up. Evaluate again in a month."
    return CLEAR, f"{said}."


def _registered(facts: Facts) -> tuple[str, str]:
    return registered_standing(facts.operation, facts.held_since)


def _months(span: Span) -> NDArray[np.float64]:
    days = np.zeros(12)
    for part in cut_months(Span(first=span.first.replace(day=1), last=span.last), 1):
        days[part.first.month - 1] += (part.last - max(part.first, span.first)).days + 1
    return days


def _span(span: Span) -> str:
    return f"{day_words(span.first)} to {day_words(span.last)}"


_LOOKED_AT: Final[dict[str, Callable[[Facts], tuple[str, str]]]] = {
    "regression_to_the_mean": _regression,
    "recording_change": _recording,
    "season": _season,
    "shocks": _shocks,
    "small_numbers": _small,
    "one_serious_incident": _gravest,
    "moved_differently_before": _apart,
    "overlapping_operations": _others,
    "tracker_gaps": _gaps,
    "late_recording": _late,
    "registered_after": _registered,
}
