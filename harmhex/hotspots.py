"""`harmhex hotspots`: one surface, tested, as GeoJSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.profile import Measure
from harmhex.door import (
    FromOption,
    JsonOption,
    ProfileOption,
    StoreOption,
    StudyAreaOption,
    ToOption,
    WeightsOption,
    summarise,
    told_plainly,
    write_file,
)
from layers.targets.files import hotspots_geojson
from spatial.hotspots.significance import HOT
from spatial.incidents.store import IncidentStore
from spatial.results import HotspotRequest
from spatial.run import hotspots as find_hotspots
from spatial.window import Window


@told_plainly
def hotspots(  # noqa: PLR0913 (the contract's options)
    store: StoreOption,
    profile: ProfileOption,
    from_date: FromOption,
    to_date: ToOption,
    out: Annotated[Path, typer.Option(help="GeoJSON file to write.", show_default=False)],
    study_area: StudyAreaOption = None,
    resolution: Annotated[int, typer.Option(help="H3 resolution: 8, 9 or 10.")] = 9,
    measure: Annotated[
        Measure | None,
        typer.Option(
            help="Without it, harm for serious violence and count for antisocial behaviour.",
            show_default=False,
        ),
    ] = None,
    weights: WeightsOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Find hot spots: Getis-Ord Gi* per cell, corrected over the whole map.

    Example: harmhex hotspots --store saltmere --profile ark --from 2025-11-01 --to 2026-10-31
    --out ark.geojson
    """
    result = find_hotspots(
        IncidentStore.open(store),
        HotspotRequest(
            profile=profile,
            window=Window(from_date.date(), to_date.date()),
            study_area=study_area,
            resolution=resolution,
            measure=measure,
            weights=weights,
        ),
    )
    write_file(out, hotspots_geojson(result))
    classes = result.cells["class"].value_counts()
    hot = int(classes.reindex(list(HOT)).fillna(0).sum())
    summary = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "cells": result.n_cells,
        "incidents": int(result.cells["incidents"].sum()),
        "measure": result.measure.value,
        "classes": {name: int(count) for name, count in sorted(classes.items())},
        "out": str(out),
    }
    found = (
        f"{result.profile.title}: {summary['incidents']:,} incidents in {result.study_area.name}; "
        f"{hot:,} of {result.n_cells:,} cells are hot at 95% or better (run {result.run_id})."
    )
    summarise(summary, result.notes, sentences=[found, f"Written: {out}"], as_json=json)
