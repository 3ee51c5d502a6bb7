"""The parts of a backtest: the answer, every ranking, list by list, places, patrols, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.profile import Family
from layers.accuracy.charts import capture_chart, origin_chart
from layers.accuracy.map import certainty_deck, certainty_legend
from layers.accuracy.rows import (
    MEANINGS,
    lengths_of,
    origin_rows,
    paired_rows,
    place_rows,
    ranking_rows,
    short_rows,
    way_rows,
    yardstick_of,
)
from layers.accuracy.words import patrolled_words, staying_words
from layers.backtest_files import REPORT_FILE, RESULT_FILE, TABLE_FILES, backtest_files
from layers.rows import rows_html
from layers.wording import escaped
from views import access, answers, finding, screen

if TYPE_CHECKING:
    from layers.accuracy.rows import Rows
    from spatial.backtest_results import BacktestResult
    from spatial.incidents.store import IncidentStore

PARTS: Final = {
    "answer": "Answer",
    "rankings": "Every ranking",
    "time": "List by list",
    "places": "How sure",
    "patrols": "Where patrols went",
    "files": "Files",
}
_PART: Final = "accuracy_part"
_LENGTH: Final = "accuracy_length"
_RESOLUTION: Final = "accuracy_resolution"
_MOST_SECURE: Final = 400
_CHART_PX: Final = 330
_OFFERED: Final = (
    (REPORT_FILE, "Report", "text/html", "One page to read or print"),
    (RESULT_FILE, "Result (JSON)", "application/json", "As harmhex backtest writes it"),
    (TABLE_FILES["scores"], "Scores (CSV)", "text/csv", "Every ranking at every length of list"),
    (TABLE_FILES["paired"], "Differences (CSV)", "text/csv", "With their ranges"),
    (TABLE_FILES["by_origin"], "List by list (CSV)", "text/csv", "What each list held"),
    (TABLE_FILES["origins"], "Dates (CSV)", "text/csv", "When lists were chosen and scored"),
    (TABLE_FILES["stability"], "Steadiness (CSV)", "text/csv", "How much of each list stays"),
    (TABLE_FILES["certain_places"], "Places (CSV)", "text/csv", "The list made now"),
    (TABLE_FILES["staying"], "What stayed (CSV)", "text/csv", "What became of earlier places"),
)


def choose() -> str:
    """Ask which part is looked at."""
    if st.session_state.get(_PART) not in PARTS:
        st.session_state[_PART] = next(iter(PARTS))
    return str(
        st.radio(
            "Part",
            list(PARTS),
            format_func=PARTS.__getitem__,
            key=_PART,
            label_visibility="collapsed",
        )
    )


def draw(store: IncidentStore, result: BacktestResult, part: str) -> None:
    """Draw one part of a result."""
    if part == "answer":
        _answer(result)
    elif part == "rankings":
        _rankings(result)
    elif part == "time":
        _time(result)
    elif part == "places":
        _places(store, result)
    elif part == "patrols":
        st.html(f'<p class="hx-words hx-wide">{escaped(patrolled_words(result))}</p>')
        _table(short_rows(result, resolution=_first(result), length=yardstick_of(result)))
    else:
        _files(result)


def _answer(result: BacktestResult) -> None:
    resolution, length = _asked(result)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        finding.chart(
            capture_chart(result, resolution=resolution, length=length),
            key=f"accuracy_capture_{resolution}_{length}",
            alt="What each ranking held of what came next, with its range. The table beside says "
            "the same.",
        )
    with right:
        _head("What each ranking held", "scores", result)
        _table(short_rows(result, resolution=resolution, length=length))


def _rankings(result: BacktestResult) -> None:
    resolution, length = _asked(result)
    _head("Every ranking, best first", "scores", result)
    _table(ranking_rows(result, resolution=resolution, length=length))
    st.html(
        '<p class="hx-words">* can rank your list. Points are per cent of all; in brackets, the '
        "95% range.</p>"
    )
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _head("Against each of the others", "paired", result)
        _table(paired_rows(result, resolution=resolution, length=length))
    with right:
        st.html('<h3 class="hx-h3">What the columns mean</h3>')
        _table((("Column", "Meaning"), [*MEANINGS]))
    with st.expander("How each ranking chooses"):
        _table(way_rows(result))


def _time(result: BacktestResult) -> None:
    resolution, length = _asked(result)
    finding.chart(
        origin_chart(result, resolution=resolution, length=length),
        key=f"accuracy_time_{resolution}_{length}",
        height=_CHART_PX,
        alt="What the lists held one after the other. The table below says the same.",
    )
    _head("What each list held", "by_origin", result)
    _table(origin_rows(result, resolution=resolution, length=length))


def _places(store: IncidentStore, result: BacktestResult) -> None:
    resolution = _resolution(result)
    places = result.certain_places
    places = places[places["resolution"] == resolution]
    if places.empty:
        st.html('<p class="hx-absent">Nothing can be expected of any place: too little is known.')
        return
    disorder = result.profile.family is Family.ANTISOCIAL_BEHAVIOUR
    stays = result.staying[result.staying["resolution"] == resolution]
    lines = "".join(f"<li>{escaped(one)}</li>" for one in staying_words(stays))
    left, right = st.columns([1.1, 1], gap="small")
    with left, st.container(key="analysis_map_pane"):
        st.pydeck_chart(
            certainty_deck(
                result, places, answers.ground(store), screen=screen.screen(), disorder=disorder
            ),
            height="stretch",
            key="analysis_map",
            alt="Map of the places that are certainly on the list, those that might be, and near "
            "misses. The table beside lists them.",
        )
        st.html(certainty_legend(places, disorder=disorder))
    with right:
        _head("The list made now, cell by cell", "certain_places", result)
        with st.container(key="accuracy_places", height=_MOST_SECURE, border=False):
            _table(place_rows(places, weighs_harm=result.weighs_harm))
        st.html(f'<div class="hx-notes"><ul>{lines}</ul></div>')


def _files(result: BacktestResult) -> None:
    held = files_of(result.run_id, _result=result)
    st.html(
        '<p class="hx-words">The same as harmhex backtest writes: run id, date of the data and '
        "marking are in each.</p>"
    )
    with st.container(key="accuracy_files", horizontal=True):
        access.download_each(
            _OFFERED, held, stem=f"harmhex_accuracy_{result.run_id}", run_id=result.run_id
        )


def _asked(result: BacktestResult) -> tuple[int, int]:
    """Ask at which resolution and length of list, where there are several."""
    with st.container(key="answer_controls", horizontal=True, vertical_alignment="center"):
        resolution = _resolution(result)
        words = list(lengths_of(result).values())
        state = st.session_state
        if state.get(_LENGTH) not in range(len(words)):
            state[_LENGTH] = yardstick_of(result)
        length = st.segmented_control(
            "In the first",
            range(len(words)),
            format_func=words.__getitem__,
            required=True,
            key=_LENGTH,
        )
    return resolution, yardstick_of(result) if length is None else int(length)


def _resolution(result: BacktestResult) -> int:
    offered = result.request.resolutions
    if len(offered) == 1:
        return offered[0]
    if st.session_state.get(_RESOLUTION) not in offered:
        st.session_state[_RESOLUTION] = offered[0]
    words = {8: "Wide", 9: "Middle", 10: "Fine"}
    chosen = st.segmented_control(
        "Cells", offered, format_func=words.__getitem__, required=True, key=_RESOLUTION
    )
    return offered[0] if chosen is None else int(chosen)


def _first(result: BacktestResult) -> int:
    return result.request.resolutions[0]


def _head(title: str, table: str, result: BacktestResult) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"accuracy_{table}_head"):
        st.html(f'<h3 class="hx-h3">{escaped(title)}</h3>')
        name = TABLE_FILES[table]
        access.download(
            "CSV",
            files_of(result.run_id, _result=result)[name],
            file_name=f"harmhex_accuracy_{result.run_id}_{name}",
            mime="text/csv",
            run_id=result.run_id,
            help="This table with every column, every length of list and the run id",
            key=f"accuracy_{table}_csv",
        )


def _table(rows: Rows) -> None:
    st.html(rows_html(*rows))


@st.cache_data(show_spinner=False, max_entries=12)
def files_of(run_id: str, *, _result: BacktestResult) -> dict[str, bytes]:
    """Return the files of a backtest, as ``harmhex backtest`` writes them."""
    del run_id  # part of the key only
    return backtest_files(_result)
