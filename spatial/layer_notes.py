"""Layer notes: what was mended in a boundary or layer at load, kept inside the stored file."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from spatial.map_files import kept_layer
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.incidents.store import IncidentStore

_MEMBER: Final = "harmhex_layer"
_START: Final = f'{{"{_MEMBER}":'


def with_notes(content: bytes, notes: Notes) -> bytes:
    """Return a GeoJSON collection that carries its notes, as its first member.

    Parameters
    ----------
    content
        A feature collection, UTF-8.
    notes
        What was converted, mended, dropped or found; with none, the content is returned as it is.

    Notes
    -----
    RFC 7946 (section 6.1) lets a file carry members that others ignore.
    """
    if not notes:
        return content
    document = json.loads(content)
    document.pop(_MEMBER, None)
    kept = {_MEMBER: {"notes": [asdict(note) for note in notes]}, **document}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def notes_in(path: Path) -> Notes:
    """Return the notes that a stored layer carries, without reading the rest of it as JSON."""
    with path.open(encoding="utf-8") as stream:
        if stream.read(len(_START)) != _START:
            return ()
        member, _ = json.JSONDecoder().raw_decode(stream.read())
    return tuple(Note(**note) for note in member["notes"])


def layer_notes(store: IncidentStore) -> dict[str, Notes]:
    """Return what was said of each study area and context layer when it was loaded, by its name."""
    held = {
        **{f"Study area {name}": path for name, path in store.study_areas().items()},
        **{f"Layer {name}": path for name, path in store.context_layers().items()},
    }
    found = {name: _told(path) for name, path in held.items()}
    return {name: notes for name, notes in found.items() if notes}


def _told(path: Path) -> Notes:
    """Return the notes of one layer; of a spoilt one, that it cannot be read."""
    try:
        with kept_layer(path):
            return notes_in(path)
    except BadInputError as error:
        return (Note(str(error), loud=True),)
