"""The Risk terrain page: what it asks, that it can be stopped, and what it shows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from config.access import Action, Role
from config.errors import BadInputError
from layers.risk.changes import point_of
from layers.risk.places import position_words
from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore
from spatial.risk_results import RiskRequest, RiskResult
from spatial.risk_terrain.kept import kept_risk
from spatial.risk_terrain.progress import Progress, StoppedError
from tests.config.test_access import MAY
from tests.views.conftest import words_of
from tests.views.people import Kept, claims
from views import access, waiting
from views.risk_terrain import answers as risk_answers
from views.risk_terrain import page as risk_terrain
from views.risk_terrain.answers import Asked
from views.risk_terrain.factors import GIVEN, ChosenFactors, FactorFile, laid_out
from views.workroom import Job, Steps, Workroom


def run_risk_terrain_page() -> None:
    from views import frame  # noqa: PLC0415 (AppTest runs this function alone)
    from views.risk_terrain import page as risk_terrain  # noqa: PLC0415 (AppTest runs this function alone)

    frame.restore_choices()
    risk_terrain.page()
    frame.keep_choices()


class Answering:
    """In place of the model: keeps what was asked, says how far it is, gives the small result."""

    def __init__(self, result: RiskResult) -> None:
        self.result = result
        self.asked: list[RiskRequest] = []
        self.read: dict[str, bytes] = {}

    def __call__(
        self, store: IncidentStore, request: RiskRequest, *, progress: Progress
    ) -> RiskResult:
        assert store.loads
        self.asked.append(request)
        self.read = {path.name: path.read_bytes() for path in request.factors}
        progress.step("Measuring distances", 0.5)
        return self.result


@pytest.fixture
def answering(saltmere_risk: RiskResult, monkeypatch: pytest.MonkeyPatch) -> Answering:
    found = Answering(saltmere_risk)
    monkeypatch.setattr(risk_answers, "risk_terrain", found)
    # another test's answers
    waiting.forget()
    return found


@pytest.fixture
def page(on_saltmere: str, answering: Answering) -> AppTest:
    assert on_saltmere
    assert not answering.asked
    opened = AppTest.from_function(run_risk_terrain_page, default_timeout=60)
    opened.session_state["resolution"] = 9
    return opened.run()


def work_out(page: AppTest) -> AppTest:
    page.button(key="risk_ask").click().run()
    assert not page.exception
    return page


def part(page: AppTest, name: str) -> str:
    page.radio(key="risk_part").set_value(name).run()
    assert not page.exception
    return words_of(page)


def test_the_form_says_what_may_be_tried_and_what_not(page: AppTest) -> None:
    assert not page.exception
    said = words_of(page)
    assert "nothing can be told from fewer than 3: hospitals, police stations" in said
    assert "14 kinds of places in 112 ways to count" in said
    assert "Bus stops (122)" in page.multiselect(key="risk_kinds").options
    page.multiselect(key="risk_kinds").set_value(["pub", "club"])
    page.text_input(key="risk_distances").set_value("200, 400").run()
    assert "2 kinds of places in 8 ways to count" in words_of(page)
    page.text_input(key="risk_distances").set_value("far").run()
    assert "cannot be read. Write metres" in words_of(page)
    page.text_input(key="risk_distances").set_value("")
    page.multiselect(key="risk_layers").set_value([]).run()
    assert "Choose a layer of the store, or give a file" in words_of(page)
    assert not page.button


def test_what_is_chosen_is_what_is_asked(page: AppTest, answering: Answering) -> None:
    page.multiselect(key="risk_kinds").set_value(["takeaway", "club"])
    page.text_input(key="risk_distances").set_value("400, 200")
    page.checkbox(key="risk_protective").check()
    page.number_input(key="risk_resamples").set_value(20)
    assert page.selectbox(key="risk_exposure").value == "residents"
    page.selectbox(key="risk_exposure").select("none").run()
    work_out(page)
    (asked,) = answering.asked
    assert asked.kinds == ("club", "takeaway")
    assert asked.distances_m == (200.0, 400.0)
    assert (asked.protective, asked.resamples, asked.exposure) == (True, 20, "none")
    assert (asked.profile, asked.study_area, asked.resolution) == ("ark", "saltmere", 9)
    # people know the layer by its name, not by the store's
    assert set(answering.read) == {"places.geojson", "risk_factors.geojson"}
    # the answer stands, and is not worked out twice
    assert page.session_state["risk_part"] == "factors"
    part(page, "setup")
    work_out(page)
    assert len(answering.asked) == 1


def test_files_that_are_given_are_read_with_their_columns(
    page: AppTest, answering: Answering
) -> None:
    page.session_state[GIVEN] = {
        "risk_factors.geojson": (DATA / "risk_factors.geojson").read_bytes()
    }
    page.session_state["risk_taken"] = ["risk_factors.geojson"]
    page.run()
    assert not page.exception
    assert any("Betting shops" in one for one in page.multiselect(key="risk_kinds").options)
    assert "name" in page.multiselect(key="risk_columns").options
    page.multiselect(key="risk_columns").set_value(["kind"]).run()
    work_out(page)
    assert answering.asked[0].type_columns == ("kind",)
    assert set(answering.read) == {"places.geojson", "risk_factors.geojson"}
    page.session_state[GIVEN] = {"bad.csv": b"a,b\n1,2\n"}
    page.session_state["risk_taken"] = ["bad.csv"]
    said = part(page, "setup")
    assert 'role="alert"' in said
    assert "bad.csv" in said


def test_every_part_shows_the_answer_and_later_months_first(
    page: AppTest, saltmere_risk: RiskResult
) -> None:
    work_out(page)
    shown = []
    for name in (one for one in risk_terrain.PARTS if one != "setup"):
        said = part(page, name)
        assert 'role="alert"' not in said, name
        # what does not beat simpler ways is the first thing said
        assert said.index("Simpler ways choose places") < said.index('class="hx-sentence"')
        assert "1.5% without location" in said, name
        assert "predict" not in said.lower()
        assert "standard error" not in said.lower()
        assert saltmere_risk.run_id in said
        shown.append(said)
    factors, places, what_if, later, tried, files = shown
    assert "Takeaways" in factors
    assert "not measured" in factors
    assert "Riskiest cells on no list" in places
    assert "Association, not cause" in what_if
    assert "Against" in later
    assert "Everything tried, and what became of it" in tried
    assert "Files" in files
    assert len(page.get("download_button")) == 6


def test_the_map_and_the_tables_beside_it_are_of_one_run(page: AppTest) -> None:
    work_out(page)
    part(page, "places")
    (chart,) = page.get("deck_gl_json_chart")
    assert "http" not in chart.proto.json
    assert '"id":"risk"' in chart.proto.json
    page.selectbox(key="risk_fill").select("kinds").run()
    said = words_of(page)
    assert "high risk and recent harm" in said
    assert "within 200 m (x" in said or "within 400 m (x" in said


def test_a_change_is_made_by_form_and_taken_back(page: AppTest, saltmere_risk: RiskResult) -> None:
    work_out(page)
    part(page, "what_if")
    page.button(key="risk_change_add").click().run()
    assert "Say which place" in words_of(page)
    kind = saltmere_risk.model.terms[0].factor
    page.selectbox(key="risk_change_kind").select(kind)
    page.text_input(key="risk_change_text_0").set_value("somewhere").run()
    assert "no grid reference" in words_of(page)
    middle = saltmere_risk.grid.study_area.polygon.representative_point()
    page.text_input(key="risk_change_text_0").set_value(f"{middle.y}, {middle.x}").run()
    page.button(key="risk_change_add").click().run()
    assert not page.exception
    said = words_of(page)
    assert "more at T" in said
    assert "score otherwise" in said or "No cell's score changes" in said
    page.segmented_control(key="risk_change_way").set_value("remove").run()
    page.selectbox(key=f"risk_change_which_{kind}_1").select_index(0)
    page.button(key="risk_change_add").click().run()
    assert "Without a " in words_of(page)
    page.button(key="risk_change_undo").click().run()
    assert "Without a " not in words_of(page)
    page.button(key="risk_change_clear").click().run()
    assert "Add or take away a place" in words_of(page)


@pytest.mark.parametrize("written", ["{lon:.5f}, {lat:.5f}", "{lat:.5f} {lon:.5f}", "{grid}"])
def test_a_point_may_be_written_in_any_of_the_usual_ways(
    saltmere_risk: RiskResult, written: str
) -> None:
    middle = saltmere_risk.grid.study_area.polygon.representative_point()
    text = written.format(lon=middle.x, lat=middle.y, grid=position_words(middle.x, middle.y))
    found = point_of(text, saltmere_risk)
    assert found == pytest.approx((middle.x, middle.y), abs=2e-4)


@pytest.mark.parametrize("text", ["0.0, 0.0", "TQ 3000 8000", "nan, 52", "51.5, -0.1"])
def test_a_point_elsewhere_is_refused(saltmere_risk: RiskResult, text: str) -> None:
    with pytest.raises(BadInputError, match="is not near Saltmere"):
        point_of(text, saltmere_risk)


def test_stopping_keeps_nothing_and_says_so(page: AppTest, answering: Answering) -> None:
    assert "Nothing has been worked out yet" in part(page, "factors")
    part(page, "setup")
    work_out(page)
    (key, _) = page.session_state["risk_run"]
    # as the button Cancel leaves it: nothing is kept, and this session asks for it no more
    waiting.forget()
    page.session_state["waiting_stopped"] = {key}
    said = words_of(page.run())
    assert "Stopped: working out the risk terrain" in said
    assert "Nothing was kept of it" in said
    assert len(answering.asked) == 1
    # asked anew under Set up, it begins without a second question
    part(page, "setup")
    work_out(page)
    assert "Stopped" not in words_of(page)
    assert len(answering.asked) == 2


def test_the_work_stops_at_its_next_step_when_nobody_wants_it(
    answering: Answering, saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the workroom tells and stops through the same hook
    def given(key: str, work: Callable[[Steps], RiskResult], *, doing: str) -> RiskResult:
        assert (key.partition(" ")[0], doing) == ("risk", "Working out the risk terrain")
        room = Workroom()
        job = Job(key, work, stop=True)
        return work(Steps(job, room))

    monkeypatch.setattr(waiting, "answer", given)
    asked = Asked(answering.result.request, ChosenFactors((), ()))
    with pytest.raises(StoppedError):
        risk_answers.answer(saltmere_store, asked)
    assert len(answering.asked) == 1


def test_what_cannot_be_worked_out_is_said_where_it_was_asked(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> RiskResult:
        msg = "Too few incidents for a risk terrain. Choose a longer window."
        raise BadInputError(msg)

    monkeypatch.setattr(risk_answers, "risk_terrain", refused)
    work_out(page)
    assert page.session_state["risk_part"] == "setup"
    assert "Too few incidents for a risk terrain" in words_of(page)
    assert "Too few incidents" not in words_of(page.run())
    assert "Nothing has been worked out yet" in part(page, "factors")


def test_changed_boxes_are_said_to_be_not_what_is_shown(page: AppTest) -> None:
    work_out(page)
    assert "were changed since" not in words_of(page)
    page.selectbox(key="profile").select("robbery").run()
    assert not page.exception
    assert "The choices above were changed since this was worked out" in words_of(page)


def test_the_answer_hangs_on_data_request_and_files(
    saltmere_store: IncidentStore, saltmere_risk: RiskResult
) -> None:
    one = FactorFile("a.csv", "1", content=b"x")
    asked = Asked(saltmere_risk.request, ChosenFactors((one,), ()))
    others = [
        replace(asked, request=replace(asked.request, protective=True)),
        replace(asked, factors=ChosenFactors((replace(one, digest="2"),), ())),
        replace(asked, factors=ChosenFactors((one,), ("shop",))),
    ]
    keys = {one.key(saltmere_store) for one in (asked, *others)}
    assert len(keys) == 4


def test_files_are_laid_out_for_a_moment_each_under_its_own_name() -> None:
    same = [FactorFile("a.csv", "1", content=b"1"), FactorFile("a.csv", "2", content=b"2")]
    with laid_out(same) as paths:
        assert [path.read_bytes() for path in paths] == [b"1", b"2"]
        assert {path.name for path in paths} == {"a.csv"}
    assert not any(path.exists() for path in paths)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_what_it_may(on_saltmere: str, by_oidc: Kept, role: Role) -> None:
    assert on_saltmere
    page = AppTest.from_function(run_risk_terrain_page, default_timeout=60)
    page.user = claims(role.value)
    page.run()
    assert not page.exception
    if Action.SEE_RISK_TERRAIN in MAY[role]:
        assert page.button(key="risk_ask")
        assert any(facts.get("item") == "risk terrain setup" for facts in by_oidc.facts)
    else:
        assert "may not see the Risk terrain page" in words_of(page)
        assert not page.button


def test_who_is_not_signed_in_sees_nothing_of_it(on_saltmere: str, by_oidc: Kept) -> None:
    assert on_saltmere
    assert by_oidc is not None
    page = AppTest.from_function(run_risk_terrain_page, default_timeout=60).run()
    assert "Sign in" in words_of(page)
    assert not page.button


def test_somebody_chooses_what_the_lists_name_and_it_is_recorded(
    saltmere_store: IncidentStore,
    answering: Answering,
    saltmere_risk: RiskResult,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not answering.asked
    store = tmp_path / "store"
    shutil.copytree(saltmere_store.path, store)
    monkeypatch.setenv("HARMHEX_STORE", str(store))
    recorded: list[tuple[str, ...]] = []
    monkeypatch.setattr(access, "record", lambda *facts, **_: recorded.append(facts))
    page = AppTest.from_function(run_risk_terrain_page, default_timeout=60)
    page.session_state["resolution"] = 9
    work_out(page.run())
    assert "do not say yet what stands near" in part(page, "places")
    page.button(key="risk_keep").click().run()
    assert not page.exception
    assert "Kept. Lists worked out from now on" in words_of(page)
    assert [one.run_id for one in kept_risk(store)] == [saltmere_risk.run_id]
    page.button(key="risk_let_go").click().run()
    assert kept_risk(store) == ()
    assert recorded == [
        ("added", "risk_terrain", saltmere_risk.run_id),
        ("withdrawn", "risk_terrain", saltmere_risk.run_id),
    ]
