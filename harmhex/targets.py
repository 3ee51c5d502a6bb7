"""`harmhex targets`: the ranked places to patrol, as files that other systems import."""

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
    write_folder,
)
from layers.files import target_files
from layers.wording import share_sentence
from spatial.incidents.store import IncidentStore
from spatial.results import TargetRequest
from spatial.run import sensitivity
from spatial.run import targets as find_targets
from spatial.window import Window


@told_plainly
def targets(  # noqa: PLR0913 (the contract's options)
    store: StoreOption,
    profile: ProfileOption,
    from_date: FromOption,
    to_date: ToOption,
    out: Annotated[Path, typer.Option(help="Folder to write.", show_default=False)],
    study_area: StudyAreaOption = None,
    resolution: Annotated[
        int, typer.Option(help="10: areas of 3 to 7 cells. 9 or 8: one cell each.")
    ] = 10,
    places: Annotated[int, typer.Option(help="How many places.")] = 20,
    measure: Annotated[
        Measure | None,
        typer.Option(
            help="What ranks the places. Without it, expected harm for serious violence and count "
            "for antisocial behaviour.",
            show_default=False,
        ),
    ] = None,
    weights: WeightsOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Rank the places to patrol; write them as CSV and GeoJSON, and how far weights decide.

    Example: harmhex targets --store saltmere --profile ark --from 2025-11-01 --to 2026-10-31
    --places 20 --out targets
    """
    incidents = IncidentStore.open(store)
    request = TargetRequest(
        profile=profile,
        window=Window(from_date.date(), to_date.date()),
        study_area=study_area,
        resolution=resolution,
        places=places,
        weights=weights,
        measure=measure,
    )
    result = find_targets(incidents, request)
    files = target_files(result, sensitivity=sensitivity(incidents, request))
    write_folder(out, files)
    summary = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "ranked_by": result.measure.value,
        "places": len(result.areas),
        "incidents_share": round(result.incidents_share, 6),
        "harm_share": _rounded(result.harm_share),
        "area_share": round(result.area_share, 6),
        "held_out_share": _rounded(result.held_out_share),
        "out": str(out),
        "files": sorted(files),
    }
    sentence = share_sentence(
        places=len(result.areas),
        harm_share=result.harm_share,
        incidents_share=result.incidents_share,
        area_share=result.area_share,
        study_area=result.study_area.name,
        harm_words=result.profile.harm_words,
    )
    in_sample = " (in-sample: chosen and measured on the same window)" if len(result.areas) else ""
    found = f"{sentence}{in_sample}."
    written = ", ".join(str(out / name) for name in files)
    sentences = [found, result.held_out_note, f"Written: {written} (run {result.run_id})."]
    summarise(summary, result.notes, sentences=sentences, as_json=json)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
