"""Expected harm: what it adds up to, what a homicide may not do, and what it never sees."""

from __future__ import annotations

import dataclasses
import datetime as dt

import h3
import numpy as np
import pytest
from numpy.typing import NDArray

from config.errors import BadInputError
from config.profile import load_profile
from spatial.hexes.counts import count_cells
from spatial.hexes.grid import HexGrid, grid_of_cells
from spatial.hexes.history import CellHistory, count_history
from spatial.hexes.rings import Rings, rings_of
from spatial.hotspots.expected.expected_harm import PARTS, expected_harm
from spatial.hotspots.expected.rate_model import fit_rates, training_blocks
from spatial.incidents.select import profile_condition
from spatial.incidents.store import IncidentStore
from spatial.window import Window, year_to

MONTHS = 12


def _grid(steps: int) -> HexGrid:
    middle = h3.latlng_to_cell(51.54, 0.71, 9)
    cells = np.array([int(cell, 16) for cell in h3.grid_disk(middle, steps)], dtype=np.uint64)
    return grid_of_cells(cells, name="disk", resolution=9)


def _history(counts: NDArray[np.int64], kinds: tuple[str, ...]) -> CellHistory:
    position, period, kind = np.nonzero(counts)
    return CellHistory(
        counts.shape[0], counts.shape[1], kinds, position, period, kind, counts[counts != 0]
    )


def _town(months: int = MONTHS) -> tuple[NDArray[np.int64], Rings]:
    """Two kinds of violence and theft, busy in the middle of a disk of 1,027 cells."""
    rings = rings_of(_grid(18))
    rng = np.random.default_rng(11)
    lively = rng.gamma(0.3, 1.0, len(rings))
    lively += rings.averages(lively)[0]
    rates = np.stack([0.12 * lively, 0.2 * lively, 1.5 * lively, np.zeros_like(lively)], axis=1)
    return rng.poisson(rates[:, None, :], (len(rings), months, 4)).astype(np.int64), rings


KINDS = ("robbery", "injury", "other: theft", "homicide")
WEIGHTS = {"robbery": 365.0, "injury": 19.0, "homicide": 5475.0}


@pytest.fixture(scope="module")
def town() -> tuple[NDArray[np.int64], Rings]:
    return _town()


def test_parts_add_up_and_the_interval_holds_the_figure(
    town: tuple[NDArray[np.int64], Rings],
) -> None:
    counts, rings = town
    found = expected_harm(_history(counts, KINDS), rings, weights=WEIGHTS)
    np.testing.assert_allclose(sum(found.parts[part] for part in PARTS), found.harm_days)
    by_tier = sum(tier.expected * (tier.weight or 0) for tier in found.tiers)
    np.testing.assert_allclose(by_tier, found.harm_days)
    assert (found.harm_days > 0).all()
    assert all((found.parts[part] >= 0).all() for part in PARTS)
    # at tiny shapes the mean may pass the upper end; where harm is worth ranking it may not
    worth = found.harm_days > np.quantile(found.harm_days, 0.9)
    assert (found.low <= found.harm_days)[worth].all()
    assert (found.harm_days <= found.high)[worth].all()


def test_as_much_is_expected_as_there_was(town: tuple[NDArray[np.int64], Rings]) -> None:
    # the model says where, not how much: the area's own level stays
    counts, rings = town
    found = expected_harm(_history(counts, KINDS), rings, weights=WEIGHTS)
    for tier, place in zip(found.tiers[:2], (0, 1), strict=True):
        assert tier.method == "own"
        assert tier.expected.sum() == pytest.approx(counts[:, :, place].sum())


def test_window_scales_the_unit(town: tuple[NDArray[np.int64], Rings]) -> None:
    counts, rings = town
    history = _history(counts, KINDS)
    year = expected_harm(history, rings, weights=WEIGHTS)
    quarter = expected_harm(history, rings, weights=WEIGHTS, window_periods=3)
    np.testing.assert_allclose(quarter.harm_days * 4, year.harm_days)
    np.testing.assert_allclose(quarter.high * 4, year.high)


def test_order_of_rows_and_doubled_rows_change_nothing(
    town: tuple[NDArray[np.int64], Rings],
) -> None:
    counts, rings = town
    history = _history(counts, KINDS)
    order = np.random.default_rng(0).permutation(len(history.position))
    shuffled = dataclasses.replace(
        history,
        **{
            name: getattr(history, name)[order]
            for name in ("position", "period", "kind", "incidents")
        },
    )
    np.testing.assert_allclose(
        expected_harm(shuffled, rings, weights=WEIGHTS).harm_days,
        expected_harm(history, rings, weights=WEIGHTS).harm_days,
        rtol=1e-9,
    )


def test_the_future_is_never_seen() -> None:
    counts, rings = _town(18)
    changed = counts.copy()
    changed[:, MONTHS:] = np.random.default_rng(1).permutation(changed[:, MONTHS:])
    known, other = (_history(c, KINDS).first(MONTHS) for c in (counts, changed))
    np.testing.assert_array_equal(
        expected_harm(known, rings, weights=WEIGHTS).harm_days,
        expected_harm(other, rings, weights=WEIGHTS).harm_days,
    )


def test_one_homicide_does_not_make_a_place(town: tuple[NDArray[np.int64], Rings]) -> None:
    counts, rings = town
    quietest = int(counts.sum(axis=(1, 2)).argmin())
    fatal = counts.copy()
    fatal[quietest, 5, 3] = 1
    found = expected_harm(_history(fatal, KINDS), rings, weights=WEIGHTS)
    assert found.tiers[2].method == "borrowed"
    # raw harm would put it first; here it stays in the lower half, and below its own 5,475 days
    assert found.harm_days[quietest] < np.median(found.harm_days) * 2
    assert found.harm_days[quietest] < 5475 / 50
    raw = (fatal.sum(axis=1) * [365, 19, 0, 5475]).sum(axis=1)
    assert raw.argmax() == quietest
    assert any("homicide" in note.text for note in found.notes)


def test_many_homicides_still_borrow(town: tuple[NDArray[np.int64], Rings]) -> None:
    counts, rings = town
    fatal = counts.copy()
    fatal[7, :, 3] = 4
    found = expected_harm(_history(fatal, KINDS), rings, weights=WEIGHTS)
    assert found.tiers[2].method == "borrowed"


def test_a_homicide_profile_borrows_from_its_kin(town: tuple[NDArray[np.int64], Rings]) -> None:
    counts, rings = town
    fatal = counts.copy()
    fatal[7, 3, 3] = fatal[40, 8, 3] = 1
    history = _history(fatal, KINDS)
    weights = {"homicide": 5475.0}
    alone = expected_harm(history, rings, weights=weights)
    with_kin = expected_harm(history, rings, weights=weights, kin=["robbery", "injury"])
    assert [one.tiers[0].method for one in (alone, with_kin)] == ["moments", "borrowed"]
    busy = counts[:, :, :2].sum(axis=(1, 2))
    assert np.corrcoef(with_kin.harm_days, busy)[0, 1] > 0.8
    assert with_kin.harm_days.sum() == pytest.approx(2 * 5475)


def test_related_crime_raises_a_cell_without_violence() -> None:
    counts, rings = _town()
    counts[:, :, :2][counts.sum(axis=(1, 2)) < 20] = 0
    found = expected_harm(_history(counts, KINDS), rings, weights=WEIGHTS)
    none = counts[:, :, :2].sum(axis=(1, 2)) == 0
    theft = counts[:, :, 2].sum(axis=1)
    much, little = none & (theft >= 8), none & (theft <= 2)
    assert found.parts["related"][much].min() > found.parts["related"][little].mean()


def test_credibility_is_recovered_from_a_gamma_population() -> None:
    # rates of gamma shape 0.8 and mean 0.2 a month: a year is believed by 12 / (12 + 0.8 / 0.2);
    # within the year the fit sees 9 and 6 months, 9 / 13 and 6 / 10
    rng = np.random.default_rng(3)
    rings = rings_of(_grid(40))
    rates = rng.gamma(0.8, 0.25, len(rings))
    counts = rng.poisson(rates[:, None, None], (len(rings), MONTHS, 1)).astype(np.int64)
    found = fit_rates(_history(counts, ("robbery",)), rings, own=[0], related=[])
    assert 0.58 < found.credibility < 0.74
    np.testing.assert_allclose(found.rates.mean.mean(), counts.mean())
    # and its interval holds the true rate about as often as it says
    harm = expected_harm(
        _history(counts, ("robbery",)), rings, weights={"robbery": 1.0}, window_periods=1
    )
    inside = (harm.low <= rates) & (rates <= harm.high)
    assert 0.84 < inside.mean() < 0.97


def test_the_busiest_cells_keep_what_their_record_proves() -> None:
    # most cells quiet, a few busy for good: as violence lies over a town
    rng = np.random.default_rng(8)
    rings = rings_of(_grid(40))
    rates = rng.gamma(0.15, 1 / 0.15, len(rings)) * 0.15
    counts = rng.poisson(rates[:, None, None], (len(rings), MONTHS, 1)).astype(np.int64)
    found = fit_rates(_history(counts, ("robbery",)), rings, own=[0], related=[])
    first = np.argsort(-found.rates.mean)[: len(rings) // 100]
    expected, true = found.rates.mean[first].sum(), rates[first].sum()
    # neither drawn down to the town's average nor left as high as they were seen
    assert 0.9 < expected / true < 1.1
    parts = found.base + found.own_history + found.neighbours + found.related
    np.testing.assert_allclose(parts, found.rates.mean)


def test_nothing_happened() -> None:
    rings = rings_of(_grid(2))
    found = expected_harm(
        _history(np.zeros((len(rings), MONTHS, 4), dtype=np.int64), KINDS), rings, weights=WEIGHTS
    )
    for values in (found.harm_days, found.low, found.high, found.variance):
        np.testing.assert_array_equal(values, 0)
    assert [tier.method for tier in found.tiers] == ["none"] * 3
    assert any(note.loud and "no incident" in note.text for note in found.notes)


@pytest.mark.parametrize("months", [1, 2, 3, 4, 12])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_small_areas_and_short_windows_are_defined(steps: int, months: int) -> None:
    rings = rings_of(_grid(steps))
    counts = np.zeros((len(rings), months, 4), dtype=np.int64)
    counts[0, :, 0] = 20
    counts[-1, 0, 3] = 1
    found = expected_harm(_history(counts, KINDS), rings, weights=WEIGHTS)
    for values in (found.harm_days, found.low, found.high, found.variance):
        assert np.isfinite(values).all()
    assert found.harm_days.sum() > 0
    if months < 3:
        assert found.tiers[0].method == "moments"
        assert any(note.loud and "3 are needed" in note.text for note in found.notes)


def test_a_tier_without_a_weight_is_listed_and_in_no_harm(
    town: tuple[NDArray[np.int64], Rings],
) -> None:
    counts, rings = town
    history = _history(counts, KINDS)
    found = expected_harm(history, rings, weights={"robbery": 365.0, "injury": None})
    np.testing.assert_allclose(found.harm_days, found.tiers[0].expected * 365)
    assert found.tiers[1].expected.sum() > 0
    assert any(note.loud and "injury" in note.text for note in found.notes)
    with pytest.raises(BadInputError, match="Rank by the count"):
        expected_harm(history, rings, weights={"injury": None})


def test_bad_input_is_named(town: tuple[NDArray[np.int64], Rings]) -> None:
    counts, rings = town
    history = _history(counts, KINDS)
    with pytest.raises(BadInputError, match="'arson'"):
        expected_harm(history, rings, weights={"arson": 1.0})
    with pytest.raises(BadInputError, match="-1"):
        expected_harm(history, rings, weights={"robbery": -1.0})
    with pytest.raises(BadInputError, match="one study area"):
        expected_harm(history, rings_of(_grid(1)), weights=WEIGHTS)
    with pytest.raises(BadInputError, match="0 or more"):
        dataclasses.replace(history, incidents=-history.incidents)
    with pytest.raises(BadInputError, match="nan"):
        dataclasses.replace(history, incidents=history.incidents * np.nan)
    with pytest.raises(BadInputError, match="position"):
        dataclasses.replace(history, position=history.position + len(rings))


@pytest.mark.parametrize("periods", range(3, 40))
def test_what_is_held_back_comes_last_and_never_overlaps(periods: int) -> None:
    horizon, starts = training_blocks(periods)
    held = [month for start in starts for month in range(start, start + horizon)]
    assert len(held) == len(set(held))
    assert max(held) == periods - 1
    assert min(held) >= periods // 3


def test_kinds_left_out_inform_nothing(town: tuple[NDArray[np.int64], Rings]) -> None:
    counts, rings = town
    history = _history(counts, KINDS).without(["other: theft", "other: asb"])
    assert history.kinds == ("robbery", "injury", "homicide")
    np.testing.assert_array_equal(history.total([1]), counts[:, :, 1].sum(axis=1))
    bare = _history(counts[:, :, [0, 1, 3]], ("robbery", "injury", "homicide"))
    np.testing.assert_array_equal(
        expected_harm(history, rings, weights=WEIGHTS).harm_days,
        expected_harm(bare, rings, weights=WEIGHTS).harm_days,
    )


def test_rings_by_hand() -> None:
    grid = _grid(2)
    middle = grid.positions(np.array([int(h3.latlng_to_cell(51.54, 0.71, 9), 16)], np.uint64))[0]
    values = np.zeros(len(grid))
    values[middle] = 6.0
    rings = rings_of(grid)
    first, second = rings.averages(values)
    # six cells see it one step away, twelve two steps away; those at the border have fewer to share
    assert (first > 0).sum() == 6
    assert (second > 0).sum() == 12
    assert first[middle] == second[middle] == 0
    np.testing.assert_allclose(first[first > 0], 1.0)
    np.testing.assert_allclose(rings.averages(np.ones(len(grid)))[0], 1.0)


def test_history_of_a_store_conserves_what_count_cells_counts(
    saltmere_store: IncidentStore,
) -> None:
    window = year_to(saltmere_store.data_through)
    condition = profile_condition(load_profile("ark"))
    with saltmere_store.connect() as connection:
        cells = connection.execute(
            "SELECT DISTINCT h3_09 AS cell FROM incidents WHERE h3_09 IS NOT NULL"
        ).fetchnumpy()["cell"]
        grid = grid_of_cells(np.asarray(cells, np.uint64), name="ever", resolution=9)
        counted = count_cells(connection, condition, window=window, grid=grid)
        found = count_history(connection, condition, window=window, grid=grid)
        ragged = count_history(
            connection,
            condition,
            window=Window(window.first + dt.timedelta(days=9), window.last),
            grid=grid,
        )
    own = [found.history.kinds.index(tier) for tier in found.weights]
    np.testing.assert_array_equal(found.history.total(own), counted.incidents)
    days = sum(
        found.history.total([found.history.kinds.index(tier)]).sum() * (weight or 0)
        for tier, weight in found.weights.items()
    )
    assert days == pytest.approx(counted.harm_days.sum())
    assert found.history.periods == MONTHS
    assert found.history.total(range(len(found.history.kinds))).sum() > counted.incidents.sum()
    assert ragged.history.period.max() == ragged.history.periods - 1


def test_an_old_record_does_not_hold_a_place_that_has_gone_quiet() -> None:
    # two cells with as many incidents, one of them two years ago and one in the latest year
    counts, rings = _town(36)
    quiet, busy = 100, 700
    counts[[quiet, busy], :, 0] = 0
    counts[quiet, :12, 0] = 4
    counts[busy, 24:, 0] = 4
    found = fit_rates(_history(counts, KINDS), rings, own=[0], related=[1, 2])
    mean = found.rates.mean
    assert mean[busy] > 3 * mean[quiet]
    # and what is left of the year-old level is no more than the parts that everybody shares say
    assert mean[quiet] < 4 / 3
    # the area keeps its level, whatever the latest year's was
    assert mean.sum() == pytest.approx(counts[:, :, 0].sum() / 36)
    assert (mean > 0).all()
