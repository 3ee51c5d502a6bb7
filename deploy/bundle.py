"""One zip with everything to install Harmhex on a machine that reaches no package registry.

Run in a clone, on a machine that may use the registry its pip is set up for:
``python -m deploy.bundle --out bundles``; for another machine ``--python 3.12 --platform
win_amd64`` (or ``manylinux_2_28_x86_64``, ``macosx_14_0_arm64``). The zip holds the wheels of
Harmhex and of all that it needs at the versions of ``constraints.txt``, a requirements file that
names each with its SHA-256, install scripts, and a list of checksums. pip judges what a package
needs by the machine it runs on, so the wheels' own statements are read again for the machine meant:
what is missing there is fetched too, and a bundle that is not whole is not written.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.requirements import Requirement
from packaging.tags import mac_platforms, sys_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
INSTALLERS: Final = ("install.sh", "install.cmd", "README.txt")
EXTRAS: Final = ("postgres", "sign-in")
# Leaflet's files as a package: no wheel of it was ever published
_SOURCE_ONLY: Final = ("XStatic-Leaflet",)
_NOT_SOURCE: Final = (".?*", "*.egg-info", "__pycache__", "build", "dist")
_ROUNDS: Final = 6
# glibc 2.17 and 2.5 under the names they once had
_OLD_NAMES: Final = ("manylinux2014", "manylinux2010", "manylinux1")
_OLDEST: Final = 5
# the first moment a zip can tell: the same wheels make the same bundle on any day
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_SYSTEMS: Final = {
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macosx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the bundle that was asked for and print where it is."""
    here = ".".join(map(str, sys.version_info[:2]))
    parser = argparse.ArgumentParser(prog="python -m deploy.bundle")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the zip into")
    parser.add_argument("--python", default=here, help=f"Python of the server; default {here}")
    parser.add_argument("--platform", help="platform of the server; default this machine's")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder) / "wheels"
        _gather(wheels, python=asked.python, platform=asked.platform)
        missing = lacking(wheels, environment_of(asked.python, asked.platform))
        if missing:
            sys.exit(f"the bundle would lack {', '.join(missing)}: nothing is written")
        path = write_bundle(wheels, asked.out, label=_label(asked.python, asked.platform))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    sys.stdout.write(f"{path} ({path.stat().st_size / 1e6:.0f} MB), SHA-256 {digest}\n")


def environment_of(python: str, platform: str | None) -> dict[str, str]:
    """Return what requirement markers are asked about, for a Python and a platform tag."""
    system = next(
        facts for start, facts in _SYSTEMS.items() if (platform or sys.platform).startswith(start)
    )
    machine = re.search(r"(x86_64|amd64|aarch64|arm64)$", platform or "")
    return {
        **system,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
        **({"platform_machine": _machine(machine[0], system)} if machine else {}),
    }


def _machine(tag: str, system: Mapping[str, str]) -> str:
    # Windows calls it AMD64, where the tag says amd64
    return tag.upper() if system["os_name"] == "nt" else tag


def platforms_of(platform: str | None) -> list[str]:
    """Return the platform tags whose wheels run on a platform: its own, and older ones."""
    if platform is None:
        return []
    if linux := re.fullmatch(r"manylinux_2_(\d+)_(\w+)", platform):
        newest, machine = int(linux[1]), linux[2]
        tags = [f"manylinux_2_{minor}_{machine}" for minor in range(newest, _OLDEST - 1, -1)]
        return [*tags, *(f"{name}_{machine}" for name in _OLD_NAMES)]
    if mac := re.fullmatch(r"macosx_(\d+)_(\d+)_(\w+)", platform):
        return list(mac_platforms((int(mac[1]), int(mac[2])), mac[3]))
    return [platform]


def lacking(wheels: Path, environment: Mapping[str, str]) -> list[str]:
    """Return the requirements that no wheel of a folder meets, at the version they ask for.

    Parameters
    ----------
    wheels
        Folder of wheel files; Harmhex's own is taken with its extras ``EXTRAS``.
    environment
        Values of markers for the machine meant; those not given are this machine's.
    """
    held = {}
    for path in sorted(wheels.glob("*.whl")):
        name, version, _, _ = parse_wheel_filename(path.name)
        held[name] = (version, path)
    wanted = [(canonicalize_name("harmhex"), extra) for extra in ("", *EXTRAS)]
    seen, missing = set(wanted), set()
    while wanted:
        name, extra = wanted.pop()
        for needed in _needs(held[name][1], extra, environment):
            found = held.get(canonicalize_name(needed.name))
            if found is None or not needed.specifier.contains(found[0], prereleases=True):
                missing.add(f"{needed.name}{needed.specifier}")
                continue
            more = {(canonicalize_name(needed.name), extra) for extra in ("", *needed.extras)}
            wanted += more - seen
            seen |= more
    return sorted(missing)


def _needs(wheel: Path, extra: str, environment: Mapping[str, str]) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    stated = [Requirement(line) for line in said.get_all("Requires-Dist") or []]
    asked = {**environment, "extra": extra}
    return [one for one in stated if one.marker is None or one.marker.evaluate(asked)]


def write_bundle(wheels: Path, out: Path, *, label: str) -> Path:
    """Write the zip: wheels, requirements with hashes, installers, checksums of all of it."""
    files = {f"wheels/{path.name}": path.read_bytes() for path in sorted(wheels.glob("*.whl"))}
    lines = []
    for name, content in files.items():
        project, version, _, _ = parse_wheel_filename(name.rpartition("/")[2])
        extras = f"[{','.join(EXTRAS)}]" if project == "harmhex" else ""
        digest = hashlib.sha256(content).hexdigest()
        lines.append(f"{project}{extras}=={version} --hash=sha256:{digest}\n")
    files["requirements.txt"] = "".join(lines).encode()
    for name in INSTALLERS:
        files[name] = (ROOT / "deploy" / "offline" / name).read_bytes()
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    files["SHA256SUMS"] = "".join(sums).encode()
    own = next(path for path in wheels.glob("harmhex-*.whl")).name.split("-")[1]
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"harmhex-{own}-{label}.zip"
    unfinished = path.with_name(f".{path.name}")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"harmhex-{own}/{name}", _MOMENT)
            entry.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            archive.writestr(entry, content)
    unfinished.replace(path)
    return path


def _gather(wheels: Path, *, python: str, platform: str | None) -> None:
    pinned = ["--constraint", str(ROOT / "constraints.txt")]
    built, source = wheels.with_name("built"), wheels.with_name("source")
    # a copy: building leaves files behind in the folder it builds from
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*_NOT_SOURCE))
    # Harmhex itself, and the packages that come as source alone: pure Python, good anywhere
    _pip("wheel", "--wheel-dir", built, "--no-deps", source)
    for name in _SOURCE_ONLY:
        _pip("wheel", "--wheel-dir", built, "--no-deps", *pinned, name)
    target = ["--python-version", python]
    target += [word for tag in platforms_of(platform) for word in ("--platform", tag)]
    asked = ["download", "--dest", wheels, "--only-binary", ":all:", "--find-links", built]
    wheel = next(built.glob("harmhex-*.whl"))
    _pip(*asked, *target, *pinned, f"harmhex[{','.join(EXTRAS)}] @ {wheel.as_uri()}")
    for _ in range(_ROUNDS):
        missing = lacking(wheels, environment_of(python, platform))
        if not missing:
            break
        _pip(*asked, *target, *pinned, "--no-deps", *missing)


def _pip(*words: object) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*command, *map(str, words)], check=True, cwd=ROOT)  # noqa: S603 (our own words)


def _label(python: str, platform: str | None) -> str:
    return f"py{python}-{platform or next(sys_tags()).platform}"


if __name__ == "__main__":
    main()
