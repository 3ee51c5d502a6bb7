"""`harmhex backtest`: whether the ranking holds next quarter, against simpler ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmhex.door import (
    JsonOption,
    ProfileOption,
    StoreOption,
    StudyAreaOption,
    WeightsOption,
    progress,
    summarise,
    told_plainly,
    write_folder,
)
from layers.backtest_files import RESULT_FILE, backtest_files
from spatial.accuracy.patrolled import read_place_days
from spatial.backtest import backtest as run_backtest
from spatial.backtest_results import PLACES, BacktestRequest
from spatial.backtest_risk import FittedOnce, risk_rivals
from spatial.incidents.store import IncidentStore
from spatial.risk_results import RiskRequest
from spatial.window import Window


@told_plainly
def backtest(  # noqa: PLR0913 (the contract's options)
    store: StoreOption,
    profile: ProfileOption,
    out: Annotated[Path, typer.Option(help="Folder to write.", show_default=False)],
    study_area: StudyAreaOption = None,
    resolution: Annotated[
        list[int] | None,
        typer.Option(
            help="H3 resolution: 8, 9 or 10; give it again for another. Open UK data: judge by 9. "
            "Without it, 9.",
            show_default=False,
        ),
    ] = None,
    horizon_months: Annotated[
        int | None,
        typer.Option(help="Months ahead that are scored. Without it, 3.", show_default=False),
    ] = None,
    horizon_days: Annotated[
        int, typer.Option(help="Days ahead in place of months, for data with dates.")
    ] = 0,
    step_months: Annotated[
        int | None,
        typer.Option(
            help="Months from one origin to the next. Without it, the horizon.", show_default=False
        ),
    ] = None,
    known_months: Annotated[
        int | None,
        typer.Option(
            help="Least months known before the first origin. Without it, 12, or what there is.",
            show_default=False,
        ),
    ] = None,
    places: Annotated[
        list[int] | None,
        typer.Option(
            help=f"Length of list in cells; give it again for another. Without it, {PLACES[0]}.",
            show_default=False,
        ),
    ] = None,
    patrolled: Annotated[
        Path | None,
        typer.Option(
            help="CSV of patrolled place-days to leave out: columns date and cells.",
            show_default=False,
        ),
    ] = None,
    factors: Annotated[
        list[Path] | None,
        typer.Option(
            help="Map file of places by kind, to try a risk terrain too; may be given again.",
            show_default=False,
        ),
    ] = None,
    weights: WeightsOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Choose places on the past, score them on what came next, and set rivals beside them.

    Example: harmhex backtest --store saltmere --profile ark --resolution 9 --horizon-months 3
    --out backtest
    """
    request = BacktestRequest(
        profile=profile,
        study_area=study_area,
        resolutions=tuple(resolution or (9,)),
        horizon_months=(0 if horizon_days else 3) if horizon_months is None else horizon_months,
        horizon_days=horizon_days,
        step_months=step_months,
        known_months=known_months,
        places=tuple(places or PLACES),
        weights=weights,
    )
    kept = IncidentStore.open(store)
    result = run_backtest(
        kept,
        request,
        fitted_once=_risk_terrains(kept, request, tuple(factors or ())),
        patrolled=None if patrolled is None else read_place_days(patrolled),
        progress=progress,
    )
    files = backtest_files(result)
    write_folder(out, files)
    found = result.recommendation
    words = found.words if found is not None else "No share of the area was scored."
    first = result.origins.iloc[0]["scored_from"]
    summary = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "origins": len(result.origins),
        "incidents_scored": round(float(result.origins["incidents"].sum())),
        "recommendation": None
        if found is None
        else {
            "method": found.method,
            "measure": found.measure,
            "window_months": found.window_months,
            "real_difference": found.real_difference,
        },
        "out": str(out),
        "files": sorted(files),
    }
    scored = (
        f"{result.profile.title} in {result.study_area.name}: places chosen {len(result.origins)} "
        f"times and scored on the next {result.horizon_words}, from {first} on."
    )
    written = f"Written: {out / RESULT_FILE} and {len(files) - 1} more (run {result.run_id})."
    summarise(summary, result.notes, sentences=[scored, words, written], as_json=json)


def _risk_terrains(
    store: IncidentStore, request: BacktestRequest, factors: tuple[Path, ...]
) -> dict[int, dict[str, FittedOnce]]:
    if not factors:
        return {}
    # window, resolution and the rest are those of the backtest
    whole = Window(store.data_from, store.data_through)
    model = RiskRequest(request.profile, whole, factors)
    return risk_rivals(store, request, model, progress=progress)
