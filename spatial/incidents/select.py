"""Selection: a profile as a plain SQL condition over the view ``incidents``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from config.profile import AgeBand, Relationship, Tier
from spatial.incidents.schema import FALSE, TRUE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from config.profile import Profile

# a robbery that might have been one with a weapon
_UNARMED: Final = f"tier = '{Tier.ROBBERY}' AND '{UNKNOWN}' IN (knife, firearm, weapon)"


def profile_condition(profile: Profile) -> str:
    """Return the condition under which an incident belongs to a profile.

    Returns
    -------
    A boolean SQL expression that is never null, in brackets. An incident whose needed flag,
    relationship or age is unknown does not satisfy it, unless the profile says
    ``unknown = "include"``.
    """
    met = [
        f"{column} IN ({_words([*wanted, UNKNOWN] if included else wanted)})"
        for column, wanted, included in _rules(profile)
    ]
    return _all([_listed(profile), *_in_force(profile), *met])


def untested_condition(profile: Profile) -> str:
    """Return the condition under which an incident is left out only because nobody recorded a flag.

    Returns
    -------
    A boolean SQL expression that is never null, in brackets: the incident is of the profile's
    tiers, codes or categories, no rule speaks against it, and something the profile needs is
    unknown. These are to be tallied, loudly, beside any result.
    """
    needed = [f"{column} = '{UNKNOWN}'" for column, _, included in _rules(profile) if not included]
    cases = []
    if needed:
        cases.append(_all([_possible(profile), *_in_force(profile), _any(needed)]))
    if _asks_for_weapon(profile):
        # with a flag, the robbery would have been of the tier that the profile lists
        cases.append(
            _all([_UNARMED, f"NOT {_listed(profile)}", *_barred(profile), *_open(profile)])
        )
    return _any(cases) if cases else "(false)"


def assumed_condition(profile: Profile) -> str:
    """Return the condition under which an incident belongs although something was not recorded.

    Returns
    -------
    A boolean SQL expression that is never null, in brackets: it belongs, and a flag, relationship
    or age whose rule says ``unknown = "include"`` is unknown.
    """
    taken = [f"{column} = '{UNKNOWN}'" for column, _, included in _rules(profile) if included]
    if not taken:
        return "(false)"
    return _all([profile_condition(profile), _any(taken)])


def too_early_condition(profile: Profile) -> str:
    """Return the condition under which an incident carries a code from before the code existed.

    Returns
    -------
    A boolean SQL expression that is never null, in brackets: it would belong, or could not be
    tested, but for ``valid_from``.
    """
    in_force = _in_force(profile)
    if not in_force:
        return "(false)"
    return _all([_possible(profile), f"NOT {_all(in_force)}"])


def needed_words(profile: Profile, *, included: bool) -> str:
    """Say which columns a profile asks for: those whose unknown is left out, or taken in."""
    return " or ".join(unrecorded(profile, included=included))


def unrecorded(profile: Profile, *, included: bool) -> dict[str, str]:
    """Return, for each thing a profile asks for, the condition that nobody recorded it.

    Returns
    -------
    Its name in words to a boolean SQL expression that is never null: of those whose unknown is left
    out, or of those whose unknown is taken in.
    """
    said = {
        column.removesuffix("_band").replace("_", " "): f"({column} = '{UNKNOWN}')"
        for column, _, taken in _rules(profile)
        if taken is included
    }
    if _asks_for_weapon(profile) and not included:
        said.setdefault("weapon", f"({_UNARMED})")
    return said


def _rules(profile: Profile) -> Iterator[tuple[str, list[str], bool]]:
    """List each rule's column, the words that meet it, and whether unknown does too."""
    for flag, rule in profile.flags.items():
        yield flag, [TRUE if rule.must_be else FALSE], rule.unknown == "include"
    if profile.relationship is not None:
        known = get_args(Relationship)
        wanted = [word for word in known if word not in profile.relationship.exclude]
        yield "relationship", wanted, profile.relationship.unknown == "include"
    if profile.victim_age_band is not None:
        bands = get_args(AgeBand)
        wanted = [band for band in bands if band not in profile.victim_age_band.exclude]
        yield "victim_age_band", wanted, profile.victim_age_band.unknown == "include"


def _possible(profile: Profile) -> str:
    """Return the condition that nothing recorded speaks against an incident, dates apart."""
    return _all([_listed(profile), *_open(profile)])


def _open(profile: Profile) -> list[str]:
    """Return the conditions that each rule is met, or could be."""
    return [f"{column} IN ({_words([*wanted, UNKNOWN])})" for column, wanted, _ in _rules(profile)]


def _asks_for_weapon(profile: Profile) -> bool:
    """Say whether robbery belongs only with a weapon."""
    return Tier.WEAPON_ROBBERY in profile.tiers and Tier.ROBBERY not in profile.tiers


def _in_force(profile: Profile) -> list[str]:
    """Return the conditions that no code is used before its first date."""
    return [
        f"NOT (coalesce(ho_code, '') = '{code}' AND occurred_from < DATE '{first.isoformat()}')"
        for code, first in profile.valid_from.items()
    ]


def _listed(profile: Profile) -> str:
    """Return the condition on tiers, codes, classes and categories."""
    choices = []
    if profile.tiers:
        choices.append(f"tier IN ({_words(profile.tiers)})")
    if profile.ho_codes:
        choices.append(_codes(profile.ho_codes))
    if profile.prc_codes:
        choices.append(_classes(profile.prc_codes))
    if profile.prc_codes_alone:
        choices.append(f"(ho_code IS NULL AND {_classes(profile.prc_codes_alone)})")
    if profile.categories:
        choices.append(f"coalesce(category, '') IN ({_words(profile.categories)})")
    return _all([_any(choices), *_barred(profile)])


def _barred(profile: Profile) -> list[str]:
    """Return the conditions that code and class are not excluded."""
    barred = []
    if profile.exclude_ho_codes:
        barred.append(f"NOT {_codes(profile.exclude_ho_codes)}")
    if profile.exclude_prc_codes:
        barred.append(f"NOT {_classes(profile.exclude_prc_codes)}")
    return barred


def _codes(codes: tuple[str, ...]) -> str:
    """Return the condition that a code is one of these, or in one of the starred classes."""
    exact = [code for code in codes if not code.endswith("*")]
    classes = [code[:-1] for code in codes if code.endswith("*")]
    parts = [f"starts_with(coalesce(ho_code, ''), '{prefix}')" for prefix in classes]
    if exact:
        parts.append(f"coalesce(ho_code, '') IN ({_words(exact)})")
    return _any(parts)


def _classes(classes: tuple[str, ...]) -> str:
    """Return the condition that a recorded-crime class is one of these."""
    return f"(coalesce(prc_code, '') IN ({_words(classes)}))"


def _words(words: Iterable[str]) -> str:
    # profiles allow letters, figures and a few signs, no quotes: nothing to escape
    return ", ".join(f"'{word}'" for word in words)


def _all(parts: list[str]) -> str:
    return f"({' AND '.join(parts)})"


def _any(parts: list[str]) -> str:
    return f"({' OR '.join(parts)})"
