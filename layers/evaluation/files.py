"""An evaluation's files: all of it as JSON, tables without small numbers, and a page to read."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from layers.evaluation.report import evaluation_html
from layers.formats.tables import table_csv
from layers.formats.values import json_rows, json_value
from layers.print.report import evaluation_pdf
from layers.suppression import suppress
from spatial.evaluation.estimate import ESTIMATE_FIELDS
from spatial.notes import texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spatial.evaluation.estimate import Estimate
    from spatial.evaluation_results import (
        DisplacementAt,
        EvaluationResult,
        Outcome,
        SideCounts,
        Switching,
    )

RESULT_FILE: Final = "result.json"
REPORT_FILE: Final = "report.html"
PAPER_FILE: Final = "report.pdf"
ESTIMATES_FILE: Final = "estimates.csv"
PLACES_FILE: Final = "places.csv"
MONTHS_FILE: Final = "months.csv"

_COUNTS: Final = ("before", "after")


def evaluation_files(result: EvaluationResult) -> dict[str, bytes]:
    """Return every file of an evaluation's folder by name, ``result.json`` last.

    ``places.csv`` and ``months.csv`` keep small counts back (:mod:`layers.suppression`), and say
    nothing of harm, from which one grave incident could be read. ``result.json`` and the report
    hold the totals of each side, which the verdict cannot do without.
    """
    page = evaluation_html(result)
    files = {
        ESTIMATES_FILE: _estimates_csv(result),
        PLACES_FILE: _places_csv(result),
        MONTHS_FILE: _months_csv(result),
        REPORT_FILE: page,
        PAPER_FILE: evaluation_pdf(result, page),
    }
    return {**files, RESULT_FILE: result_json(result, files)}


def result_json(result: EvaluationResult, files: dict[str, bytes] | None = None) -> bytes:
    """Write the whole result as JSON: see ``docs/evaluation.md`` for what stands in it."""
    operation = result.operation
    registered = operation.registered
    content: dict[str, Any] = {
        "run_id": result.run_id,
        "version": result.version,
        "design": operation.design,
        "operation": {
            "name": operation.name,
            "digest": result.operation_digest,
            "registered_by": None if registered is None else registered.by,
            "registered_at": None if registered is None else registered.at.isoformat(),
            "held_since": None if result.held_since is None else result.held_since.isoformat(),
            "registered_words": result.registered_words,
            "words": result.design_words,
            "first_date": operation.first_date.isoformat(),
            "last_date": operation.last_date.isoformat(),
            "places": len(result.ground.treated.area_ids),
            "compared_with": result.ground.comparators_words,
            "buffers_m": list(result.ground.buffers),
        },
        "counts": [
            {"outcome": one.profile.name, "role": one.role, **_side(side)}
            for one in result.outcomes
            for side in one.counts
        ],
        "estimates": [_estimate(one) for one in result.estimates],
        "displacement": [
            {"outcome": one.profile.name, **_displaced(at)}
            for one in result.outcomes
            for at in one.displacement
        ],
        "switching": [_switched(one) for one in result.switching],
        "threats": [
            {"name": one.name, "title": one.title, "standing": one.standing, "says": one.says}
            for one in result.threats
        ],
        "verdict": result.verdict,
        "verdicts": [_verdict(one) for one in result.outcomes],
        "event_study": _event_study(result.primary),
        "achieved": _achieved(result.primary),
        "compliance": _compliance(result),
        "matching": None
        if result.matching is None
        else {"method": result.matching.method, "balance": json_rows(result.matching.balance)},
        "data_from": result.data_from.isoformat(),
        "data_through": result.data_through.isoformat(),
        "harm_edition": result.harm_edition,
        "quality": result.quality.content,
        "marking": result.marking,
        "notes": texts((*result.notes, *(note for one in result.outcomes for note in one.notes))),
        "files": {
            name: hashlib.sha256(content).hexdigest() for name, content in (files or {}).items()
        },
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {name: json_value(value) for name, value in estimate.as_dict().items()}


def _side(side: SideCounts) -> dict[str, Any]:
    return {
        "side": side.side,
        "words": side.words,
        "incidents": side.incidents,
        "harm_days": None if side.harm_days is None else round(side.harm_days, 3),
        "places": side.places,
        "days": side.days,
    }


def _displaced(at: DisplacementAt) -> dict[str, Any]:
    return {
        "distance_m": at.distance_m,
        "registered": at.registered,
        "area_ha": round(at.area_ha, 2),
        "words": at.words,
        "counts": [_side(side) for side in at.counts],
        "estimates": [_estimate(one) for one in at.estimates],
        "notes": texts(at.notes),
    }


def _switched(one: Switching) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "words": one.words,
        "counts": [_side(side) for side in one.counts],
        "estimate": _estimate(one.estimate),
    }


def _verdict(outcome: Outcome) -> dict[str, Any]:
    said = outcome.verdict
    return {
        "outcome": outcome.profile.name,
        "role": outcome.role,
        "direction": said.direction,
        "lead": said.lead,
        "headline": said.headline,
        "harm": said.harm,
        "counts": said.counts,
        "next_door": said.next_door,
        "cautions": list(said.cautions),
    }


def _event_study(outcome: Outcome) -> dict[str, Any] | None:
    study = outcome.event_study
    if study is None:
        return None
    return {
        "pre_trend_p": study.pre_trend_p,
        "slope": study.slope,
        "slope_p": study.slope_p,
        "method": study.method,
        "notes": texts(study.notes),
        "periods": json_rows(study.table),
    }


def _achieved(outcome: Outcome) -> dict[str, Any] | None:
    met = outcome.achieved
    if met is None:
        return None
    return {
        "smallest_fall": met.smallest_fall,
        "clustering": met.clustering,
        "words": met.words,
    }


def _compliance(result: EvaluationResult) -> dict[str, Any] | None:
    made, delivered = result.compliance, result.delivered
    if delivered is None:
        return None
    return {
        "delivered_share": None if made is None else made.delivered_share,
        "control_share_visited": None if made is None else made.control_share_visited,
        "visits": int(delivered.visits.sum()),
        "minutes": float(delivered.minutes.sum()),
        "silent_dates": [day.isoformat() for day in delivered.silent_dates],
        "implausible": delivered.implausible,
        "elsewhere": delivered.elsewhere,
    }


def _estimates_csv(result: EvaluationResult) -> bytes:
    rows = []
    for one in _every(result):
        fields = one.as_dict()
        rows.append([*(fields[name] for name in ESTIMATE_FIELDS[:-1]), " ".join(fields["notes"])])
    table = pd.DataFrame(rows, columns=list(ESTIMATE_FIELDS), dtype=object)
    return _marked(table.where(table.notna(), None), result)


def _every(result: EvaluationResult) -> Iterable[Estimate]:
    yield from result.estimates


def _places_csv(result: EvaluationResult) -> bytes:
    tables = []
    for outcome in result.outcomes:
        table = outcome.by_place.loc[:, ["area_id", "group", *_COUNTS]].astype(object)
        kept = pd.Series(data=False, index=table.index)
        for column in _COUNTS:
            found = suppress(outcome.by_place[column].to_numpy())
            table.loc[found.kept_back, column] = None
            kept |= found.kept_back
        table.insert(0, "outcome", outcome.profile.name)
        tables.append(table.assign(kept_back=["yes" if one else "no" for one in kept]))
    return _marked(pd.concat(tables, ignore_index=True), result)


def _months_csv(result: EvaluationResult) -> bytes:
    tables = []
    for outcome in result.outcomes:
        series = outcome.series
        table = series.loc[:, ["month", "group", "part", "days", "incidents"]].astype(object)
        for group in dict.fromkeys(series["group"]):
            rows = series.index[series["group"] == group]
            found = suppress(series.loc[rows, "incidents"].to_numpy())
            table.loc[rows[found.kept_back], "incidents"] = None
        table.insert(0, "outcome", outcome.profile.name)
        tables.append(table)
    return _marked(pd.concat(tables, ignore_index=True), result)


def _marked(table: pd.DataFrame, result: EvaluationResult) -> bytes:
    return table_csv(
        table.assign(
            run_id=result.run_id,
            data_through=result.data_through.isoformat(),
            marking=result.marking,
        )
    )
