"""The Data and quality page: did every row arrive, and how far can the data be trusted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.profile import Tier
from layers.balance import balance_html, sources_html
from layers.palette import DISORDER, VIOLENCE_STEPS
from layers.wording import escaped
from spatial.incidents import quality
from spatial.window import day_words
from views import answers, frame

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from spatial.incidents.store import IncidentStore

_ROW_PX: Final = 30
_HEAD_PX: Final = 38
_MOST_ROWS: Final = 12
_FAMILIES: Final = {
    "serious_violence": ("Serious violence", VIOLENCE_STEPS[4]),
    "antisocial_behaviour": ("Antisocial behaviour", DISORDER),
    "other": ("Other", "#9AA3AD"),
}


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        store = answers.open_store()
        areas = ", ".join(answers.study_area_names(store)) or "No study area stored"
        frame.name_place(areas, answers.forces(store))
        st.html('<div class="hx-gap"></div>')
        st.html(balance_html(store.loads, data_from=store.data_from, through=store.data_through))
        left, middle, right = st.columns([1.15, 1, 1], gap="medium")
        with left:
            _months(store)
            _loads(store)
            _rejects(store)
            st.html(sources_html(store.loads))
        with middle:
            _completeness(store)
            _flags(store)
        with right:
            _codes(store)
            _miscodings(store)
            _pile_ups(store)


def _head(title: str, words: str) -> None:
    st.html(f'<h2 class="hx-h2">{escaped(title)}</h2><p class="hx-words">{escaped(words)}</p>')


def _months(store: IncidentStore) -> None:
    _head("Incidents by month", "A step or a gap is a change of recording until shown otherwise.")
    months = _table(store, quality.incidents_by_month)
    wide = months.pivot_table(
        index="month", columns="family", values="incidents", aggfunc="sum", fill_value=0
    )
    shown = [family for family in _FAMILIES if family in wide.columns]
    wide = wide[shown].rename(columns={family: _FAMILIES[family][0] for family in shown})
    st.bar_chart(
        wide,
        color=[_FAMILIES[family][1] for family in shown],
        y_label="Incidents",
        x_label="",
        height=290,
    )


def _loads(store: IncidentStore) -> None:
    _head("Loads", "Read is always stored, rejected and duplicates together.")
    table = _table(store, quality.balance)
    for column in ("data_from", "data_through"):
        table[column] = [_day(text) for text in table[column]]
    _grid(
        table[["read", "stored", "rejected", "duplicates", "data_from", "data_through", "load_id"]],
        key="loads",
        read=_whole("Read"),
        stored=_whole("Stored"),
        rejected=_whole("Rejected"),
        duplicates=_whole("Duplicates"),
        data_from="From",
        data_through="To",
        load_id="Load",
    )


def _rejects(store: IncidentStore) -> None:
    reasons = _table(store, quality.rejected_by_reason)
    if reasons.empty:
        _head("Rejected rows", "None: every row was stored or is a duplicate of a named row.")
        return
    _head("Rejected rows", "Each is kept with its file, row number and reason, to be mended.")
    _grid(
        reasons[["reason", "rows", "load_id"]],
        key="rejects",
        reason="Reason",
        rows=_whole("Rows"),
        load_id="Load",
    )
    with st.container(horizontal=True, key="rejected_files"):
        for load in store.loads:
            path = store.rejected_file(load.load_id)
            if path is not None:
                st.download_button(
                    f"Rejected rows of load {load.load_id} (CSV)",
                    path.read_bytes(),
                    file_name=f"rejected_{load.load_id}.csv",
                    mime="text/csv",
                    on_click="ignore",
                    key=f"rejected_{load.load_id}",
                )


def _completeness(store: IncidentStore) -> None:
    _head("Completeness", "Share of incidents with the field recorded; blank is unknown, not no.")
    table = _table(store, quality.completeness).assign(
        field=lambda rows: [_plain(field) for field in rows["field"]]
    )
    _grid(
        table[["field", "share", "recorded"]],
        key="completeness",
        field="Field",
        share=_share("Recorded"),
        recorded=_whole("Incidents"),
    )


def _flags(store: IncidentStore) -> None:
    _head(
        "Flags not recorded",
        "An incident whose needed flag is unknown is left out of a profile, and said so.",
    )
    table = _table(store, quality.unknown_flags)
    # serious violence first and only: nothing else is drawn by a flag
    grave = [tier for tier in Tier if tier not in {Tier.DISORDER, Tier.OTHER}]
    table = table.loc[(table["unknown"] > 0) & table["tier"].isin(grave)]
    order = {str(tier): place for place, tier in enumerate(grave)}
    table = table.sort_values("tier", key=lambda tiers: tiers.map(order), kind="stable")
    _grid(
        table.assign(
            tier=[_plain(tier) for tier in table["tier"]],
            flag=[_plain(flag) for flag in table["flag"]],
        )[["tier", "flag", "share", "unknown"]],
        key="flags",
        tier="Tier",
        flag="Flag",
        share=_share("Unknown"),
        unknown=_whole("Incidents"),
    )


def _codes(store: IncidentStore) -> None:
    unknown = _table(store, quality.unknown_codes)
    _head(
        "Codes in no list",
        "A mistyped code can hide a stabbing. Where a class is given, it decides the tier."
        if len(unknown)
        else "None: every offence code is known.",
    )
    if len(unknown):
        _grid(
            unknown, key="unknown_codes", ho_code="Home Office code", prc_code="Class",
            incidents=_whole("Incidents"),
        )  # fmt: skip
    bare = _table(store, quality.codes_without_weight)
    _head(
        "Codes without a harm weight",
        "They count as incidents and add no harm, which is not the same as no harm."
        if len(bare)
        else "None: every offence has a weight.",
    )
    if len(bare):
        _grid(
            bare[["ho_code", "title", "incidents"]], key="bare_codes", ho_code="Code",
            title="Offence", incidents=_whole("Incidents"),
        )  # fmt: skip


def _miscodings(store: IncidentStore) -> None:
    table = _table(store, quality.miscodings)
    found = table[table["incidents"] > 0]
    _head(
        "Records that contradict themselves",
        "Questions to ask of the records, each with a row to look at; not always errors."
        if len(found)
        else "None of those looked for.",
    )
    if len(found):
        _grid(
            found[["miscoding", "incidents", "example"]], key="miscodings", miscoding="What",
            incidents=_whole("Incidents"), example="For example",
        )  # fmt: skip


def _pile_ups(store: IncidentStore) -> None:
    _head(
        "Pile-ups on one point",
        "A police station or hospital here is a geocoder's default, not a hot spot.",
    )
    table = _table(store, quality.pile_ups)
    _grid(
        table[["longitude", "latitude", "incidents", "share"]],
        key="pile_ups",
        longitude=st.column_config.NumberColumn("Longitude", format="%.5f"),
        latitude=st.column_config.NumberColumn("Latitude", format="%.5f"),
        incidents=_whole("Incidents"),
        share=_share("Of all"),
    )


@st.cache_data(show_spinner=False, max_entries=32)
def _kept(key: str, name: str, *, _store: IncidentStore) -> pd.DataFrame:
    del key  # part of the key only
    table: pd.DataFrame = getattr(quality, name)(_store)
    return table


def _table(store: IncidentStore, made_by: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Return a quality table, made once for as long as the store stays the same."""
    loads = " ".join(load.load_id for load in store.loads)
    return _kept(f"{store.path} {store.fingerprint} {loads}", made_by.__name__, _store=store)


def _grid(table: pd.DataFrame, *, key: str, **columns: Any) -> None:  # noqa: ANN401 (Streamlit's own column types)
    shown = table.assign(share=table["share"] * 100) if "share" in table else table
    st.dataframe(
        shown,
        hide_index=True,
        column_config=columns,
        row_height=_ROW_PX,
        height=min(len(table), _MOST_ROWS) * _ROW_PX + _HEAD_PX,
        key=key,
    )


def _whole(title: str) -> Any:  # noqa: ANN401 (Streamlit's own column type)
    return st.column_config.NumberColumn(title, format="localized")


def _share(title: str) -> Any:  # noqa: ANN401 (Streamlit's own column type)
    return st.column_config.ProgressColumn(title, format="%.1f%%", min_value=0, max_value=100)


def _day(text: str) -> str:
    return day_words(dt.date.fromisoformat(text)) if text else ""


def _plain(word: str) -> str:
    return word.replace("_", " ").capitalize()
