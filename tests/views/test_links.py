import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from config.profile import Measure
from spatial.incidents.store import IncidentStore
from tests.views.conftest import words_of
from views import links
from views.linked import LINKS, UnfitError, links_of


def choosing() -> None:
    """A page that has the Targets page's address and draws nothing of it."""
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function alone)

    from views import answers, choices, links  # noqa: PLC0415 (likewise)

    page = st.session_state.get("page", "targets")
    links.follow(page)
    store = answers.open_store()
    choices.begin(store)
    st.session_state.setdefault("places", 12)
    choices.profile_box(store)
    st.number_input("Places", step=1, key="places")
    if not st.session_state.pop("cut_short", False):
        links.keep(page)


@pytest.fixture
def tried(on_saltmere: str) -> AppTest:
    assert on_saltmere
    return AppTest.from_function(choosing, default_timeout=20)


def address(tried: AppTest) -> dict[str, str]:
    said = tried.query_params.items()
    return {name: text if isinstance(text, str) else text[-1] for name, text in said}


def test_what_is_usual_is_not_written_and_what_is_chosen_is(tried: AppTest) -> None:
    assert address(tried.run()) == {}
    tried.number_input[0].set_value(7).run()
    assert address(tried) == {"places": "7"}
    tried.selectbox[0].set_value("robbery").run()
    assert address(tried) == {"profile": "robbery", "places": "7"}


def test_an_address_opens_the_view_it_was_copied_from(tried: AppTest) -> None:
    tried.query_params.update(
        {"profile": "knife_enabled", "from": "2026-01-01", "to": "2026-03-31", "places": "5",
         "part": "compared", "rank": "harm"}
    )  # fmt: skip
    tried.run()
    state = tried.session_state
    assert (state["profile"], state["places"]) == ("knife_enabled", 5)
    assert state["dates"] == (dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    assert (state["list_part"], state["rank_by"]) == ("compared", Measure.HARM)
    assert not tried.html
    assert address(tried)["from"] == "2026-01-01"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("places", "-5", "no whole number from 1 to 60"),
        ("places", "1e9", "no whole number"),
        ("places", "\N{ARABIC-INDIC DIGIT FIVE}", "no whole number"),
        ("places", "9" * 400, "far too long"),
        ("places", "<script>alert(1)</script>", "&lt;script&gt;"),
        ("profile", "nosuch", "does not exist here"),
        ("profile", "asb", "does not exist here"),
        ("profile", "/etc/passwd", "does not exist here"),
        ("from", "2026-01-01", "needs a first and a last day"),
        ("detail", "7", "does not exist here"),
        ("weights", "../secret.toml", "does not exist here"),
        ("part", "nosuch", "does not exist here"),
    ],
)
def test_what_will_not_do_is_one_sentence_and_the_usual_view(
    tried: AppTest, name: str, value: str, why: str
) -> None:
    tried.query_params[name] = value
    tried.run()
    assert not tried.exception
    (said,) = tried.html
    assert why in said.body
    assert "The page shows what it usually shows instead." in said.body
    assert "<script" not in said.body
    assert (tried.session_state["profile"], tried.session_state["places"]) == ("ark", 12)
    assert address(tried) == {}
    # the screen is measured and the page drawn again: the sentence must still be there to read
    tried.run()
    assert why in words_of(tried)
    tried.number_input[0].set_value(9).run()
    assert why not in words_of(tried)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("1990-01-01", "1991-01-01", "lies outside the data"),
        ("2026-06-01", "2026-05-01", "ends before it begins"),
        ("2026-02-30", "2026-03-01", "needs a first and a last day"),
    ],
)
def test_a_window_that_cannot_be_is_refused_whole(
    tried: AppTest, first: str, last: str, why: str
) -> None:
    tried.query_params.update({"from": first, "to": last, "places": "5"})
    tried.run()
    assert why in words_of(tried)
    assert tried.session_state["preset"] == "Last 12 months"
    # what will do of the same address counts
    assert tried.session_state["places"] == 5


def test_back_and_forward_choose_what_the_address_says(tried: AppTest) -> None:
    tried.run()
    tried.number_input[0].set_value(7).run()
    tried.session_state["links_at"] = 0.0
    tried.query_params.clear()
    tried.run()
    assert tried.session_state["places"] == 12
    tried.session_state["links_at"] = 0.0
    tried.query_params["places"] = "7"
    tried.run()
    assert tried.session_state["places"] == 7


def test_a_click_before_the_browser_shows_the_new_address_undoes_nothing(tried: AppTest) -> None:
    tried.run()
    tried.number_input[0].set_value(7).run()
    # the browser still sends the address it had: no step back
    tried.query_params.clear()
    tried.run()
    assert tried.session_state["places"] == 7


def test_a_run_that_was_cut_short_takes_its_address_once(tried: AppTest) -> None:
    tried.query_params["places"] = "9"
    tried.session_state["cut_short"] = True
    tried.run()
    # a click ended the first run before it could write its address
    tried.number_input[0].set_value(7).run()
    assert tried.session_state["places"] == 7


def test_a_bare_address_of_a_page_means_what_was_chosen_on_the_way_there(tried: AppTest) -> None:
    tried.run()
    tried.number_input[0].set_value(7).run()
    tried.query_params.clear()
    tried.session_state["page"] = "tasking"
    tried.run()
    assert address(tried) == {"places": "7"}
    tried.session_state["links_at"] = 0.0
    tried.query_params.clear()
    tried.run()
    assert tried.session_state["places"] == 7


def test_every_link_refuses_what_nobody_could_have_chosen(
    saltmere_store: IncidentStore, on_saltmere: str
) -> None:
    assert on_saltmere
    for link in LINKS:
        for value in ("", " ", "\x00", "a b", "<b>", "-1", "٣", "x" * 100):
            with pytest.raises(UnfitError):
                link.read(value, saltmere_store)


def test_no_page_has_two_links_of_one_name_or_choice() -> None:
    for page in {page for link in LINKS for page in link.pages}:
        names = [link.name for link in links_of(page)]
        keys = [link.key for link in links_of(page)]
        assert len(set(names)) == len(names)
        assert len(set(keys)) == len(keys)
        assert not {"from", "to", "run"} & set(names)
    assert links.linked("tasking")
    assert not links.linked("register")
