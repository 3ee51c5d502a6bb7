"""Fairness: who lives under the patrol areas, how often a place was listed, what data fed the list.

Nothing here enters a ranking: it reads a list that is made and changes none.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.census import CensusRules, load_census_rules
from config.errors import BadInputError
from config.profile import Profile, load_profile
from config.version import VERSION
from spatial.census.areas import LAYERS, CensusAreas, census_areas
from spatial.census.comparison import (
    DECILE_COLUMNS,
    GROUP_COLUMNS,
    PLACE_COLUMNS,
    decile_table,
    group_table,
    place_table,
)
from spatial.census.exposure import Cover, cover
from spatial.census.recorded import Recorded, recorded_in
from spatial.notes import Note, Notes
from spatial.scene import Scene, Subject, count_subject, open_scene, schemes_used

if TYPE_CHECKING:
    import datetime as dt

    from spatial.incidents.store import IncidentStore
    from spatial.patrol_list import PatrolList

_COARSE: Final = 0.5
_UNPLACED: Final = 0.05
_ROUNDED_DAYS: Final = 0.051
SOURCE_COLUMNS: Final = (
    "load_id", "source", "incidents", "rejected", "data_from", "data_through", "time_precision",
    "harm_edition",
)  # fmt: skip

_NO_DECILES: Final = (
    "By deprivation: not said, no census table with deciles is loaded. Load a table named census, "
    "with the decile of each area (docs/methods/fairness.md)."
)
_NO_GROUPS: Final = (
    "By ethnic group: not said, no census table with groups is loaded. Load a table named census, "
    "with a column to each group (docs/methods/fairness.md)."
)
_NO_EARLIER: Final = "How often a place was listed before: not said, no earlier list is given."

__all__ = (
    "DECILE_COLUMNS", "GROUP_COLUMNS", "PLACE_COLUMNS", "SOURCE_COLUMNS", "FairnessResult",
    "fairness",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class FairnessResult:
    """Who a list falls on, beside what it is for.

    Attributes
    ----------
    run_id
        Of this page: list, store, census, configuration and version.
    patrol
        The list.
    profile
        None where it can no longer be found.
    residents, residents_all
        Under the patrol areas and in the study area; None where nobody is counted, the first also
        where too few are to be shown.
    deciles
        ``DECILE_COLUMNS``, from the most deprived: residents under patrol areas (``residents``,
        ``share`` with its interval) and in the study area (``_all``), the ratio of the shares, and
        the decile's share of the study area's ground and of what was recorded in it. Null where
        kept back. None without deciles.
    groups
        ``GROUP_COLUMNS``; None without groups.
    places
        ``PLACE_COLUMNS``: residents to the nearest ten (null where kept back), the decile in which
        most of them live, and how often the place was on an earlier list (null without any).
    sources
        ``SOURCE_COLUMNS``: the loads of the store.
    why_not
        Why a part is not there, by its name: residents, deciles, groups, recorded, earlier.
    source
        What must be said of the census table.
    """

    run_id: str
    patrol: PatrolList
    profile: Profile | None
    residents: float | None
    residents_all: float | None
    deciles: pd.DataFrame | None
    groups: pd.DataFrame | None
    places: pd.DataFrame
    sources: pd.DataFrame
    data_from: dt.date
    data_through: dt.date
    harm_edition: str
    harm_sources: tuple[str, ...]
    settings: dict[str, Any]
    marking: str
    source: str
    why_not: dict[str, str]
    notes: Notes
    fewest_residents: int


def fairness(
    store: IncidentStore,
    patrol: PatrolList,
    *,
    earlier: pd.DataFrame | None = None,
    rules: CensusRules | None = None,
) -> FairnessResult:
    """Compare those who live under a list's patrol areas with all of the study area.

    Parameters
    ----------
    store
        The incidents the list was made of, and the census layers.
    patrol
        The list.
    earlier
        Rows of earlier lists: see :func:`spatial.census.earlier.times_listed`. Rows of this very
        list are passed over.
    rules
        Headings, groups and what is kept back; None for those in force.

    Raises
    ------
    BadInputError
        The study area is not the one of the list, a layer cannot be used, or the earlier lists
        cannot be read.

    Notes
    -----
    Residents of a place are not those who are there when a patrol is, nor those it speaks to, still
    less those it stops: a share of residents says nothing of how anybody is treated. What holds of
    an area on average need not hold of anyone in it (the ecological fallacy). Harm is what was
    recorded.
    """
    rules = rules or load_census_rules()
    scene = open_scene(store, patrol.study_area, patrol.resolution, weights=patrol.weights)
    _require_same_area(scene, patrol)
    outlines = list(patrol.areas["geometry"]) if len(patrol.areas) else []
    subject, why_not, notes = _checked(scene, patrol)
    layers = store.context_layers()
    areas = census_areas(layers, rules=rules)
    under = None
    if areas is None:
        why_not["residents"] = (
            "No population layer is loaded, so nothing is said of who lives where. Load one named "
            "population (areas with a property of that name), and a census table beside it."
        )
    else:
        under = cover(areas.shapes, scene.grid.study_area.polygon, outlines)
        notes += [Note(areas.how), *areas.notes, *_coarse(areas, under)]
    residents, residents_all = _residents(areas, under, rules, why_not)
    recorded = None
    if subject is not None and areas is not None and areas.decile is not None:
        recorded = recorded_in(
            scene.connection,
            subject.condition,
            window=patrol.window,
            study_area=scene.grid.study_area.polygon,
            shapes=areas.shapes,
        )
        notes += _unplaced(recorded)
    deciles = groups = None
    if areas is None or under is None or areas.decile is None:
        why_not["deciles"] = _NO_DECILES
    else:
        known = None if "recorded" in why_not else recorded
        deciles = decile_table(areas, under, scene.grid.study_area, known, rules=rules)
    if areas is None or under is None or not areas.groups:
        why_not["groups"] = _NO_GROUPS
    else:
        groups = group_table(areas, under, rules=rules)
    if earlier is not None and "run_id" in earlier:
        earlier = earlier[earlier["run_id"].astype(str) != patrol.run_id]
    if earlier is None or earlier.empty:
        why_not["earlier"] = _NO_EARLIER
    editions, schemes = schemes_used(scene)
    return FairnessResult(
        run_id=_run_id(store, patrol, earlier, rules),
        patrol=patrol,
        profile=None if subject is None else subject.profile,
        residents=residents,
        residents_all=residents_all,
        deciles=deciles,
        groups=groups,
        places=place_table(patrol.areas, areas, under, earlier, rules=rules),
        sources=_sources(store),
        data_from=store.data_from,
        data_through=store.data_through,
        harm_edition=", ".join(editions),
        harm_sources=tuple(scheme.attribution for scheme in schemes),
        settings=scene.settings.model_dump(mode="json"),
        marking=scene.settings.marking,
        source=rules.source if "census" in layers else "",
        why_not=why_not,
        notes=tuple(notes),
        fewest_residents=rules.fewest_residents,
    )


def _require_same_area(scene: Scene, patrol: PatrolList) -> None:
    if scene.grid.study_area.digest == patrol.study_area_digest:
        return
    msg = (
        f"The study area {patrol.study_area_name!r} is not the one that list {patrol.run_id} was "
        "made for: another boundary, or other data. Make the list again, or name its boundary "
        "with --study-area."
    )
    raise BadInputError(msg)


def _checked(scene: Scene, patrol: PatrolList) -> tuple[Subject | None, dict[str, str], list[Note]]:
    """Count the list's places again: what was recorded is shown only where it is still the same."""
    try:
        profile = load_profile(patrol.profile)
    except BadInputError:
        reason = (
            f"Harm by deprivation: not said, the profile {patrol.profile!r} of the list is not "
            "shipped. Give its file with --profile."
        )
        return None, {"recorded": reason}, []
    subject = count_subject(scene, profile, patrol.window)
    reason = _differs(subject, patrol.areas)
    if not reason:
        return subject, {}, []
    return subject, {"recorded": reason}, [Note(reason, loud=True)]


def _differs(subject: Subject, areas: pd.DataFrame) -> str:
    """Return how the store's count of a list's places differs from the list's; empty if not."""
    counts, grid = subject.counts, subject.scene.grid
    at = [
        grid.positions(np.array([int(cell, 16) for cell in str(words).split()], dtype=np.uint64))
        for words in areas.get("cells", [])
    ]
    found = [int(counts.incidents[cells[cells >= 0]].sum()) for cells in at]
    if found != [int(number) for number in areas.get("incidents", [])]:
        return (
            "Harm by deprivation: not said. The store does not count in these places what the "
            "list says: it was loaded, corrected or decided upon since. Make the list again."
        )
    days = np.array([counts.harm_days[cells[cells >= 0]].sum() for cells in at])
    said = pd.to_numeric(areas.get("harm_days", pd.Series(dtype=float))).to_numpy(float)
    if subject.profile.weighs_harm and (np.abs(days - said) > _ROUNDED_DAYS).any():
        return (
            "Harm by deprivation: not said. The list was made with other harm weights than these. "
            "Name them with --weights."
        )
    return ""


def _residents(
    areas: CensusAreas | None, under: Cover | None, rules: CensusRules, why_not: dict[str, str]
) -> tuple[float | None, float | None]:
    if areas is None or under is None:
        return None, None
    everybody = float(areas.people @ under.study)
    if everybody < rules.fewest_residents:
        why_not["residents"] = (
            "Nobody of the population layer lives in the study area: is the layer of this place?"
        )
        return None, None
    found = float(areas.people @ under.patrolled)
    if 0 < found < rules.fewest_residents:
        why_not["residents"] = (
            f"Fewer than {rules.fewest_residents} residents live under the patrol areas: kept back."
        )
        return None, everybody
    return found, everybody


def _coarse(areas: CensusAreas, under: Cover) -> list[Note]:
    """Say how much larger than the places the census areas are, as the residents meet it."""
    found = areas.people * under.patrolled
    if not found.sum():
        return []
    inside = float((found * under.patrolled).sum() / found.sum())
    text = (
        "A resident counted under a patrol area lives, on average, in a census area of which "
        f"{inside:.0%} lies under one. The rest is taken to be the same all over, which it is not: "
        "read differences of a few per cent as none."
    )
    return [Note(text, loud=inside < _COARSE)]


def _unplaced(recorded: Recorded) -> list[Note]:
    total = recorded.incidents.sum()
    lost = recorded.incidents[recorded.area < 0].sum()
    if not lost:
        return []
    text = (
        f"{lost:,.0f} of {total:,.0f} located incidents lie in no census area (water, fields, "
        "works): they are in no decile, and the deciles' shares of harm add up to less than all."
    )
    return [Note(text, loud=bool(lost > _UNPLACED * total))]


def _sources(store: IncidentStore) -> pd.DataFrame:
    rows = [
        {
            "load_id": load.load_id,
            "source": load.source,
            "incidents": load.stored,
            "rejected": load.rejected,
            "data_from": load.data_from,
            "data_through": load.data_through,
            "time_precision": load.time_precision,
            "harm_edition": load.harm_edition,
        }
        for load in store.loads
        if load.stored
    ]
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS))


def _run_id(
    store: IncidentStore, patrol: PatrolList, earlier: pd.DataFrame | None, rules: CensusRules
) -> str:
    kept = store.context_layers()
    content = {
        "list": patrol.run_id,
        "areas": sorted(map(str, patrol.areas["area_id"])) if len(patrol.areas) else [],
        "version": VERSION,
        "data": store.fingerprint,
        "weights": patrol.weights,
        "layers": {
            name: hashlib.sha256(kept[name].read_bytes()).hexdigest()
            for name in LAYERS
            if name in kept
        },
        "rules": rules.model_dump(mode="json"),
        "earlier": "" if earlier is None else hashlib.sha256(earlier.to_csv().encode()).hexdigest(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
