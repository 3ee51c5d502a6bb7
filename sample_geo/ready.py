"""The sample town, loaded: what both doors open when no store is named."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

from config.version import VERSION
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.partners.load import load_partners
from spatial.partners.store import PartnerStore

DATA = Path(__file__).parent / "saltmere"
PARTNERS = ("ambulance", "deaths", "emergency_department")
"""Kinds of partner file in the sample: partner_KIND.csv, each by the mapping of its name."""

_PREFIX = "saltmere-"


def ready_store() -> Path:
    """Return the folder of a store that holds Saltmere, loading it the first time.

    The store lives in the user's cache folder under the hash of the sample's files and the version,
    so that another version never meets a store it did not make.
    """
    digest = hashlib.sha256(VERSION.encode())
    for path in sorted(DATA.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    folder = _cache() / f"{_PREFIX}{digest.hexdigest()[:12]}"
    if not (folder / "store.json").is_file():
        load([DATA], folder)
    # its own step, so that one that was cut off is made up for
    if len(PartnerStore.open(folder).loads) < len(PARTNERS):
        for kind in PARTNERS:
            load_partners([DATA / f"partner_{kind}.csv"], folder, kind=kind)
    return IncidentStore.open(folder).path


def is_ready_store(store: Path) -> bool:
    """Say whether a store is the sample town's own, which nothing else may be loaded into."""
    return store.name.startswith(_PREFIX) and store.resolve().parent == _cache().resolve()


def _cache() -> Path:
    return Path(platformdirs.user_cache_dir("harmhex"))
