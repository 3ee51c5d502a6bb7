"""Alternatives: the same incidents ranked under other transforms and harm schemes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from config.harm_scheme import harm_scheme_names, load_harm_scheme
from config.profile import Measure
from spatial.expected import expect_harm
from spatial.hexes.counts import capped_homicide_harm
from spatial.incidents.mappings.kept import kept_weight_files
from spatial.incidents.weighing import scheme_named, weigh_incidents
from spatial.scene import count_subject, schemes_used
from spatial.targets.ranking import ranking_values
from spatial.targets.sensitivity import EXPECTED, attempted_murder_days, harm_variants

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from config.harm_scheme import HarmScheme
    from spatial.scene import Subject


def alternative_values(subject: Subject, measure: Measure) -> dict[str, NDArray[np.int64]]:
    """Return by what the cells of a subject might be ranked, the list's own way among them.

    Parameters
    ----------
    subject
        The incidents, under the weights of the analysis.
    measure
        What ranks the list that they are compared with.

    Returns
    -------
    Whole numbers, shape (n,), by variant: the count; then expected harm and each transform of harm
    under the weights of the analysis; then under the other schemes, shipped or kept in the store,
    that weigh any of these incidents. For antisocial behaviour, which has no weight, the count
    alone.
    """
    values = {"count": subject.counts.incidents}
    if not subject.profile.weighs_harm:
        return values
    for weighed, schemes, label in _weighed(subject):
        if not weighed.counts.harm.any():
            continue
        capped = _capped_homicides(weighed, attempted_murder_days(schemes))
        variants = harm_variants(
            weighed.counts, len(subject.scene.grid), capped=capped, measure=measure
        )
        expected = expect_harm(weighed)
        if expected is not None:
            days = ranking_values(
                weighed.counts, Measure.EXPECTED_HARM, expected_days=expected.harm_days
            )
            variants = {EXPECTED: days, **variants}
        values |= {f"{variant} ({label})": value for variant, value in variants.items()}
    return values


def _weighed(subject: Subject) -> Iterator[tuple[Subject, tuple[HarmScheme, ...], str]]:
    """Yield a subject under each choice of weights: its counts, the schemes and their label."""
    editions, schemes = schemes_used(subject.scene)
    yield subject, schemes, ", ".join(editions)
    kept = (scheme_named(str(file)) for file in kept_weight_files(subject.scene.store.path))
    seen = set(editions)
    for scheme in (*map(load_harm_scheme, harm_scheme_names()), *kept):
        # an average over a category is no second opinion on offences
        if scheme.keyed_by != "category" and scheme.edition not in seen:
            seen.add(scheme.edition)
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
