"""The offline bundle: whole for the machine meant, the same bytes on any day, and checkable."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import pytest

from deploy.bundle import INSTALLERS, environment_of, lacking, platforms_of, write_bundle

ROOT = Path(__file__).resolve().parents[2]


def _wheel(folder: Path, name: str, version: str, *needs: str) -> None:
    told = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in needs)]
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(told) + "\n")


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    _wheel(
        folder, "harmhex", "0.1.0", "click>=8", "lib[fast]", "driver>=3; extra == 'postgres'",
        "tester; extra == 'test'",
    )  # fmt: skip
    _wheel(
        folder, "click", "8.2", "colorama; sys_platform == 'win32'", "old; python_version<'3.12'"
    )
    _wheel(folder, "lib", "1.0", "quick; extra == 'fast'")
    _wheel(folder, "quick", "1.0")
    _wheel(folder, "driver", "3.1")
    return folder


def test_what_another_machine_needs_is_found_lacking(wheels: Path) -> None:
    linux, windows = "manylinux_2_28_x86_64", "win_amd64"
    assert lacking(wheels, environment_of("3.12", linux)) == []
    assert lacking(wheels, environment_of("3.12", windows)) == ["colorama"]
    assert lacking(wheels, environment_of("3.11", windows)) == ["colorama", "old"]
    # an extra of a dependency, and of our own; those that nobody asked for are not needed
    (wheels / "quick-1.0-py3-none-any.whl").unlink()
    assert lacking(wheels, environment_of("3.12", linux)) == ["quick"]
    (wheels / "driver-3.1-py3-none-any.whl").unlink()
    _wheel(wheels, "driver", "2.9")
    assert lacking(wheels, environment_of("3.12", linux)) == ["driver>=3", "quick"]


def test_tags_of_older_systems_count() -> None:
    tags = platforms_of("manylinux_2_28_x86_64")
    assert tags[0] == "manylinux_2_28_x86_64"
    assert {"manylinux_2_17_x86_64", "manylinux2014_x86_64"} <= set(tags)
    assert "manylinux_2_34_x86_64" not in tags
    assert platforms_of("win_amd64") == ["win_amd64"]
    assert "macosx_11_0_universal2" in platforms_of("macosx_14_0_arm64")


def test_the_bundle_checks_itself_and_is_the_same_again(wheels: Path, tmp_path: Path) -> None:
    first = write_bundle(wheels, tmp_path / "one", label="py3.12-any")
    again = write_bundle(wheels, tmp_path / "two", label="py3.12-any")
    assert first.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(first) as archive:
        held = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ")) for line in held["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(held) - {"SHA256SUMS"}
    assert all(hashlib.sha256(held[name]).hexdigest() == digest for name, digest in sums.items())
    wanted = held["requirements.txt"].decode().splitlines()
    assert len(wanted) == 5
    assert all(re.fullmatch(r"[a-z-]+(\[[a-z,-]+\])?==[\d.]+ --hash=sha256:[0-9a-f]{64}", one)
               for one in wanted)  # fmt: skip
    assert any(one.startswith("harmhex[postgres,sign-in]==0.1.0") for one in wanted)


def test_no_address_of_a_registry_or_a_machine_is_in_what_we_ship() -> None:
    shipped = [path for path in (ROOT / "deploy").rglob("*") if path.is_file()]
    assert set(INSTALLERS) <= {path.name for path in shipped}
    for path in shipped:
        if path.suffix == ".pyc":
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"index-url|pypi\.org|/root/|/work/", text), path
