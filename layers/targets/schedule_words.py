"""Schedule words: a plan in the sentences that a sergeant reads before the first patrol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.targets.schedule.power import power_words
from spatial.window import day_words

if TYPE_CHECKING:
    from config.dose import DoseRules
    from spatial.targets.schedule.plan import Plan
    from spatial.targets.schedule.power import Design

_DESIGNS = {
    "fixed": "every place every day",
    "rotating": "in turn",
    "crossover": "drawn at random each day",
}


def plan_sentences(plan: Plan, design: Design | None, *, rules: DoseRules) -> list[str]:
    """Say what a plan holds, takes and could find out.

    Parameters
    ----------
    design
        What could be found out; None where nothing is compared, or nobody knows what to expect.
    """
    choices, dose = plan.choices, plan.choices.dose
    visits = f"{dose.visits} visit{'s' * (dose.visits > 1)}"
    every = f", about every {dose.spacing} minutes" if dose.visits > 1 else ""
    what = (
        f"{day_words(plan.dates[0])} to {day_words(plan.dates[-1])}: {choices.k} of "
        f"{len(plan.area_ids)} places a day, {_DESIGNS[choices.design]}; {visits} of "
        f"{dose.minutes} minutes to each, {choices.hours.words}{every}."
    )
    said = [
        what,
        _takes(plan),
    ]
    if plan.guess is not None:
        # a schedule shorter than the wait promises nobody a day
        wait = f"In any {choices.wait} days every place has a patrol day. "
        promised = wait if choices.wait <= len(plan.dates) else ""
        said.append(
            f"{promised}Somebody who had seen every list so far could be sure of "
            f"{plan.guess.forced:.0%} of what comes next ({plan.guess.forced_last_week:.0%} in the "
            "last week): show a day's list on the day."
        )
    if choices.design == "crossover":
        said.append(_could_find(design, rules))
    return said


def _takes(plan: Plan) -> str:
    most = max((one.team for one in plan.patrols), default=0)
    walks = [sum(one.legs) for one in plan.patrols]
    walk = f"{sum(walks) / len(walks):.0f}" if walks else "0"
    low, high = float(plan.officer_hours.min()), float(plan.officer_hours.max())
    between = f"{high:.0f}" if round(low) == round(high) else f"{low:.0f} to {high:.0f}"
    who = "1 officer" if plan.choices.officers == 1 else f"{plan.choices.officers} officers"
    return (
        f"That takes {between} officer hours a day: up to {most} patrol{'s' * (most > 1)} of {who} "
        f"at once, {walk} minutes on the way in a round."
    )


def _could_find(design: Design | None, rules: DoseRules) -> str:
    if design is None:
        return (
            "What could be found out is not known: the list says no incidents and dates. Give "
            "--expected with the incidents to be expected in these places and days."
        )
    return (
        f"{power_words(design, power=rules.power, level=rules.level)} Incidents at any hour "
        "are meant. Places are listed because they were bad: fewer are likely anyway, and then "
        "only a larger fall would tell."
    )
