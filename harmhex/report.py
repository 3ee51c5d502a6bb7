"""`harmhex report`: concentration, change, timing and the rest, as a page and as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
from layers.report.files import report_files
from layers.report.words import TITLES, section_sentence
from spatial.incidents.store import IncidentStore
from spatial.notes import merged
from spatial.report import report as make_report
from spatial.report_results import ReportRequest
from spatial.window import Window


@told_plainly
def report(  # noqa: PLR0913 (the contract's options)
    store: StoreOption,
    profile: ProfileOption,
    from_date: FromOption,
    to_date: ToOption,
    out: Annotated[Path, typer.Option(help="Folder to write.", show_default=False)],
    study_area: StudyAreaOption = None,
    resolution: Annotated[
        int | None,
        typer.Option(
            help="H3 resolution: 8, 9 or 10. Without it, the finest that the data can carry.",
            show_default=False,
        ),
    ] = None,
    places: Annotated[int, typer.Option(help="How many places are followed and timed.")] = 12,
    weights: WeightsOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Report concentration, change, timing, near repeats, emerging hot spots and the watch list.

    Example: harmhex report --store saltmere --profile ark --from 2025-11-01 --to 2026-10-31
    --out report
    """
    result = make_report(
        IncidentStore.open(store),
        ReportRequest(
            profile=profile,
            window=Window(from_date.date(), to_date.date()),
            study_area=study_area,
            resolution=resolution,
            places=places,
            weights=weights,
        ),
    )
    files = report_files(result)
    write_folder(out, files)
    sentences = {section.name: section_sentence(section) for section in result.sections}
    summary = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "resolution": result.resolution,
        "incidents": result.incidents,
        "data_through": result.data_through.isoformat(),
        "sections": {
            section.name: {"sentence": sentences[section.name], "why_not": section.why_not}
            for section in result.sections
        },
        "out": str(out),
        "files": sorted(files),
    }
    said = [f"{TITLES[name]}. {sentence}" for name, sentence in sentences.items()]
    written = f"Written: {out / 'report.html'} and {len(files) - 1} more (run {result.run_id})."
    notes = merged(result.notes, *(section.notes for section in result.sections))
    summarise(summary, notes, sentences=[*said, written], as_json=json)
