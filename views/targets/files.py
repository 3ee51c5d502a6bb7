"""Adopting a list and carrying it away: every format, a set for partners, the period return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.force_file import settings_key
from config.period_return import load_return_layout
from layers.formats.zipped import zipped
from layers.marking import OUTSIDE_HANDLING, marking_in_force
from layers.targets.files import FORMATS, target_files
from layers.targets.partner_files import partner_files
from layers.targets.period_return import period_return, period_return_csv
from layers.wording import counted, escaped
from register import visits
from spatial.outcomes import outcomes_at
from spatial.window import Window, day_words
from views import access, answers, frame, records, waiting
from views.targets import adoption, printing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd

    from spatial.incidents.store import IncidentStore
    from spatial.results import TargetRequest, TargetResult
    from spatial.targets.schedule.plan import Plan
    from views.in_force import InForce

_WRITTEN: Final = "list_written"
_RETURN: Final = "return_made"
TITLES: Final = {
    "targets.csv": "CSV",
    "targets.geojson": "GeoJSON",
    "targets.kml": "KML",
    "targets.gpx": "GPX",
    "targets.gpkg": "GeoPackage",
    "targets.parquet": "GeoParquet",
    "targets_shapefile.zip": "Shapefile",
    "targets_mapinfo.zip": "MapInfo TAB",
}
_MIMES: Final = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".gpx": "application/gpx+xml",
    ".zip": "application/zip",
}


def files_part(
    store: IncidentStore,
    request: TargetRequest,
    held: InForce,
    result: TargetResult,
    plan: Plan | None,
) -> None:
    """Offer to adopt the list and to carry it away, to who may."""
    if result.areas.empty:
        st.html('<p class="hx-absent">The list holds no place.</p>')
        return
    left, right = st.columns([1, 1.4], gap="medium")
    with left, frame.plain_errors():
        _adopt(store, result, held, plan)
    with right:
        if access.may(Action.EXPORT):
            with frame.plain_errors():
                _files(store, request, result, plan)
            with frame.plain_errors():
                _return(store, request, held, result)
        else:
            st.html('<p class="hx-absent">Who may take files away finds them here.</p>')


def _adopt(store: IncidentStore, result: TargetResult, held: InForce, plan: Plan | None) -> None:
    st.html('<h2 class="hx-h2">Adopt</h2>')
    if held.adopted is not None:
        st.html(
            f'<p class="hx-words">The last list: {day_words(held.adopted.first_date)} to '
            f"{day_words(held.adopted.last_date)}, {escaped(held.adopted.created_by)}.</p>"
        )
    if not access.may(Action.ADOPT):
        st.html('<p class="hx-absent">Whoever leads the tasking meeting adopts the list.</p>')
        return
    said = (
        "with the schedule made for it"
        if plan is not None
        else "without a schedule: visits will be counted, and held against no plan"
    )
    st.html(
        f'<p class="hx-words">{counted(len(result.areas), "place")}, {said}. The next list is '
        "compared with it, and its places keep their ids.</p>"
    )
    adoption.panel(store, result, schedule=plan)


def _files(
    store: IncidentStore, request: TargetRequest, result: TargetResult, plan: Plan | None
) -> None:
    st.html(
        '<h2 class="hx-h2">Files</h2><p class="hx-words">Every name begins with the marking, and '
        "what is taken away is recorded. docs/files.md says what each can hold.</p>"
    )
    if st.session_state.get(_WRITTEN) != result.run_id:
        if not st.button("Write the files", key="files_write"):
            return
        st.session_state[_WRITTEN] = result.run_id
    files, partners = written(store, request, result)
    with st.container(horizontal=True, key="list_files"):
        single_files(result, files, titles=TITLES)
    with st.container(horizontal=True, key="list_sets"):
        sets(result, files, partners)
    with frame.plain_errors():
        printing.printing_part(store, result, files, plan)


def single_files(
    result: TargetResult, files: Mapping[str, bytes], *, titles: Mapping[str, str]
) -> None:
    """Offer files of a list one by one, by their title."""
    stem = _stem(result)
    for name, title in titles.items():
        if name in files:
            ending = name[name.rindex(".") :]
            access.download(
                title,
                files[name],
                file_name=f"harmhex_{name.removesuffix(ending)}_{stem}{ending}",
                mime=_MIMES.get(ending, "application/octet-stream"),
                run_id=result.run_id,
                key=f"file_{name}",
            )


def sets(result: TargetResult, files: Mapping[str, bytes], partners: Mapping[str, bytes]) -> None:
    """Offer all files of a list in one, and the set for partners."""
    stem = _stem(result)
    access.download(
        "Everything, with tables and manifest",
        zipped(files, comment=marking_in_force().line),
        file_name=f"harmhex_targets_{stem}.zip",
        mime="application/zip",
        run_id=result.run_id,
        key="file_all",
    )
    access.download(
        "For partners: small counts kept back",
        zipped(partners, comment=f"{marking_in_force().marking}. {OUTSIDE_HANDLING}"),
        file_name=f"harmhex_partners_{stem}.zip",
        mime="application/zip",
        run_id=result.run_id,
        help="Where, the rank and the number of incidents alone; counts under the least shown "
        "are kept back, and others with them",
        key="file_partners",
    )


def _stem(result: TargetResult) -> str:
    return f"{result.profile.name}_{result.window.last.isoformat()}"


def _return(
    store: IncidentStore, request: TargetRequest, held: InForce, result: TargetResult
) -> None:
    st.html(
        '<h3 class="hx-h3">Period return</h3><p class="hx-words">Hours, visits, places and '
        "outcomes by period, for whoever funds the patrols; under the headings of "
        "config/period_return.toml.</p>"
    )
    first = held.adopted.first_date if held.adopted else result.window.first
    last = held.adopted.last_date if held.adopted else result.window.last
    with st.container(horizontal=True, vertical_alignment="bottom", key="return_form"):
        dates = st.date_input("From and to", (first, last), format="DD/MM/YYYY", key="return_dates")
        if st.button("Make the return", key="return_make"):
            st.session_state[_RETURN] = (result.run_id, dates)
        made = st.session_state.get(_RETURN)
        if made is None or made[0] != result.run_id or made[1] != dates:
            return
        content = _period_return(store, request, held, result, dates)
        access.download(
            "CSV",
            content,
            file_name=f"harmhex_return_{dates[0].isoformat()}_{dates[1].isoformat()}.csv",
            mime="text/csv",
            run_id=result.run_id,
            key="file_return",
        )


def _period_return(
    store: IncidentStore,
    request: TargetRequest,
    held: InForce,
    result: TargetResult,
    dates: tuple[dt.date, ...],
) -> bytes:
    if len(dates) != 2:  # noqa: PLR2004 (a first and a last day)
        msg = "Choose the first and the last day of the return."
        raise BadInputError(msg)
    window = Window(dates[0], dates[1])
    layout = load_return_layout()
    # what was patrolled is the adopted list's; without one, this list's
    areas: pd.DataFrame = result.areas if held.previous is None else held.previous.listed
    wanted = [column.of for column in layout.columns if column.kind in {"incidents", "harm"}]
    with records.register().reading() as session:
        table = visits.table(session)
    happened = outcomes_at(
        store,
        wanted,
        cells=" ".join(areas["cells"]).split(),
        window=window,
        study_area=request.study_area,
        resolution=result.resolution,
        weights=request.weights,
    )
    made = period_return(
        table, areas, happened, window=window, data_through=store.data_through, layout=layout
    )
    return period_return_csv(made)


def written(
    store: IncidentStore, request: TargetRequest, result: TargetResult
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return every file of a list, and the set for partners, written once."""
    return waiting.answer(
        f"files {answers.state_of(store)} {settings_key()} {result.run_id} {len(result.notes)}",
        lambda _: (
            target_files(result, request=request, formats=FORMATS),
            partner_files(result),
        ),
        doing="Writing the files",
    )
