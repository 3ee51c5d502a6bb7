"""`harmhex evaluate`: whether an operation worked, as a verdict, figures and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.operation_file import read_operation
from config.published_operation import MARK, load_published, published_names
from harmhex.door import (
    JsonOption,
    StudyAreaOption,
    WeightsOption,
    progress,
    summarise,
    told_plainly,
    write_folder,
)
from layers.evaluation.files import REPORT_FILE, evaluation_files
from layers.evaluation.rows import published_design_words, published_rows
from spatial.evaluate import evaluate as evaluate_operation
from spatial.evaluation.visit_file import read_visits
from spatial.incidents.store import IncidentStore

if TYPE_CHECKING:
    from config.published_operation import PublishedOperation


@told_plainly
def evaluate(  # noqa: PLR0913 (one option each)
    store: Annotated[
        Path | None,
        typer.Option("--store", help="Folder of the incident store.", show_default=False),
    ] = None,
    operation: Annotated[
        Path | None,
        typer.Option("--operation", help="The operation's TOML file.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write.", show_default=False)
    ] = None,
    visits: Annotated[
        Path | None,
        typer.Option(
            "--visits", help="CSV of visits made: area_id, start, minutes.", show_default=False
        ),
    ] = None,
    other: Annotated[
        list[Path] | None,
        typer.Option(
            "--other",
            help="TOML of another operation that may have touched the same ground. Repeat it.",
            show_default=False,
        ),
    ] = None,
    study_area: StudyAreaOption = None,
    weights: WeightsOption = None,
    published: Annotated[
        str | None,
        typer.Option(
            "--published",
            help="Print a published operation instead: ark or rasure.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Say whether patrols worked: every estimate, displacement, what threatens it, a verdict.

    Example: harmhex evaluate --store saltmere --operation operation_tern.toml --out tern
    """
    if published is not None:
        _print_published(load_published(published), as_json=json)
        return
    if store is None or operation is None or out is None:
        msg = (
            "An evaluation needs --store, --operation and --out, or --published with one of "
            f"{', '.join(published_names())}."
        )
        typer.echo(f"harmhex: {msg}", err=True)
        raise typer.Exit(2)
    said = read_operation(operation)
    if not json:
        progress(f"Evaluating {said.name}.")
    result = evaluate_operation(
        IncidentStore.open(store),
        said,
        visits=None if visits is None else read_visits(visits),
        others=None if not other else [read_operation(one) for one in other],
        study_area=study_area,
        weights=weights,
    )
    files = evaluation_files(result)
    write_folder(out, files)
    summary = {
        "run_id": result.run_id,
        "operation": said.name,
        "operation_digest": result.operation_digest,
        "design": said.design,
        "direction": result.primary.verdict.direction,
        "verdict": result.verdict,
        "data_through": result.data_through.isoformat(),
        "out": str(out),
        "files": sorted(files),
    }
    suspects = [f"{one.title}: {one.says}" for one in result.threats if one.standing == "suspect"]
    summarise(
        summary,
        result.notes,
        sentences=[
            result.verdict,
            *(f"Beware. {one}" for one in suspects),
            f"Written: {out / REPORT_FILE} and {len(files) - 1} more (run {result.run_id}).",
        ],
        as_json=json,
    )


def _print_published(operation: PublishedOperation, *, as_json: bool) -> None:
    summary = {**operation.model_dump(mode="json"), "mark": MARK}
    _, rows = published_rows(operation)
    sentences = [
        f"{operation.title}, {operation.when}. {operation.description}",
        published_design_words(operation),
        *(f"{what}: {figure} ({mark}). {caution}" for what, figure, mark, caution in rows),
        operation.not_published,
        f"Source: {operation.source}",
    ]
    summarise(summary, (), sentences=sentences, as_json=as_json)
