"""The sample town, loaded: what both doors open when no store is named."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

from config.version import VERSION
from spatial.incidents.store import IncidentStore
from spatial.intake import load

DATA = Path(__file__).parent / "saltmere"


def ready_store() -> Path:
    """Return the folder of a store that holds Saltmere, loading it the first time.

    The store lives in the user's cache folder under the hash of the sample's files and the version,
    so that another version never meets a store it did not make.
    """
    digest = hashlib.sha256(VERSION.encode())
    for path in sorted(DATA.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    folder = Path(platformdirs.user_cache_dir("harmhex")) / f"saltmere-{digest.hexdigest()[:12]}"
    if not (folder / "store.json").is_file():
        load([DATA], folder)
    return IncidentStore.open(folder).path
