"""Near: which factors of a risk terrain stand near each cell, as the ``why`` of a list takes it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import h3.api.basic_int as h3_int
import numpy as np

from config.errors import BadInputError
from spatial.hexes.grid import cell_names
from spatial.notes import Note, Notes
from spatial.risk_terrain.reasons import features_near, term_nouns
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from config.profile import Profile
    from spatial.hexes.study_area import StudyArea
    from spatial.risk_results import RiskResult

NEAR_FILE: Final = "near.json"
"""Its name in the folder of a risk terrain."""
_FORM: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class NearFactors:
    """What a list needs to know of one risk terrain.

    Attributes
    ----------
    run_id
        Of the risk terrain.
    profile, study_area
        Their names.
    profile_digest, area_digest
        SHA-256 of their content.
    resolution
        Of its cells.
    window
        On which it was fitted.
    data_through
        The last day of the data it rests on.
    resamples
        On which it was seen whether a factor is steady; 0 for never.
    unsure
        Factors of the model that were chosen in too few of them to be named, several of each.
    nouns
        Of each term, in the order of the model: one feature, and several.
    cells
        Cells where a term is on, one row for each feature near, ascending, shape (rows,).
    terms, features
        Which term, and which of its features (-1 for none by name), shape (rows,).
    digest
        SHA-256 of all of this: part of the run id of a list that uses it.
    """

    run_id: str
    profile: str
    study_area: str
    profile_digest: str
    area_digest: str
    resolution: int
    window: Window
    data_through: dt.date
    resamples: int
    unsure: tuple[str, ...]
    nouns: tuple[tuple[str, str], ...]
    cells: NDArray[np.uint64]
    terms: NDArray[np.int64]
    features: NDArray[np.int64]
    digest: str

    def fits(self, profile: Profile, study_area: StudyArea, resolution: int) -> bool:
        """Say whether it is of this profile, study area and resolution, by their content."""
        return (self.profile_digest, self.area_digest, self.resolution) == (
            profile_digest(profile),
            study_area.digest,
            resolution,
        )


def near_content(result: RiskResult) -> bytes:
    """Write which factors stand near each cell, as JSON that :func:`read_near` reads.

    Factors that too few resamples chose are named apart and not said of any cell: what stands in a
    list's reasons is read by people who never saw how steady it was.
    """
    model, sure = result.model, result.rules.stability.sure
    unsure = [one for one in model.terms if one.stability is not None and one.stability < sure]
    rows: dict[int, list[list[int]]] = {}
    for column, term in enumerate(model.terms):
        # what lowers risk says why not
        if term.coefficient <= 0 or term in unsure:
            continue
        at = np.flatnonzero(model.on[:, column])
        own, feature = features_near(model, term, at)
        order = np.lexsort((feature, own))
        starts = np.searchsorted(own[order], np.arange(len(at) + 1))
        listed = feature[order].tolist()
        for place, cell in enumerate(at.tolist()):
            held = listed[starts[place] : starts[place + 1]]
            rows.setdefault(cell, []).append([column, *held])
    positions = np.array(sorted(rows), dtype=np.int64)
    names = cell_names(result.grid.cells[positions])
    content = {
        "form": _FORM,
        "run_id": result.run_id,
        "profile": result.profile.name,
        "profile_digest": profile_digest(result.profile),
        "study_area": result.grid.study_area.name,
        "area_digest": result.grid.study_area.digest,
        "resolution": result.resolution,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "data_through": result.data_through.isoformat(),
        "resamples": model.resamples,
        "unsure": [result.rules.words_of(one.factor)[1] for one in unsure],
        "terms": [list(term_nouns(term, result.rules)) for term in model.terms],
        "cells": {name: rows[at] for name, at in zip(names, positions.tolist(), strict=True)},
    }
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def read_near(path: Path) -> NearFactors:
    """Read what a saved risk terrain says of its cells.

    Parameters
    ----------
    path
        The folder of a risk terrain, or ``near.json`` itself.

    Raises
    ------
    BadInputError
        It is not there, or is no such file.
    """
    file = path / NEAR_FILE if path.is_dir() else path
    if not file.is_file():
        msg = (
            f"{path.name} is no folder of a risk terrain: it holds no {NEAR_FILE}. Write one with "
            "harmhex risk-terrain --out DIR."
        )
        raise BadInputError(msg)
    content = file.read_bytes()
    try:
        return _near(json.loads(content), hashlib.sha256(content).hexdigest())
    except (ValueError, KeyError, TypeError, IndexError) as error:
        msg = (
            f"{file.name} cannot be read as the factors of a risk terrain. Write it anew with "
            "harmhex risk-terrain --out DIR."
        )
        raise BadInputError(msg) from error


def nouns_near(
    near: NearFactors, areas: Sequence[NDArray[np.uint64]]
) -> tuple[tuple[str, ...], ...]:
    """Return the factors near each area, a noun each, strongest first.

    Parameters
    ----------
    near
        A risk terrain's.
    areas
        H3 cells of each area, at the resolution of ``near``.

    Returns
    -------
    What :func:`spatial.risk_report.factors_near` says, but for unsure factors. Association: what
    stands near, not what causes the harm.
    """
    found = []
    for area in areas:
        here = np.isin(near.cells, area)
        terms = near.terms[here]
        pairs = np.unique(np.column_stack([terms, near.features[here]]), axis=0)
        several = np.bincount(pairs[pairs[:, 1] >= 0, 0], minlength=len(near.nouns)) > 1
        found.append(
            tuple(near.nouns[term][int(several[term])] for term in np.unique(terms).tolist())
        )
    return tuple(found)


def chosen_risk(
    given: NearFactors | None,
    kept: Sequence[NearFactors],
    *,
    profile: Profile,
    study_area: StudyArea,
    resolution: int,
) -> NearFactors | None:
    """Return the risk terrain that a list's reasons name: the one given, else one kept that fits.

    Raises
    ------
    BadInputError
        The one given is of another profile, study area or resolution than the list.
    """
    if given is None:
        return next((one for one in kept if one.fits(profile, study_area, resolution)), None)
    if given.fits(profile, study_area, resolution):
        return given
    if given.profile_digest != profile_digest(profile):
        said = f"is of profile {given.profile!r}, and not of {profile.name!r} as it is now"
    elif given.area_digest != study_area.digest:
        said = (
            f"is of study area {given.study_area!r} as it was, and not of that of the list, "
            f"{study_area.name!r}"
        )
    else:
        said = f"is of resolution {given.resolution}, and the list of {resolution}"
    msg = (
        f"The risk terrain {given.run_id} {said}. Work one out for this list, or leave out --risk."
    )
    raise BadInputError(msg)


def near_notes(near: NearFactors, *, data_through: dt.date) -> Notes:
    """Say which risk terrain a list's reasons name, and loudly where the data are newer."""
    notes = [
        Note(
            f"What stands near each place is said by the risk terrain {near.run_id} (fitted on "
            f"{near.window.words}): how many times the incidents of cells without it, an "
            "association and no cause. It ranks nothing."
        )
    ]
    if near.unsure:
        left = (
            "Not named, because too few redraws of the ground chose them: "
            f"{', '.join(near.unsure)}."
        )
        notes.append(Note(left))
    if not near.resamples:
        unmeasured = (
            f"The risk terrain {near.run_id}, which says what stands near each place, was made "
            "without redraws of the ground: nothing says which of its factors are steady."
        )
        notes.append(Note(unmeasured, loud=True))
    if near.data_through < data_through:
        sentence = (
            f"The risk terrain behind what stands near each place rests on data to "
            f"{day_words(near.data_through)}; the store holds data to {day_words(data_through)}. "
            "Work it out again."
        )
        notes.append(Note(sentence, loud=True))
    return tuple(notes)


def profile_digest(profile: Profile) -> str:
    """Return the SHA-256 of a profile's content."""
    text = json.dumps(profile.content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _near(content: dict[str, Any], digest: str) -> NearFactors:
    if content["form"] != _FORM:
        raise ValueError(content["form"])
    nouns = tuple((str(one), str(more)) for one, more in content["terms"])
    rows = [
        (h3_int.str_to_int(name), term, feature)
        for name, held in content["cells"].items()
        for term, *near in held
        for feature in (near or (-1,))
    ]
    cells, terms, features = zip(*rows, strict=True) if rows else ((), (), ())
    terms_ = np.array(terms, dtype=np.int64)
    if len(terms_) and not 0 <= terms_.min() <= terms_.max() < len(nouns):
        raise ValueError(content["terms"])
    first, last, through = (
        dt.date.fromisoformat(day) for day in (*content["window"], content["data_through"])
    )
    return NearFactors(
        run_id=str(content["run_id"]),
        profile=str(content["profile"]),
        study_area=str(content["study_area"]),
        profile_digest=str(content["profile_digest"]),
        area_digest=str(content["area_digest"]),
        resolution=int(content["resolution"]),
        window=Window(first, last),
        data_through=through,
        resamples=int(content["resamples"]),
        unsure=tuple(str(one) for one in content["unsure"]),
        nouns=nouns,
        cells=np.array(cells, dtype=np.uint64),
        terms=terms_,
        features=np.array(features, dtype=np.int64),
        digest=digest,
    )
