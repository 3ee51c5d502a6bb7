"""One list of Saltmere, its folder, and what is printed of it: made once for all these tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.print import PrintSettings, load_print_settings
from config.shifts import load_shifts
from layers.print.files import print_files
from layers.print.folder import read_targets_folder
from layers.print.occasion import Occasion
from layers.targets.files import target_files
from spatial.incidents.store import IncidentStore
from spatial.results import TargetRequest
from spatial.run import targets
from spatial.window import Window

FIRST = dt.date(2026, 11, 21)
Edit = Callable[[list[dict[str, Any]], dict[str, Any]], None]


@pytest.fixture(scope="session")
def targets_folder(saltmere_store: IncidentStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    year = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    request = TargetRequest("ark", year, places=3)
    folder = tmp_path_factory.mktemp("printed") / "targets"
    folder.mkdir()
    files = target_files(targets(saltmere_store, request), request=request, formats=())
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def settings() -> PrintSettings:
    changed = {"form_url": "https://forms.example.police.uk/visit?area={area_id}"}
    return load_print_settings().model_copy(update=changed)


@pytest.fixture(scope="session")
def printed(
    saltmere_store: IncidentStore, targets_folder: Path, settings: PrintSettings
) -> dict[str, bytes]:
    return print_files(
        saltmere_store,
        read_targets_folder(targets_folder),
        Occasion(first=FIRST, shift=load_shifts().named("late")),
        kinds=("sheets", "tasking", "team"),
        settings=settings,
    )


@pytest.fixture
def edited(targets_folder: Path, tmp_path: Path) -> Callable[[Edit], Path]:
    """A copy of the folder whose areas and manifest were changed, with the digests put right."""

    def edit(change: Edit) -> Path:
        folder = tmp_path / "edited"
        folder.mkdir(exist_ok=True)
        for one in targets_folder.iterdir():
            (folder / one.name).write_bytes(one.read_bytes())
        areas = json.loads((folder / "targets.geojson").read_text(encoding="utf-8"))
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        change(areas["features"], manifest)
        content = json.dumps(areas, ensure_ascii=False).encode()
        (folder / "targets.geojson").write_bytes(content)
        manifest["files"]["targets.geojson"] = hashlib.sha256(content).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return folder

    return edit
