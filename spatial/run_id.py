"""The run id: a hash of everything that goes into an analysis."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from config.shifts import day_starts
from config.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.profile import Profile
    from spatial.backtest_results import BacktestRequest
    from spatial.daily.results import DailyRequest
    from spatial.report_results import ReportRequest
    from spatial.results import HotspotRequest, TargetRequest, TaskingRequest
    from spatial.risk_results import RiskRequest
    from spatial.scene import Scene

_STREETS: Final = "streets"


def identify_run(  # noqa: PLR0913 (what a run depends on)
    kind: str,
    scene: Scene,
    profiles: list[Profile],
    request: (
        HotspotRequest
        | TargetRequest
        | TaskingRequest
        | ReportRequest
        | RiskRequest
        | BacktestRequest
        | DailyRequest
    ),
    *,
    layers: Sequence[str] = (),
    rules: Mapping[str, object] | None = None,
) -> str:
    """Return the hash of all inputs and the version: the same id means the same numbers.

    Parameters
    ----------
    kind
        Which analysis.
    scene
        Data, study area, grid, settings and weights.
    profiles
        Those that are counted, in order.
    request
        As it is computed, defaults filled in.
    layers
        Context layers that it reads beside the streets; a layer that is not kept counts too.
    rules
        Further configuration that decides a number.
    """
    # whichever way the profile, the area and the weights were named, their content stands for them
    named = {"study_area", "profile", "weights", "drawn"}
    asked = {key: value for key, value in asdict(request).items() if key not in named}
    kept = scene.store.context_layers()
    content: dict[str, object] = {
        "kind": kind,
        "version": VERSION,
        "data": scene.store.fingerprint,
        "study_area": scene.grid.study_area.digest,
        "cells": scene.grid.digest,
        "profiles": [profile.content for profile in profiles],
        "settings": scene.settings.model_dump(mode="json"),
        "day_starts": day_starts(),
        _STREETS: _file_digest(kept.get(_STREETS)),
        "request": asked,
    }
    content.update({layer: _file_digest(kept.get(layer)) for layer in layers})
    if rules:
        content["rules"] = dict(rules)
    if scene.scheme is not None:
        content["weights"] = hashlib.sha256(scene.scheme.digest_source).hexdigest()
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _file_digest(path: Path | None) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
