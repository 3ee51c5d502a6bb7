"""Count models: the published arithmetic, statsmodels' numbers, and what cannot be fitted."""

from __future__ import annotations

import json

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from spatial.risk_terrain.count_models import (
    Family,
    fit_counts,
    information_criterion,
    overdispersion,
    score_statistics,
)
from spatial.risk_terrain.evidence import Evidence, gather, patterns
from spatial.risk_terrain.scores import relative_risks, risk_scores
from tests.conftest import SHARED

CASES = SHARED / "methods" / "cases.json"


def _drawn(seed: int, *, dispersion: float, exposed: bool = False) -> Evidence:
    rng = np.random.default_rng(seed)
    on = rng.random((1500, 4)) < [0.3, 0.15, 0.5, 0.05]
    exposure = rng.uniform(0.5, 3.0, 1500) if exposed else np.ones(1500)
    mean = np.exp(-0.7 + on @ [0.9, 0.5, 0.0, 1.4]) * exposure
    if dispersion:
        mean = mean * rng.gamma(1 / dispersion, dispersion, 1500)
    return Evidence(on, rng.poisson(mean).astype(float), exposure, np.ones(1500))


def test_the_arithmetic_of_a_real_report() -> None:
    if not CASES.is_file():
        pytest.skip("the shared method cases are not beside this checkout (../shared/methods)")
    cases = {one["id"]: one for one in json.loads(CASES.read_text(encoding="utf-8"))}
    case = cases["rtm_leeds_rtmdx"]
    given_, wanted = case["inputs"], case["outputs"]
    b = [given_["bus_stops_proximity_500"], given_["det_points_density_500"]]
    values = relative_risks(b)
    assert values[0] == pytest.approx(wanted["RRV_bus"], abs=0.0005)
    assert values[1] == pytest.approx(wanted["RRV_det"], abs=0.0005)
    on = np.array([[False, False], [True, False], [False, True], [True, True]])
    scores, lowest = risk_scores(on, b)
    assert scores[0] == 1.0
    assert lowest == 0.0
    assert scores[-1] == pytest.approx(wanted["max_relative_risk_score"], abs=0.05)
    deviance, df = given_["global_deviance"], given_["df"]
    assert information_criterion(deviance, df, penalty=2.0) == pytest.approx(
        wanted["AIC"], abs=0.005
    )
    assert information_criterion(deviance, df, penalty=np.log(given_["n_cells"])) == pytest.approx(
        wanted["SBC"], abs=0.01
    )


@pytest.mark.parametrize("exposed", [False, True])
def test_poisson_is_statsmodels_poisson(exposed: bool) -> None:  # noqa: FBT001 (a case)
    cells = _drawn(1, dispersion=0.0, exposed=exposed)
    ours = fit_counts(gather(cells)[0], (0, 1, 3), family=Family.POISSON)
    x = sm.add_constant(cells.on[:, [0, 1, 3]].astype(float))
    theirs = sm.Poisson(cells.counts, x, exposure=cells.exposure).fit(disp=0)
    assert ours is not None
    np.testing.assert_allclose(ours.coefficients, theirs.params, atol=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-5)
    assert ours.bic == pytest.approx(theirs.bic, abs=1e-5)
    assert ours.aic == pytest.approx(theirs.aic, abs=1e-5)


@pytest.mark.parametrize("exposed", [False, True])
@pytest.mark.parametrize("dispersion", [0.3, 2.5])
def test_negative_binomial_is_statsmodels_nb2(dispersion: float, exposed: bool) -> None:  # noqa: FBT001 (a case)
    cells = _drawn(2, dispersion=dispersion, exposed=exposed)
    ours = fit_counts(gather(cells)[0], (0, 1, 3), family=Family.NEGATIVE_BINOMIAL)
    x = sm.add_constant(cells.on[:, [0, 1, 3]].astype(float))
    theirs = sm.NegativeBinomial(cells.counts, x, exposure=cells.exposure).fit(
        disp=0, method="bfgs", maxiter=500, gtol=1e-6
    )
    assert ours is not None
    np.testing.assert_allclose(ours.coefficients, theirs.params[:-1], atol=1e-4)
    assert ours.dispersion == pytest.approx(theirs.params[-1], rel=1e-3)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-4)
    # statsmodels counts the dispersion among the parameters, as the published report does
    assert ours.bic == pytest.approx(theirs.bic, abs=1e-3)


@given(seed=st.integers(0, 10_000))
def test_cells_taken_together_say_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 60
    cells = Evidence(
        rng.random((n, 3)) < 0.4, rng.poisson(1.2, n).astype(float), np.ones(n), np.ones(n)
    )
    gathered, kind = gather(cells)
    assert gathered.weights.sum() == n
    assert (gathered.on[kind] == cells.on).all()
    assert (gathered.counts[kind] == cells.counts).all()
    on, counts, exposure = patterns(gathered)
    assert counts.sum() == cells.counts.sum()
    assert exposure.sum() == n
    assert len(np.unique(on, axis=0)) == len(on)
    for family in Family:
        one, other = (fit_counts(each, (), family=family) for each in (cells, gathered))
        assert one is not None
        assert other is not None
        assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-6)


def test_a_column_without_an_incident_has_no_maximum() -> None:
    cells = _drawn(3, dispersion=0.0)
    on = cells.on.copy()
    on[:, 0] = (cells.counts == 0) & on[:, 0]
    never = Evidence(on, cells.counts, cells.exposure, cells.weights)
    for family in Family:
        assert fit_counts(never, (0,), family=family) is None


def test_poisson_counts_need_no_dispersion_and_wild_ones_do() -> None:
    for spread, least, most in ((0.0, 0.9, 1.1), (2.0, 2.0, 9.0)):
        cells = gather(_drawn(4, dispersion=spread))[0]
        fits = {family: fit_counts(cells, (0, 1, 3), family=family) for family in Family}
        poisson, negative = fits[Family.POISSON], fits[Family.NEGATIVE_BINOMIAL]
        assert poisson is not None
        assert negative is not None
        assert least < overdispersion(cells, poisson) < most
        assert (poisson.bic < negative.bic) == (spread == 0.0)
        assert negative.log_likelihood >= poisson.log_likelihood - 1e-3


def test_score_statistics_are_the_gain_in_likelihood() -> None:
    cells = gather(_drawn(5, dispersion=0.0))[0]
    without = fit_counts(cells, (0, 3), family=Family.POISSON)
    with_it = fit_counts(cells, (0, 1, 3), family=Family.POISSON)
    assert without is not None
    assert with_it is not None
    gain = 2 * (with_it.log_likelihood - without.log_likelihood)
    found = score_statistics(cells, (0, 3), without)
    assert found[1] == pytest.approx(gain, rel=0.25)
    assert found[[0, 3]] == pytest.approx(0.0, abs=1e-6)
