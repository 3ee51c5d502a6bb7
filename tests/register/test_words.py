from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from register import (
    Register,
    anniversaries,
    decisions,
    operations,
    overrides,
    tension,
    visits,
    words,
)
from register.decisions import DecisionDraft
from register.operations import OperationDraft
from register.overrides import OverrideDraft
from register.places import position
from tests.register.conftest import TODAY, WHO, a_tension, an_anniversary

FORMULAS = ["=1+1", "+44", "-cmd", "@SUM(A1)", " =1+1", "\t=1+1", "\u202e=1+1", "\uff1d1+1"]
MARKUP = ["<script>alert(1)</script>", "a <img src=x onerror=y>", "< b>x", "<!-- x -->"]
PERSONAL = [
    "ring 01702 555 123",
    "tel +44 7700 900123",
    "write a.person@example.org",
    "07700900123",
]
HARMLESS = [
    "Robert'); DROP TABLE anniversaries;--", "1 < 2 & 3 > 2", "Caf\u00e9 \u201cCanolfan\u201d",
    "Stabbing, 14/12/2021", "TQ 04567 81234", "A127 junction 01-02-2026 0900", "100% of 5", "{{x}}",
]  # fmt: skip


@pytest.mark.parametrize("text", [*FORMULAS, *MARKUP, *PERSONAL, "", "   ", "\u200b", "x" * 81])
def test_labels_that_are_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="label"):
        words.label(text, what="label")


@pytest.mark.parametrize("text", PERSONAL)
def test_a_refused_number_is_not_repeated(text: str) -> None:
    with pytest.raises(BadInputError) as said:
        words.sentence(text, what="text")
    assert text.rsplit(maxsplit=1)[-1] not in str(said.value)


@pytest.mark.parametrize("text", HARMLESS)
def test_odd_but_harmless_text_comes_back_as_it_was(kept: Register, text: str) -> None:
    with kept.writing() as session:
        anniversaries.add(session, an_anniversary(label=text, place=text, source=text), **WHO)
    with kept.reading() as session:
        (one,) = anniversaries.listed(session)
    assert (one.label, one.place, one.source) == (text, text, text)


def test_what_cannot_be_seen_is_taken_out() -> None:
    assert (
        words.label(" A\u202e line\r\nof\ttext\x00\x1b[31m ", what="label") == "A line of text[31m"
    )
    assert words.label("Cafe\u0301", what="label") == "Caf\u00e9"


@given(st.text(max_size=60))
@pytest.mark.slow
def test_no_text_that_passes_can_run_in_a_spreadsheet(text: str) -> None:
    try:
        kept = words.label(text, what="label")
    except BadInputError:
        return
    assert kept == words.label(kept, what="label")
    assert kept[0] not in "=+-@\t\r"
    assert kept.isprintable()


@pytest.mark.parametrize("bad", [FORMULAS[0], MARKUP[0], PERSONAL[2]])
def test_every_text_field_of_every_form_is_checked(bad: str) -> None:
    day = an_anniversary()
    drafts = [
        lambda: anniversaries.checked(an_anniversary(label=bad)),
        lambda: anniversaries.checked(an_anniversary(place=bad)),
        lambda: anniversaries.checked(an_anniversary(source=bad)),
        lambda: anniversaries.checked(an_anniversary(kind=bad)),
        lambda: anniversaries.checked(an_anniversary(holiday=bad)),
        lambda: tension.checked(a_tension(text=bad), today=TODAY),
        lambda: tension.checked(a_tension(beat=bad), today=TODAY),
        lambda: tension.checked(a_tension(place=bad), today=TODAY),
        lambda: tension.checked(a_tension(conditions=bad), today=TODAY),
        lambda: decisions.checked(DecisionDraft(meeting_on=TODAY, text=bad, owner="A team")),
        lambda: decisions.checked(DecisionDraft(meeting_on=TODAY, text="x", owner=bad)),
        lambda: decisions.checked(
            DecisionDraft(meeting_on=TODAY, text="x", owner="x", outcome=bad)
        ),
        lambda: decisions.checked(
            DecisionDraft(meeting_on=TODAY, text="x", owner="x", area_id=bad)
        ),
        lambda: overrides.checked(OverrideDraft(kind="drop", areas=("a",), reason=bad)),
        lambda: overrides.checked(OverrideDraft(kind="drop", areas=(bad,), reason="x")),
        lambda: overrides.checked(OverrideDraft(kind="rename", areas=("a",), name=bad, reason="x")),
        lambda: overrides.checked(OverrideDraft(kind="add", cells=((bad,),), name="x", reason="x")),
        lambda: operations.checked(
            OperationDraft(
                name=bad, design="crossover", areas=("a",), first_date=TODAY, last_date=TODAY
            )
        ),
        lambda: visits.checked(
            visits.VisitDraft(area_id=bad, start="2026-12-01 18:00", minutes=12)
        ),
        lambda: visits.checked(visits.VisitDraft(area_id="a", start=bad, minutes=12)),
        lambda: visits.checked(
            visits.VisitDraft(area_id="a", start="2026-12-01 18:00", minutes=12, source=bad)
        ),
    ]
    for draft in drafts:
        with pytest.raises(BadInputError):
            draft()
    assert anniversaries.checked(day) == day


@pytest.mark.parametrize(
    ("longitude", "latitude", "said"),
    [
        (0.0, 0.0, "both 0"),
        (51.5, 0.7, "Swap them"),
        (561234.0, 185000.0, "not metres"),
        (float("nan"), 51.5, "no number"),
        ("0.7", 51.5, "no number"),
        (None, 51.5, "longitude is empty"),
        (0.71, 52.9, "outside the force"),
    ],
)
def test_places_that_are_refused(longitude: object, latitude: object, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        position(longitude, latitude, force_area=shapely.box(0.6, 51.4, 0.8, 51.7))


def test_a_place_within_the_force() -> None:
    area = shapely.box(0.6, 51.4, 0.8, 51.7)
    assert position(0.71234567, 51.5, force_area=area) == (0.712346, 51.5)
    assert position(-3.2, 55.9, force_area=None) == (-3.2, 55.9)
