"""Material: everything that sheets and packs are made of, gathered once for all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from config.errors import BadInputError
from config.force import load_force
from config.settings import load_settings
from layers.fictional import fictional_words
from layers.formats.values import clean_text
from layers.marking import Marking, marking_in_force
from layers.overlays import near_lines
from layers.print.area_map import Ringed
from layers.print.codes import read_logo
from layers.print.ground import Ground, read_ground
from layers.print.surface import Surface, surface_of
from spatial.hexes.grid import EVER_INCIDENT
from spatial.incidents.checks.quality import forces
from spatial.list_facts import ListFacts, list_facts
from spatial.projection import metric_system_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from config.print import PrintSettings
    from layers.print.area_map import Area
    from layers.print.folder import TargetsFolder
    from layers.print.occasion import Occasion
    from spatial.incidents.store import IncidentStore

_BEATS: Final = "beats"


@dataclass(frozen=True, eq=False)
class Material:
    """What a printout is made of.

    Attributes
    ----------
    folder, facts, ground, surface
        The list, what the store says of it, the map's layers and its cells.
    rows
        The list's rows by rank, plain values.
    rings
        The areas in metres, in the same order.
    beats
        The beat or ward of each place (the one with most of it), empty where none is loaded.
    near
        What is due or tense near each place, by its id.
    """

    folder: TargetsFolder
    facts: ListFacts
    ground: Ground
    surface: Surface | None
    border: BaseGeometry | None
    occasion: Occasion
    settings: PrintSettings
    rows: tuple[dict[str, Any], ...]
    rings: tuple[Ringed, ...]
    beats: tuple[str, ...]
    near: dict[str, str]
    logo: tuple[str, bytes] | None
    force: str
    fictional: str
    marking: Marking = field(default_factory=marking_in_force)

    @cached_property
    def chosen(self) -> tuple[int, ...]:
        """Positions of the places of the occasion's team; all without one."""
        team = self.occasion.team
        if team is None:
            return tuple(range(len(self.rows)))
        return tuple(at for at, beat in enumerate(self.beats) if beat == self.team_name)

    @cached_property
    def team_name(self) -> str:
        """The team as the store spells it; empty for all places.

        Raises
        ------
        BadInputError
            No beats are stored, or none is called so.
        """
        team = self.occasion.team
        if team is None:
            return ""
        names, codes = self._teams
        if not names:
            msg = (
                f"There is no team {team!r}: the store keeps no beats or wards. Load them (a map "
                "file named beats), or leave out the team."
            )
            raise BadInputError(msg)
        asked = team.strip().casefold()
        for name, code in zip(names, codes, strict=True):
            if asked in {name.casefold(), code.casefold()} - {""}:
                return name
        known = ", ".join(sorted(set(names)))
        msg = f"There is no team {team!r}. Choose one of: {known}."
        raise BadInputError(msg)

    @cached_property
    def _teams(self) -> tuple[list[str], list[str]]:
        words = self.ground.layer(_BEATS).words
        names = [clean_text(str(one)) for one in words["name"]]
        codes = [clean_text(str(one)) for one in words["code"]]
        return [name or code for name, code in zip(names, codes, strict=True)], codes

    @property
    def where(self) -> str:
        """What the list is of, in words: the study area, or all cells with an incident."""
        name = self.folder.patrol.study_area_name
        return "everywhere with an incident" if name == EVER_INCIDENT else name

    @property
    def period_days(self) -> int:
        """Days of a period."""
        return load_settings().period_days


def gather(
    store: IncidentStore, folder: TargetsFolder, occasion: Occasion, *, settings: PrintSettings
) -> Material:
    """Gather what a printout needs; nothing is ranked anew.

    Parameters
    ----------
    store
        The incidents the list was made of, and the layers of its map.
    folder
        The list.
    occasion
        For which days, shift and team.
    settings
        Of printing.

    Raises
    ------
    BadInputError
        A layer cannot be drawn, the logo is no image, or there is no such team.
    """
    patrol = folder.patrol
    rows = tuple(
        {str(key): value for key, value in row.items() if key != "geometry"}
        for row in patrol.areas.to_dict("records")
    )
    first = patrol.areas["geometry"].iloc[0].representative_point()
    system = metric_system_at(first.x, first.y)
    facts = list_facts(store, patrol, drawn=folder.drawn)
    ground = read_ground(store.context_layers(), system=system)
    rings = tuple(
        Ringed(str(row["area_id"]), int(row["rank"]), cast("Area", system.project(outline)))
        for row, outline in zip(rows, patrol.areas["geometry"], strict=True)
    )
    made = Material(
        folder=folder,
        facts=facts,
        ground=ground,
        surface=surface_of(facts.cells, system=system),
        border=None if facts.border is None else system.project(facts.border),
        occasion=occasion,
        settings=settings,
        rows=rows,
        rings=rings,
        beats=_beats(ground, rings),
        near=near_lines(occasion.marks or (), patrol.areas),
        logo=read_logo(settings),
        force=clean_text(load_force().name),
        fictional=fictional_words(forces(store)),
    )
    # an unknown team is told before anything is drawn
    _ = made.team_name
    return made


def beat_outlines(store: IncidentStore) -> dict[str, BaseGeometry]:
    """Return the polygons (degrees, WGS84) of a store's beats by name; none where none are kept."""
    path = store.context_layers().get(_BEATS)
    if path is None:
        return {}
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found: dict[str, BaseGeometry] = {}
        for one in features:
            name = str(one["properties"].get("name") or one["properties"].get("code") or "")
            outline = shape(one["geometry"])
            found[name] = shapely.union(found[name], outline) if name in found else outline
        return {name: outline for name, outline in found.items() if name}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        msg = f"{path.name} cannot be read because it is not GeoJSON; load the file again."
        raise BadInputError(msg) from error


def _beats(ground: Ground, rings: Sequence[Ringed]) -> tuple[str, ...]:
    layer = ground.layer(_BEATS)
    names = [
        clean_text(str(name)) or clean_text(str(code))
        for name, code in zip(layer.words["name"], layer.words["code"], strict=True)
    ]
    found = []
    for one in rings:
        at = sorted(layer.tree.query(one.shape, predicate="intersects").tolist()) if names else []
        shares = [shapely.intersection(layer.shapes[beat], one.shape).area for beat in at]
        best = max(range(len(at)), key=lambda place: (shares[place], -place), default=None)
        found.append("" if best is None or not shares[best] else names[at[best]])
    return tuple(found)
