"""Words on paper: what happens at a place, what changed, what to look for and to mend."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from config.profile import Tier
from config.shifts import day_starts
from layers.wording import counted, percent
from spatial.targets.reasons import FEWEST_NAMED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.print import PrintSettings
    from layers.print.occasion import Occasion

_KINDS: Final[dict[Tier, tuple[str, str]]] = {
    Tier.HOMICIDE: ("homicide", "homicides"),
    Tier.ATTEMPTED_HOMICIDE: ("attempted murder", "attempted murders"),
    Tier.SERIOUS_INJURY: ("serious wounding", "serious woundings"),
    Tier.WEAPON_ROBBERY: ("robbery with a weapon", "robberies with a weapon"),
    Tier.ROBBERY: ("other robbery", "other robberies"),
    Tier.INJURY: ("assault with injury", "assaults with injury"),
    Tier.WEAPON: ("weapon carried", "weapons carried"),
    Tier.SEXUAL: ("sexual offence", "sexual offences"),
    Tier.DRUGS_SUPPLY: ("drug supply offence", "drug supply offences"),
    Tier.DISORDER: ("antisocial behaviour incident", "antisocial behaviour incidents"),
    Tier.OTHER_VIOLENCE: ("other violent offence", "other violent offences"),
    Tier.OTHER: ("other offence", "other offences"),
}
_PROXY: Final = ("violence or sexual offence record", "violence or sexual offence records")
_STATUS: Final = {
    "new": "New on the list",
    "kept": "Kept",
    "moved": "Moved",
    "added": "Added by hand",
}
_BOTH: Final = re.compile(r"\((\d+%), harm (\d+%)\)")
_ONE: Final = re.compile(r"\((\d+%)\)")


def mix_lines(kinds: Mapping[str, int], *, monthly: bool) -> list[tuple[str, int]]:
    """Return what happened at a place, the most frequent first: ``assaults with injury``, 151.

    Fewer sexual offences than are named in a reason (`FEWEST_NAMED`) stand with the other violent
    ones here too: one or two in a few streets may be known to somebody.
    """
    numbers = {tier: int(kinds.get(tier.value, 0)) for tier in Tier}
    if numbers[Tier.SEXUAL] < FEWEST_NAMED:
        numbers[Tier.OTHER_VIOLENCE] += numbers.pop(Tier.SEXUAL)
    order = [tier for tier in _KINDS if numbers.get(tier)]
    order.sort(key=lambda tier: -numbers[tier])
    return [(_said(tier, numbers[tier], monthly=monthly), numbers[tier]) for tier in order]


def _said(tier: Tier, number: int, *, monthly: bool) -> str:
    words = _PROXY if monthly and tier is Tier.OTHER_VIOLENCE else _KINDS[tier]
    return words[0] if number == 1 else words[1]


def changed_lines(row: Mapping[Any, Any], *, previous: str) -> list[str]:
    """Say how a place stands against the last list, and how it fared."""
    said = []
    status = _text(row.get("status"))
    before = row.get("previous_rank")
    ranked = "" if _gone(before) else f", number {int(float(str(before)))} last time"
    if status:
        said.append(f"{_STATUS.get(status, status)}{ranked}.")
    elif not previous:
        said.append("First list: nothing to compare with.")
    if status == "moved" and (name := _text(row.get("previous_name"))):
        said.append(f"Before: {name}.")
    if changed := _text(row.get("changed")):
        said.append(f"Changed by hand: {changed}.")
    ratio, low, high = (row.get(name) for name in ("change_ratio", "change_low", "change_high"))
    words = _text(row.get("change_words"))
    if words:
        said.append(f"{words[:1].upper()}{words[1:].rstrip('.')}.")
    elif not any(_gone(one) for one in (ratio, low, high)):
        said.append(
            f"{float(str(ratio)):.2f} times as many incidents as before (95% range "
            f"{float(str(low)):.2f} to {float(str(high)):.2f})."
        )
    return said


def patrolled_line(area_id: str, occasion: Occasion, *, days: int) -> str:
    """Say on how many days of the last period a place was visited; empty without a register."""
    if occasion.visits is None:
        return ""
    made = last_period(occasion, days=days)
    if made.empty:
        return "No visit to any place was recorded last period."
    own = made[made["area_id"] == area_id]
    if own.empty:
        return f"No visit recorded here in the last {days} days."
    visited = own["policing_day"].nunique()
    return f"Visited on {visited} of the last {days} days ({counted(len(own), 'visit')})."


def last_period(occasion: Occasion, *, days: int) -> pd.DataFrame:
    """Return the visits of the days before the period, with their ``policing_day``."""
    visits = occasion.visits
    if visits is None or visits.empty:
        return pd.DataFrame(columns=["area_id", "start", "minutes", "policing_day"])
    starts = pd.to_datetime(visits["start"], errors="coerce", format="ISO8601")
    policing = (starts - pd.Timedelta(hours=day_starts())).dt.date
    first = occasion.first - dt.timedelta(days=days)
    inside = starts.notna() & (policing >= first) & (policing < occasion.first)
    return visits[inside].assign(policing_day=policing[inside])


def prompts(
    kinds: Mapping[str, int] | None, settings: PrintSettings
) -> tuple[list[str], list[str]]:
    """Return what to look for and what to mend, by what happened: the largest share first.

    Without counts, the settings' first lines in their order.
    """
    look: list[str] = []
    fix: list[str] = []
    total = 0 if kinds is None else sum(kinds.values())
    shares = [
        (
            0.0
            if kinds is None or not total
            else sum(kinds.get(tier.value, 0) for tier in one.tiers) / total,
            one,
        )
        for one in settings.prompt
    ]
    chosen = [pair for pair in shares if pair[0] >= settings.least_share] if total else shares[:2]
    for _, one in sorted(chosen, key=lambda pair: -pair[0]):
        look += one.look
        fix += one.fix
    # the first line of every kind before the second of any
    return look[: settings.most_lines], fix[: settings.most_lines]


def peak_sentence(words: str) -> str:
    """Write the list's peak windows so that each number says what it is of.

    ``Fri-Sat 19:00-03:00 (52%, harm 42%)``: ``... (52% of incidents, 42% of the harm)``.
    """
    if not words:
        return "the list says nothing of when"
    whole = _BOTH.sub(r"(\1 of incidents, \2 of the harm)", words)
    return _ONE.sub(r"(\1 of incidents)", whole)


def share_words(row: Mapping[Any, Any]) -> str:
    """Return a place's share of the harm, as per cent; empty where nothing weighs it."""
    share = row.get("harm_share")
    return "" if _gone(share) else percent(float(str(share)))


def day_range(first: dt.date, last: dt.date) -> str:
    """Write a period: ``20 Nov to 3 Dec 2026``."""
    begin = f"{first.day} {first:%b}" + (f" {first.year}" if first.year != last.year else "")
    return f"{begin} to {last.day} {last:%b %Y}"


def _text(value: object) -> str:
    return "" if _gone(value) else str(value).strip()


def _gone(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]
