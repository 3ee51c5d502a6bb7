"""Target words: a list of places in a few sentences, and in figures for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers.wording import share_sentence
from spatial.targets.kept.identity import STATUSES
from spatial.targets.overridden.decided_list import APPLIED, NOT_APPLIED, NOT_NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spatial.results import TargetResult

_OUTCOMES: Final = {APPLIED: "applied", NOT_NEEDED: "not_needed", NOT_APPLIED: "not_applied"}
_CALLED: Final = {"new": "new", "kept": "kept", "moved": "moved", "added": "added by hand"}


def target_sentences(result: TargetResult) -> list[str]:
    """Say what a list holds, how it compares with the last one, and what more hours would buy."""
    sentence = share_sentence(
        places=len(result.areas),
        harm_share=result.harm_share,
        incidents_share=result.incidents_share,
        area_share=result.area_share,
        study_area=result.study_area.name,
        harm_words=result.profile.harm_words,
    )
    in_sample = " (in-sample: chosen and measured on the same window)" if len(result.areas) else ""
    said = [f"{sentence}{in_sample}.", result.held_out_note]
    if len(result.areas):
        hours = f"{result.officer_hours:,.0f} officer-hours"
        said.append(f"Patrolling them takes {hours} ({result.dose_words}). {result.more_hours}")
    if result.previous:
        said.append(compared_sentence(result))
    if len(result.overrides):
        said.append(changes_sentence(result))
    if len(result.removals):
        places = result.removals["area_id"].nunique()
        said.append(
            f"{places} place{'' if places == 1 else 's'} to look at for what stands there: see "
            "removals.csv."
        )
    return said


def compared_sentence(result: TargetResult) -> str:
    """Say how many places are new, kept, moved and dropped against the last list."""
    numbers = status_counts(result)
    told = [f"{numbers[status]} {_CALLED[status]}" for status in STATUSES if numbers[status]]
    told.append(f"{numbers['dropped']} dropped")
    return f"Against {result.previous}: {', '.join(told)}."


def changes_sentence(result: TargetResult) -> str:
    """Say how many changes by hand were applied, and how many could not be."""
    outcomes = result.overrides["outcome"].tolist()
    failed = outcomes.count(NOT_APPLIED)
    more = f"; {failed} could not be (see overrides.csv)" if failed else ""
    plural = "" if len(outcomes) == 1 else "s"
    return f"Of {len(outcomes)} change{plural} by hand {outcomes.count(APPLIED)} applied{more}."


def status_counts(result: TargetResult) -> dict[str, int]:
    """Return how many places are new, kept, moved, added and dropped; all 0 on a first list."""
    found = result.areas["status"].tolist()
    counts = {status: found.count(status) for status in STATUSES}
    return {**counts, "dropped": len(result.dropped)}


def target_summary(result: TargetResult, *, files: Iterable[str], out: str) -> dict[str, Any]:
    """Return a list in figures, with the ids that are new, kept, moved, added and dropped."""
    areas, dropped = result.areas, result.dropped
    listed = {
        status: areas.loc[areas["status"] == status, "area_id"].tolist() for status in STATUSES
    }
    outcomes = result.overrides["outcome"].tolist() if len(result.overrides) else []
    return {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "ranked_by": result.measure.value,
        "places": len(areas),
        "places_asked": result.places_asked,
        "officer_hours": round(result.officer_hours, 2),
        "incidents_share": round(result.incidents_share, 6),
        "harm_share": _rounded(result.harm_share),
        "area_share": round(result.area_share, 6),
        "held_out_share": _rounded(result.held_out_share),
        "more_hours": result.more_hours,
        "previous": result.previous,
        "counts": status_counts(result),
        "areas": {**listed, "dropped": dropped["area_id"].tolist() if len(dropped) else []},
        "overrides": {_OUTCOMES[one]: outcomes.count(one) for one in _OUTCOMES},
        "removals": int(result.removals["area_id"].nunique()) if len(result.removals) else 0,
        "out": out,
        "files": sorted(files),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
