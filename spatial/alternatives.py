"""Alternatives: the same incidents ranked under other transforms and harm schemes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from config.harm_scheme import harm_scheme_names, load_harm_scheme
from spatial.hexes.counts import capped_homicide_harm
from spatial.incidents.weighing import weigh_incidents
from spatial.scene import count_subject, schemes_used
from spatial.targets.sensitivity import attempted_murder_days, harm_variants

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from config.harm_scheme import HarmScheme
    from spatial.scene import Subject


def alternative_values(subject: Subject) -> dict[str, NDArray[np.int64]]:
    """Return by what the cells of a subject might be ranked, the usual way among them.

    Returns
    -------
    Whole numbers, shape (n,), by variant: the count; then each transform of harm under the weights
    of the analysis, the usual order first; then under the other shipped schemes that weigh any of
    these incidents. For antisocial behaviour, which has no weight, the count alone.
    """
    values = {"count": subject.counts.incidents}
    if not subject.profile.weighs_harm:
        return values
    for weighed, schemes, label in _weighed(subject):
        if not weighed.counts.harm.any():
            continue
        capped = _capped_homicides(weighed, attempted_murder_days(schemes))
        variants = harm_variants(weighed.counts, len(subject.scene.grid), capped=capped)
        values |= {f"{variant} ({label})": value for variant, value in variants.items()}
    return values


def _weighed(subject: Subject) -> Iterator[tuple[Subject, tuple[HarmScheme, ...], str]]:
    """Yield a subject under each choice of weights: its counts, the schemes and their label."""
    editions, schemes = schemes_used(subject.scene)
    yield subject, schemes, ", ".join(editions)
    for scheme in map(load_harm_scheme, harm_scheme_names()):
        # an average over a category is no second opinion on offences
        if scheme.keyed_by != "category" and scheme.edition not in editions:
            yield _under(subject, scheme), (scheme,), scheme.edition


def _under(subject: Subject, scheme: HarmScheme) -> Subject:
    """Count the same incidents into the same cells under another scheme."""
    connection = subject.scene.store.connect()
    weigh_incidents(connection, scheme)
    scene = replace(subject.scene, connection=connection, scheme=scheme)
    return count_subject(scene, subject.profile, subject.window)


def _capped_homicides(subject: Subject, cap_days: float | None) -> NDArray[np.int64] | None:
    if cap_days is None:
        return None
    return capped_homicide_harm(
        subject.scene.connection,
        subject.condition,
        cap_days=cap_days,
        window=subject.window,
        grid=subject.scene.grid,
    )
