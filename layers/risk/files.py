"""The risk terrain's files: the result as JSON, cells as GeoJSON, factors and candidates as CSV."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from layers.formats.geojson import cells_geojson
from layers.formats.tables import table_csv
from layers.formats.values import json_rows, json_value
from layers.marking import marking_in_force
from spatial.notes import texts
from spatial.risk_terrain.near import NEAR_FILE, near_content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.risk_results import RiskResult, Validation
    from spatial.risk_terrain.model import RiskModel
    from spatial.window import Window

FACTOR_COLUMNS: Final = (
    "factor", "kind", "distance_m", "relative_risk", "stability", "stability_this_way",
    "range_low", "range_high", "coefficient", "features", "cells_on", "incidents_on", "called",
)  # fmt: skip
CANDIDATE_COLUMNS: Final = (
    "factor", "kind", "distance_m", "cells_on", "incidents_on", "penalised_coefficient",
    "stability_this_way", "outcome",
)  # fmt: skip


def risk_files(result: RiskResult) -> dict[str, bytes]:
    """Return every file of a risk terrain's folder by name, ``result.json`` last."""
    files = {
        "factors.csv": _csv(factor_table(result), result),
        "candidates.csv": _csv(candidate_table(result.model), result),
        "risk_terrain.geojson": risk_geojson(result),
        NEAR_FILE: near_content(result),
        "validation.csv": _csv(result.validation.scores, result),
        "validation_differences.csv": _csv(result.validation.paired, result),
    }
    return {**files, "result.json": _result_json(result, files)}


def factor_table(result: RiskResult) -> pd.DataFrame:
    """Return the factors of the model, ``FACTOR_COLUMNS``, by relative risk.

    ``stability`` is the share of resamples that chose the factor, whatever its distance;
    ``range_low`` and ``range_high`` the middle 90% of its relative risks where it was chosen this
    way: no confidence interval.
    """
    rows = [
        (
            term.factor,
            term.candidate.how.kind.value,
            term.candidate.how.distance_m,
            round(term.relative_risk, 4),
            term.stability,
            term.same_way,
            term.range_low,
            term.range_high,
            round(term.coefficient, 6),
            term.features,
            term.candidate.cells_on,
            term.incidents_on,
            result.rules.words_of(term.factor)[1],
        )
        for term in result.model.terms
    ]
    return pd.DataFrame(rows, columns=list(FACTOR_COLUMNS))


def candidate_table(model: RiskModel) -> pd.DataFrame:
    """Return everything that was tried, ``CANDIDATE_COLUMNS``, and what became of it."""
    rows = [
        (
            one.factor, one.how, one.distance_m, one.cells_on, one.incidents_on, one.penalised,
            one.stability, one.outcome,
        )
        for one in model.tried
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(CANDIDATE_COLUMNS), dtype=object)


def risk_geojson(result: RiskResult) -> bytes:
    """Write the cells as GeoJSON (RFC 7946): those above the lowest risk, or with an incident.

    The member ``harmhex`` says what the numbers rest on, and how many cells the area has.
    """
    lowest = result.cells["risk_score"].min()
    shown = result.cells[(result.cells["risk_score"] > lowest) | (result.cells["incidents"] > 0)]
    return cells_geojson(shown, _head(result))


def _csv(table: pd.DataFrame, result: RiskResult) -> bytes:
    return table_csv(
        table.assign(
            run_id=result.run_id,
            data_through=result.data_through.isoformat(),
            marking=result.marking,
        )
    )


def _head(result: RiskResult) -> dict[str, Any]:
    marking = marking_in_force()
    return {
        "run_id": result.run_id,
        "study_area": result.grid.study_area.name,
        "cells": len(result.grid),
        "window": _dates(result.window),
        "profile": result.profile.name,
        "resolution": result.resolution,
        "data_through": result.data_through.isoformat(),
        "quality": result.quality.content,
        "notes": texts(result.notes),
        "version": result.version,
        "marking": marking.marking,
        "handling": marking.handling,
    }


def _result_json(result: RiskResult, files: Mapping[str, bytes]) -> bytes:
    fit, model = result.model.fit, result.model
    content = {
        **_head(result),
        "factors": json_rows(factor_table(result)),
        "family": fit.family.value,
        "bic": round(fit.bic, 3),
        "pai": json_value(result.validation.pai),
        "fit": {
            "aic": round(fit.aic, 3),
            "deviance": round(fit.deviance, 3),
            "null_bic": round(fit.null_bic, 3),
            "bic_by_family": {name: round(bic, 3) for name, bic in fit.bic_by_family.items()},
            "intercept": round(model.intercept, 6),
            "dispersion": round(fit.dispersion, 6),
            "overdispersion": round(fit.overdispersion, 4),
            "cells": fit.cells,
            "cells_with_incidents": fit.cells_with,
            "incidents": fit.incidents,
        },
        "highest_score": round(float(model.scores.max()), 3),
        "resamples": model.resamples,
        "block_of_ground_m": model.block_m,
        "tried": [{"kind": how.kind.value, "distance_m": how.distance_m} for how in result.hows],
        "seed": result.request.seed,
        "protective": result.request.protective,
        "rejected": json_rows(
            candidate_table(model)
            .query("outcome != 'in the model'")
            .loc[:, ["factor", "kind", "distance_m", "outcome"]]
            .rename(columns={"outcome": "reason"})
        ),
        "validation": _validation(result.validation),
        "files": {name: hashlib.sha256(held).hexdigest() for name, held in files.items()},
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _validation(found: Validation) -> dict[str, Any]:
    return {
        "sentence": found.sentence,
        "beats": found.beats,
        "fitted": None if found.fitted is None else _dates(found.fitted),
        "scored": None if found.scored is None else _dates(found.scored),
        "held_back": found.held_back,
        "incidents": found.incidents,
        "scores": json_rows(found.scores),
        "paired": json_rows(found.paired),
    }


def _dates(window: Window) -> list[str]:
    return [window.first.isoformat(), window.last.isoformat()]
