"""Fixtures that several rooms share."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from config.operation_file import read_operation
from sample_geo.ready import DATA, PARTNERS, STANDING
from spatial.evaluate import evaluate
from spatial.evaluation.visit_file import read_visits
from spatial.evaluation_results import EvaluationResult
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.partners.load import load_partners
from spatial.partners.standing import StandingStore
from spatial.partners.standing_load import load_standing
from spatial.partners.store import PartnerStore
from spatial.report import report
from spatial.report_results import ReportRequest, ReportResult
from spatial.risk_report import risk_terrain
from spatial.risk_results import RiskRequest, RiskResult
from spatial.window import Window

# no test asserts a time; and where a change is judged, luck must not decide: there the examples are
# the same every run, while people's own runs keep looking for new ones
settings.register_profile("people", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
# on a second and third Python: what may differ there is not what more examples would find
settings.register_profile("again", deadline=None, derandomize=True, max_examples=25)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "people")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def saltmere_store(tmp_path_factory: pytest.TempPathFactory) -> IncidentStore:
    """The sample town, loaded once."""
    folder = tmp_path_factory.mktemp("saltmere") / "store"
    load([DATA], folder)
    return IncidentStore.open(folder)


@pytest.fixture(scope="session")
def partner_store(
    saltmere_store: IncidentStore, tmp_path_factory: pytest.TempPathFactory
) -> PartnerStore:
    """The sample town with its partner files, in a store of its own."""
    folder = tmp_path_factory.mktemp("partners") / "store"
    shutil.copytree(saltmere_store.path, folder)
    for kind in PARTNERS:
        load_partners([DATA / f"partner_{kind}.csv"], folder, kind=kind)
    return PartnerStore.open(folder)


@pytest.fixture(scope="session")
def standing_store(
    partner_store: PartnerStore, tmp_path_factory: pytest.TempPathFactory
) -> StandingStore:
    """The sample town with its partner files, register and table by beat, likewise."""
    folder = tmp_path_factory.mktemp("standing") / "store"
    shutil.copytree(partner_store.path, folder)
    for kind in STANDING:
        load_standing([DATA / f"partner_{kind}.csv"], folder, kind=kind)
    return StandingStore.open(folder)


@pytest.fixture(scope="session")
def saltmere_report(saltmere_store: IncidentStore) -> ReportResult:
    """The sample town's report of a year, four places."""
    year = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    return report(saltmere_store, ReportRequest("ark", year, places=4))


@pytest.fixture(scope="session")
def saltmere_risk(saltmere_store: IncidentStore) -> RiskResult:
    """A small risk terrain of the sample town's year: four kinds of its places, no redraws."""
    asked = RiskRequest(
        "ark",
        Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31)),
        (saltmere_store.context_layers()["places"],),
        study_area="saltmere",
        resolution=9,
        distances_m=(200.0, 400.0),
        operationalisations=("proximity",),
        kinds=("bus_stop", "club", "school", "takeaway"),
        exposure="none",
        resamples=0,
    )
    return risk_terrain(saltmere_store, asked)


@pytest.fixture(scope="session")
def saltmere_gull(saltmere_store: IncidentStore) -> EvaluationResult:
    """Operation Gull: before and after, on places chosen because they were high."""
    return _evaluated(saltmere_store, "gull")


@pytest.fixture(scope="session")
def saltmere_tern(saltmere_store: IncidentStore) -> EvaluationResult:
    """Operation Tern: a randomised crossover, with its visits."""
    return _evaluated(saltmere_store, "tern")


def _evaluated(store: IncidentStore, name: str) -> EvaluationResult:
    operation = read_operation(DATA / f"operation_{name}.toml")
    visits = read_visits(DATA / f"operation_{name}_visits.csv")
    return evaluate(store, operation, visits=visits)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real open data beside the checkout."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("the real open data is not beside this checkout (../shared/data)")
    return folder
