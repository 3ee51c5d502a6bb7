"""Stability of places: whether the list would stand if incidents lay where they may lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from config.profile import Measure, Tier
from spatial.hexes.counts import HARM_UNITS, located_rows
from spatial.hotspots.concentrated.place_uncertainty import DRAWS, MovablePoints, place_stability
from spatial.hotspots.surface import SEED
from spatial.notes import Note
from spatial.places import ranked_places
from spatial.report_results import Section
from spatial.sections.ground import CANDIDATES, all_absent, present

if TYPE_CHECKING:
    from spatial.sections.ground import Ground

NAME: Final = "place_stability"

_METHOD: Final = (
    f"Every incident moved at random within the disc of its precision, {DRAWS} times, and the "
    "candidate places ranked anew"
)
_PAGE: Final = "place-uncertainty.md"


def stability(ground: Ground) -> Section:
    """Say how many of the first places stay first when points move within their precision."""
    wanted = ground.request.places
    # by what happened: what is expected would have to be learnt anew for every draw
    areas = ranked_places(ground.subject, CANDIDATES * wanted, measure=ground.measure).areas
    if len(areas) <= wanted:
        return _without(
            ground,
            "Stability of places cannot be tested: "
            + (
                f"only {len(areas)} places can be given at all, so the {wanted} asked for have "
                "none to lose their rank to."
                if areas
                else "no place has incidents enough."
            ),
        )
    condition, unit = ground.subject.condition, 1.0
    if ground.measure is Measure.HARM:
        # as in the ranking: one homicide makes no place
        condition, unit = f"({condition}) AND tier <> '{Tier.HOMICIDE}'", float(HARM_UNITS)
    rows = located_rows(ground.scene.connection, condition, window=ground.window)
    precision = rows["precision_m"].to_numpy()
    if not (precision > 0).any():
        known = "exact" if (precision == 0).any() else "not recorded"
        return _without(
            ground,
            f"Stability of places cannot be tested: how exactly the points lie is {known}, so "
            "there is nothing to move.",
        )
    weights = rows["harm"].to_numpy(float) if unit > 1 else np.ones(len(rows))
    owner = np.full(len(ground.grid), -1, dtype=np.int64)
    for number, area in enumerate(areas):
        owner[area] = number
    found = place_stability(
        MovablePoints(
            rows["longitude"].to_numpy(), rows["latitude"].to_numpy(), precision, weights
        ),
        ground.grid,
        places=wanted,
        rng=np.random.default_rng(SEED),
        areas=owner,
    )
    chosen = found.frame["place"].to_numpy()
    labels = ground.labels([areas[number] for number in chosen])
    table = found.frame.drop(columns="place").assign(
        place=labels["place"],
        area_id=labels["area_id"],
        cells=[len(areas[number]) for number in chosen],
    )
    for column in ("value", "value_low", "value_high"):
        table[column] /= unit
    facts: dict[str, Any] = {
        "places": wanted,
        "kept": found.kept,
        "held_as_mapped": found.held_as_mapped,
        "held_when_moved": found.held_when_moved,
        "draws": found.draws,
        "precision_m": float(np.nanmedian(precision)),
        "unit": "harm" if unit > 1 else "incidents",
        "sure": int((found.frame["stays"] >= 0.9).sum()),  # noqa: PLR2004 (nine draws in ten)
    }
    notes = [
        Note(
            f"{len(areas)} candidate places, grown round and ranked by what happened (not by "
            "expected harm, as the targets are), and not anew for each draw. "
            "A disc is a guess at how points were moved, and next year's incidents are another, "
            "larger uncertainty."
        )
    ]
    if found.unmoved:
        sentence = (
            f"{found.unmoved:,} of {len(rows):,} incidents have no recorded precision and were "
            "left where they are, which flatters."
        )
        notes.append(Note(sentence, loud=10 * found.unmoved > len(rows)))
    parts = (present(NAME, "places", table),)
    return Section(NAME, ground.run_id, parts, facts, _METHOD, _PAGE, tuple(notes))


def _without(ground: Ground, why_not: str) -> Section:
    return Section(NAME, ground.run_id, all_absent(NAME, why_not), {}, _METHOD, _PAGE, ())
