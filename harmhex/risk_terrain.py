"""`harmhex risk-terrain`: which kinds of places raise the risk near them, and where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.errors import BadInputError
from harmhex.door import (
    FromOption,
    JsonOption,
    ProfileOption,
    StoreOption,
    StudyAreaOption,
    ToOption,
    WeightsOption,
    progress,
    summarise,
    told_plainly,
    write_folder,
)
from layers.risk.changes import changes_csv, changes_of, read_changes
from layers.risk.files import factor_table, risk_files
from layers.risk.what_if import ASSOCIATION, PlaceChange, change_words, what_if_sentence
from spatial.incidents.store import IncidentStore
from spatial.risk_changes import what_would_change
from spatial.risk_report import risk_terrain as find_risk_terrain
from spatial.risk_results import RiskRequest, RiskResult
from spatial.risk_terrain.operationalisation import Kind
from spatial.risk_terrain.progress import Progress
from spatial.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence


@told_plainly
def risk_terrain(  # noqa: PLR0913 (the contract's options)
    store: StoreOption,
    profile: ProfileOption,
    from_date: FromOption,
    to_date: ToOption,
    out: Annotated[Path, typer.Option(help="Folder to write.", show_default=False)],
    factors: Annotated[
        list[Path] | None,
        typer.Option(
            "--factors",
            help="Places, lines or areas by kind: GeoPackage, GeoJSON, GeoParquet, Shapefile, or "
            "CSV with coordinates. May be given again. Without it, the layers risk_factors and "
            "places of the store.",
            show_default=False,
        ),
    ] = None,
    more: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Further factor files.", show_default=False),
    ] = None,
    study_area: StudyAreaOption = None,
    resolution: Annotated[
        int | None,
        typer.Option(
            help="H3 resolution: 8, 9 or 10. Without it, the finest that the data can carry.",
            show_default=False,
        ),
    ] = None,
    type_column: Annotated[
        str | None,
        typer.Option(
            help="Column that says what a feature is; of several, parted by commas, the first that "
            "is filled. Without it, kind, type, amenity, shop and the like.",
            show_default=False,
        ),
    ] = None,
    kinds: Annotated[
        str | None,
        typer.Option(help="Only these kinds, parted by commas.", show_default=False),
    ] = None,
    distances: Annotated[
        str | None,
        typer.Option(help="Metres to try, parted by commas: 100,200,300.", show_default=False),
    ] = None,
    block_m: Annotated[
        float | None, typer.Option(help="A block, metres.", show_default=False)
    ] = None,
    blocks: Annotated[
        int | None,
        typer.Option(help="Try distances up to so many blocks. Without it, 2.", show_default=False),
    ] = None,
    half_steps: Annotated[
        bool | None,
        typer.Option(
            "--half-steps/--whole-steps", help="In half or whole blocks.", show_default=False
        ),
    ] = None,
    operationalisation: Annotated[
        list[Kind] | None,
        typer.Option(help="Proximity or density; without it, both.", show_default=False),
    ] = None,
    exposure: Annotated[
        str | None,
        typer.Option(
            help="What incidents are in proportion to: residents (the store's population layer), "
            "a file of areas with their population, or none. Without it, residents where the store "
            "holds them: else whatever stands where people live looks risky.",
            show_default=False,
        ),
    ] = None,
    protective: Annotated[  # noqa: FBT002 (a flag of the shell)
        bool, typer.Option("--protective", help="Let factors lower risk too.")
    ] = False,
    bootstrap: Annotated[
        int | None,
        typer.Option(
            help="Resamples on which stability rests; 0 for none. Without it, the setting.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of folds and resamples.")] = 0,
    add: Annotated[
        list[str] | None,
        typer.Option(
            help="What if: one more place, KIND@POSITION (a grid reference, or longitude and "
            "latitude). May be given again.",
            show_default=False,
        ),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option(
            help="What if: one place fewer, KIND@NAME. May be given again.", show_default=False
        ),
    ] = None,
    changes: Annotated[
        Path | None,
        typer.Option(
            help="What if: a CSV of changes, with the columns change (add or remove), kind, place.",
            show_default=False,
        ),
    ] = None,
    weights: WeightsOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Model why here: which places raise the risk near them, and how risky each cell is by them.

    Example: harmhex risk-terrain --store saltmere --profile ark --from 2025-11-01 --to 2026-10-31
    --factors places.geojson risk_factors.geojson --add "takeaway@TG 2711 7142" --out risk
    """
    asked = [*(("add", one) for one in add or ()), *(("remove", one) for one in remove or ())]
    # a file that cannot be read is said before minutes of work, not after
    asked += () if changes is None else read_changes(changes)
    result = find_risk_terrain(
        IncidentStore.open(store),
        RiskRequest(
            profile=profile,
            window=Window(from_date.date(), to_date.date()),
            factors=(*(factors or ()), *(more or ())),
            study_area=study_area,
            resolution=resolution,
            weights=weights,
            distances_m=_metres(distances),
            block_m=block_m,
            blocks=blocks,
            half_steps=half_steps,
            operationalisations=tuple(one.value for one in operationalisation or tuple(Kind)),
            type_columns=_words(type_column),
            kinds=_words(kinds),
            exposure=exposure,
            protective=protective,
            resamples=bootstrap,
            seed=seed,
        ),
        progress=Progress(tell=lambda sentence, share: progress(f"{share:4.0%} {sentence}")),
    )
    files = risk_files(result)
    said: dict[str, Any] = {}
    if asked:
        said, files["what_if.csv"] = _what_if(result, changes_of(asked, result))
    write_folder(out, files)
    _tell(result, out, sorted(files), said, as_json=json)


def _what_if(result: RiskResult, changes: Sequence[PlaceChange]) -> tuple[dict[str, Any], bytes]:
    """Score the cells with the changes made; return what to say of it, and its file."""
    changed, found = what_would_change(
        result,
        added=[(one.kind, one.longitude, one.latitude) for one in changes if one.removed is None],
        removed=[(one.kind, one.removed) for one in changes if one.removed is not None],
    )
    said: dict[str, Any] = {
        "changes": [change_words(result.rules, one) for one in changes],
        "sentence": what_if_sentence(result, found),
        "notes": [note.text for note in found.notes],
    }
    return said, changes_csv(result, changed)


def _tell(
    result: RiskResult, out: Path, files: list[str], what_if: dict[str, Any], *, as_json: bool
) -> None:
    table = factor_table(result)
    summary = {
        "run_id": result.run_id,
        "study_area": result.grid.study_area.name,
        "resolution": result.resolution,
        "incidents": result.model.fit.incidents,
        "factors": table[["factor", "kind", "distance_m", "relative_risk", "stability"]].to_dict(
            "records"
        ),
        "family": result.model.fit.family.value,
        "bic": result.model.fit.bic,
        "pai": result.validation.pai,
        "out": str(out),
        "files": files,
    }
    then = []
    if what_if:
        summary["what_if"] = what_if
        then = [f"What if: {'; '.join(what_if['changes'])}. {what_if['sentence']}. {ASSOCIATION}"]
    said = [
        f"{result.rules.words_of(row['factor'])[1]}, {row['kind']} within {row['distance_m']:g} m: "
        f"x{row['relative_risk']:.2f}"
        + ("" if row["stability"] is None else f", chosen in {row['stability']:.0%} of resamples")
        for row in table.to_dict("records")
    ]
    found = (
        f"{result.profile.title}: {len(said)} factors from "
        f"{result.model.fit.incidents:,} incidents in {result.grid.study_area.name} "
        f"(run {result.run_id})."
    )
    summarise(
        summary, result.notes, sentences=[found, *said, *then, f"Written: {out}"], as_json=as_json
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def _metres(text: str | None) -> tuple[float, ...]:
    try:
        return tuple(float(word.removesuffix("m")) for word in _words(text))
    except ValueError as error:
        msg = f"The distances {text!r} cannot be read. Give metres, parted by commas: 100,200,300."
        raise BadInputError(msg) from error
