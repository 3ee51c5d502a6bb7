"""`harmhex fairness`: who lives under patrol areas, and three forms filled from the run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from config.errors import BadInputError
from harmhex.door import (
    JsonOption,
    StoreOption,
    StudyAreaOption,
    WeightsOption,
    summarise,
    told_plainly,
    write_folder,
)
from layers.fairness.files import fairness_files
from layers.fairness.words import headline, kept_back_words, listed_words
from spatial.fairness import fairness as compare
from spatial.incidents.store import IncidentStore
from spatial.patrol_list import read_patrol_list


@told_plainly
def fairness(  # noqa: PLR0913 (the options of one command)
    targets: Annotated[
        Path, typer.Option(help="Folder that harmhex targets wrote.", show_default=False)
    ],
    store: StoreOption,
    out: Annotated[Path, typer.Option(help="Folder to write.", show_default=False)],
    previous: Annotated[
        list[Path] | None,
        typer.Option(help="targets.csv of an earlier list; may be repeated.", show_default=False),
    ] = None,
    study_area: StudyAreaOption = None,
    profile: Annotated[
        str | None,
        typer.Option(help="The list's profile, where it was a file.", show_default=False),
    ] = None,
    weights: WeightsOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Compare residents under patrol areas with the study area's; draft impact assessments.

    Example: harmhex fairness --targets targets --store saltmere --out fairness
    """
    patrol = read_patrol_list(targets, study_area=study_area, profile=profile, weights=weights)
    earlier = None if not previous else pd.concat([_earlier(path) for path in previous])
    result = compare(IncidentStore.open(store), patrol, earlier=earlier)
    files = fairness_files(result)
    write_folder(out, files)
    summary = {
        "run_id": result.run_id,
        "list_run_id": patrol.run_id,
        "study_area": patrol.study_area_name,
        "residents": None if result.residents is None else round(result.residents),
        "sentence": headline(result),
        "why_not": result.why_not,
        "out": str(out),
        "files": sorted(files),
    }
    said = [headline(result), listed_words(result), kept_back_words(result)]
    missing = [result.why_not[part] for part in ("deciles", "groups") if part in result.why_not]
    written = f"Written: {out / 'fairness.json'} and {len(files) - 1} more (run {result.run_id})."
    sentences = [sentence for sentence in (*said, *missing, written) if sentence]
    summarise(summary, result.notes, sentences=sentences, as_json=json)


def _earlier(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        msg = f"{path.name} is no targets.csv that can be read ({error}). Check the path."
        raise BadInputError(msg) from error
