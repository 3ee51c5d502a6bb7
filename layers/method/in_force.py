"""What is in force: profiles, weights, settings and sources, read from where they are kept."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from config.harm_scheme import harm_scheme_names, load_harm_scheme
from config.offence import offence_table
from config.profile import Tier, load_profile, profile_names
from config.settings import load_settings
from config.shifts import clock, load_shifts
from config.version import VERSION
from layers.method.chapter import Chapter, head, points, table, words
from layers.wording import DRIVER_WORDS, PRODUCT, counted, number, percent

if TYPE_CHECKING:
    from config.harm_scheme import HarmScheme
    from config.profile import Profile

_TIERS: Final = tuple(Tier)
_KEYED: Final = {
    "offence": "each offence by its Home Office code",
    "class": "each recorded-crime class, the same for every offence in it",
    "category": "each open-data category, one average for all offences in it",
}


def profiles() -> Chapter:
    """Return what each shipped profile selects, with its codes, rules and source."""
    found = [load_profile(name) for name in profile_names()]
    rows = [
        (one.title, DRIVER_WORDS[one.family.value], one.description, _selects(one), _rules(one))
        for one in found
    ]
    columns = ("Profile", "Layer", "What it is", "What belongs", "Rules")
    notes = [f"*{one.title}.* {text}" for one in found for text in one.notes]
    sources = [f"*{one.title}.* {one.source}." for one in found]
    return Chapter(
        "profiles",
        "Profiles: which incidents count",
        words(
            "A profile is a file that anybody can read. A force may copy one and change it; the "
            "changed file's content is part of the run id."
        )
        + table(columns, rows, caption="The profiles that come with the program")
        + head("Read with them")
        + points(*notes)
        + head("Where they come from")
        + points(*sources),
    )


def weights() -> Chapter:
    """Return the harm indexes, their editions and what they give each kind of offence."""
    schemes = [load_harm_scheme(name) for name in harm_scheme_names()]
    by_code = [scheme for scheme in schemes if scheme.keyed_by != "category"]
    by_category = [scheme for scheme in schemes if scheme.keyed_by == "category"]
    parts = [
        words(
            "Harm is counted in days of a sentence. Which index weighed a result is said on it, "
            "and one run may be weighed otherwise to see what changes. Days of two indexes cannot "
            "be compared."
        )
    ]
    about = [
        (
            one.title,
            one.edition,
            _KEYED[one.keyed_by],
            _weighed(one),
        )
        for one in schemes
    ]
    parts.append(
        table(("Index", "Edition", "What it weighs", "How many"), about, caption="Harm indexes")
    )
    ranges = [_by_tier(one) for one in by_code]
    rows = [
        (_tier(tier), *(one.get(tier, "no weight") for one in ranges))
        for tier in _TIERS
        if any(tier in one for one in ranges)
    ]
    parts.append(
        table(
            ("Kind of offence", *(one.edition for one in by_code)),
            rows,
            caption="Days, from the least to the most of the kind (middle in brackets)",
        )
    )
    for scheme in by_category:
        shown = [
            (key.replace("-", " ").capitalize(), _days(weight.days))
            for (key, _), weight in sorted(scheme.weights.items())
        ]
        parts.append(table(("Open-data category", "Days"), shown, caption=scheme.title))
    notes = [f"*{one.title}.* {text}" for one in schemes for text in one.notes]
    return Chapter("weights", "Weights: how grave", "".join(parts) + points(*notes))


def settings() -> Chapter:
    """Return the settings that decide numbers, as they are in force."""
    now, shifts = load_settings(), load_shifts()
    quality = now.quality
    rows = [
        ("Security marking", f"{now.marking}. {now.handling}".strip()),
        ("Places proposed when nobody says how many", f"{now.places:,}"),
        ("Hexagons in a patrol area", f"{now.fewest_cells} to {now.most_cells}"),
        ("Least distance between places", f"{now.separation_m:,.0f} m"),
        (
            "A place rests on at least",
            (
                f"{counted(now.fewest_incidents, 'incident')} on "
                f"{counted(now.fewest_dates, 'date')}, or in "
                f"{counted(now.fewest_months, 'month')}"
            ),
        ),
        ("Points exact enough for the small hexagons", f"{now.precise_enough_m:.0f} m or better"),
        ("Neighbours that a hexagon is tested with", counted(now.ring, "ring")),
        ("A list is patrolled for", counted(now.period_days, "day")),
        ("Policing day starts at", clock(shifts.day_starts)),
        ("Shifts", "; ".join(one.words for one in shifts.shift)),
        ("Fewest records of a partner that are shown", f"{now.fewest_shown:,}"),
        (
            "Data called “care” and “poor”: without a location",
            f"above {percent(quality.care_unlocated)}, {percent(quality.poor_unlocated)}",
        ),
        (
            "The same: a needed flag not recorded",
            f"above {percent(quality.care_untested)}, {percent(quality.poor_untested)}",
        ),
        (
            "What tells expected harm nothing",
            ", ".join(one.replace("-", " ").replace("_", " ") for one in now.untelling)
            or "nothing is kept from it",
        ),
    ]
    return Chapter(
        "settings",
        "Settings in force",
        words("Each with its reason stands in the settings; a change of one is a new run id.")
        + table(("Setting", "In force"), rows, caption="Settings that decide numbers"),
    )


def sources() -> Chapter:
    """Return where the numbers inside come from, how to cite, and the version."""
    schemes = [load_harm_scheme(name) for name in harm_scheme_names()]
    return Chapter(
        "sources",
        "Sources, licences, version and how to cite",
        points(
            *(one.attribution for one in schemes),
            (
                "Offence codes and classes: Ministry of Justice code list, and Home Office police "
                "recorded crime open data. Contains public sector information licensed under the "
                "Open Government Licence v3.0."
            ),
            (
                "Open data of data.police.uk, where loaded: Open Government Licence v3.0. A "
                "force's own export, boundaries and streets keep the terms of those who gave them."
            ),
            "The sample town Saltmere, its streets and its incidents are fictional.",
        )
        + head("Methods")
        + points(
            "Getis-Ord Gi*: Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.",
            "Correction over the map: Benjamini and Hochberg (1995), "
            "doi:10.1111/j.2517-6161.1995.tb02031.x.",
            "Near repeats: Knox (1964), doi:10.2307/2985220.",
            "Risk terrain: the published procedure of Caplan and Kennedy.",
            "Time of a visit: Koper (1995), doi:10.1080/07418829500096231.",
            "Each method has a page with its reasons, what it does with bad data and how it can "
            "mislead, in the folder docs/methods of the program.",
        )
        + head("Version and citing")
        + words(
            f"{PRODUCT} {VERSION}, Apache-2.0. Cite a figure by run id, study area, window, "
            f"profile and version, for example: “{PRODUCT} {VERSION}, run 0123456789ab, Saltmere, "
            "1 Nov 2025 to 31 Oct 2026, Community harm (Ark)”. The same id always means the same "
            "numbers."
        ),
    )


def _selects(profile: Profile) -> str:
    parts = []
    if profile.tiers:
        parts.append("kinds: " + ", ".join(_tier(tier).lower() for tier in profile.tiers))
    for called, codes in (
        ("Home Office codes", profile.ho_codes),
        ("recorded-crime classes", profile.prc_codes),
        ("classes where no code is kept", profile.prc_codes_alone),
        ("open-data categories", profile.categories),
        ("never the codes", profile.exclude_ho_codes),
        ("never the classes", profile.exclude_prc_codes),
    ):
        if codes:
            parts.append(f"{called} {', '.join(codes)}")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _rules(profile: Profile) -> str:
    parts = []
    for flag, rule in profile.flags.items():
        said = flag.replace("_", " ")
        must = said if rule.must_be else f"not {said}"
        parts.append(f"{must}{_unknown(rule.unknown)}")
    if profile.relationship is not None:
        kinds = " or ".join(profile.relationship.exclude)
        parts.append(f"relationship not {kinds}{_unknown(profile.relationship.unknown)}")
    if profile.victim_age_band is not None:
        bands = " or ".join(profile.victim_age_band.exclude)
        parts.append(f"victim's age not {bands}{_unknown(profile.victim_age_band.unknown)}")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else "None."


def _unknown(choice: str) -> str:
    return " (unknown counts)" if choice == "include" else " (unknown is left out)"


def _weighed(scheme: HarmScheme) -> str:
    known = sum(weight.days is not None for weight in scheme.weights.values())
    return f"{known:,}"


def _by_tier(scheme: HarmScheme) -> dict[Tier, str]:
    """Return the days that a scheme gives the codes of each tier: least, middle, most."""
    days: dict[Tier, list[float]] = defaultdict(list)
    for offence in offence_table().offences.values():
        if "*" in offence.ho_code or not offence.ho_code:
            continue
        given = scheme.weigh(offence.ho_code, offence.prc_class or None, None).days
        if given is not None:
            days[offence.tier].append(given)
    return {tier: _spread(found) for tier, found in days.items() if tier is not Tier.DISORDER}


def _spread(days: list[float]) -> str:
    low, middle, high = min(days), float(np.median(days)), max(days)
    if low == high:
        return _days(low)
    return f"{number(low)} to {number(high)} ({number(middle)})"


def _days(days: float | None) -> str:
    return "no weight" if days is None else number(days)


def _tier(tier: Tier) -> str:
    said = "antisocial behaviour" if tier is Tier.DISORDER else tier.value.replace("_", " ")
    return f"{said[:1].upper()}{said[1:]}"
