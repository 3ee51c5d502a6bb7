"""Kept: the mappings and harm editions that a store's own people saved beside its incidents."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.harm_workbook import read_workbook
from config.mapping import Mapping, load_mapping, mapping_names, template_names
from spatial.incidents import commit as commits
from spatial.incidents.mappings.proposal import as_toml
from spatial.incidents.store import MANIFEST

if TYPE_CHECKING:
    from config.harm_scheme import HarmScheme

_MAPPINGS: Final = "mappings"
_WEIGHTS: Final = "weights"


def kept_mappings(store: Path) -> tuple[Mapping, ...]:
    """Return the mappings saved in a store, by name; none where there is no store yet.

    Raises
    ------
    BadInputError
        One of the files cannot be read; the message names it.
    """
    return tuple(load_mapping(path) for path in sorted((store / _MAPPINGS).glob("*.toml")))


def named_mapping(name: str | Path, store: Path) -> Mapping:
    """Return a mapping by its name in the store, else as `config.mapping.load_mapping` does."""
    own = store / _MAPPINGS / f"{name}.toml"
    is_bare = Path(name).name == str(name)
    return load_mapping(own if is_bare and own.is_file() else name)


def keep_mapping(store: Path, mapping: Mapping, *, replace: bool = False) -> Path:
    """Save a mapping in a store, so that files of its headings are recognised from then on.

    Parameters
    ----------
    store
        The store's folder; made, without a load, if it does not exist.
    mapping
        What to save, under its own name.
    replace
        Whether one of that name in this store may be replaced.

    Raises
    ------
    BadInputError
        The name is that of a shipped mapping or template, or of another in this store; another in
        this store reads files of the same headings, so that neither could be chosen; or the store
        cannot be written.
    """
    name = mapping.name
    if name in {*mapping_names(), *template_names()}:
        msg = f"{name!r} is the name of a mapping that comes with Harmhex. Choose another name."
        raise BadInputError(msg)
    with commits.locked(store) as held:
        others = {each.name: each for each in kept_mappings(store)}
        before = others.pop(name, None)
        if before is not None and before != mapping and not replace:
            msg = (
                f"The store {store.name!r} holds another mapping of the name {name!r}. Choose "
                "another name, or replace it."
            )
            raise BadInputError(msg)
        headings = {column.casefold() for column in mapping.required}
        for other in others.values():
            if headings == {column.casefold() for column in other.required}:
                msg = (
                    f"The mapping {other.name!r} of this store reads files of the same headings. "
                    f"Save this one under the name {other.name!r} in its place."
                )
                raise BadInputError(msg)
        if not (store / MANIFEST).exists():
            commits.commit(held, None, {}, {})
        return _write(store / _MAPPINGS / f"{name}.toml", as_toml(mapping).encode())


def keep_weights(store: Path, name: str, content: bytes) -> HarmScheme:
    """Save a harm workbook in a store as an edition that may be chosen.

    Parameters
    ----------
    store
        The store's folder.
    name
        The workbook's file name: its year is the edition's.
    content
        The workbook (.xlsx).

    Raises
    ------
    BadInputError
        It is no workbook of weights (see `config.harm_workbook.read_workbook`), or the store cannot
        be written; nothing is then saved.
    """
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", Path(name).stem).strip("_") or "weights"
    with commits.locked(store) as held:
        if not (store / MANIFEST).exists():
            commits.commit(held, None, {}, {})
        # a folder named by the content, so that another version never takes this one's place
        folder = store / _WEIGHTS / hashlib.sha256(content).hexdigest()[:12]
        path = _write(folder / f"{stem}.xlsx", content)
        try:
            return read_workbook(path)
        except BadInputError:
            path.unlink()
            folder.rmdir()
            raise


def kept_weight_files(store: Path) -> tuple[Path, ...]:
    """Return the harm workbooks saved in a store, by file name.

    Each may be named as the weights of a run (see `spatial.incidents.weighing.scheme_named`).
    """
    found = (store / _WEIGHTS).glob("*/*.xlsx")
    return tuple(sorted(found, key=lambda path: (path.name, str(path))))


def _write(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        msg = f"{path.name} cannot be written ({error.strerror}). Choose a store you may write to."
        raise BadInputError(msg) from error
    return path
