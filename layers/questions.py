"""The questions of the Analysis page: titles, how each is worked out, how it can mislead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from layers.wording import escaped


@dataclass(frozen=True, slots=True)
class Question:
    """One entry of the page's list.

    Attributes
    ----------
    name
        In the address and in files; that of the report's section where it is one.
    label
        In the list.
    title
        Above the answer.
    how
        How it is worked out, in plain sentences.
    misleads
        How it can mislead.
    page
        Of ``docs/methods``.
    """

    name: str
    label: str
    title: str
    how: tuple[str, ...]
    misleads: tuple[str, ...]
    page: str


QUESTIONS: Final = (
    Question(
        "surface",
        "Surface",
        "Where more happens than chance would put there",
        (
            (
                "Each cell is taken with its neighbours, and their sum (Getis-Ord Gi*) is set "
                "against every way in which the study area's own values could be dealt over its "
                "cells. The chance of a sum as large or larger is p; ties count as large."
            ),
            (
                "p is corrected for testing every cell (Benjamini-Hochberg). A cell is a hot spot "
                "at 95% or better."
            ),
        ),
        (
            "It marks neighbourhoods: a quiet cell beside a busy one is hot.",
            "The study area decides: with more empty country, every town centre is hotter.",
            "Hot is more than chance, not more than the people there would explain.",
        ),
        "hot-spots.md",
    ),
    Question(
        "significance",
        "Significance",
        "How much of the map could be chance",
        (
            (
                "The null: all ways of dealing the study area's own values over its cells are "
                "equally likely, so nothing lies where it does for a reason. For counts p is "
                "exact."
            ),
            (
                "Uncorrected, one cell in twenty may be called at 95% where nothing goes on. The "
                "false discovery rate keeps false calls to one in twenty of those called; "
                "Bonferroni keeps the chance of any false call at all to one in twenty."
            ),
        ),
        (
            "Neighbourhoods overlap, so a dozen hot cells may be one finding.",
            "Not hot is not proven quiet.",
        ),
        "hot-spots.md",
    ),
    Question(
        "two_way",
        "Two-way map",
        "Violence and disorder side by side",
        (
            (
                "Both surfaces are tested on counts in the same way. A cell is read as hot for "
                "serious violence, for antisocial behaviour, for both or for neither; the two are "
                "never added."
            ),
            (
                "The analyst's table also sets the violence of each cell against the disorder "
                "round it (bivariate local Moran, exact null)."
            ),
        ),
        (
            "Not hot is not quiet: a cell of violence only may hold much disorder.",
            "Disorder is commoner, and finds more by the same rule.",
        ),
        "two-way.md",
    ),
    Question(
        "concentration",
        "Concentration",
        "How concentrated it is",
        (
            (
                "Cells are put in order, fullest first, and what they hold is added up: the curve. "
                "Beside it, the curve that as many incidents would give if chance dealt them."
            ),
            (
                "PAI is the share held over the share of the area; out of sample, places chosen on"
                " the window before are scored on this one."
            ),
        ),
        (
            "The curve is in-sample: places come in the order of what they are then said to hold.",
            "Few incidents must lie in few cells; only what lies above chance is concentration.",
            "Sea and farmland make any town look concentrated.",
        ),
        "concentration.md",
    ),
    Question(
        "timing",
        "Timing",
        "When it happens",
        (
            (
                "An incident that lasted, or whose time is only known between two moments, is "
                "shared out over the hours it touches. The week is laid out by policing day."
            ),
            "A peak window is named only where an even week would seldom show one as marked.",
        ),
        (
            "Midnight and noon often stand for a time that nobody knew.",
            "A peak's share is found on the same incidents, and flatters.",
            "Patrols change what is reported, and when.",
        ),
        "timing.md",
    ),
    Question(
        "emerging",
        "Emerging",
        "Which places are new, lasting or former",
        (
            (
                "The data up to the window's end are cut into quarters (half-years where incidents"
                " are few), the last three years at most. Each period is tested as the surface is,"
                " and each cell named after the periods in which it was hot: 17 patterns in four "
                "plain groups."
            ),
        ),
        (
            "Each period is corrected by itself: now and then a cell is called new by chance.",
            (
                "A cell is compared with the rest of its own period: it may intensify while its "
                "incidents fall."
            ),
        ),
        "emerging.md",
    ),
    Question(
        "change",
        "Change",
        "What changed",
        (
            (
                "This window is set against the same part of the year before, as an exact ratio of"
                " two Poisson rates with its 95% interval; p is corrected over all rows of a "
                "table."
            ),
            (
                "Places are chosen on a window before both, so that none seems to change because "
                "it was chosen."
            ),
        ),
        (
            "No clear change does not say that nothing changed: the interval says what may have.",
            "One event with several records makes the interval too narrow.",
            "A change of recording is a change like any other here.",
        ),
        "change.md",
    ),
    Question(
        "watch_list",
        "Watch list",
        "Rare offences to watch",
        (
            (
                "A few offences too rare for any map are followed over the whole store, whatever "
                "the profile and study area. The last 4, 13 and 52 weeks are set against up to "
                "three years before; an event is a day with at least one record."
            ),
            "Looked at every fortnight, a series gives at most one false alarm in five years.",
        ),
        (
            "Nothing unusual, of one event a year, says little.",
            "No code says that a gun was fired: a force's own log of discharges is better.",
        ),
        "watch-list.md",
    ),
    Question(
        "near_repeat",
        "Near repeat",
        "Whether one follows another",
        (
            (
                "All pairs of incidents are sorted by how far and how many days they lie apart, "
                "and set against 999 deals of the same dates over the same places (Knox)."
            ),
        ),
        (
            "It says that dates and places hang together, not why.",
            "A hot place that came or went within the window looks like near repeats.",
        ),
        "near-repeat.md",
    ),
    Question(
        "place_stability",
        "Stability",
        "How sure the list of places is",
        (
            (
                "Every point is moved at random within the precision of its location, 200 times, "
                "and the places are ranked anew each time."
            ),
        ),
        (
            "A disc is a guess at how points were moved.",
            "Next year's incidents are another, larger uncertainty.",
        ),
        "place-uncertainty.md",
    ),
)
"""In the order of the list."""


def question_named(name: str) -> Question:
    """Return a question by its name; the first where there is none of that name."""
    return next((one for one in QUESTIONS if one.name == name), QUESTIONS[0])


def method_html(question: Question, *, method: str = "") -> str:
    """Return how a question is answered and how it can mislead, as HTML of our own words.

    Parameters
    ----------
    question
        Which.
    method
        The method of the very result, in one line; empty for none.
    """
    how = "".join(f"<p>{escaped(text)}</p>" for text in question.how)
    caution = "".join(f"<li>{escaped(text)}</li>" for text in question.misleads)
    line = f"<p>Method: {escaped(method)}.</p>" if method else ""
    return (
        f'<div class="hx-made">{how}{line}<h3>How it can mislead</h3><ul>{caution}</ul>'
        f"<p>More, with sources: <code>docs/methods/{escaped(question.page)}</code></p></div>"
    )
