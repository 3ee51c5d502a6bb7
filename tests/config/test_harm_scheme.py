"""Harm schemes: the right weight for the right code, and null where there is none."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from config.errors import BadInputError
from config.harm_scheme import harm_scheme_names, load_harm_scheme

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"


@pytest.mark.parametrize(
    ("code", "prc", "days"),
    [
        ("001/01", None, 5475), ("002/00", "2", 3285), ("004/01", None, 730),
        ("005/01", "5D", 1460), ("005/01", "8S", 1825), ("005/01", None, 1460),
        ("008/01", "8N", 547.5), ("008/01", "8S", 912.5), ("008/06", None, 10),
        ("008/06", "8S", 182.5), ("034/01", "34A", 365), ("019/08", None, 1825),
        ("036/01", None, 1460), ("056/01", None, 365), ("008/64", None, 182.5),
        ("008/26", None, 5), ("092/30", None, 547.5), ("105/01", None, 1),
        (None, "5D", 1460), (None, "34B", 365),
    ],
)  # fmt: skip
def test_weights(code: str | None, prc: str | None, days: float) -> None:
    assert load_harm_scheme("cchi_2020").weigh(code, prc, None).days == days


@pytest.mark.parametrize("code", ["008/77", "008/78", "004/02", "004/07", "004/10"])
def test_offences_younger_than_the_edition_have_no_weight(code: str) -> None:
    # not even where the class has one
    assert load_harm_scheme("cchi_2020").weigh(code, "8N", "violent-crime").days is None


def test_one_weight_of_several_is_said_to_be_one() -> None:
    scheme = load_harm_scheme("cchi_2020")
    assert "minor wound would weigh 19" in scheme.weigh("008/01", "8N", None).choice
    assert scheme.weigh("005/01", "5D", None).choice == ""


def test_categories_are_weighed_by_their_own_scheme() -> None:
    scheme = load_harm_scheme("police_uk_categories")
    robbery = scheme.weigh(None, None, "robbery").days
    violence = scheme.weigh(None, None, "violent-crime").days
    assert robbery is not None
    assert violence is not None
    assert round(robbery / violence, 1) == 2.6
    assert scheme.weigh(None, None, "anti-social-behaviour").days is None
    assert scheme.edition != load_harm_scheme("cchi_2020").edition


@pytest.mark.parametrize(
    ("code", "prc", "score"),
    [
        ("001/01", "1", 7973.39), ("004/02", None, 7973.39), ("002/00", None, 4654.3),
        ("005/01", "5D", 2034.74), ("005/01", "8S", 401.42), ("005/01", None, 2034.74),
        ("008/06", "8N", 189.15), ("008/01", None, 189.15), (None, "8N", 189.15),
        ("034/01", "34B", 746), ("034/01", None, 746), ("056/01", "56A", 837),
        ("008/77", "8U", None), ("008/77", None, None), ("008/73", "8T", None),
        # a class that nobody knows leaves it to the code
        ("002/00", "ZZ", 4654.3),
    ],
)  # fmt: skip
def test_the_severity_score_weighs_the_class(
    code: str | None, prc: str | None, score: float | None
) -> None:
    assert load_harm_scheme("ons_css").weigh(code, prc, "violent-crime").days == score


def test_the_severity_score_says_which_edition_and_which_row() -> None:
    scheme = load_harm_scheme("ons_css")
    assert "2016" in scheme.weigh(None, "34B", None).choice
    assert scheme.weigh(None, "8N", None).choice == ""
    # its own row is taken, though a row of three classes together exists
    driving = scheme.weigh(None, "4/4", None)
    assert driving.days == 1022.81
    assert "690.72" in driving.choice
    assert "Open Government Licence v3.0" in scheme.attribution


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared reference tables are absent")
def test_every_severity_score_is_a_published_one() -> None:
    with (REFERENCE / "ons_css.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    latest = {row["prc_code"].replace(".", "/"): row for row in reversed(rows)}
    weights = load_harm_scheme("ons_css").weights
    for prc, row in latest.items():
        if ("", prc) in weights:
            assert weights["", prc].days == pytest.approx(float(row["weight"]), abs=0.0051), prc
            assert ("2016" in weights["", prc].choice) == (row["edition"] == "2016-11"), prc
    known = {round(float(row["weight"]), 2) for row in rows} | {None}
    assert {weight.days for weight in weights.values()} <= known


def test_every_scheme_says_where_it_comes_from() -> None:
    for name in harm_scheme_names():
        scheme = load_harm_scheme(name)
        assert scheme.name == name
        authority = "Office for National Statistics" if name == "ons_css" else "Cambridge"
        assert authority in scheme.attribution
        assert "http" not in scheme.attribution


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared reference tables are absent")
def test_every_weight_is_one_of_the_reference() -> None:
    published: dict[tuple[str, str], set[float]] = {}
    with (REFERENCE / "cchi_2020.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for key in (
                (row["ho_code"], row["prc_class"]),
                (row["ho_code"], ""),
                ("", row["prc_class"]),
            ):
                published.setdefault(key, set()).add(float(row["days"]))
    weights = load_harm_scheme("cchi_2020").weights
    # a middle or merged weight of a class alone is stated as a choice
    wrong = {
        key
        for key, weight in weights.items()
        if weight.days not in published.get(key, set()) and not (key[0] == "" and weight.choice)
    }
    assert wrong <= {("", "1"), ("", "4/1")}
    assert weights["", "1"].days in published["001/01", ""]


def write_scheme(folder: Path, rows: str, /, **changes: str) -> str:
    keys = {
        "name": "mine", "title": "Mine", "edition": "2026", "table": "mine.csv",
        "keyed_by": "offence", "attribution": "Somebody", **changes,
    }  # fmt: skip
    path = folder / "mine.toml"
    path.write_text("\n".join(f'{key} = "{value}"' for key, value in keys.items()), "utf-8")
    (folder / "mine.csv").write_text(rows, "utf-8")
    return str(path)


def test_a_users_own_scheme(tmp_path: Path) -> None:
    table = "ho_code,prc_class,days,title,choice\n00877,,365,Strangulation,\n"
    scheme = load_harm_scheme(write_scheme(tmp_path, table))
    assert scheme.weigh("008/77", None, None).days == 365


@pytest.mark.parametrize(
    ("table", "changes", "message"),
    [
        ("ho_code,days\n001/01,1\n", {}, "mine.csv has no column 'prc_class'"),
        ("ho_code,prc_class,days,title,choice\n001/01,,lots,M,\n", {}, "row 2: the weight 'lots'"),
        ("ho_code,prc_class,days,title,choice\n001/01,,-1,M,\n", {}, "row 2: the weight '-1'"),
        (
            "ho_code,prc_class,days,title,choice\n001/01,,1,M,\n1/1,,2,M,\n",
            {},
            "row 3 repeats '1/1'",
        ),
        ("", {"keyed_by": "moon"}, "mine.toml: keyed_by"),
        ("", {"table": "gone.csv"}, "names a table that cannot be opened"),
    ],
)
def test_a_scheme_that_cannot_be_used_says_why(
    tmp_path: Path, table: str, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        load_harm_scheme(write_scheme(tmp_path, table, **changes))


def test_an_unknown_scheme_lists_those_there_are() -> None:
    with pytest.raises(BadInputError, match=r"no harm scheme 'ons'\. Choose one of cchi_2020"):
        load_harm_scheme("ons")


def test_one_homicide_dominates_as_computed_elsewhere() -> None:
    """Ten robberies and forty common assaults, then one homicide more (METHODS section 1)."""
    scheme = load_harm_scheme("cchi_2020")
    # the case takes a common assault as 19 days
    days = {"robbery": scheme.weigh("034/01", "34A", None).days, "assault": 19.0}
    days["homicide"] = scheme.weigh("001/01", None, None).days
    printed = ((0, 4_410, 1_160.4697, 0.263145), (1, 9_885, 5_596.6343, 0.566174))
    for homicides, harm, spread, cv in printed:
        counts = {"robbery": 10, "assault": 40, "homicide": homicides}
        total = sum(days[name] * number for name, number in counts.items())
        sd = math.sqrt(sum(days[name] ** 2 * number for name, number in counts.items()))
        assert total == harm
        assert sd == pytest.approx(spread, abs=1e-4)
        assert sd / total == pytest.approx(cv, abs=1e-4)


@pytest.mark.parametrize(
    ("code", "years", "root"),
    [("001/01", 15, 74), ("002/00", 9, 57), ("019/08", 5, 43), ("034/01", 1, 19)],
)
def test_years_and_roots_of_days_as_an_author_of_ark_prints_them(
    code: str, years: float, root: int
) -> None:
    days = load_harm_scheme("cchi_2020").weigh(code, None, None).days
    assert days is not None
    assert days / 365 == years
    assert round(math.sqrt(days)) == root
