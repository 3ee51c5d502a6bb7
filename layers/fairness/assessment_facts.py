"""Assessment facts: what a run knows about itself, in sentences that several forms share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layers.fairness.charts import decile_rows, group_rows
from layers.fairness.words import LIMITS, NEVER_USED, headline, kept_back_words, listed_words
from layers.wording import PRODUCT, counted, percent
from spatial.window import day_words

if TYPE_CHECKING:
    import pandas as pd

    from spatial.fairness import FairnessResult

_RANKED: Final = {
    "count": "the number of incidents",
    "harm": "the harm recorded in them",
    "sqrt_harm": "the square root of each incident's harm, summed",
    "expected_harm": (
        "the harm to be expected there: past counts, drawn towards the study area's mean where "
        "they are few"
    ),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Sentences about one list; each attribute is a tuple of paragraphs.

    Attributes
    ----------
    run
        Which run, of what.
    method
        How the list is made.
    settings
        The settings in force, name and value.
    data
        What data fed it.
    quality
        How far they can be trusted.
    performance
        Shares, in and out of sample.
    people, groups, listed
        Who lives under it, by deprivation and by group, and how often places come back.
    never
        What is never an input.
    limits
        What the figures cannot say.
    """

    run: tuple[str, ...]
    method: tuple[str, ...]
    settings: tuple[str, ...]
    data: tuple[str, ...]
    quality: tuple[str, ...]
    performance: tuple[str, ...]
    people: tuple[str, ...]
    groups: tuple[str, ...]
    listed: tuple[str, ...]
    never: tuple[str, ...]
    limits: tuple[str, ...]


def facts_of(result: FairnessResult) -> Facts:
    """Return what a run says of itself."""
    patrol = result.patrol
    profile = result.profile
    title = patrol.profile if profile is None else profile.title
    return Facts(
        run=(
            (
                f"List {patrol.run_id}, made by {PRODUCT} {patrol.version}: "
                f"{counted(len(patrol.areas), 'patrol area')} in {patrol.study_area_name}, from "
                f"incidents of {patrol.window.words}; fairness figures {result.run_id}. The same "
                "id always means the same numbers."
            ),
            f"Profile: {title}."
            + ("" if profile is None else f" {profile.description} Source: {profile.source}."),
        ),
        method=_method(result),
        settings=tuple(_settings(result)),
        data=_data(result),
        quality=_quality(result),
        performance=_performance(result),
        people=_people(result),
        groups=_groups(result),
        listed=(listed_words(result),),
        never=(NEVER_USED,),
        limits=LIMITS,
    )


def _method(result: FairnessResult) -> tuple[str, ...]:
    patrol = result.patrol
    harm = (
        f"Each recorded incident is weighed by the harm of its offence ({result.harm_edition}). "
        if result.harm_edition and patrol.harm_share is not None
        else "Incidents are counted. "
    )
    ranked = _RANKED.get(patrol.ranked_by, "what was recorded in them")
    return (
        (
            f"{harm}The study area is filled with hexagonal cells (H3 resolution "
            f"{patrol.resolution}); adjoining cells are grown into small areas round the worst "
            f"ones, never overlapping, and ranked by {ranked}. A cell is called a hot spot by the "
            "Getis-Ord Gi* statistic, corrected over every cell. Nothing about persons is "
            "computed, and the same input gives the same list."
        ),
        (
            "Pages in docs/methods of the software say what each statistic means and how it can "
            "mislead."
        ),
    )


def _settings(result: FairnessResult) -> list[str]:
    return [
        f"{name}: {value}" for name, value in result.settings.items() if not isinstance(value, dict)
    ]


def _data(result: FairnessResult) -> tuple[str, ...]:
    sources = [
        f"{row['source']}: {row['incidents']:,} incidents of {day_words(row['data_from'])} to "
        f"{day_words(row['data_through'])}, times to the {row['time_precision']}; "
        f"{row['rejected']:,} rows rejected (load {row['load_id']})."
        for row in result.sources.to_dict("records")
    ]
    kept = (
        "Kept of an incident: dates, point, offence code and class, tier, harm, marks (domestic, "
        "public place, knife, firearm, weapon, relationship, victim's age in bands). No name, "
        "address, birth date or free text has a column to go to."
    )
    census = (f"Census table, for this page alone: {result.source}",) if result.source else ()
    return (*sources, kept, *census)


def _quality(result: FairnessResult) -> tuple[str, ...]:
    quality = result.patrol.quality
    said = () if quality is None else (f"Graded {quality['grade']}: {quality['sentence']}",)
    return (*said, *result.patrol.notes)


def _performance(result: FairnessResult) -> tuple[str, ...]:
    patrol = result.patrol
    held = (
        f"{percent(patrol.incidents_share)} of the incidents"
        if patrol.harm_share is None
        else f"{percent(patrol.harm_share)} of the harm and {percent(patrol.incidents_share)} of "
        "the incidents"
    )
    return (
        (
            f"The places hold {held} in {percent(patrol.area_share)} of the study area's cells. "
            "That is in-sample: chosen and measured on the same window, which flatters."
        ),
        patrol.out_of_sample,
    )


def _people(result: FairnessResult) -> tuple[str, ...]:
    lines = [headline(result)]
    if result.deciles is None:
        lines.append(result.why_not["deciles"])
    else:
        lines += _lines("Deprivation tenth", *decile_rows(result.deciles))
    lines += [kept_back_words(result), *(note.text for note in result.notes)]
    return tuple(line for line in lines if line)


def _groups(result: FairnessResult) -> tuple[str, ...]:
    if result.groups is None:
        return (result.why_not["groups"],)
    return tuple(_lines("", *group_rows(result.groups)))


def _lines(noun: str, head: list[str], rows: list[list[str]]) -> list[str]:
    """Return each row as a sentence: name, then head and cell in turn."""
    return [
        f"{noun} {row[0]}: ".lstrip()
        + "; ".join(
            f"{name.lower()} {cell}" for name, cell in zip(head[1:], row[1:], strict=True) if cell
        )
        + "."
        for row in rows
    ]


def place_rows(places: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Return the places as a head and rows of words."""
    head = ["Rank", "Place", "Residents", "Most live in tenth", "On earlier lists"]
    rows = []
    for record in places.to_dict("records"):
        people, decile, lists = (record[name] for name in ("residents", "decile", "lists"))
        rows.append(
            [
                str(int(record["rank"])),
                str(record["name"]),
                "" if people != people else f"{people:,.0f}",  # noqa: PLR0124 (null)
                "" if decile != decile else f"{decile:.0f}",  # noqa: PLR0124 (null)
                "" if lists != lists else f"{lists:.0f} of {record['of_lists']:.0f}",  # noqa: PLR0124 (null)
            ]
        )
    return head, rows
