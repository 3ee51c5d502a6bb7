"""Selection: a profile as a plain SQL condition over the view ``incidents``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.incidents.schema import FALSE, TRUE, UNKNOWN

if TYPE_CHECKING:
    from config.profile import FlagRule, Profile


def profile_condition(profile: Profile) -> str:
    """Return the condition under which an incident belongs to a profile.

    Returns
    -------
    A boolean SQL expression that is never null, in brackets. An incident whose needed flag is
    unknown does not satisfy it, unless the profile says ``unknown = "include"``.
    """
    met = [
        f"{flag} IN ('{wanted}', '{UNKNOWN}')"
        if rule.unknown == "include"
        else f"{flag} = '{wanted}'"
        for flag, rule, wanted in _rules(profile)
    ]
    return _all([_listed(profile), *met])


def untested_condition(profile: Profile) -> str:
    """Return the condition under which an incident is left out only because nobody recorded a flag.

    Returns
    -------
    A boolean SQL expression that is never null, in brackets: the incident is of the profile's
    tiers, codes or categories, no flag speaks against it, and a flag the profile needs is unknown.
    These are to be tallied, loudly, beside any result.
    """
    rules = list(_rules(profile))
    possible = [f"{flag} IN ('{wanted}', '{UNKNOWN}')" for flag, _, wanted in rules]
    needed = [f"{flag} = '{UNKNOWN}'" for flag, rule, _ in rules if rule.unknown == "exclude"]
    if not needed:
        return "(false)"
    return _all([_listed(profile), *possible, f"({' OR '.join(needed)})"])


def _rules(profile: Profile) -> list[tuple[str, FlagRule, str]]:
    """List the flag rules in order of name, with the word each wants."""
    return [
        (flag, rule, TRUE if rule.must_be else FALSE)
        for flag, rule in sorted(profile.flags.items())
    ]


def _listed(profile: Profile) -> str:
    """Return the condition on tiers, codes and categories."""
    choices = []
    if profile.tiers:
        choices.append(f"tier IN ({_words(profile.tiers)})")
    if profile.ho_codes:
        choices.append(_codes(profile.ho_codes))
    if profile.categories:
        choices.append(f"coalesce(category, '') IN ({_words(profile.categories)})")
    listed = f"({' OR '.join(choices)})"
    if profile.exclude_ho_codes:
        listed = f"({listed} AND NOT {_codes(profile.exclude_ho_codes)})"
    return listed


def _codes(codes: tuple[str, ...]) -> str:
    """Return the condition that a code is one of these, or in one of the starred classes."""
    exact = [code for code in codes if not code.endswith("*")]
    classes = [code[:-1] for code in codes if code.endswith("*")]
    parts = [f"starts_with(coalesce(ho_code, ''), '{prefix}')" for prefix in classes]
    if exact:
        parts.append(f"coalesce(ho_code, '') IN ({_words(exact)})")
    return f"({' OR '.join(parts)})"


def _words(words: tuple[str, ...] | list[str]) -> str:
    # profiles allow letters, figures, strokes, underlines and hyphens only: nothing to escape
    return ", ".join(f"'{word}'" for word in words)


def _all(parts: list[str]) -> str:
    return f"({' AND '.join(parts)})"
