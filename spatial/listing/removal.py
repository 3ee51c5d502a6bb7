"""Removal: places of a list to look at, for what its store knows to stand there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from spatial.hexes.counts import located_rows
from spatial.incidents.checks.suspects import find_suspects
from spatial.targets.overridden.removals import propose_removals, read_sites, sites_of_suspects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from spatial.incidents.store import IncidentStore
    from spatial.scene import Subject
    from spatial.targets.overridden.decided_list import Place


def proposed_removals(subject: Subject, places: Sequence[Place]) -> pd.DataFrame:
    """Propose places to look at: see `spatial.targets.overridden.removals.propose_removals`."""
    scene = subject.scene
    system = scene.grid.study_area.metric_system
    kept = scene.store.context_layers().get("places")
    sites = [read_sites(kept, metric_system=system)] if kept else []
    sites.append(sites_of_suspects(_doubtful_points(_content(scene.store)), metric_system=system))
    return propose_removals(
        places,
        scene.grid.cells,
        sites,
        located_rows(scene.connection, subject.condition, window=subject.window),
        metric_system=system,
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """A store by what it holds: opened again, it is the same."""

    path: str
    incidents: str
    extras: str
    store: IncidentStore = field(compare=False)


def _content(store: IncidentStore) -> _Content:
    return _Content(str(store.path), store.fingerprint, store.extras_fingerprint, store)


@lru_cache(maxsize=2)
def _doubtful_points(content: _Content) -> pd.DataFrame:
    # of the whole store, whatever the list: looked for once
    return find_suspects(content.store).points
