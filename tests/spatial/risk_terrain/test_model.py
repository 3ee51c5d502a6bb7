"""The model: planted factors found and decoys not, over repeated draws, and its other promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from sample_geo.risk_town import FACTORS, draw_risk_town
from spatial.risk_terrain.count_models import Family
from spatial.risk_terrain.evidence import Evidence, gather
from spatial.risk_terrain.fitting import fit_risk_model
from spatial.risk_terrain.model import CHOSEN
from spatial.risk_terrain.progress import Progress, StoppedError
from spatial.risk_terrain.reasons import NOTHING_NEAR, risk_nouns, risk_reasons
from spatial.risk_terrain.scores import BOTH, HARM, NEITHER, RISK, places_of, risk_scores
from spatial.risk_terrain.stepwise import choose_stepwise
from spatial.risk_terrain.what_if import Change, what_if
from tests.spatial.risk_terrain.towns import HOWS, NEAR, RULES, factor, factors_of, fitted

DRAWS = 4


@pytest.mark.parametrize(("rough", "family"), [(0.0, "poisson"), (0.8, "negative_binomial")])
def test_planted_factors_are_found_and_decoys_are_not(rough: float, family: str) -> None:
    risks: dict[str, list[float]] = {kind: [] for kind in FACTORS}
    decoys, families = 0, []
    for seed in range(DRAWS):
        town = draw_risk_town(seed, rough=rough)
        model = fitted(town)
        families.append(model.fit.family.value)
        for term in model.terms:
            if term.factor in risks:
                risks[term.factor].append(term.relative_risk)
            else:
                decoys += 1
    for kind, (_, times) in FACTORS.items():
        assert len(risks[kind]) == DRAWS, kind
        assert np.exp(np.mean(np.log(risks[kind]))) == pytest.approx(times, rel=0.25), kind
    # four decoys a draw, each in six ways
    assert decoys <= 0.13 * 4 * DRAWS
    assert families.count(family) >= 0.7 * DRAWS


def test_where_nothing_raises_risk_next_to_nothing_is_found() -> None:
    found = [len(fitted(draw_risk_town(seed, factors={})).terms) for seed in range(3)]
    # seven kinds a draw
    assert sum(found) <= 0.1 * 7 * 3


def test_stability_tells_the_planted_from_luck_and_is_the_same_again() -> None:
    town = draw_risk_town(1)
    one, again = (fitted(town, resamples=8) for _ in range(2))
    held = {term.factor: term for term in one.terms}
    assert all(held[kind].stability >= 0.8 for kind in FACTORS)
    # a decoy that luck let in this draw, and would not let in again
    assert held["post_box"].stability < RULES.stability.sure
    assert all(term.same_way <= term.stability for term in one.terms)
    assert [term.stability for term in one.terms] == [term.stability for term in again.terms]
    assert one.resamples == 8


def test_the_model_says_what_became_of_every_candidate() -> None:
    town = draw_risk_town(0)
    model = fitted(town)
    assert len(model.tried) == len(town.places) * len(HOWS)
    chosen = [(t.factor, t.how, t.distance_m) for t in model.tried if t.outcome == CHOSEN]
    assert sorted(chosen) == sorted(
        (t.factor, t.candidate.how.kind.value, t.candidate.how.distance_m) for t in model.terms
    )
    assert len({factor for factor, _, _ in chosen}) == len(chosen)
    assert all(one.outcome for one in model.tried)
    assert model.scores.min() == pytest.approx(1.0)
    product = np.exp(model.on @ [term.coefficient for term in model.terms])
    assert model.scores == pytest.approx(product / product.min())
    assert model.fit.bic == min(model.fit.bic_by_family.values())
    assert model.fit.bic < model.fit.null_bic
    assert model.fit.incidents == town.counts[0].sum()


def test_exposure_takes_the_blame_from_what_stands_where_people_are() -> None:
    town = draw_risk_town(2, factors={})
    # people near banks, and incidents in proportion to people
    crowd = np.where(
        np.hypot(*(town.xy[:, None] - town.places["bank"][None]).transpose(2, 0, 1)).min(1) < 200,
        6.0, 1.0,
    )  # fmt: skip
    counts = np.random.default_rng(0).poisson(0.3 * crowd)
    options = {"hows": HOWS, "rules": RULES}
    blamed, cleared = (
        fit_risk_model(factors_of(town), town.xy, counts, exposure=given_, **options)  # type: ignore[arg-type]
        for given_ in (None, crowd)
    )
    assert "bank" in {term.factor for term in blamed.terms}
    assert "bank" not in {term.factor for term in cleared.terms}
    with pytest.raises(ValueError, match="above 0"):
        fit_risk_model(factors_of(town), town.xy, counts, exposure=crowd - 1.0, **options)  # type: ignore[arg-type]


def test_a_factor_that_lowers_risk_enters_only_where_it_is_asked_for() -> None:
    town = draw_risk_town(4, factors={"garage": (300.0, 0.3)}, yearly=0.8)
    assert "garage" not in {term.factor for term in fitted(town).terms}
    lowered = {term.factor: term for term in fitted(town, protective=True).terms}
    assert lowered["garage"].relative_risk == pytest.approx(0.3, rel=0.25)
    assert fitted(town, protective=True).scores.min() == pytest.approx(1.0)


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), protective=st.booleans())
def test_stepwise_ends_where_no_single_change_lowers_bic(seed: int, protective: bool) -> None:  # noqa: FBT001 (a case)
    rng = np.random.default_rng(seed)
    on = rng.random((300, 6)) < 0.3
    counts = rng.poisson(np.exp(-0.5 + on @ [0.8, 0, 0.6, 0, -0.7, 0])).astype(float)
    evidence = gather(Evidence(on, counts, np.ones(300), np.ones(300)))[0]
    groups = [0, 0, 1, 1, 2, 3]
    for family in Family:
        found = choose_stepwise(
            evidence, groups, family=family, protective=protective, most_terms=6
        )
        taken = [groups[column] for column in found.columns]
        assert len(set(taken)) == len(taken)
        bics = [found.null.bic, *(step.bic for step in found.steps)]
        assert bics == sorted(bics, reverse=True)
        assert protective or (found.fit.coefficients[1:] > 0).all()


def test_without_a_usable_factor_every_cell_is_alike() -> None:
    town = draw_risk_town(0, side=20)
    far = [factor("far", [[1e6, 1e6], [1e6, 2e6], [2e6, 1e6]])]
    for given_ in ([], far):
        model = fit_risk_model(given_, town.xy, town.counts[0], hows=HOWS, rules=RULES, resamples=2)
        assert model.terms == ()
        assert (model.scores == 1.0).all()
        assert len(model.tried) == len(given_) * len(HOWS)
        assert risk_reasons(model, [np.arange(3)], rules=RULES) == (NOTHING_NEAR,)
    with pytest.raises(ValueError, match="no incident"):
        fit_risk_model(far, town.xy, np.zeros(400, np.int64), hows=HOWS, rules=RULES)


def test_reasons_name_the_strongest_first_and_count_what_is_near() -> None:
    town = draw_risk_town(0)
    model = fitted(town, hows=NEAR)
    club = model.terms[0]
    assert club.factor == "club"
    alone = np.flatnonzero(model.on[:, 0] & ~model.on[:, 1:].any(axis=1))[:1]
    nothing = np.flatnonzero(~model.on.any(axis=1))[:1]
    everything = np.arange(len(town.xy))
    said = risk_reasons(model, [alone, nothing, everything], rules=RULES)
    risk = f"x{club.relative_risk:.1f}"
    assert said[0] == f"A nightclub within 100 m ({risk})"
    assert said[1] == NOTHING_NEAR
    assert said[2].startswith(f"Nightclubs within 100 m ({risk}), betting shops within 150 m (x")
    assert " and takeaways within 150 m (x" in said[2]
    assert risk_nouns(model, [nothing], rules=RULES) == ((),)
    assert risk_reasons(model, [], rules=RULES) == ()


def test_what_if_a_feature_more_or_fewer() -> None:
    town = draw_risk_town(0)
    model = fitted(town, hows=NEAR)
    empty = int(np.flatnonzero(~model.on.any(axis=1))[0])
    place = factor("club", [town.xy[empty]]).shapes[0]
    more = what_if(model, [Change("club", added=place)], line_step_m=25.0)
    assert empty in more.changed
    assert more.after[empty] == pytest.approx(model.terms[0].relative_risk * more.before[empty])
    assert (more.after[more.changed] > more.before[more.changed]).all()
    untouched = np.setdiff1d(np.arange(len(town.xy)), more.changed)
    assert (more.after[untouched] == model.scores[untouched]).all()
    assert "not what causes harm" in more.notes[0].text
    # and taken away again: every club gone leaves no cell near one
    clubs = range(len(model.factors["club"]))
    none = what_if(model, [Change("club", removed=at) for at in clubs], line_step_m=25.0)
    assert set(none.changed) == set(np.flatnonzero(model.on[:, 0]))
    expected, _ = risk_scores(
        model.on[:, 1:], [term.coefficient for term in model.terms[1:]], lowest=model.lowest
    )
    assert none.after == pytest.approx(expected)
    innocent = what_if(model, [Change("bank", removed=0)], line_step_m=25.0)
    assert not len(innocent.changed)
    assert innocent.notes[1].text == "bank is no factor of the model: it changes no score."
    for change, message in (
        (Change("casino", removed=0), "There is no factor 'casino'"),
        (Change("club", removed=12), "has no feature 12: give one from 0 to 11"),
        (Change("club"), "neither adds nor removes"),
    ):
        with pytest.raises(BadInputError, match=message):
            what_if(model, [change], line_step_m=25.0)


def test_progress_only_grows_and_can_be_stopped() -> None:
    town = draw_risk_town(0, side=20)
    told: list[float] = []
    fitted(town, resamples=3, progress=Progress(tell=lambda _, share: told.append(share)))
    assert told == sorted(told)
    assert told[0] == 0.0
    assert told[-1] < 1.0
    with pytest.raises(StoppedError):
        fitted(town, resamples=3, progress=Progress(stop=lambda: len(told) > 0))


def test_places_say_where_risk_and_recent_harm_meet() -> None:
    scores = np.array([9.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    harm = np.array([5.0, 0.0, 3.0, np.nan, 0.0, 0, 0, 0, 0, 0])
    found = places_of(scores, harm, high_share=0.2)
    assert found.tolist() == [BOTH, RISK, HARM, HARM, *[NEITHER] * 6]
    # where no cell is riskier than another, none is high
    assert set(places_of(np.ones(10), harm, high_share=0.2)) == {HARM, NEITHER}
