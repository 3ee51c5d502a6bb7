"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore
from spatial.intake import load

# no test asserts a time; and where a change is judged, luck must not decide: there the examples are
# the same every run, while people's own runs keep looking for new ones
settings.register_profile("people", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "people")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def saltmere_store(tmp_path_factory: pytest.TempPathFactory) -> IncidentStore:
    """The sample town, loaded once."""
    folder = tmp_path_factory.mktemp("saltmere") / "store"
    load([DATA], folder)
    return IncidentStore.open(folder)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real open data beside the checkout."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("the real open data is not beside this checkout (../shared/data)")
    return folder
