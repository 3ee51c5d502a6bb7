"""The risk terrain of one profile and window: from request to result; both doors call it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.profile import load_profile
from config.risk_terrain import load_risk_rules
from config.settings import load_settings
from config.version import VERSION
from spatial.hexes.grid import cell_names
from spatial.incidents.checks.banner import quality_banner
from spatial.notes import Note, Notes, merged
from spatial.risk_exposure import exposure_of
from spatial.risk_notes import model_notes
from spatial.risk_results import CELL_COLUMNS, RiskRequest, RiskResult, Validation
from spatial.risk_terrain.blocks import ground_blocks
from spatial.risk_terrain.factors import FactorSet, read_factors
from spatial.risk_terrain.fitting import fit_risk_model
from spatial.risk_terrain.operationalisation import Kind, block_distances, operationalisations
from spatial.risk_terrain.progress import SILENT
from spatial.risk_terrain.reasons import risk_nouns, risk_reasons
from spatial.risk_terrain.scores import combined_surface, places_of
from spatial.risk_validation import not_validated, split_windows, validate
from spatial.run_id import identify_run
from spatial.scene import (
    caveats,
    count_subject,
    finest_resolution,
    open_scene,
    require_incidents,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from config.risk_terrain import RiskRules
    from spatial.hexes.grid import HexGrid
    from spatial.incidents.store import IncidentStore
    from spatial.risk_terrain.model import RiskModel
    from spatial.risk_terrain.operationalisation import Operationalisation
    from spatial.risk_terrain.progress import Progress
    from spatial.scene import Subject

    Floats = NDArray[np.float64]

FACTOR_LAYERS: Final = ("risk_factors", "places")
"""Context layers that may raise risk: what is tried where no file is given."""
# shares of the work: reading, the model, the model of the months before those held back
_READ, _FITTED = 0.05, 0.85


def risk_terrain(
    store: IncidentStore, request: RiskRequest, *, progress: Progress = SILENT
) -> RiskResult:
    """Find which kinds of places raise the risk near them, and how risky each cell is by them.

    Parameters
    ----------
    store
        The incidents.
    request
        What is asked.
    progress
        Told how far it is, and asked whether to stop.

    Raises
    ------
    BadInputError
        As :func:`spatial.run.hotspots`; or a factor file, distance, exposure or number of resamples
        cannot be used.
    StoppedError
        It was asked to stop.
    """
    rules = load_risk_rules()
    profile = load_profile(request.profile)
    resolution = request.resolution or finest_resolution(
        store, profile, request.window, load_settings()
    )
    resamples = rules.stability.resamples if request.resamples is None else request.resamples
    asked = replace(request, resolution=resolution, resamples=resamples)
    _check(asked)
    hows = _hows(asked, resolution, rules)
    scene = open_scene(store, request.study_area, resolution, weights=request.weights)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    progress.step("Reading factors", 0.0)
    files, file_notes = _files(store, request)
    factors = read_factors(
        files,
        scene.grid.study_area,
        rules=rules.factors,
        type_columns=request.type_columns,
        kinds=request.kinds,
    )
    exposure, exposure_notes = exposure_of(scene, request.exposure)
    run_id = identify_run(
        "risk_terrain",
        scene,
        [profile],
        replace(asked, factors=(), exposure=None),
        rules={
            "risk": rules.model_dump(mode="json"),
            "factors": factors.digest,
            "exposure": "" if exposure is None else _digest(exposure),
        },
    )
    centres = centres_m(scene.grid)
    fit = _Fit(asked, hows, rules, factors, centres, exposure)
    model = fit.model(subject, resamples=resamples, progress=progress.part(_READ, _FITTED))
    validation = _validation(subject, fit, model, progress.part(_FITTED, 1.0))
    progress.step("Done", 1.0)
    return RiskResult(
        run_id=run_id,
        version=VERSION,
        request=asked,
        profile=profile,
        window=subject.window,
        resolution=resolution,
        grid=scene.grid,
        model=model,
        cells=_cells(subject, model, rules),
        hows=hows,
        validation=validation,
        rules=rules,
        data_through=store.data_through,
        marking=scene.settings.marking,
        notes=merged(
            scene.notes,
            caveats(subject),
            file_notes,
            _in_plain_names(factors.notes, request, files),
            exposure_notes,
            model_notes(model, rules, validation),
        ),
        quality=quality_banner(store, profile=profile, window=subject.window),
    )


def factors_near(
    result: RiskResult, areas: Sequence[NDArray[np.uint64]]
) -> tuple[tuple[str, ...], ...]:
    """Return the factors near each area, a noun each, as ``why(factors=...)`` of a target takes.

    Parameters
    ----------
    result
        A risk terrain.
    areas
        H3 cells of each area, at any resolution not coarser than the model's: a finer cell stands
        in the model's cell around it. Cells outside the study area have no factor.
    """
    grid = result.grid
    positions = []
    for cells in areas:
        parents = [
            h3_int.cell_to_parent(cell, grid.resolution)
            if h3_int.get_resolution(cell) > grid.resolution
            else cell
            for cell in cells.tolist()
        ]
        found = grid.positions(np.unique(np.array(parents, dtype=np.uint64)))
        positions.append(found[found >= 0])
    return risk_nouns(result.model, positions, rules=result.rules)


def centres_m(grid: HexGrid) -> Floats:
    """Return the middles of a grid's cells, metres on its study area's plane, shape (n, 2)."""
    at = np.array([h3_int.cell_to_latlng(cell) for cell in grid.cells.tolist()])
    return np.column_stack(grid.study_area.metric_system.forward(at[:, 1], at[:, 0]))


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """One way of fitting, for the window and for the months before those held back."""

    request: RiskRequest
    hows: tuple[Operationalisation, ...]
    rules: RiskRules
    factors: FactorSet
    centres: Floats
    exposure: Floats | None

    def model(self, subject: Subject, *, resamples: int, progress: Progress) -> RiskModel:
        """Fit the model to a subject's counts."""
        return fit_risk_model(
            self.factors.factors,
            self.centres,
            subject.counts.incidents,
            hows=self.hows,
            rules=self.rules,
            exposure=self.exposure,
            protective=self.request.protective,
            resamples=resamples,
            seed=self.request.seed,
            rejected=self.factors.rejected,
            progress=progress,
        )


def _files(store: IncidentStore, request: RiskRequest) -> tuple[tuple[Path, ...], Notes]:
    """Return the files given, else the store's layers of places."""
    if request.factors:
        return request.factors, ()
    kept = store.context_layers()
    names = [name for name in FACTOR_LAYERS if name in kept]
    if not names:
        msg = (
            "No factor file was given, and the store keeps no layer of places. Give one with "
            "--factors, or load risk_factors.geojson."
        )
        raise BadInputError(msg)
    listed = " and ".join(name.replace("_", " ") for name in names)
    sentence = f"No factor file was given: the store's own layers were tried ({listed})."
    return tuple(kept[name] for name in names), (Note(sentence),)


def _in_plain_names(notes: Notes, request: RiskRequest, files: Sequence[Path]) -> Notes:
    """Name the store's layers without the hash of their content, which their files bear."""
    if request.factors:
        return notes
    for path in files:
        plain = f"{path.name.partition('.')[0]}{path.suffix}"
        notes = tuple(replace(one, text=one.text.replace(path.name, plain)) for one in notes)
    return notes


def _check(request: RiskRequest) -> None:
    if request.resamples is not None and not 0 <= request.resamples <= 2000:  # noqa: PLR2004 (a day's work)
        msg = f"{request.resamples!r} resamples cannot be drawn. Ask for 0 to 2000."
        raise BadInputError(msg)
    if request.seed < 0:
        msg = f"The seed {request.seed!r} cannot be used. Give a whole number from 0 on."
        raise BadInputError(msg)


def _hows(
    request: RiskRequest, resolution: int, rules: RiskRules
) -> tuple[Operationalisation, ...]:
    unknown = sorted(set(request.operationalisations) - set(Kind))
    if unknown:
        msg = f"{unknown[0]!r} is no way to look at a factor. Choose from {', '.join(Kind)}."
        raise BadInputError(msg)
    of_blocks = rules.distances
    half = of_blocks.half_steps if request.half_steps is None else request.half_steps
    distances = request.distances_m or block_distances(
        of_blocks.block_m.get(resolution, 0.0) if request.block_m is None else request.block_m,
        blocks=of_blocks.blocks if request.blocks is None else request.blocks,
        half_steps=half,
    )
    return operationalisations([Kind(one) for one in request.operationalisations], distances)


def _digest(values: Floats) -> str:
    return hashlib.sha256(values.round(6).tobytes()).hexdigest()


def _validation(subject: Subject, fit: _Fit, model: RiskModel, progress: Progress) -> Validation:
    rules = fit.rules.validation
    progress.step("Trying it on later months", 0.0)
    split = split_windows(subject, rules)
    if split is None:
        return not_validated("the window is too short to hold any back, and nothing comes after")
    earlier, scores = subject, model.scores
    if split.held_back:
        earlier = count_subject(subject.scene, subject.profile, split.fitted)
        if not earlier.counts.incidents.any():
            return not_validated(f"no incident from {split.fitted.words}")
        scores = fit.model(earlier, resamples=0, progress=progress.part(0.0, 0.8)).scores
    return validate(
        earlier,
        scores,
        split,
        ground_blocks(fit.centres, width_m=model.block_m),
        rules=rules,
        rng=np.random.default_rng([fit.request.seed, 2]),
    )


def _cells(subject: Subject, model: RiskModel, rules: RiskRules) -> pd.DataFrame:
    counts, grid = subject.counts, subject.scene.grid
    weighed = subject.profile.weighs_harm and bool(counts.harm.any())
    harm = counts.known_harm_days if weighed else counts.incidents.astype(np.float64)
    # places that tie share the better rank
    order = np.sort(-model.scores)
    every = [np.array([position]) for position in range(len(grid))]
    return pd.DataFrame(
        {
            "cell": cell_names(grid.cells),
            "risk_score": model.scores.round(4),
            "risk_rank": np.searchsorted(order, -model.scores) + 1,
            "why": risk_reasons(model, every, rules=rules),
            "incidents": counts.incidents,
            "harm_days": harm if weighed else np.nan,
            "risk_times_harm": combined_surface(model.scores, harm).round(4),
            "place": places_of(model.scores, harm, high_share=rules.map.high_share),
        }
    ).loc[:, list(CELL_COLUMNS)]
