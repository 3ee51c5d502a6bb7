"""Published and peers' figures, to the digits they are given to."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spatial.evaluation.displacement_quotient import displacement_quotient
from spatial.evaluation.e_test import e_test
from spatial.evaluation.harm_ratio import harm_ratio, one_incident_note
from spatial.evaluation.rate_ratio import naive_before_after, rate_ratio, rate_ratio_log
from spatial.evaluation.totals import Totals
from spatial.evaluation.wdd import wdd, wdd_parts

SHARED = Path(__file__).resolve().parents[4] / "shared"


@pytest.fixture(scope="module")
def cases() -> dict[str, Any]:
    file = SHARED / "methods" / "cases.json"
    if not file.is_file():
        pytest.skip("the worked cases are not beside this checkout (../shared/methods)")
    return {case["id"]: case for case in json.loads(file.read_text(encoding="utf-8"))}


def test_wheeler_and_ratcliffe() -> None:
    groups = {
        "treated_around": Totals(178, 157),
        "control_around": Totals(150, 140),
    }
    parts = wdd_parts(Totals(207, 110), Totals(308, 318), **groups)
    assert (parts.local, parts.displaced, parts.total) == (-107, -11, -118)
    assert parts.total_se**2 == pytest.approx(1568)
    assert parts.z == pytest.approx(-2.979950006, abs=1e-9)
    found = wdd(Totals(207, 110), Totals(308, 318), outcome="all", **groups)
    assert [found.low, found.high] == pytest.approx([-195.6106142, -40.38938584], abs=1e-6)
    assert found.name == "wdd"
    # half as many again: too unlike for a difference, and the page is told
    assert not any(note.loud for note in found.notes)
    assert wdd(Totals(207, 110), Totals(318, 318), outcome="all").notes[-1].loud


def test_shared_wdd_cases(cases: dict[str, Any]) -> None:
    one = cases["wdd_area_weights"]
    given, weights, out = one["inputs"], one["inputs"]["area_weights"], one["outputs"]
    group = {name: Totals(*given[name], area=weights[name]) for name in weights}
    parts = wdd_parts(
        group["treated"],
        group["control"],
        treated_around=group["disp_treated"],
        control_around=group["disp_control"],
    )
    for ours, theirs in (
        (parts.local, "Est_Local"),
        (parts.local_se, "SE_Local"),
        (parts.displaced, "Est_Displace"),
        (parts.displaced_se, "SE_Displace"),
        (parts.total, "Est_Total"),
        (parts.total_se, "SE_Total"),
        (parts.z, "Z"),
    ):
        assert ours == pytest.approx(out[theirs], abs=1e-6)
    one = cases["wdd_time_weights"]
    found = wdd(
        Totals(*one["inputs"]["treated"], days_before=2),
        Totals(*one["inputs"]["control"], days_before=2),
        outcome="all",
    )
    assert found.estimate == one["outputs"]["Est_Total"]
    assert [found.low, found.high] == pytest.approx(
        [one["outputs"]["LowCI"], one["outputs"]["HighCI"]], abs=1e-6
    )
    printed = cases["wdd_nb_examples"]
    for case, expected in zip(
        printed["inputs"]["cases"], printed["outputs"]["est_se_lo_hi"], strict=True
    ):
        days = case.get("time_weights", [1, 1])
        areas = case.get("area_weights", [1, 1, 1, 1])
        names = ("control", "treated", "disp_control", "disp_treated")
        of = {
            name: Totals(*case[name], days_before=days[0], days_after=days[1], area=area)
            for name, area in zip(names, areas, strict=True)
            if name in case
        }
        around = {
            "treated_around": of.get("disp_treated"),
            "control_around": of.get("disp_control"),
        }
        parts = wdd_parts(of["treated"], of["control"], **around)
        found = wdd(of["treated"], of["control"], outcome="all", level=0.9, **around)
        ours = [parts.total, parts.total_se, found.low, found.high]
        np.testing.assert_allclose(np.array(ours, dtype=float), expected, atol=0.051)


def test_roosevelt_the_choice_of_control_changes_the_verdict(shared_data: Path) -> None:
    file = shared_data / "evaluations" / "nyc_roosevelt_violent_monthly.csv"
    with file.open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))

    def totals(column: str, area: float = 1.0) -> Totals:
        by = {int(row["period"]): int(row[column]) for row in rows}
        before, after = (sum(by[k] for k in span) for span in (range(-20, 0), range(20)))
        return Totals(before, after, area=area)

    published = {
        "contiguous_control": (1.0, -79.0, 50.5, False),
        "scan_control": (1.0, -119.0, 50.7, True),
        "city": (27.244, -137.3, 36.0, True),
    }
    for column, (area, estimate, error, clear) in published.items():
        parts = wdd_parts(totals("treated"), totals(column, area))
        assert round(parts.total, 1) == estimate
        assert round(parts.total_se, 1) == error
        found = wdd(totals("treated"), totals(column, area), outcome="violence")
        assert found.high is not None
        assert (found.high < 0) == clear
    ratio = rate_ratio(totals("treated"), totals("contiguous_control"), outcome="violence")
    assert ratio.estimate == pytest.approx(540 / 718 * 695 / 596)


def test_log_rate_ratio(cases: dict[str, Any]) -> None:
    one = cases["irr_wilson"]
    (t0, t1), (c0, c1) = one["inputs"]["treated"], one["inputs"]["control"]
    found = rate_ratio_log(Totals(t0, t1), Totals(c0, c1), outcome="all")
    assert found.estimate == pytest.approx(one["outputs"]["irr"], abs=1e-7)
    assert [found.low, found.high] == pytest.approx(one["outputs"]["ci95"], abs=1e-7)


def test_exact_rates_of_r(cases: dict[str, Any]) -> None:
    one = cases["poisson_exact"]
    for number, case in enumerate(one["inputs"]["cases"]):
        (after, before), (days_after, days_before) = case["x"], case["T"]
        group = Totals(before, after, days_before=days_before, days_after=days_after)
        found = naive_before_after(group, outcome="all")
        assert found.estimate == pytest.approx(one["outputs"]["irr"][number], abs=1e-6)
        limits = one["outputs"]["ci95"][number]
        assert [found.low, found.high] == pytest.approx(limits, abs=1e-6)
        assert found.p == pytest.approx(one["outputs"]["p"][number], abs=1e-6)
        assert found.notes[0].loud


def test_e_test(cases: dict[str, Any]) -> None:
    one = cases["etest"]
    for (k1, k2, n1, n2, d), p in zip(
        one["inputs"]["cases"],
        one["outputs"]["p"],
        strict=True,
    ):
        # the case with d = 5 is the peer's slip: it standardises the finding by one variance and
        # every outcome it is set against by another
        if d == 0:
            found = e_test(k1, k2, days_after=n1, days_before=n2, outcome="all")
            assert found.p == pytest.approx(p, abs=1e-6)
            assert found.low is None


def test_e_test_of_the_article() -> None:
    found = [
        e_test(*pair, days_after=1, days_before=1, outcome="all").p for pair in [(0, 3), (6, 2)]
    ]
    assert found == pytest.approx([0.0884, 0.1749], abs=5e-5)


def test_displacement_quotient(cases: dict[str, Any]) -> None:
    one = cases["wdq_tne"]
    for key, given in one["inputs"].items():
        out = one["outputs"][key]
        found = {
            each.name: each
            for each in displacement_quotient(
                Totals(given["Rb"], given["Ra"]),
                Totals(given["Db"], given["Da"]),
                Totals(given["Cb"], given["Ca"]),
                outcome="all",
            )
        }
        for name, theirs in (
            ("gross_effect", "GE"),
            ("net_effect", "NE"),
            ("success", "success"),
            ("wdq", "WDQ"),
            ("total_net_effect", "TNE"),
        ):
            assert found[name].estimate == pytest.approx(out[theirs], abs=1e-8)
            assert found[name].low is found[name].p is None


def test_the_quotient_is_withheld_where_it_means_nothing() -> None:
    found = displacement_quotient(Totals(50, 60), Totals(9, 4), Totals(70, 70), outcome="all")
    quotient = next(one for one in found if one.name == "wdq")
    assert quotient.estimate is None
    assert any(note.loud and "means nothing" in note.text for note in quotient.notes)
    empty = displacement_quotient(Totals(50, 60), Totals(9, 4), Totals(0, 70), outcome="all")
    assert [one.estimate for one in empty] == [-10, None, None, None, None]


def test_one_homicide_dominates() -> None:
    # ten robberies of 365 and forty common assaults of 19: CV 0.263; one homicide more: 0.566
    squares = 10 * 365**2 + 40 * 19**2
    quiet = Totals(4410, 4410, squares_before=squares, squares_after=squares)
    assert quiet.variances[0] ** 0.5 / quiet.before == pytest.approx(0.263145, abs=1e-6)
    murder = Totals(
        4410,
        9885,
        squares_before=squares,
        squares_after=squares + 5475**2,
        greatest_before=365,
        greatest_after=5475,
    )
    assert murder.variances[1] ** 0.5 / murder.after == pytest.approx(0.566174, abs=1e-6)
    (note,) = one_incident_note(murder)
    assert note.loud
    assert "55%" in note.text
    assert one_incident_note(quiet) == ()
    found = harm_ratio(murder, quiet, outcome="all")
    assert note in found.notes
    assert found.low is not None
    assert found.low < 1 < (found.estimate or 0)


def test_harm_weighted_difference() -> None:
    # weights 10 and 2: sum w WDD and sum w^2 var, tier by tier
    tiers = [(10, (6, 2), (5, 5)), (2, (30, 20), (25, 24))]
    parts = [wdd_parts(Totals(*own), Totals(*other)) for _, own, other in tiers]

    def harm(which: int) -> Totals:
        sums = [[sum(tier[0] ** power * tier[which][side] for tier in tiers) for side in (0, 1)]
                for power in (1, 2)]  # fmt: skip
        return Totals(*sums[0], squares_before=sums[1][0], squares_after=sums[1][1])

    weighted = wdd_parts(harm(1), harm(2))
    assert weighted.total == sum(w * one.total for (w, *_), one in zip(tiers, parts, strict=True))
    assert weighted.total_se**2 == pytest.approx(
        sum(w**2 * one.total_se**2 for (w, *_), one in zip(tiers, parts, strict=True))
    )
    assert wdd(harm(1), harm(2), outcome="all").name == "wdd_harm"
