"""Risk exposure: what incidents are in proportion to; residents, where they are known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.hexes.residents import people_of, residents_of_cells
from spatial.notes import Note, Notes
from spatial.vectors import read_features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.incidents.store import IncidentStore
    from spatial.scene import Scene

    Floats = NDArray[np.float64]

RESIDENTS: Final = "residents"
AS_THEY_ARE: Final = "none"
_LAYER: Final = "population"


def usual_exposure(store: IncidentStore, asked: str | None) -> str:
    """Return the exposure asked for; without any, residents where the store holds them."""
    if asked is not None:
        return asked
    return RESIDENTS if _LAYER in store.context_layers() else AS_THEY_ARE


def exposure_of(scene: Scene, asked: str | None) -> tuple[Floats | None, Notes]:
    """Return the people of each cell, and what to read beside a model in proportion to them.

    Parameters
    ----------
    scene
        Grid and store.
    asked
        ``residents`` for the store's population layer, a file of the same kind, or ``none``; None
        for the first where the store holds it.

    Returns
    -------
    People, at least one, shape (cells,), or None for incidents as they are.

    Raises
    ------
    BadInputError
        The layer or file is not there, or nobody of it is in the study area.

    Notes
    -----
    How it can mislead: residents are not who is there by night, so a town centre still looks risky.
    """
    chosen = usual_exposure(scene.store, asked)
    if chosen == AS_THEY_ARE:
        sentence = (
            "Incidents are taken as they are, not in proportion to residents: whatever stands "
            "where people are looks risky, guilty or not."
        )
        return None, (Note(sentence, loud=True),)
    path: Path | None = Path(chosen)
    if chosen == RESIDENTS:
        path = scene.store.context_layers().get(_LAYER)
    if path is None or not path.exists():
        msg = (
            f"Exposure {chosen!r} is not there. Load a population layer, or give a file of areas "
            "with the property 'population', or 'none'."
        )
        raise BadInputError(msg)
    features = read_features(path)
    people = residents_of_cells(
        features.geometries, people_of(list(features.properties)), scene.grid
    )
    # a stored layer's file is named by its content
    called = "the store's population layer" if chosen == RESIDENTS else path.name
    if not people.any():
        msg = f"Nobody of {called} is in the study area. Check that it is of this place."
        raise BadInputError(msg)
    few = int((people < 1.0).sum())
    unasked = (
        " Nobody asked for it: the store knows its residents, and without them whatever stands "
        "where people live looks risky; exposure 'none' leaves them out."
        if asked is None
        else ""
    )
    sentence = (
        f"Incidents are taken in proportion to the people of {called}; {few:,} cells with fewer "
        "than one count as one, so that places where nobody lives are not infinitely risky. "
        f"Residents are not who is there by night: a town centre still looks risky.{unasked}"
    )
    return np.maximum(people, 1.0), (Note(sentence, loud=True),)
