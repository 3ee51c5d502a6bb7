"""Reasons: one plain sentence that says why a place is on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.profile import Measure, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# gravest first: one, several
_WORDS: Final[dict[Tier, tuple[str, str]]] = {
    Tier.HOMICIDE: ("homicide", "homicides"),
    Tier.ATTEMPTED_HOMICIDE: ("attempted murder", "attempted murders"),
    Tier.SERIOUS_INJURY: ("serious wounding", "serious woundings"),
    Tier.WEAPON_ROBBERY: ("robbery with a weapon", "robberies with a weapon"),
    Tier.ROBBERY: ("robbery", "robberies"),
    Tier.INJURY: ("assault with injury", "assaults with injury"),
    Tier.WEAPON: ("weapon possession", "weapon possessions"),
    Tier.OTHER_VIOLENCE: ("other violent offence", "other violent offences"),
    Tier.SEXUAL: ("sexual offence", "sexual offences"),
    Tier.DRUGS_SUPPLY: ("drug supply offence", "drug supply offences"),
    Tier.DISORDER: ("antisocial behaviour incident", "antisocial behaviour incidents"),
    Tier.OTHER: ("other offence", "other offences"),
}
_MOST_KINDS = 3

FEWEST_NAMED: Final = 3
"""Sexual offences at a place below which they are not called so."""


def why(  # noqa: PLR0913 (what can be said of a place)
    incidents_by_tier: Mapping[str, int],
    *,
    disorder_hot: bool,
    proxy: bool,
    measure: Measure,
    one_event: bool = False,
    times: str = "",
    repeats: str = "",
    trend: str = "",
    factors: Sequence[str] = (),
) -> str:
    """Say what happened at a place, the gravest kinds first, and what is known of it besides.

    Parameters
    ----------
    incidents_by_tier
        Incidents of the profile and window in the area.
    disorder_hot
        Whether antisocial behaviour is significantly high in any of its cells too.
    proxy
        Whether the records are open data's categories, in which violence cannot be told by gravity.
    measure
        What ranked the place: it decides what became of a homicide.
    one_event
        Whether more than half of its harm is one event.
    times
        Its peak, as :attr:`spatial.targets.when.windows.PlaceTimes.spoken`.
    repeats, trend
        As :class:`spatial.targets.when.signs.PlaceSigns` says them.
    factors
        What draws trouble near by, as a noun each: ``takeaways``, ``a bus interchange``.

    Returns
    -------
    One sentence, its parts set apart by semicolons; a part of which nothing can be said is left
    out. A homicide is said apart, with how far it ranked the place.

    Notes
    -----
    Nothing that could identify a victim is said: no age, sex, relationship, date or hour of one
    event. Sexual offences are named from ``FEWEST_NAMED`` on; fewer are told among the other
    violent offences, because one or two in a few streets may be known to somebody.
    """
    kinds = _kinds(incidents_by_tier)
    named, rest = kinds[:_MOST_KINDS], sum(number for _, number in kinds[_MOST_KINDS:])
    parts = [_said(tier, number, proxy=proxy) for tier, number in named]
    if rest:
        parts.append(f"{rest:,} other")
    sentence = _listed(parts)
    said = [sentence[:1].upper() + sentence[1:]] if sentence else []
    homicides = incidents_by_tier.get(Tier.HOMICIDE, 0)
    if homicides:
        said.append(f"{_said(Tier.HOMICIDE, homicides, proxy=False)}, {_fatal(measure)}")
    if one_event and sum(number for _, number in kinds) > 1:
        said.append("more than half of the harm is one event")
    said += [part for part in (times, repeats, trend) if part]
    if disorder_hot:
        said.append("antisocial behaviour is high here too")
    if factors:
        said.append(f"near {_listed(list(factors))}")
    return "; ".join(said)


def _kinds(incidents_by_tier: Mapping[str, int]) -> list[tuple[Tier, int]]:
    numbers = {tier: incidents_by_tier.get(tier, 0) for tier in Tier}
    numbers.pop(Tier.HOMICIDE)
    if numbers[Tier.SEXUAL] < FEWEST_NAMED:
        numbers[Tier.OTHER_VIOLENCE] += numbers.pop(Tier.SEXUAL)
    return [(tier, number) for tier, number in numbers.items() if number]


def _fatal(measure: Measure) -> str:
    if measure in {Measure.HARM, Measure.SQRT_HARM}:
        return "not used to rank"
    return "ranked as one incident like the others"


def _said(tier: Tier, number: int, *, proxy: bool) -> str:
    if proxy and tier is Tier.OTHER_VIOLENCE:
        return f"{number:,} violence or sexual offence record{'' if number == 1 else 's'}"
    one, several = _WORDS[tier]
    return f"{number:,} {one if number == 1 else several}"


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:  # noqa: PLR2004 (one thing needs no "and")
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
