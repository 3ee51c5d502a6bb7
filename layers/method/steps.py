"""How a list comes about, step by step, with the numbers that are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.dose import load_dose_rules
from config.settings import load_settings
from config.shifts import clock, load_shifts
from layers.method.chapter import Chapter, head, points, words

if TYPE_CHECKING:
    from config.settings import Settings

# area of a cell in Britain, hectares: smaller than H3's mean over the globe
_CELL_HA: Final = {8: "65", 9: "9", 10: "1.3"}
_NOT_TELLING: Final = "anti-social-behaviour"


def steps() -> tuple[Chapter, ...]:
    """Return what goes in, and what is done with it."""
    settings = load_settings()
    return (_goes_in(), _places(settings), _after())


def _goes_in() -> Chapter:
    return Chapter(
        "in",
        "What goes in, and what is left out",
        words(
            "Incidents, from a force's own export or from open data: kind of offence, first and "
            "last moment, place, and flags such as domestic, in public, knife. A boundary, and, "
            "where loaded, streets, beats, barriers and places of interest.",
        )
        + points(
            "*Every row is accounted for.* It is stored, rejected with its row number and the "
            "reason, or counted as a duplicate of a named row; the three add up.",
            "*What is not known is not guessed.* An incident whose needed flag nobody recorded is "
            "left out, and how many were is said beside the result, unless its profile says that "
            "the unknown count too.",
            "*No location, no dot.* Incidents without a usable location are counted and said, and "
            "are on no map.",
            "*Partners' records* (ambulance, hospital, registers) lie over the map as their own "
            "layer. They rank nothing and are never added to police incidents.",
            "*Anniversaries, events and community tension* lie over the map for people to weigh. "
            "They never change a rank.",
        ),
    )


def _places(settings: Settings) -> Chapter:
    shifts = load_shifts()
    told = (
        "Antisocial behaviour tells it nothing (a setting)."
        if _NOT_TELLING in settings.untelling
        else "Antisocial behaviour is among the related crime (a setting)."
    )
    ring = "the cells next to it" if settings.ring == 1 else f"the {settings.ring} rings around it"
    turns = "; ".join(one.words for one in shifts.shift)
    return Chapter(
        "steps",
        "How the list comes about",
        head("1. Count")
        + words(
            "The study area is covered with hexagons (H3). Patrol areas use hexagons of about "
            f"{_CELL_HA[settings.resolution]} ha; where points are only exact to more than "
            f"{settings.precise_enough_m:.0f} m, as in open data, hexagons of about "
            f"{_CELL_HA[settings.coarse_resolution]} ha are used instead. Each incident is counted "
            "into the hexagon its own point lies in. Empty hexagons count as zeros."
        )
        + head("2. Weigh")
        + words(
            "Each violent incident is weighed in days by a public harm index (which one is said on "
            "every result). Offences that the index does not weigh are counted, and their harm is "
            "left open. Antisocial behaviour has no weight: nobody has made a defensible one."
        )
        + head("3. Test")
        + words(
            f"A hexagon is hot when it and {ring} together hold more incidents than chance would "
            "put there (Getis-Ord Gi*, exact against dealing the counts over all hexagons). "
            "Because thousands are tested at once the result is corrected over the whole map "
            "(Benjamini-Hochberg), and 95% is asked for. Violence and antisocial behaviour are "
            "tested apart, on counts, so that one grave incident cannot make a hot spot."
        )
        + head("4. Rank")
        + words(
            "Hexagons are ordered by expected harm: what their own record (the recent months "
            "more), the rings around them and related crime lead to expect of a period as long as "
            f"the window. {told} What each of these is worth is learnt from the area's own past. "
            "Few grave incidents are drawn towards what is usual near by; a homicide counts as one "
            "incident like the others. Expected harm ranks and is never tested, because smoothing "
            "builds in the very clustering that a test looks for."
        )
        + head("5. Draw patrol areas")
        + words(
            "The best hexagon is joined with the adjoining ones until the area has "
            f"{settings.fewest_cells} to {settings.most_cells} of them, never across a barrier "
            "that cannot be walked, then the next. An area needs at least "
            f"{settings.fewest_incidents} non-fatal incidents on {settings.fewest_dates} different "
            f"dates (or in {settings.fewest_months} months, where data are by month). Each is "
            "named after its streets, keeps its id from list to list, and says why it is there "
            "and what its figures lean on."
        )
        + head("6. Say when, and plan visits")
        + words(
            f"Hours come from timed incidents; days begin at {clock(shifts.day_starts)}. Shifts: "
            f"{turns}. A night that is known only from evening to morning is shared out over its "
            f"hours. A visit is {load_dose_rules().minutes:.0f} minutes on foot; which places are "
            "visited on which days can be drawn by lot, so that the effect can be judged later. "
            "That shortness and that lot come from trials of hot-spot patrols."
        )
        + head("7. People decide")
        + words(
            "A meeting may add, take off, join or rename places, with a reason. The list it adopts "
            "is kept with its files, and can be opened again from its run id."
        ),
    )


def _after() -> Chapter:
    return Chapter(
        "after",
        "What is asked afterwards",
        points(
            "*Did it work?* Evaluation compares patrolled places and days with fair others, as the "
            "operation was registered beforehand, and says no more than its interval. Displacement "
            "to the ground around is looked for.",
            "*Does the ranking hold?* Accuracy chooses places on the past again and again and "
            "scores them on the months that followed, against plain rivals such as last year's "
            "count. If the count does as well, it says so.",
            "*On whom does it fall?* Fairness compares who lives under the places with who lives "
            "in the force, and drafts the impact assessments.",
            "*What stands near by?* Risk terrain finds which kinds of places (clubs, stations) "
            "go with violence near them. It says together with, not because of.",
            "*What happened since yesterday?* Daily sets the last 24 hours and 7 days beside what "
            "is usual, and marks ground near a recent incident only where this area's own year "
            "shows that one follows another.",
        )
        + '<p>Open <a href="evaluation" target="_self">Evaluation</a>, '
        '<a href="accuracy" target="_self">Accuracy</a> or '
        '<a href="fairness" target="_self">Fairness</a>.</p>',
    )
