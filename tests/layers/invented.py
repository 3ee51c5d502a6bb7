"""An invented result on real H3 cells, for tests that need something to draw."""

from __future__ import annotations

import datetime as dt

import h3
import numpy as np
import pandas as pd
import shapely

from config.profile import Measure, load_profile
from layers.disorder import cell_union
from spatial.hexes.study_area import StudyArea
from spatial.notes import Note
from spatial.results import (
    HotspotResult,
    TargetResult,
    TaskingRequest,
    TaskingResult,
)
from spatial.window import Window

CENTRE = h3.latlng_to_cell(53.2, 1.4, 10)
WINDOW = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
BOUNDARY = StudyArea("Invented", shapely.box(1.36, 53.18, 1.44, 53.22))
RUN_ID = "7f3a91c2" * 8


def surface(*, family: str, centre: str, rings: int, seed: int, places: int = 4) -> pd.DataFrame:
    """Cells around a few centres: the nearer, the more incidents and the hotter."""
    rng = np.random.default_rng(seed)
    hubs = [centre, *rng.choice(h3.grid_disk(centre, 16), places - 1, replace=False)]
    rows: dict[str, dict[str, object]] = {}
    for hub in hubs:
        for ring in range(rings + 1):
            for cell in h3.grid_ring(hub, ring):
                strength = (rings + 1 - ring) / (rings + 1)
                incidents = int(rng.poisson(1 + 9 * strength**2))
                kind = "hot 99" if strength > 0.6 else "hot 95" if strength > 0.4 else "none"
                rows[cell] = {
                    "cell": cell,
                    "layer": family,
                    "incidents": incidents,
                    "harm_days": float(incidents * rng.choice([10, 19, 182.5, 365, 730])),
                    "expected_harm": np.nan,
                    "z": strength * 6,
                    "p": 0.001,
                    "p_adjusted": 0.01,
                    "class": kind,
                }
    cells = pd.DataFrame(rows.values()).sort_values("cell", ignore_index=True)
    if family == "antisocial_behaviour":
        cells["harm_days"] = np.nan
    return cells


def hotspots(profile: str, cells: pd.DataFrame) -> HotspotResult:
    loaded = load_profile(profile)
    return HotspotResult(
        run_id=RUN_ID,
        profile=loaded,
        window=WINDOW,
        measure=Measure(loaded.default_measure),
        resolution=10,
        ring=1,
        study_area=BOUNDARY,
        n_cells=3_000,
        cells=cells,
        data_through=WINDOW.last,
        notes=(),
    )


def areas(cells: pd.DataFrame, *, count: int = 6, names: list[str] | None = None) -> pd.DataFrame:
    rows = []
    taken: set[str] = set()
    for record in cells.sort_values("harm_days", ascending=False).to_dict("records"):
        group = [cell for cell in h3.grid_disk(record["cell"], 1) if cell not in taken][:5]
        if len(group) < 4 or taken & set(h3.grid_disk(record["cell"], 2)):
            continue
        taken |= set(group)
        shape = cell_union(group)
        rank = len(rows) + 1
        point = shape.representative_point()
        rows.append(
            {
                "area_id": f"SAL-{rank:03d}",
                "rank": rank,
                "name": names[rank - 1] if names else f"Invented Street {rank}",
                "driver": "serious_violence",
                "cells": " ".join(sorted(group)),
                "easting": 627000.0,
                "northing": 371000.0,
                "grid_ref": "TG 2700 7100",
                "longitude": point.x,
                "latitude": point.y,
                "area_ha": 6.65,
                "incidents": 40 - rank,
                "harm_days": 4000.0 - rank,
                "expected_harm": None,
                "harm_share": 0.07 - rank * 0.004,
                "peak_windows": None,
                "why": "3 serious woundings, 2 robberies and 12 assaults with injury",
                "status": "new",
                "run_id": RUN_ID,
                "data_through": WINDOW.last,
                "marking": "OFFICIAL-SENSITIVE",
                "wkt": shape.wkt,
                "geometry": shape,
            }
        )
        if len(rows) == count:
            break
    return pd.DataFrame(rows)


def tasking_result(*, count: int = 6, names: list[str] | None = None) -> TaskingResult:
    violence = surface(family="serious_violence", centre=CENTRE, rings=4, seed=1, places=9)
    disorder = surface(
        family="antisocial_behaviour",
        centre=h3.grid_ring(CENTRE, 3)[0],
        rings=4,
        seed=2,
    )
    targets = TargetResult(
        run_id=RUN_ID,
        profile=load_profile("ark"),
        window=WINDOW,
        resolution=10,
        study_area=BOUNDARY,
        areas=areas(violence, count=count, names=names),
        measure=Measure.EXPECTED_HARM,
        incidents_share=0.31,
        harm_share=0.37,
        area_share=0.016,
        held_out_share=0.242,
        held_out_note=(
            "Of this window's harm, in places chosen the same way on the 12 months before"
        ),
        data_through=WINDOW.last,
        notes=(),
    )
    return TaskingResult(
        run_id=RUN_ID,
        version="0.1.0",
        request=TaskingRequest(profile="ark", window=WINDOW),
        profile=load_profile("ark"),
        study_area=BOUNDARY,
        violence=hotspots("ark", violence),
        disorder=hotspots("asb", disorder),
        targets=targets,
        incidents=1_284,
        harm_edition="CCHI 2020",
        harm_sources=("Invented weights.",),
        data_through=WINDOW.last,
        notes=(
            Note(
                "112 incidents were left out because nobody recorded if they were domestic.",
                loud=True,
            ),
            Note("Resolution 10 was taken because the locations are exact."),
        ),
    )
