"""Printed files: sheets, packs and the hand-out of one list, by file name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from config.errors import BadInputError
from config.print import load_print_settings
from layers.print.material import gather
from layers.print.sheet import common_values, sheet_values
from layers.print.summary import pack_values, tasking_values
from layers.print.town_map import Town, draw_town, locator_frame
from layers.print.typeset import pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.print import PrintSettings
    from layers.print.folder import TargetsFolder
    from layers.print.material import Material
    from layers.print.occasion import Occasion
    from spatial.incidents.store import IncidentStore

KINDS: Final = {
    "sheets": "A sheet of two sides for each place.",
    "team": "A summary page and map, then the sheets: of one team, or of all places.",
    "tasking": "The meeting's page, and what is new, dropped, due and delivered.",
}


def print_files(  # noqa: PLR0913 (a list, an occasion, and how)
    store: IncidentStore,
    folder: TargetsFolder,
    occasion: Occasion,
    *,
    kinds: Sequence[str] = ("sheets",),
    settings: PrintSettings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, bytes]:
    """Print a list.

    Parameters
    ----------
    store
        The incidents the list was made of, and the layers of its maps.
    folder
        The list: see :func:`layers.print.folder.read_targets_folder`.
    occasion
        For which days, shift and team, and what is known of them.
    kinds
        Of `KINDS`.
    settings
        None for those in force.
    progress
        Called with pages of places done and to do.

    Returns
    -------
    ``sheets.pdf``, ``team.pdf``, ``tasking.pdf``: each PDF/UA-1. The same list, occasion, settings
    and store give the same bytes.

    Raises
    ------
    BadInputError
        A kind is unknown, the team has no place on the list, or as
        :func:`layers.print.material.gather`.
    """
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        msg = f"{unknown[0]!r} is nothing that can be printed. Choose from {', '.join(KINDS)}."
        raise BadInputError(msg)
    material = gather(store, folder, occasion, settings=settings or load_print_settings())
    if not material.chosen:
        named = sorted({beat for beat in material.beats if beat})
        msg = (
            f"Team {material.team_name!r} has no place on this list. Places lie in: "
            f"{', '.join(named) or 'no beat'}."
        )
        raise BadInputError(msg)
    drawings: dict[str, bytes] = {}
    if material.logo is not None:
        drawings[material.logo[0]] = material.logo[1]
    sheets: list[dict[str, Any]] = []
    if {"sheets", "team"} & set(kinds):
        sheets = _sheets(material, drawings, progress)
    found = {}
    for kind in dict.fromkeys(kinds):
        parts = {
            "sheets": lambda: sheets,
            "team": lambda: [pack_values(material, drawings), *sheets],
            "tasking": lambda: [tasking_values(material, drawings)],
        }[kind]()
        found[f"{kind}.pdf"] = _document(kind, parts, material, drawings)
    return found


def _document(
    kind: str, parts: list[dict[str, Any]], material: Material, drawings: dict[str, bytes]
) -> bytes:
    where = material.team_name or material.where
    named = {
        "sheets": "Patrol-area sheets",
        "team": "Neighbourhood pack",
        "tasking": "Tasking pack",
    }
    values = {
        "title": f"{named[kind]}, {where}",
        "common": common_values(material),
        "parts": parts,
    }
    return pdf(values, drawings, made=material.folder.patrol.data_through)


def _sheets(
    material: Material,
    drawings: dict[str, bytes],
    progress: Callable[[int, int], None] | None,
) -> list[dict[str, Any]]:
    towns: dict[tuple[float, ...], tuple[str, Town]] = {}
    found = []
    for done, at in enumerate(material.chosen, start=1):
        frame = locator_frame(material.rings[at], material.rings, material.border)
        # a town is drawn once for all its sheets
        key = frame.box.bounds
        if key not in towns:
            drawn = draw_town(
                frame,
                material.rings,
                ground=material.ground,
                surface=None,
                border=material.border,
                numbered=False,
            )
            towns[key] = (f"town{len(towns)}.svg", drawn)
            drawings[towns[key][0]] = drawn.svg
        name, town = towns[key]
        said = sheet_values(at, material, town=town, town_file=name, files=drawings)
        found.append({"kind": "sheet", **said})
        if progress is not None:
            progress(done, len(material.chosen))
    return found
