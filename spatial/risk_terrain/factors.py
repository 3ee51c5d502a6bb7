"""Factors: kinds of places, lines and areas that may raise the risk near them, in metres."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from config.errors import BadInputError
from spatial.hexes.ground import on_plane
from spatial.notes import Note, Notes
from spatial.risk_terrain.point_table import is_point_table, read_point_table
from spatial.vectors import read_features

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from config.risk_terrain import FactorRules
    from spatial.hexes.study_area import StudyArea
    from spatial.vectors import Features

_NAMES: Final = ("name", "name1", "commonname", "address_line1")
_NONE: Final = frozenset({"", "no", "none", "null", "nan", "unknown"})


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """One kind of feature.

    Attributes
    ----------
    kind
        Lower case, words joined by ``_``.
    shapes
        Points, lines or polygons, metres on the study area's plane, shape (m,); those beyond its
        border are among them.
    names
        Of each, empty where it has none, shape (m,).
    """

    kind: str
    shapes: NDArray[np.object_]
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of features."""
        return len(self.shapes)

    def without(self, feature: int) -> Factor:
        """Return the factor with one of its features gone."""
        kept = np.delete(self.shapes, feature)
        return Factor(self.kind, kept, tuple(n for at, n in enumerate(self.names) if at != feature))

    def with_one(self, shape: shapely.Geometry, name: str = "") -> Factor:
        """Return the factor with one feature more (metres)."""
        added = np.empty(len(self.shapes) + 1, dtype=object)
        added[:-1], added[-1] = self.shapes, shape
        return Factor(self.kind, added, (*self.names, name))


@dataclass(frozen=True, slots=True)
class Rejection:
    """What was given or tried and is not in the model, and why.

    Attributes
    ----------
    factor
        Its kind.
    reason
        In a few words.
    how, distance_m
        Which way of looking at it; empty and None where all of them are meant.
    """

    factor: str
    reason: str
    how: str = ""
    distance_m: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FactorSet:
    """Everything that the factor files hold.

    Attributes
    ----------
    factors
        By kind.
    rejected
        Kinds that cannot be tried, with the reason.
    digest
        Of kinds and shapes: part of the run id.
    notes
        What was read from where, mended and left out.
    """

    factors: tuple[Factor, ...]
    rejected: tuple[Rejection, ...]
    digest: str
    notes: Notes


def read_factors(
    paths: Sequence[Path],
    study_area: StudyArea,
    *,
    rules: FactorRules,
    type_columns: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> FactorSet:
    """Read the features near a study area and split them by kind.

    Parameters
    ----------
    paths
        GeoPackage, GeoJSON, GeoParquet, Shapefile, or CSV with coordinates. A kind in several files
        is one factor.
    study_area
        Features beyond its border are kept: what stands across the road from it acts on it.
    rules
        Columns looked for, and the fewest features of a kind.
    type_columns
        In place of the columns of the rules; of several, the first that is filled counts. A file
        that has none of the rules' columns is one factor, named after the file.
    kinds
        Only these; none for all.

    Raises
    ------
    BadInputError
        There is no file, one cannot be read or has not the column asked for, none of its features
        lies near the study area, or a kind asked for is not there.
    """
    if not paths:
        msg = "No factor file was given. Give at least one: places, lines or areas by kind."
        raise BadInputError(msg)
    found: dict[str, list[tuple[shapely.Geometry, str]]] = {}
    notes: list[Note] = []
    for path in paths:
        read = _features(path)
        notes += read.notes
        shapes = on_plane(read.geometries, study_area.metric_system)
        notes += _placed(path, shapes, study_area, rules)
        named, how = _kinds(path, read.properties, type_columns, rules)
        notes += how
        for shape, kind, row in zip(shapes, named, read.properties, strict=True):
            if kind:
                found.setdefault(kind, []).append((shape, _name(row)))
    wanted = {_word(kind) for kind in kinds}
    if missing := sorted(wanted - set(found)):
        listed = ", ".join(sorted(found)[:30])
        msg = f"No feature is of the kind {missing[0]!r}. The files hold: {listed}."
        raise BadInputError(msg)
    factors, repeated = _factors(found, wanted)
    if repeated:
        sentence = (
            f"{repeated:,} features are given twice, of one kind at one spot, and count once."
        )
        notes.append(Note(sentence, loud=True))
    kept, rejected = _enough(factors, rules)
    notes += _areas(kept)
    return FactorSet(kept, rejected, _digest(kept), tuple(notes))


def _features(path: Path) -> Features:
    if not path.exists():
        msg = f"There is no factor file {str(path)!r}. Check the path."
        raise BadInputError(msg)
    read = read_point_table(path) if is_point_table(path) else read_features(path)
    if not read.geometries:
        msg = f"{path.name} holds no feature with a place. Export it again with its coordinates."
        raise BadInputError(msg)
    return read


def _placed(
    path: Path, shapes: NDArray[np.object_], area: StudyArea, rules: FactorRules
) -> list[Note]:
    """Refuse a file that lies elsewhere; warn of one that stops at the border."""
    ground = area.metric_system.project(area.polygon)
    far = shapely.distance(shapes, shapely.box(*ground.bounds))
    far = np.where(np.isfinite(far), far, np.inf)
    if far.min() > rules.furthest_m:
        nearest = f"{far.min() / 1000:,.0f} km away" if np.isfinite(far.min()) else "nowhere near"
        msg = (
            f"{path.name}: none of its {len(shapes):,} features lies near {area.name!r} (the "
            f"nearest is {nearest}). Check its coordinate system, and that longitude is not "
            "latitude."
        )
        raise BadInputError(msg)
    shapely.prepare(ground)
    inside = shapely.intersects(ground, shapes)
    near = ~inside & (far <= rules.furthest_m)
    sentence = (
        f"{path.name}: {int(inside.sum()):,} features in {area.name}, {int(near.sum()):,} around "
        "it, which act on its edge too."
    )
    if near.any():
        return [Note(sentence)]
    sentence = (
        f"{path.name} holds nothing beyond the border of {area.name}: where it was cut off there, "
        "risk near the border is understated."
    )
    return [Note(sentence, loud=True)]


def _kinds(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    type_columns: Sequence[str],
    rules: FactorRules,
) -> tuple[list[str], list[Note]]:
    there = {str(key).casefold() for row in rows for key in row}
    asked = [column.strip().casefold() for column in type_columns]
    used = [column for column in asked or rules.type_columns if column in there]
    if asked and not used:
        msg = (
            f"{path.name} has no column {type_columns[0]!r}; it has "
            f"{', '.join(map(repr, sorted(there)[:12]))}. Name one of them with --type-column."
        )
        raise BadInputError(msg)
    if not used:
        kind = _word(path.name.partition(".")[0])
        sentence = f"{path.name} has no column of kinds: it is one factor, {kind!r}."
        return [kind] * len(rows), [Note(sentence, loud=True)]
    said = [_kind(row, used) for row in rows]
    notes = [Note(f"{path.name}: kinds are read from {', '.join(map(repr, used))}.")]
    if blank := sum(not kind for kind in said):
        sentence = f"{path.name}: {blank:,} features say no kind and are left out."
        notes.append(Note(sentence, loud=True))
    return said, notes


def _kind(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    held: dict[str, Any] = {}
    for column, value in row.items():
        held.setdefault(str(column).casefold(), value)
    words = (_word(str(held.get(column) or "")) for column in columns)
    return next((word for word in words if word not in _NONE), "")


def _word(text: str) -> str:
    plain = "".join(one if one.isalnum() else " " for one in text.casefold())
    return "_".join(plain.split())


def _name(row: Mapping[str, Any]) -> str:
    held = {str(column).casefold(): value for column, value in row.items()}
    return next((str(held[one]).strip() for one in _NAMES if held.get(one)), "")


def _factors(
    found: Mapping[str, list[tuple[shapely.Geometry, str]]], wanted: set[str]
) -> tuple[list[Factor], int]:
    factors, repeated = [], 0
    for kind in sorted(found):
        if wanted and kind not in wanted:
            continue
        # one place in two files is one place; names in order, so that files may come in any
        once: dict[bytes, tuple[shapely.Geometry, str]] = {}
        for shape, name in found[kind]:
            key = shapely.to_wkb(shapely.set_precision(shape, 0.1), byte_order=1)
            if key not in once or name < once[key][1]:
                once[key] = (shape, name)
        repeated += len(found[kind]) - len(once)
        ordered = [once[key] for key in sorted(once)]
        shapes = np.empty(len(ordered), dtype=object)
        shapes[:] = [shape for shape, _ in ordered]
        factors.append(Factor(kind, shapes, tuple(name for _, name in ordered)))
    return factors, repeated


def _enough(
    factors: Sequence[Factor], rules: FactorRules
) -> tuple[tuple[Factor, ...], tuple[Rejection, ...]]:
    size = Counter({factor.kind: len(factor) for factor in factors})
    rejected = [
        Rejection(
            kind,
            f"only {number} feature{'' if number == 1 else 's'}: nothing can be told from fewer "
            f"than {rules.fewest_features}",
        )
        for kind, number in sorted(size.items())
        if number < rules.fewest_features
    ]
    few = {one.factor for one in rejected}
    ranked = sorted(
        (kind for kind in size if kind not in few), key=lambda kind: (-size[kind], kind)
    )
    rejected += [
        Rejection(kind, f"not among the {rules.most_factors} commonest kinds: ask for it by name")
        for kind in sorted(ranked[rules.most_factors :])
    ]
    chosen = set(ranked[: rules.most_factors])
    return tuple(one for one in factors if one.kind in chosen), tuple(rejected)


def _areas(factors: Sequence[Factor]) -> list[Note]:
    """Say which kinds hold areas: they have no single spot."""
    held = [
        f"{factor.kind} {int(number):,}"
        for factor in factors
        if (number := (shapely.get_dimensions(factor.shapes) > 1).sum())
    ]
    if not held:
        return []
    sentence = (
        "Areas among the features: near is from their edge, and inside it; for density each "
        f"counts as one, at a point inside it ({', '.join(held)})."
    )
    return [Note(sentence)]


def _digest(factors: Sequence[Factor]) -> str:
    found = hashlib.sha256()
    for factor in factors:
        found.update(factor.kind.encode())
        found.update(
            b"".join(shapely.to_wkb(shapely.set_precision(factor.shapes, 0.1), byte_order=1))
        )
    return found.hexdigest()[:16]
