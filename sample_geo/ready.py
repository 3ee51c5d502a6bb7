"""The sample town, loaded: what both doors open when no store is named."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from config.register import URL_VARIABLE, load_register_rules, register_url
from config.version import VERSION
from register.opening import open_register
from sample_geo.register_entries import fill_register
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.partners.load import load_partners
from spatial.partners.standing import StandingStore
from spatial.partners.standing_load import load_standing
from spatial.partners.store import PartnerStore

if TYPE_CHECKING:
    import datetime as dt

DATA = Path(__file__).parent / "saltmere"
PARTNERS = ("ambulance", "deaths", "emergency_department")
"""Kinds of partner file in the sample: partner_KIND.csv, each by the mapping of its name."""
STANDING = ("licensing", "safeguarding")
"""Kinds of standing layer in the sample, likewise."""

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
    if len(StandingStore.open(folder).loads) < len(STANDING):
        for kind in STANDING:
            load_standing([DATA / f"partner_{kind}.csv"], folder, kind=kind)
    return IncidentStore.open(folder).path


def ready_register(store: Path, *, now: dt.datetime) -> None:
    """Fill the register beside the sample town's store with the sample's entries, the first time.

    A register that is named by the environment or the settings is somebody's own: it is left alone.
    """
    named = os.environ.get(URL_VARIABLE, "").strip() or load_register_rules().url
    if named or not is_ready_store(store):
        return
    register = open_register(Path(register_url(store)))
    try:
        with register.writing() as session:
            fill_register(session, DATA, now=now)
    finally:
        register.close()


def is_ready_store(store: Path) -> bool:
    """Say whether a store is the sample town's own, which nothing else may be loaded into."""
    return store.name.startswith(_PREFIX) and store.resolve().parent == _cache().resolve()


def _cache() -> Path:
    return Path(platformdirs.user_cache_dir("harmhex"))
