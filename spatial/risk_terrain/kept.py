"""Kept: the risk terrains that a store's lists name, one a profile, study area and resolution."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from spatial.incidents import commit as commits
from spatial.risk_terrain.near import near_content, read_near

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.risk_results import RiskResult
    from spatial.risk_terrain.near import NearFactors

_FOLDER: Final = "risk_terrain"


def kept_risk(store: Path) -> tuple[NearFactors, ...]:
    """Return what the kept risk terrains of a store say of its cells, by file name.

    Raises
    ------
    BadInputError
        One of the files cannot be read.
    """
    return tuple(read_near(path) for path in kept_risk_files(store))


def kept_risk_files(store: Path) -> tuple[Path, ...]:
    """Return the files of the kept risk terrains of a store, by name."""
    return tuple(sorted((store / _FOLDER).glob("*.json")))


def keep_risk(store: Path, result: RiskResult) -> NearFactors:
    """Keep what a risk terrain says of its cells, for the lists of its profile, area, resolution.

    It takes the place of the one kept before for the same three.

    Raises
    ------
    BadInputError
        The store cannot be written, or another load holds it.
    """
    content = near_content(result)
    with commits.locked(store):
        path = store / _FOLDER / f"{_name(result)}.json"
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(exist_ok=True)
            part.write_bytes(content)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            msg = (
                f"{path.name} cannot be written ({error.strerror}). Choose a store you may write "
                "to."
            )
            raise BadInputError(msg) from error
        return read_near(path)


def let_go_risk(store: Path, result: RiskResult) -> None:
    """Take a kept risk terrain of the same profile, area and resolution away again."""
    with commits.locked(store):
        (store / _FOLDER / f"{_name(result)}.json").unlink(missing_ok=True)


def _name(result: RiskResult) -> str:
    # by what it is of, and not by its content: the newest is meant
    said = f"{result.profile.name} {result.grid.study_area.digest} {result.resolution}"
    return f"{result.profile.name}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
