"""Concentration: how much lies in how few of the cells, by area, by residents, and a year on."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.profile import Measure
from spatial.hexes.counts import incident_harm
from spatial.hexes.residents import people_of, residents_of_cells
from spatial.hotspots.concentrated.accuracy import in_and_out
from spatial.hotspots.concentrated.concentration import (
    DEALS,
    HELD_LEVELS,
    PLACE_LEVELS,
    chance_curve,
    dealt_curve,
    gini,
    lorenz_curve,
)
from spatial.hotspots.surface import SEED
from spatial.notes import Note
from spatial.report_results import Section
from spatial.sections.ground import absent, present
from spatial.targets.ranking import homicide_harm
from spatial.vectors import read_features

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.hotspots.concentrated.concentration import SharesCurve
    from spatial.report_results import Part
    from spatial.sections.ground import Ground

NAME: Final = "concentration"
AREA_SHARES: Final = (0.01, 0.05)
"""Shares of the cells whose choice is scored in and out of sample."""
MUCH_HOMICIDE: Final = 0.1
"""Share of the harm from which homicide is said to decide how concentrated it is."""

# where a curve is drawn: dense where it is steep
_DRAWN_AT: Final = np.unique(
    np.concatenate([[0.0], np.geomspace(1e-4, 1.0, 81), np.linspace(0.0, 1.0, 41)])
)


def concentration(ground: Ground) -> Section:
    """Say how concentrated the window is, and what the same places went on to hold."""
    counts, cells = ground.subject.counts, np.ones(len(ground.grid))
    values: dict[str, NDArray[np.int64]] = {"incidents": counts.incidents}
    if ground.weighed:
        values["harm"] = counts.harm
    residents, why_no_people = _residents(ground)
    curves = {(name, "area"): lorenz_curve(held, cells) for name, held in values.items()}
    if residents is not None:
        curves |= {
            (name, "population"): lorenz_curve(held, residents) for name, held in values.items()
        }
    incidents = int(counts.incidents.sum())
    chance = {"incidents": chance_curve(incidents, len(cells))}
    if ground.weighed:
        chance["harm"] = dealt_curve(
            incident_harm(
                ground.scene.connection,
                ground.subject.condition,
                window=ground.window,
                grid=ground.grid,
            ),
            len(cells),
            rng=np.random.default_rng(SEED),
        )
    unequal = gini(counts.incidents)
    half = {
        f"half_of_{name}": curves[name, "area"].places_holding(0.5) for name in values
    }  # fmt: skip
    scored, told = _scored(ground, values)
    notes = [
        Note(
            f"Shares of {len(cells):,} cells, the fullest first; where cells tie, what they hold "
            "on average. In-sample: the cells were put in order by what they are then said to hold."
        ),
        Note(
            f"Chance: {incidents:,} incidents dealt over {len(cells):,} cells at random. Only what "
            "lies above it is concentration. For harm, every incident takes its own harm along, on "
            f"{DEALS} maps. It is not said by residents."
        ),
    ]
    fatal = homicide_harm(counts, len(cells), Measure.HARM).sum() if ground.weighed else 0
    fatal_share = float(fatal / counts.harm.sum()) if fatal else 0.0
    if fatal_share >= MUCH_HOMICIDE:
        sentence = (
            f"Homicide alone makes {fatal_share:.0%} of the harm: a few events decide how "
            "concentrated harm is. Read the incidents beside it."
        )
        notes.append(Note(sentence, loud=True))
    if why_no_people:
        notes.append(Note(why_no_people))
    elif residents is not None:
        notes.append(
            Note(
                f"By residents: {residents.sum():,.0f} people of the population layer live in the "
                "study area, spread evenly over each census area. Cells where hardly anybody lives "
                "come first, so a high street looks worse than its visitors know it."
            )
        )
    return Section(
        name=NAME,
        run_id=ground.run_id,
        parts=(
            present(NAME, "figures", _figures(curves, chance)),
            present(NAME, "curves", _drawn(curves, chance)),
            present(NAME, "gini", pd.DataFrame([asdict(unequal)])),
            scored,
        ),
        facts={
            **half,
            **{
                f"half_of_{name}_by_chance": curve.places_holding(0.5)
                for name, curve in chance.items()
            },
            "incidents": incidents,
            "cells": len(cells),
            "generalised_gini": unequal.generalised,
            "by_population": residents is not None,
            "homicide_share": fatal_share,
            **told,
        },
        method=(
            "Lorenz curves over all cells of the study area; generalised Gini (Bernasco and "
            "Steenbeek 2017); PAI and PEI, ties in expectation"
        ),
        page="concentration.md",
        notes=tuple(notes),
    )


def _residents(ground: Ground) -> tuple[NDArray[np.float64] | None, str]:
    path = ground.scene.store.context_layers().get("population")
    if path is None:
        return None, "By residents: not said, no population layer is loaded."
    state = path.stat()
    try:
        residents = _shared_out(path, state.st_mtime_ns, state.st_size, ground.grid)
    except BadInputError as error:
        return None, f"By residents: not said. {error}"
    if not residents.any():
        return None, "By residents: not said, nobody of the population layer lives in the area."
    return residents, ""


@lru_cache(maxsize=4)
def _shared_out(path: Path, changed: int, size: int, grid: HexGrid) -> NDArray[np.float64]:
    del changed, size  # another file under the same name must not be taken for this one
    features = read_features(path)
    people = people_of(features.properties)
    return residents_of_cells(features.geometries, people, grid)


def _figures(
    curves: dict[tuple[str, str], SharesCurve], chance: dict[str, SharesCurve]
) -> pd.DataFrame:
    # both ways: the places that hold so much, and what so many places hold
    rows: list[tuple[object, ...]] = []
    for (measure, by), curve in curves.items():
        dealt = chance.get(measure) if by == "area" else None
        rows += [
            (measure, by, "held", curve.places_holding(level), level,
             dealt.places_holding(level) if dealt else np.nan)
            for level in HELD_LEVELS
        ]  # fmt: skip
        rows += [
            (measure, by, "places", level, curve.held_in(level),
             dealt.held_in(level) if dealt else np.nan)
            for level in PLACE_LEVELS
        ]  # fmt: skip
    columns = ["measure", "by", "given", "share_of_places", "share_held", "chance"]
    return pd.DataFrame(rows, columns=columns)


def _drawn(
    curves: dict[tuple[str, str], SharesCurve], chance: dict[str, SharesCurve]
) -> pd.DataFrame:
    tables = []
    for (measure, by), curve in curves.items():
        dealt = chance.get(measure) if by == "area" else None
        tables.append(
            pd.DataFrame(
                {
                    "measure": measure,
                    "by": by,
                    "share_of_places": _DRAWN_AT,
                    "share_held": [curve.held_in(share) for share in _DRAWN_AT],
                    "chance_held": [
                        dealt.held_in(share) if dealt else np.nan for share in _DRAWN_AT
                    ],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _scored(ground: Ground, values: dict[str, NDArray[np.int64]]) -> tuple[Part, dict[str, Any]]:
    comparison, earlier = ground.comparison, ground.earlier
    if comparison is None or earlier is None:
        return absent("accuracy", f"What such places go on to hold is not known. "
                      f"{ground.why_no_comparison}"), {}  # fmt: skip
    before = {"incidents": earlier.counts.incidents, "harm": earlier.counts.harm}
    cells = np.ones(len(ground.grid))
    rows: list[dict[str, Any]] = []
    for measure, now in values.items():
        if not before[measure].any():
            continue
        for share in AREA_SHARES:
            if share * len(cells) < 1:
                continue
            found = in_and_out(before[measure], before[measure], now, cells, area_share=share)
            for sample, score, window in (
                ("in", found.in_sample, comparison.before),
                ("out", found.out_of_sample, comparison.now),
            ):
                rows.append(
                    {
                        "measure": measure,
                        "area_share": share,
                        "cells_chosen": share * len(cells),
                        "sample": sample,
                        "captured": score.captured,
                        "best_possible": score.captured_by_oracle,
                        "pai": score.pai,
                        "pei": score.pei,
                        "recapture_ratio": found.recapture_ratio,
                        "chosen_on": comparison.before.words,
                        "scored_on": window.words,
                    }
                )
    if not rows:
        why = (
            "What such places go on to hold is not known: the earlier window "
            f"({comparison.before.words}) holds no incident, or 5% of the area is less than a cell."
        )
        return absent("accuracy", why), {}
    shown = next(
        (row for row in rows if row["sample"] == "out" and row["area_share"] == AREA_SHARES[0]),
        rows[1],
    )
    told = {
        "chosen_share": shown["area_share"],
        "captured_out": shown["captured"],
        "captured_in": rows[rows.index(shown) - 1]["captured"],
        "chosen_on": comparison.before.words,
    }
    return present(NAME, "accuracy", pd.DataFrame(rows)), told
