"""`harmhex targets`: the ranked places to patrol, as files that other systems import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

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
from layers.targets.files import DEFAULT_FORMATS, FORMATS, target_files
from layers.targets.partner_files import partner_files
from layers.targets.words import target_sentences, target_summary
from spatial.incidents.store import IncidentStore
from spatial.notes import Note
from spatial.results import TargetRequest
from spatial.risk_terrain.kept import kept_risk
from spatial.risk_terrain.near import read_near
from spatial.run import sensitivity
from spatial.run import targets as find_targets
from spatial.targets.kept.previous import read_previous
from spatial.targets.overridden.override_list import read_overrides
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
    places: Annotated[
        int | None,
        typer.Option(help="How many places. Without it, --hours and --share: 20."),
    ] = None,
    hours: Annotated[
        float | None,
        typer.Option(help="In place of --places: as many as these officer-hours pay for."),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(help="In place of --places: as few as hold this share of the harm (0-1)."),
    ] = None,
    measure: Annotated[
        Measure | None,
        typer.Option(
            help="What ranks the places. Without it, expected harm for serious violence and count "
            "for antisocial behaviour.",
            show_default=False,
        ),
    ] = None,
    shift: Annotated[
        str | None, typer.Option(help="Rank for one shift alone: early, late, night.")
    ] = None,
    separation: Annotated[
        float | None,
        typer.Option(help="Least metres between places, edge to edge. Without it, the setting."),
    ] = None,
    areas: Annotated[
        str | None,
        typer.Option(help="Your own polygons: a map file, or a stored layer such as beats."),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(help="The last list (targets.csv or its folder): its places keep their ids."),
    ] = None,
    change_from: Annotated[
        Path | None,
        typer.Option(
            help="An older list, made on incidents before --from: how its places fared since. "
            "Without it, --previous where that will do."
        ),
    ] = None,
    overrides: Annotated[
        Path | None, typer.Option(help="CSV of changes by hand: drop, nudge, merge, split, ...")
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(help=f"Beside CSV and GeoJSON, some of: {','.join(FORMATS)}."),
    ] = ",".join(DEFAULT_FORMATS),
    partner: Annotated[  # noqa: FBT002 (a flag of the shell)
        bool, typer.Option("--partner", help="Also a set for partners, small counts kept back.")
    ] = False,
    risk: Annotated[
        Path | None,
        typer.Option(
            help="Folder of a risk terrain (harmhex risk-terrain): the reasons of each place name "
            "what stands near it. Without it, the one kept for this store, if any.",
            show_default=False,
        ),
    ] = None,
    weights: WeightsOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Rank the places to patrol; say what is new, kept and dropped; write them as files.

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
        officer_hours=hours,
        harm_share=share,
        shift=shift,
        separation_m=separation,
        drawn=areas,
    )
    result = find_targets(
        incidents,
        request,
        previous=None if previous is None else read_previous(previous),
        fixed=None if change_from is None else read_previous(change_from),
        overrides=() if overrides is None else read_overrides(overrides),
        risk=None if risk is None else read_near(risk),
        kept_risk=kept_risk(store),
    )
    notes = result.notes
    weighed = None
    if shift is None and areas is None:
        weighed = sensitivity(incidents, request)
    else:
        notes = (*notes, _NOT_WEIGHED)
    chosen = [name.strip() for name in (formats or "").split(",") if name.strip()]
    files = target_files(result, sensitivity=weighed, request=request, formats=chosen)
    if partner:
        files |= partner_files(result)
    write_folder(out, files)
    summarise(
        target_summary(result, files=files, out=str(out)),
        notes,
        sentences=[
            *target_sentences(result),
            f"Written: {', '.join(str(out / name) for name in files)} (run {result.run_id}).",
        ],
        as_json=json,
    )


_NOT_WEIGHED: Final = Note(
    "How far the weights decide is not worked out for one shift, or for areas drawn by hand."
)
