"""Staggered starts: what is compared with what, the figure, the ways, and calibration."""

from __future__ import annotations

import dataclasses
import math
import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.evaluation.waves.arrangements import arrange
from spatial.evaluation.waves.course import staggered_course
from spatial.evaluation.waves.estimates import (
    every_staggered_estimate,
    staggered_jackknife,
    staggered_ratio,
    two_way_ratio,
    ways_of,
)
from spatial.evaluation.waves.panel import SIDES, WavePanel
from spatial.evaluation.waves.stacks import Stacks, comparisons
from spatial.evaluation.waves.tables import common_ratio, departure
from tests.spatial.evaluation.operations import in_waves


def exact(effects: tuple[float, ...] = (0.5, 0.5), *, never: int = 2) -> WavePanel:
    """Counts without chance: places of several sizes, a season, and each wave's own effect."""
    season = np.array([10, 30, 20, 40, 10, 20])
    wave = np.array([0, 0, 1, 1] + [2] * never)
    size = np.array([4, 8, 12, 4, 8, 20])[: len(wave)]
    panel = WavePanel(
        "invented", np.outer(size, season), np.full(6, 30.0), wave, np.array([2, 4]), drawn=False
    )
    factor = np.append(effects, 1.0)[wave][:, None]
    counts = np.where(panel.began, panel.counts * factor, panel.counts)
    return dataclasses.replace(panel, counts=counts.round().astype(np.int64))


def test_nobody_already_patrolled_is_ever_compared_with() -> None:
    panel = in_waves(np.random.default_rng(1), 1.0, scattered=False, effect=1, never=4)
    began = panel.began
    listed = comparisons(panel)
    assert len(listed) == 4 + 3 + 2 + 1
    for one in listed:
        own, others = panel.wave == one.wave, one.others[panel.wave]
        assert not (own & others).any()
        looked = one.before | one.after
        assert not began[np.ix_(others, looked)].any()
        assert not began[np.ix_(own, one.before)].any()
        assert began[np.ix_(own, one.after)].all()
    # without anybody who was never patrolled the last wave, and all since it began, falls away
    waiting = in_waves(np.random.default_rng(1), 1.0, scattered=False, effect=1)
    found = comparisons(waiting)
    assert {one.wave for one in found} == {0, 1, 2}
    assert not any(one.after[waiting.starts[-1] :].any() for one in found)
    assert waiting.compared_until == waiting.starts[-1]


def test_without_chance_the_effect_comes_out_whatever_season_and_sizes() -> None:
    panel = exact()
    for one in (staggered_ratio(panel), staggered_jackknife(panel), two_way_ratio(panel)):
        assert one.estimate == pytest.approx(0.5, rel=1e-5)
    again = staggered_ratio(exact(never=0))
    assert again.estimate == pytest.approx(0.5, rel=1e-6)
    # four places in two pairs can be shared out in six ways
    assert again.p is not None
    assert again.p >= 2 / 6
    assert any("only 6 ways" in note.text for note in again.notes)
    course = staggered_course(panel, np.arange(6)[None, :] - panel.starts[:, None])
    late = course.table[course.table.lead >= 0]
    np.testing.assert_allclose(late.estimate, 0.5, rtol=1e-6)
    np.testing.assert_allclose(course.table[course.table.lead < 0].estimate, 1.0, rtol=1e-6)
    assert course.slope == pytest.approx(1.0)


def test_the_one_effect_of_all_waves_is_statsmodels() -> None:
    panel = in_waves(np.random.default_rng(4), 3.0, scattered=True, effect=0.7, never=3)
    rows, columns = (part.ravel() for part in np.indices(panel.counts.shape))
    places, periods = panel.counts.shape
    design = np.column_stack(
        [np.eye(places)[rows], np.eye(periods)[columns][:, 1:], panel.began.ravel().astype(float)]
    )
    peer = sm.GLM(panel.counts.ravel(), design, family=sm.families.Poisson()).fit(tol=1e-12)
    found = two_way_ratio(panel)
    assert found.estimate == pytest.approx(math.exp(peer.params[-1]), rel=1e-4)
    assert found.low is found.high is found.p is None
    assert any(note.loud and "wrong sign" in note.text for note in found.notes)


def test_where_effects_grow_the_two_way_model_misses_what_every_wave_shows() -> None:
    # incidents enough that chance is nothing: each place's fall deepens month by month
    panel = in_waves(
        np.random.default_rng(5), 2000.0, scattered=False, effect=0.95, growth=0.8, never=0
    )
    named = {one.name: one for one in every_staggered_estimate(panel)}
    waves = [one.estimate for name, one in named.items() if name.startswith("staggered_wave_")]
    assert len(waves) == 3
    ratio, two_way = named["staggered_ratio"].estimate, named["staggered_two_way"].estimate
    assert ratio is not None
    assert two_way is not None
    known = [value for value in waves if value is not None]
    assert min(known) < ratio < max(known)
    # it lies above even the smallest fall of any wave
    assert two_way > ratio * 1.05
    assert next(iter(named)) == "staggered_ratio"
    assert list(named)[-1] == "naive_before_after"


tables = st.lists(
    st.tuples(*[st.integers(1, 400)] * 4, st.floats(0.05, 50)), min_size=1, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_the_common_ratio_lies_between_those_of_the_tables(
    drawn: list[tuple[int, int, int, int, float]],
) -> None:
    listed = np.array([one[:4] for one in drawn], dtype=float).reshape(-1, 2, 2)
    weights = np.array([one[4] for one in drawn])
    each = listed[:, 0, 0] * listed[:, 1, 1] / (listed[:, 0, 1] * listed[:, 1, 0])
    inside = np.clip(each, 1e-3, 1e3)
    ratio = float(common_ratio(listed[None], weights)[0])
    assert inside.min() * (1 - 1e-6) <= ratio <= inside.max() * (1 + 1e-6)
    alone = common_ratio(listed[:, None], np.ones(1))
    np.testing.assert_allclose(alone, inside, rtol=1e-5)
    assert (departure(listed).counts_for(weights) >= 0).all()


def test_a_table_without_incidents_in_a_margin_says_nothing() -> None:
    empty = np.array([[[0.0, 0.0], [3.0, 4.0]], [[0.0, 3.0], [0.0, 4.0]]])
    found = departure(empty)
    assert (found.change == 0).all()
    assert (found.counts_for(np.ones(2)) == 0).all()
    panel = exact()
    nothing = np.where(panel.began, 0, panel.counts)
    gone = staggered_ratio(dataclasses.replace(panel, counts=nothing))
    assert gone.estimate == 0
    assert gone.low == 0
    early = np.where(panel.began, panel.counts, 0)
    unknown = staggered_ratio(dataclasses.replace(panel, counts=early))
    assert unknown.estimate is unknown.low is unknown.high is unknown.p is None
    assert "no ratio" in unknown.notes[0].text


def test_the_ways_are_those_of_a_lot_only_where_all_were_in_it() -> None:
    wave = np.array([0, 0, 1, 1, 2, 2])
    every = arrange(wave, drawn=True)
    assert every.every
    assert (every.ways[-1] == wave).all()
    assert len(np.unique(every.ways, axis=0)) == len(every.ways) == 90
    assert every.smallest_p == 2 / 90
    for never in (0, 5):
        panel = in_waves(np.random.default_rng(3), 1.0, scattered=False, effect=1, never=never)
        found = ways_of(panel)
        assert not found.every
        assert found.drawn == (never == 0)
        assert (found.ways[-1] == panel.wave).all()
        assert (np.sort(found.ways, axis=1) == np.sort(panel.wave)).all()
        assert (ways_of(panel).ways == found.ways).all()


def test_interval_and_test_agree_and_the_notes_say_who_drew_the_order() -> None:
    for seed in range(6):
        drawn = seed % 2 == 0
        panel = in_waves(
            np.random.default_rng(seed), 4.0, scattered=False, effect=0.5, drawn=drawn,
            never=seed % 3,
        )  # fmt: skip
        found = staggered_ratio(panel)
        assert found.low is not None
        assert found.p is not None
        assert found.high is not None
        assert (found.p > 0.05) == (found.low <= 1 <= found.high)
        assert found.estimate is not None
        assert found.low < found.estimate < found.high
        loud = [note.text for note in found.notes if note.loud]
        assert any("Nobody drew the order" in text for text in loud) == (not drawn)
        assert ("the lot could have given" in found.method) == (drawn and seed % 3 == 0)


@pytest.mark.parametrize(
    ("level", "scattered", "effect"),
    [(1.0, False, 1.0), (0.1, False, 1.0), (3.0, True, 1.0), (3.0, True, 0.6)],
    ids=["even", "rare", "bursts", "fell"],
)
@pytest.mark.parametrize("drawn", [True, False], ids=["lot", "hottest first"])
def test_it_is_calibrated(level: float, *, scattered: bool, effect: float, drawn: bool) -> None:
    # the whole table, with a thousand each, is benchmarks/staggered.py's
    rng = np.random.default_rng(20)
    missed = []
    for _ in range(100):
        panel = in_waves(
            rng, level, scattered=scattered, effect=effect, drawn=drawn, never=0 if drawn else 6
        )
        stacks = Stacks(panel, comparisons(panel), ways_of(panel).ways[-400:])
        missed.append(min(stacks.tails(panel.values(), math.log(effect))) <= 0.025)
    # 5% of 100 within three standard errors
    assert sum(missed) <= 12


def test_the_course_sees_waves_that_already_moved_apart() -> None:
    rng = np.random.default_rng(7)
    panel = in_waves(rng, 8.0, scattered=False, effect=1, never=6)
    leads = np.arange(len(panel.days))[None, :] - panel.starts[:, None]
    calm = staggered_course(panel, leads)
    assert calm.pre_trend_p is not None
    assert calm.pre_trend_p > 0.05
    rise = np.where(panel.patrolled[:, None], 1.12 ** np.arange(len(panel.days)), 1.0)
    apart = dataclasses.replace(panel, counts=rng.poisson(panel.counts * rise))
    found = staggered_course(dataclasses.replace(apart, drawn=False), leads)
    assert found.slope is not None
    assert found.slope > 1.05
    assert found.slope_p is not None
    assert found.slope_p <= 0.05
    assert any("cannot be trusted" in note.text for note in found.notes)
    few = staggered_course(
        dataclasses.replace(
            panel,
            counts=panel.counts[:, 7:],
            days=panel.days[7:],
            starts=panel.starts - 7,
        ),
        leads[:, 7:] // 9,
    )
    assert few.pre_trend_p is None


def test_sides_hold_every_incident_that_is_compared() -> None:
    panel = in_waves(np.random.default_rng(2), 2.0, scattered=False, effect=1, never=3)
    sides = panel.sides()
    assert tuple(sides) == SIDES
    assert not (sides["treated_before"] & sides["treated_after"]).any()
    mine = sides["treated_before"] | sides["treated_after"]
    assert (mine.any(axis=1) == panel.patrolled).all()
    treated, control = panel.totals()
    assert treated.before + treated.after == panel.counts[panel.patrolled].sum()
    assert control.days_before == 30 * 8 * int((panel.wave > 0).sum())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts": np.array([2]), "wave": np.zeros(6, dtype=int)}, "give at least 2"),
        ({"starts": np.array([0, 4])}, "a period before the first"),
        ({"starts": np.array([4, 2])}, "an order"),
        ({"starts": np.array([2, 6])}, "from the last on"),
        ({"wave": np.array([0, 0, 0, 0, 2, 2])}, "Wave 2 has no places"),
        ({"days": np.full(5, 30.0)}, "places by periods"),
    ],
)
def test_what_is_no_staggered_start_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        dataclasses.replace(exact(), **changes)  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="no harm weights"):
        exact().values("harm")


def test_it_makes_no_noise() -> None:
    rng = np.random.default_rng(11)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for level in (0.03, 0.3):
            every_staggered_estimate(in_waves(rng, level, scattered=True, effect=0.6))
