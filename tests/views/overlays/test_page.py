"""Overlays and the register on their pages: each action as each role, stale edits, odd texts."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from config.access import Action, Role
from register import anniversaries, tension
from register.opening import Register
from register.tension import Sight
from tests.config.test_access import MAY
from tests.views.conftest import APP, deck_of, words_of
from tests.views.people import NOW, Clock, box, claims, opened, places_of
from views import access

TODAY = NOW.date()
ODD = "<script>alert(1)</script>"


def run_overlays_page() -> None:
    from views.overlays import page as overlays  # noqa: PLC0415 (AppTest runs this function alone)

    overlays.page()


def do_changes() -> None:
    import os  # noqa: PLC0415 (AppTest runs this function alone)

    from config.access import Action  # noqa: PLC0415
    from register import anniversaries  # noqa: PLC0415
    from views import frame, records  # noqa: PLC0415

    with frame.plain_errors():
        item, version = os.environ["ITEM"].split()
        records.change(Action.EDIT_OVERLAYS, anniversaries.withdraw, item, version=int(version))


def fill_anniversary(page: AppTest, label: str) -> None:
    box(page, "label").set_value(label)
    box(page, "place").set_value("Market Place")
    box(page, "longitude").set_value(1.39789)
    box(page, "latitude").set_value(53.19304)
    page.button(key="send_anniversaries").click().run()
    assert not page.exception


@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_and_enter(held: Register, role: Role) -> None:
    page = opened(run_overlays_page, role.value)
    said = words_of(page)
    assert "Homicide at the market, 2022" in said
    assert "Home match" in said
    sees = Action.SEE_RESTRICTED_TENSION in MAY[role]
    assert ("A protest and one against it" in said) is sees
    edits = Action.EDIT_OVERLAYS in MAY[role]
    assert any(button.key == "send_anniversaries" for button in page.button) is edits
    drawn = json.dumps(json.loads(page.get("deck_gl_json_chart")[0].proto.json))
    assert ("protest" in drawn) is sees
    assert held.dialect == "sqlite"


@pytest.mark.parametrize("role", list(Role))
def test_a_change_asks_for_the_role(
    held: Register, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held.reading() as session:
        one = anniversaries.listed(session)[0]
    monkeypatch.setenv("ITEM", f"{one.id} {one.version}")
    said = words_of(opened(do_changes, role.value))
    with held.reading() as session:
        gone = one.id not in {other.id for other in anniversaries.listed(session)}
    assert gone is (Action.EDIT_OVERLAYS in MAY[role])
    assert ("you may not change anniversaries and tension" in said) is not gone


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
@pytest.mark.slow
def test_the_map_of_tasking_shows_a_role_only_what_it_may_see(held: Register, role: Role) -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims(role)
    app.run()
    assert not app.exception
    layers = deck_of(app)
    tips = json.dumps(layers["overlay-shapes"]["data"])
    assert ("protest" in tips) is (role is Role.ANALYST)
    assert "community tension (bolder: higher)" in words_of(app)
    before = places_of(app)
    assert any(pair[0] == "Nearby" for row in before for pair in row["details"])
    run = [body for body in words_of(app).split() if "run" in body]
    app.checkbox(key="show_overlays").uncheck().run()
    assert not any(name.startswith("overlay") for name in deck_of(app))
    after = places_of(app)
    assert not any(pair[0] == "Nearby" for row in after for pair in row["details"])
    for row in before:
        row["details"] = [pair for pair in row["details"] if pair[0] != "Nearby"]
    assert after == before
    assert [body for body in words_of(app).split() if "run" in body] == run
    assert held.file is not None


def test_an_anniversary_is_added_changed_and_withdrawn(held: Register) -> None:
    page = opened(run_overlays_page, "analyst")
    fill_anniversary(page, "Homicide at the steps, 2018")
    assert "Added." in words_of(page)
    with held.reading() as session:
        made = anniversaries.listed(session)[-1]
    assert (made.label, made.created_by) == ("Homicide at the steps, 2018", "analyst@force.example")
    page.selectbox(key="overlay_entry").select(made.id).run()
    box(page, "label").set_value("Homicide at the harbour steps, 2018")
    page.button(key="send_anniversaries").click().run()
    assert "The change is kept." in words_of(page)
    page.checkbox(key=f"overlay_sure_{made.id}").check().run()
    page.button(key="overlay_withdraw").click().run()
    assert not page.exception
    assert "Withdrawn." in words_of(page)
    with held.reading() as session:
        assert made.id not in {one.id for one in anniversaries.listed(session)}


def test_two_edits_at_once_lose_nothing(held: Register) -> None:
    with held.reading() as session:
        one = anniversaries.listed(session)[0]
    first, second = (opened(run_overlays_page, role) for role in ("analyst", "tasking_lead"))
    for page in (first, second):
        page.selectbox(key="overlay_entry").select(one.id).run()
    for page, label in ((first, "Mine"), (second, "Theirs")):
        box(page, "label").set_value(label)
        page.button(key="send_anniversaries").click().run()
        assert not page.exception
    assert "changed by someone else since you opened it" in words_of(second)
    with held.reading() as session:
        assert anniversaries.listed(session)[0].label == "Mine"
    second.button(key="overlay_reload").click().run()
    assert box(second, "label").value == "Mine"
    box(second, "label").set_value("Theirs")
    second.button(key="send_anniversaries").click().run()
    assert "The change is kept." in words_of(second)


def test_tension_is_entered_renewed_and_expired(held: Register) -> None:
    page = opened(run_overlays_page, "analyst")
    page.selectbox(key="overlay_kind").select("tension").run()
    box(page, "text").set_value("Shouting between two groups")
    box(page, "beat").select("Northgate")
    page.button(key="send_tension").click().run()
    assert "Added." in words_of(page)
    with held.reading() as session:
        made = tension.listed(session, sight=Sight.ALL)[-1]
    assert made.beat == "Northgate"
    page.selectbox(key="overlay_entry").select(made.id).run()
    clock = access.now
    assert isinstance(clock, Clock)
    clock.later(minutes=1)
    page.button(key="overlay_renew").click().run()
    assert "Renewed." in words_of(page)
    page.button(key="overlay_expire").click().run()
    assert not page.exception
    assert "Expired." in words_of(page)
    assert "Shouting" not in words_of(page)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        (ODD, "holds HTML"),
        ("=HYPERLINK(1)", "spreadsheet formula"),
        ("ring 01632 960 001 960", "telephone"),
        ("", "label is empty"),
    ],
)
def test_what_would_do_harm_is_refused_and_shown_as_text(
    held: Register, label: str, said: str
) -> None:
    page = opened(run_overlays_page, "analyst")
    fill_anniversary(page, label)
    assert said in words_of(page)
    assert ODD not in words_of(page)
    with held.reading() as session:
        assert len(anniversaries.listed(session)) == 6


def test_sql_and_ampersands_are_text(held: Register) -> None:
    label = "Fatal'); DROP TABLE audit;-- & 'x'"
    page = opened(run_overlays_page, "analyst")
    fill_anniversary(page, label)
    assert "Added." in words_of(page)
    with held.reading() as session:
        assert anniversaries.listed(session)[-1].label == label
    shown = opened(run_overlays_page, "viewer")
    assert "DROP TABLE audit;-- &amp; &#x27;x&#x27;" in words_of(shown)


def test_a_place_outside_the_force_is_refused(held: Register) -> None:
    page = opened(run_overlays_page, "analyst")
    box(page, "longitude").set_value(-0.1)
    box(page, "latitude").set_value(51.5)
    box(page, "label").set_value("Far away")
    box(page, "place").set_value("Elsewhere")
    page.button(key="send_anniversaries").click().run()
    assert "outside the force" in words_of(page)
    assert held.dialect == "sqlite"


def test_the_database_gone_mid_session_is_one_sentence(held: Register) -> None:
    page = opened(run_overlays_page, "analyst")
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims("viewer")
    app.run()
    assert held.file is not None
    held.file.rename(held.file.with_suffix(".away"))
    page.run()
    assert not page.exception
    assert "moved or replaced" in words_of(page)
    app.run()
    assert not app.exception
    said = words_of(app)
    assert "Anniversaries, events and tension are not shown" in said
    assert "Where to patrol" in said


def test_a_file_is_taken_in_whole_or_not_at_all(held: Register) -> None:
    head = "label,date,place,longitude,latitude"
    good = f"{head}\nHomicide at the lake,2020-05-01,Park Lake,1.39,53.2\n"
    bad = f"{good}Nowhere,2020-05-01,,1.39,53.2\n<b>x</b>,31/02/2020,Lake,1.39,53.2\n"
    page = opened(run_overlays_page, "analyst")
    page.file_uploader(key="file_anniversaries_0").set_value(("a.csv", bad.encode(), "text/csv"))
    page.run()
    page.button(key="overlay_take_in").click().run()
    said = words_of(page)
    assert "nothing was taken in, because 2 cannot be used" in said
    assert "<li>3: place is empty" in said
    assert "<li>4: " in said
    page.file_uploader(key="file_anniversaries_0").set_value(("a.csv", good.encode(), "text/csv"))
    page.run()
    page.button(key="overlay_take_in").click().run()
    assert not page.exception
    assert "1 entry added" in words_of(page)
    with held.reading() as session:
        assert len(anniversaries.listed(session)) == 7
