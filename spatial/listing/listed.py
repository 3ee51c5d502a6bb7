"""The list itself: chosen, decided, compared with the last one, and told, in one result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from config.profile import Measure
from spatial.hexes.grid import merge_cells
from spatial.hotspots.significance import HOT
from spatial.listing.choice import choose
from spatial.listing.decision import decide_places, nearest_m
from spatial.listing.removal import proposed_removals
from spatial.listing.told import tell
from spatial.notes import Note, Notes, merged
from spatial.places import area_rules, place_figures
from spatial.results import TargetResult
from spatial.risk_terrain.near import near_notes
from spatial.scene import count_subject
from spatial.targets.budget import hours_for
from spatial.targets.expected import expect_in_areas
from spatial.targets.kept.compared import Compared, compare
from spatial.targets.kept.fixed_change import FixedChange, fixed_change, fixed_comparison, no_change
from spatial.targets.names import NamedLines, name_areas, read_named_lines
from spatial.targets.overridden.decided_list import DecidedList, also_known
from spatial.targets.ranking import shares_by_place
from spatial.targets.table import ground_table, target_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.hotspots.expected.expected_harm import ExpectedHarm
    from spatial.incidents.checks.banner import Banner
    from spatial.listing.asked import Asked
    from spatial.results import HotspotResult
    from spatial.risk_terrain.near import NearFactors
    from spatial.scene import Subject
    from spatial.targets.kept.previous import PreviousList
    from spatial.targets.overridden.override_list import Override


_SHARED: Final = (Measure.COUNT, Measure.HARM)
_FARED: Final = ("change_ratio", "change_low", "change_high", "change_words")


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """What a list comes after.

    Attributes
    ----------
    previous
        The list that it is compared with; None for a first one.
    fixed
        The list whose areas tell how places fared since: it must have been made on incidents before
        this window. None for ``previous``.
    overrides
        What people changed, in the order of applying.
    """

    previous: PreviousList | None = None
    fixed: PreviousList | None = None
    overrides: Sequence[Override] = ()


def list_places(  # noqa: PLR0913 (what a list is made of)
    subject: Subject,
    expected: ExpectedHarm | None,
    asked: Asked,
    before: Before,
    *,
    hot: HotspotResult,
    disorder: HotspotResult,
    quality: Banner,
    risk: NearFactors | None = None,
) -> TargetResult:
    """Make the list of patrol areas that a request asks for.

    Parameters
    ----------
    subject
        Profile and window.
    expected
        What is expected of its cells; None where nothing can be.
    asked, before
        What is asked of the list, and what it comes after.
    hot, disorder
        The profile's own surface, and that of antisocial behaviour.
    quality
        How far the data under it can be trusted.
    risk
        What stands near places, by a risk terrain that somebody chose; None for nothing.

    Raises
    ------
    BadInputError
        As :func:`spatial.listing.choice.choose`, or a change cannot be read on such a list.
    """
    scene, counts = subject.scene, subject.counts
    choice = choose(subject, asked, expected)
    decided, told_ids = decide_places(
        subject,
        choice,
        expected=expected,
        previous=before.previous,
        overrides=before.overrides,
    )
    ranked = decided.ranked
    figures = place_figures(subject, ranked)
    words, times, time_notes = tell(subject, ranked, figures, disorder=disorder.cells, risk=risk)
    streets = _streets(subject)
    ground = ground_table(ranked, scene.grid, ids=decided.ids, streets=streets)
    compared = compare(
        decided,
        before.previous,
        scene.grid,
        street_names=ground["name"].tolist(),
        dates=choice.worth.dates,
        rules=area_rules(subject, choice.worth.measure),
        grown_names=_grown_names(decided, subject, streets),
    )
    change = _change(subject, asked, before.fixed or before.previous)
    removals = proposed_removals(subject, decided.places)
    table = target_table(
        ground,
        profile=subject.profile,
        figures=figures,
        total_harm=int(counts.harm.sum()),
        expected=None if expected is None else expect_in_areas(expected, ranked),
        hot=hot.cells,
        words=words,
        run_id=hot.run_id,
        data_through=scene.store.data_through,
        marking=scene.settings.marking,
    )
    table = _joined(table, compared, change, removals).assign(
        quality=quality.sentence, shift=asked.shift or ""
    )
    shares = {one: shares_by_place(ranked, counts, one).sum() for one in _SHARED}
    weighed = subject.profile.weighs_harm and bool(counts.harm.any())
    return TargetResult(
        run_id=hot.run_id,
        profile=subject.profile,
        window=subject.window,
        resolution=scene.grid.resolution,
        study_area=scene.grid.study_area,
        areas=table,
        measure=ranked.measure,
        incidents_share=float(shares[Measure.COUNT]),
        harm_share=float(shares[Measure.HARM]) if weighed else None,
        # by cells on both sides, so that what lies beyond the border cancels out
        area_share=_area_share(subject, decided),
        held_out_share=choice.held_out_share,
        held_out_note=choice.held_out_note,
        data_through=scene.store.data_through,
        notes=merged(
            hot.notes,
            decided.notes,
            told_ids,
            compared.notes,
            _another_profile(subject, before),
            change.notes,
            _too_near(subject, table, decided),
            _beyond_the_hours(asked, len(table)),
            _whole_day(asked),
            time_notes,
            () if risk is None else near_notes(risk, data_through=scene.store.data_through),
            _not_hot(table, ranked.measure),
        ),
        quality=quality,
        places_asked=choice.places,
        officer_hours=hours_for(len(table), asked.dose),
        dose_words=asked.dose.words,
        coverage=choice.curve,
        more_hours=choice.more_hours,
        dropped=compared.dropped,
        overrides=decided.outcomes,
        removals=removals,
        also_known=also_known(decided, scene.grid, previous=before.previous),
        change=change.areas,
        change_whole=change.whole,
        times=times,
        previous="" if before.previous is None else before.previous.called,
        data_from=scene.store.data_from,
    )


def _streets(subject: Subject) -> NamedLines | None:
    path = subject.scene.store.context_layers().get("streets")
    if path is None:
        return None
    system = subject.scene.grid.study_area.metric_system
    return read_named_lines(path, metric_system=system)


def _grown_names(
    decided: DecidedList, subject: Subject, streets: NamedLines | None
) -> dict[str, str]:
    """Name the places that people drew elsewhere as they would be where they grew."""
    drawn = [one for one in decided.places if one.changes and len(one.grown)]
    grid = subject.scene.grid
    outlines = [merge_cells(grid.cells[one.grown]) for one in drawn]
    names = name_areas(outlines, streets, metric_system=grid.study_area.metric_system)
    return {one.area_id: name for one, name in zip(drawn, names, strict=True) if name}


def _change(subject: Subject, asked: Asked, fixed: PreviousList | None) -> FixedChange:
    scene = subject.scene
    if asked.drawn is not None:
        sentence = (
            "No change is given: it is measured on areas of cells, and these are polygons of your "
            "own."
        )
        return no_change((Note(sentence),))
    comparison, notes = fixed_comparison(
        subject.window,
        fixed,
        data_from=scene.store.data_from,
        data_through=scene.store.data_through,
        resolution=scene.grid.resolution,
    )
    if comparison is None or fixed is None:
        return no_change(notes)
    now, earlier = (
        count_subject(scene, subject.profile, window).counts
        for window in (comparison.now, comparison.before)
    )
    return fixed_change(fixed, scene.grid, now=now, before=earlier, comparison=comparison)


def _joined(
    table: pd.DataFrame, compared: Compared, change: FixedChange, removals: pd.DataFrame
) -> pd.DataFrame:
    """Fill the columns that say how a place stands against the list before."""
    # rank for rank the same places
    names = compared.places.set_index("area_id").reindex(table["area_id"])
    filled = table.assign(**{column: names[column].array for column in names.columns})
    fared = change.areas.set_index("area_id").rename(columns={"words": "change_words"})
    found = fared.loc[:, list(_FARED)].reindex(table["area_id"])
    filled = filled.assign(**{column: found[column].to_numpy() for column in found.columns})
    said = removals.groupby("area_id", sort=False)["words"].agg(" ".join)
    removal = said.reindex(table["area_id"]).fillna("")
    # whole numbers or nothing, as files write them
    ranks = [None if pd.isna(rank) else int(rank) for rank in filled["previous_rank"]]
    return filled.assign(
        removal=removal.to_numpy(),
        change_words=filled["change_words"].fillna(""),
        previous_rank=pd.Series(ranks, dtype=object),
    )[table.columns]


def _area_share(subject: Subject, decided: DecidedList) -> float:
    grid, drawn = subject.scene.grid, decided.ranked.drawn
    if drawn is None:
        return len(decided.ranked.positions) / len(grid)
    held = drawn.overlaps[: len(decided.places)]
    return float(sum(share.sum() for _, share in held)) / len(grid)


def _too_near(subject: Subject, table: pd.DataFrame, decided: DecidedList) -> Notes:
    apart = subject.scene.settings.separation_m
    # a place taken off leaves no mark on the others, and the next best lies wherever it does
    if not apart or decided.outcomes.empty:
        return ()
    nearest = nearest_m(subject, table["geometry"].tolist())
    # six decimals of a degree are a tenth of a metre
    if nearest >= apart - 1:
        return ()
    sentence = (
        f"After the changes by hand two places lie {nearest:,.0f} m apart, nearer than the "
        f"{apart:,.0f} m asked for."
    )
    return (Note(sentence, loud=True),)


def _another_profile(subject: Subject, before: Before) -> Notes:
    ours = subject.profile.name
    others = {
        one.profile: one.called
        for one in (before.previous, before.fixed)
        if one is not None and one.profile not in {"", ours}
    }
    return tuple(
        Note(
            f"{called} is a list of the profile {profile!r}, this one of {ours!r}: what is new, "
            "kept or dropped says nothing of how either changed.",
            loud=True,
        )
        for profile, called in others.items()
    )


def _beyond_the_hours(asked: Asked, places: int) -> Notes:
    given, takes = asked.budget.officer_hours, hours_for(places, asked.dose)
    # to the tenth that is said
    if given is None or takes < given + 0.05:
        return ()
    sentence = (
        f"With the places that people added the list takes {takes:,.1f} officer-hours, and "
        f"{given:,.1f} were given."
    )
    return (Note(sentence, loud=True),)


def _whole_day(asked: Asked) -> Notes:
    if asked.shift is None:
        return ()
    sentence = (
        f"The {asked.shift} shift alone ranks the places; their incidents, harm and shares are of "
        "the whole day."
    )
    return (Note(sentence, loud=True),)


def _not_hot(table: pd.DataFrame, measure: Measure) -> Notes:
    places = table.loc[~table["significance"].isin(HOT), "rank"].tolist()
    if not places:
        return ()
    listed = ", ".join(map(str, places))
    reason = (
        "for the harm to be expected there"
        if measure is Measure.EXPECTED_HARM
        else "for what happened there"
    )
    sentence = (
        f"Place{'s' if len(places) > 1 else ''} {listed}: on the list {reason}; the cells are not "
        "high together with their neighbours after correction (Gi*)."
    )
    return (Note(sentence),)
