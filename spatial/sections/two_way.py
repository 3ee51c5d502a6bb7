"""Two-way: every cell read for violence and for disorder side by side, never summed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.profile import Family, Measure, load_profile
from spatial.hexes.grid import cell_names
from spatial.hexes.neighbours import ring_neighbours
from spatial.hotspots.emerged.two_way import READINGS, cross_moran, two_way_reading
from spatial.hotspots.surface import SEED, surface
from spatial.notes import Note, merged
from spatial.report_results import Section
from spatial.scene import caveats, count_subject
from spatial.sections.ground import all_absent, present

if TYPE_CHECKING:
    from spatial.sections.ground import Ground

NAME: Final = "two_way"
DISORDER: Final = "asb"

_METHOD: Final = (
    "Gi* on the count of each, hot at 95% after correction over the whole map; bivariate local "
    "Moran with an exact null for the analyst"
)
_PAGE: Final = "two-way.md"


def two_way(ground: Ground) -> Section:
    """Say of every cell whether it is hot for violence, for disorder, for both or for neither."""
    if ground.subject.profile.family is not Family.SERIOUS_VIOLENCE:
        return _without(
            ground,
            f"{ground.subject.profile.title} is one of the two that are set side by side: choose a "
            "profile of serious violence, and it is read beside it.",
        )
    disorder = count_subject(ground.scene, load_profile(DISORDER), ground.window)
    if not disorder.counts.incidents.any():
        return _without(
            ground,
            f"No antisocial behaviour is recorded in {ground.area} in {ground.window.words}, so "
            "there is nothing to set beside the violence.",
        )
    ring = ground.scene.settings.ring
    first, notes = surface(ground.subject.counts, ground.grid, measure=Measure.COUNT, ring=ring)
    second, beside = surface(disorder.counts, ground.grid, measure=Measure.COUNT, ring=ring)
    violence, other = ground.subject.counts.incidents, disorder.counts.incidents
    moran = cross_moran(
        violence,
        other,
        ring_neighbours(ground.grid, ring=ring),
        rng=np.random.default_rng(SEED),
    )
    every = pd.DataFrame(
        {
            "cell": cell_names(ground.grid.cells),
            "reading": two_way_reading(first["class"], second["class"]),
            "violence": violence,
            "disorder": other,
            "violence_class": first["class"].to_numpy(),
            "disorder_class": second["class"].to_numpy(),
            "moran": moran["moran"].to_numpy(),
            "p_adjusted": moran["p_adjusted"].to_numpy(),
            "association": moran["association"].to_numpy(),
        }
    )
    shown = every[
        (every["violence"] > 0) | (every["disorder"] > 0) | (every["reading"] != "neither")
    ]
    sums = every.groupby("reading")[["violence", "disorder"]].sum()
    sizes = every["reading"].value_counts()
    readings = pd.DataFrame(
        [
            (
                reading,
                meaning,
                int(sizes.get(reading, 0)),
                *(int(sums[kind].get(reading, 0)) for kind in ("violence", "disorder")),
            )
            for reading, meaning in READINGS.items()
        ],
        columns=["reading", "meaning", "cells", "violence", "disorder"],
    )
    facts: dict[str, Any] = {
        **{reading: int(sizes.get(reading, 0)) for reading in READINGS},
        "cells": len(every),
        "both_high": int((every["association"] == "both high").sum()),
        "violence": int(violence.sum()),
        "disorder": int(other.sum()),
    }
    told = (
        Note(
            "Not hot is not proven quiet: 'violence only' may hold much disorder, just short of "
            f"the line. The rarer of the two ({min(violence.sum(), other.sum()):,} against "
            f"{max(violence.sum(), other.sum()):,} incidents) comes out as hot less easily."
        ),
        Note("Both gather where people gather: neither reading says that one causes the other."),
    )
    parts = (present(NAME, "cells", shown), present(NAME, "readings", readings))
    every_note = merged(told, notes, beside, caveats(disorder))
    return Section(NAME, ground.run_id, parts, facts, _METHOD, _PAGE, every_note)


def _without(ground: Ground, why_not: str) -> Section:
    return Section(NAME, ground.run_id, all_absent(NAME, why_not), {}, _METHOD, _PAGE, ())
