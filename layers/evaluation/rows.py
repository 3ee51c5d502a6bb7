"""Tables of an evaluation as rows of plain words: counts, estimates, displacement, threats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from config.published_operation import MARK
from layers.evaluation.estimate_words import (
    chance_words,
    change_words,
    estimate_words,
    figure_words,
    interval_words,
)
from layers.wording import counted, number, percent
from spatial.evaluation_results import CLEAR, SUSPECT, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from config.published_operation import PublishedFigure, PublishedOperation
    from spatial.evaluation.crossover.compliance import Compliance
    from spatial.evaluation.estimate import Estimate
    from spatial.evaluation.matching import Matches
    from spatial.evaluation_results import DisplacementAt, SideCounts, Switching, Threat

Rows = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]
"""Head and rows, for :func:`layers.rows.rows_html`."""

STANDING_WORDS: Final = {
    CLEAR: "Looked for, not found",
    SUSPECT: "The data speak for it",
    UNKNOWN: "The data cannot say",
}
_MARKS: Final = {CLEAR: "\N{CHECK MARK}", SUSPECT: "!", UNKNOWN: "?"}
_NONE: Final = "\N{EN DASH}"


def count_rows(counts: Sequence[SideCounts]) -> Rows:
    """Return the incidents of each side, with places, days and the rate that they make."""
    with_harm = any(one.harm_days is not None for one in counts)
    head = ("", "Incidents", "Places", "Days", *(("Harm, days",) if with_harm else ()))
    rows = [
        (
            one.words,
            f"{one.incidents:,}",
            f"{one.places:,}",
            f"{one.days:,.0f}",
            *((_harm(one.harm_days),) if with_harm else ()),
        )
        for one in counts
    ]
    return head, rows


def figure_rows(estimates: Iterable[Estimate]) -> Rows:
    """Return every estimate with its interval, p, and when that holds."""
    head = ("Estimate", "Figure", "The true one could be", "p", "Holds")
    rows = []
    for one in estimates:
        said = estimate_words(one.name)
        figures = (figure_words(one), interval_words(one), chance_words(one))
        rows.append((said.title, *figures, said.trust))
    return head, rows


def estimate_rows(estimates: Iterable[Estimate]) -> Rows:
    """Return how every estimate was made, what it takes for granted, and what to read with it."""
    head = ("Estimate", "Of", "Holds", "How it was made", "Read with it")
    rows = []
    for one in estimates:
        said = estimate_words(one.name)
        loud = " ".join(note.text for note in one.notes if note.loud)
        of = "harm" if one.measure == "harm" else "incidents"
        rows.append((said.title, of, said.trust, one.method, loud))
    return head, rows


def displacement_rows(listed: Iterable[DisplacementAt]) -> Rows:
    """Return what happened within each distance, the registered one marked."""
    head = ("Within", "Counted", "Figure", "The true one could be", "In words")
    rows = []
    for one in listed:
        lead = one.estimates[0] if one.estimates else None
        rows.append(
            (
                f"{one.distance_m:,} m" + (", as registered" if one.registered else ""),
                "; ".join(f"{side.words}: {side.incidents:,}" for side in one.counts),
                _NONE if lead is None else figure_words(lead),
                _NONE if lead is None else interval_words(lead),
                " ".join((one.words, *(note.text for note in one.notes))),
            )
        )
    return head, rows


def switching_rows(listed: Iterable[Switching]) -> Rows:
    """Return whether other offences changed in the same places."""
    head = ("Other offences", "Counted", "Figure", "The true one could be", "In words")
    rows = [
        (
            one.title,
            "; ".join(f"{side.words}: {side.incidents:,}" for side in one.counts),
            figure_words(one.estimate),
            interval_words(one.estimate),
            one.words,
        )
        for one in listed
    ]
    return head, rows


def threat_rows(threats: Iterable[Threat]) -> Rows:
    """Return the checklist: each threat, how it stands, and what the data say."""
    head = ("", "What could make it wrong", "Standing", "What the data say")
    rows = [
        (_MARKS[one.standing], one.title, STANDING_WORDS[one.standing], one.says) for one in threats
    ]
    return head, rows


def balance_rows(matches: Matches) -> Rows:
    """Return how alike patrolled places and matched comparators were before."""
    head = (
        "Before the operation", "Patrolled", "All candidates", "Matched", "Apart before",
        "Apart after",
    )  # fmt: skip
    rows = [
        (
            str(row["feature"]).replace("_", " "),
            *(f"{float(row[name]):.2f}" for name in ("treated", "pool", "matched")),
            *(f"{float(row[name]):+.2f}" for name in ("before", "after")),
        )
        for row in matches.balance.to_dict("records")
    ]
    return head, rows


def drawn_rows(balance: pd.DataFrame) -> Rows:
    """Return place-days and incidents of both sides by weekday and half: was it drawn evenly."""
    head = ("", "Place-days drawn", "Others", "Incidents on drawn", "On others")
    return head, [tuple(_plain(value) for value in row) for row in balance.to_numpy().tolist()]


def compliance_rows(made: Compliance) -> Rows:
    """Return, by place, how many of its drawn days had a patrol, and of its others."""
    head = ("Place", "Days drawn", "Patrolled", "Share", "Other days", "Patrolled", "Share")
    rows = []
    for row in made.by_place.to_numpy().tolist():
        area, drawn, kept, kept_share, others, visited, visited_share = row
        rows.append(
            (
                str(area),
                _plain(drawn),
                _plain(kept),
                _share(kept_share),
                _plain(others),
                _plain(visited),
                _share(visited_share),
            )
        )
    return head, rows


def dose_rows(dose: pd.DataFrame) -> Rows:
    """Return incidents by minutes of patrol against what place and day lead to expect."""
    head = ("Minutes of patrol", "Place-days", "Incidents", "Expected", "Against it", "Could be")
    rows = []
    for row in dose.to_dict("records"):
        limits = (row["low"], row["high"])
        known = [value for value in limits if value is not None and value == value]  # noqa: PLR0124 (not a number)
        rows.append(
            (
                str(row["minutes"]),
                _plain(row["place_days"]),
                _plain(row["incidents"]),
                f"{float(row['expected']):.1f}",
                _ratio(row["ratio"]),
                " to ".join(_ratio(value) for value in limits) if known else _NONE,
            )
        )
    return head, rows


def published_rows(operation: PublishedOperation) -> Rows:
    """Return the published figures of an operation, each marked and with its caution."""
    head = ("What", "Published figure", "", "Read with it")
    rows = [(one.what, _published(one), MARK, one.caution) for one in operation.figures]
    return head, rows


def published_design_words(operation: PublishedOperation) -> str:
    """Say in a sentence or two how a published operation was done, as far as it is published."""
    design = operation.template
    parts = [counted(design.places, "place")]
    if design.days is not None:
        parts.append(counted(design.days, "day"))
    if design.treated_each_day is not None:
        parts.append(f"{design.treated_each_day} drawn each day")
    if design.place_days_treated is not None and design.place_days_control is not None:
        sides = f"{design.place_days_treated:,} place-days against {design.place_days_control:,}"
        parts.append(sides)
    return f"{', '.join(parts)}: {design.patrol}. Places: {design.places_chosen}."


def _published(figure: PublishedFigure) -> str:
    if figure.measure in {"count", "harm"}:
        said = f"{abs(figure.value) * 100:.4g}% {'lower' if figure.value < 0 else 'higher'}"
        return f"{said}, not significant" if figure.significant is False else said
    return percent(figure.value)


def _harm(days: float | None) -> str:
    return _NONE if days is None else number(days)


def _share(value: Any) -> str:  # noqa: ANN401 (a number, or none)
    return _NONE if value is None or value != value else percent(float(value))  # noqa: PLR0124 (not a number)


def _ratio(value: Any) -> str:  # noqa: ANN401 (a number, or none)
    return "no limit" if value is None or value != value else change_words(float(value))  # noqa: PLR0124 (not a number)


def _plain(value: Any) -> str:  # noqa: ANN401 (a word or a number)
    return value if isinstance(value, str) else f"{float(value):,.0f}"
