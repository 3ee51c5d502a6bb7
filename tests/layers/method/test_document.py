from __future__ import annotations

import re

from config.force_file import Origin, held, said_in
from config.harm_scheme import harm_scheme_names, load_harm_scheme
from config.profile import load_profile, profile_names
from config.version import VERSION
from layers.accessibility import TITLE, lead, statement
from layers.method.chapter import chapters_html, points
from layers.method.document import chapters, document_html, method_html
from layers.wording import escaped


def test_everything_in_force_is_in_it() -> None:
    page = method_html().decode()
    for name in profile_names():
        profile = load_profile(name)
        assert escaped(profile.title) in page
        assert escaped(profile.source) in page
        assert all(code in page for code in (*profile.ho_codes, *profile.prc_codes_alone))
        assert all(escaped(note) in page for note in profile.notes)
    for name in harm_scheme_names():
        scheme = load_harm_scheme(name)
        assert escaped(scheme.attribution) in page
        assert escaped(scheme.edition) in page
    assert VERSION in page


def test_the_numbers_are_those_in_force() -> None:
    body = "".join(one.body for one in chapters())
    assert "3 to 7 of them" in body
    assert "days begin at 06:00" in body
    assert "Antisocial behaviour tells it nothing" in body
    own = said_in({"most_cells": 5, "untelling": []}, Origin.NAMED, None)
    with held(own):
        body = "".join(one.body for one in chapters())
    assert "3 to 5 of them" in body
    assert "Antisocial behaviour is among the related crime" in body


def test_weights_by_kind_are_those_of_the_index() -> None:
    body = next(one.body for one in chapters() if one.anchor == "weights")
    text = re.sub(r"<[^>]+>", "|", body)
    # Cambridge index: murder 5,475 days, attempted murder 3,285; robbery 365
    assert re.search(r"\|Homicide\|+730 to 5,475 \(5,475\)", text)
    assert re.search(r"\|Robbery\|+365\|", text)
    assert re.search(r"\|Anti social behaviour\|+no weight\|", text)


def test_it_says_what_it_must_not_be_used_for_in_plain_words() -> None:
    text = re.sub(r"<[^>]+>", " ", method_html().decode())
    for words in ("stop or a search", "individuals", "judging officers", "one force from another"):
        assert words in text
    assert "predict" not in text.lower()


def test_links_within_the_page_lead_somewhere() -> None:
    for parts in (chapters(), statement()):
        html = chapters_html(parts, label="Contents")
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids)) == len(parts)
        assert re.findall(r'href="#([^"]+)"', html) == ids


def test_list_items_are_escaped() -> None:
    assert points("*A <b>.* c") == "<ul><li><b>A &lt;b&gt;.</b> c</li></ul>"


def test_the_statement_says_whose_app_it_is_and_what_is_not_accessible() -> None:
    page = document_html(TITLE, statement(), lead=lead()).decode()
    for words in ("partially compliant", "canvas", "Equality Advisory", "21 Nov 2026", "WCAG"):
        assert words in page
    assert "the force or partnership that installed it" in page
    with held(said_in({"force": {"name": "Saltmere Police"}}, Origin.NAMED, None)):
        assert "run by Saltmere Police" in lead()


def test_the_accessibility_statement_names_the_contact_that_was_given() -> None:
    def said(tables: dict[str, dict[str, str]]) -> str:
        with held(said_in(tables, Origin.NAMED, None)):
            return document_html(TITLE, statement(), lead=lead()).decode()

    assert "tell the people who run this app for the force" in said({})
    given = said(
        {"force": {"name": "Example Constabulary", "contact": "Duty desk <01632 960000>."}}
    )
    assert (
        "tell Example Constabulary: Duty desk &lt;01632 960000&gt;. You can also tell your line"
    ) in given
    assert "if you do not know them" not in given
