"""Invented target lists with every difficulty a file must bear."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import shapely

from config.profile import Measure, load_profile
from spatial.hexes.grid import merge_cells
from spatial.hexes.study_area import study_area_from_polygons
from spatial.notes import Note
from spatial.results import TARGET_COLUMNS, TargetResult
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
AWKWARD_NAMES = (
    "Smith & Sons <Yard>",
    'The "Anchor" / O\'Neill',
    "Ffordd y Môr Tŵr ŵŷ",
    "שדרות רוטשילד 12",
    "Pier \N{BEER MUG} \N{MAN}\N{ZERO WIDTH JOINER}\N{ROCKET}",
    "=HYPERLINK(1)",
    "]]> -- {x} %s \\n",
)
# what must not come through: controls, what is no character, a mark that turns what follows
UNWRITABLE_NAME = "Dock\x00 Road\x1b\ufffe \u202eexe.csv\nsecond line"
CLEANED_NAME = "Dock Road exe.csv second line"


def target_result(
    names: Sequence[str] = AWKWARD_NAMES, *, incidents: Sequence[int] = (), parts: bool = False
) -> TargetResult:
    """A list with one area for each name; with ``parts`` one of two parts and one with a hole."""
    rows = []
    for rank, name in enumerate(names, start=1):
        cell = h3_int.latlng_to_cell(53.2, 1.3 + rank / 50, 10)
        ring = sorted(h3_int.grid_disk(cell, 1))
        outline = merge_cells(np.array(ring, dtype=np.uint64))
        if parts and rank == 1:
            outline = shapely.union(outline, shapely.box(1.2, 53.2, 1.21, 53.21))
        if parts and rank == 2:
            outline = shapely.difference(outline, shapely.buffer(outline.centroid, 0.0003))
        inside = outline.representative_point()
        rows.append(
            dict.fromkeys(TARGET_COLUMNS)
            | {
                "area_id": f"PA-{rank:06X}", "rank": rank, "name": name,
                "why": "3 robberies & more",
                "driver": "serious_violence", "cells": " ".join(f"{one:x}" for one in ring),
                "longitude": round(inside.x, 6), "latitude": round(inside.y, 6),
                "incidents": incidents[rank - 1] if incidents else 4 + rank,
                "harm_days": 1115.5 if rank % 2 else None, "area_ha": 9.31,
                "run_id": "abc", "data_through": "2026-10-31", "marking": "OFFICIAL-SENSITIVE",
                "wkt": shapely.to_wkt(outline, rounding_precision=6), "geometry": outline,
            }
        )  # fmt: skip
    return TargetResult(
        run_id="abc", profile=load_profile("ark"), window=YEAR, resolution=10,
        study_area=study_area_from_polygons("Môr & Tŵr", [shapely.box(1, 53, 2, 54)]),
        areas=pd.DataFrame(rows, columns=[*TARGET_COLUMNS, "geometry"]),
        measure=Measure.EXPECTED_HARM,
        incidents_share=0.25, harm_share=0.5, area_share=0.01, held_out_share=None,
        held_out_note="", data_through=dt.date(2026, 10, 31), notes=(Note("A note <b>."),),
    )  # fmt: skip
