"""What a risk terrain is asked: layers and kinds of places, distances, and the button that asks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError
from config.risk_terrain import load_risk_rules
from layers.wording import counted, escaped
from spatial.risk_exposure import AS_THEY_ARE, RESIDENTS
from spatial.risk_terrain.operationalisation import Kind, block_distances
from views import frame, waiting
from views.risk_terrain.answers import Asked
from views.risk_terrain.factors import choose_factors, kinds_html, kinds_in

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.risk_results import RiskRequest

RUN: Final = "risk_run"
SAID: Final = "risk_said"
_WAYS: Final = {Kind.PROXIMITY: "near one", Kind.DENSITY: "among many"}
_MOST_RESAMPLES: Final = 200
# whether residents are known, and which is chosen
_EXPOSURE_SAID: Final = {
    (True, RESIDENTS): "Per resident, because this store knows where people live: otherwise "
    "whatever stands where they live looks risky. Residents are not who is there by night, so a "
    "town centre still does.",
    (True, AS_THEY_ARE): "As they are, post boxes and estate agents look risky too, for they stand "
    "where people are. Per resident is the safer choice.",
    (False, AS_THEY_ARE): "This store does not know where people live, so whatever stands where "
    "they are looks risky. Load a population layer to take incidents per resident.",
}


def set_up(store: IncidentStore, request: RiskRequest) -> None:
    """Draw the form, and work out what it asks once the button is clicked."""
    left, right = st.columns(2, gap="large")
    asked: Asked | None = None
    with left, frame.plain_errors():
        st.html('<h2 class="hx-h2">Which places may matter</h2>')
        chosen = choose_factors(store)
        if not chosen.files:
            st.html('<p class="hx-absent">Choose a layer of the store, or give a file.</p>')
        else:
            found = kinds_in(
                store, chosen, study_area=request.study_area, resolution=request.resolution
            )
            kinds = _kinds({factor.kind: len(factor) for factor in found.factors})
            frame.put(kinds_html(found))
            asked = Asked(dataclasses.replace(request, kinds=kinds), chosen)
            number = len(kinds) or min(len(found.factors), load_risk_rules().factors.most_factors)
    with right, frame.plain_errors():
        st.html('<h2 class="hx-h2">How they are looked at</h2>')
        options = _options(store, request)
        if asked is None:
            return
        if not number:
            frame.say("None of these kinds of places can be tried.", kind="plain")
            return
        asked = dataclasses.replace(asked, request=dataclasses.replace(asked.request, **options))
        tried = number * len(options["distances_m"]) * len(options["operationalisations"])
        st.html(
            f'<p class="hx-words">{escaped(counted(number, "kind"))} of places in '
            f"{escaped(counted(tried, 'way'))} to count. It may take minutes, and can be "
            "cancelled.</p>"
        )
        _ask(store, asked)


def _kinds(there: dict[str, int]) -> tuple[str, ...]:
    """Ask which kinds are tried; none for all."""
    rules, state = load_risk_rules(), st.session_state
    state["risk_kinds"] = [kind for kind in state.get("risk_kinds", ()) if kind in there]
    most = rules.factors.most_factors
    ordered = sorted(there, key=lambda kind: (-there[kind], kind))
    chosen: list[str] = st.multiselect(
        "Kinds of places",
        ordered,
        format_func=lambda kind: f"{rules.words_of(kind)[1].capitalize()} ({there[kind]:,})",
        key="risk_kinds",
        placeholder=f"All {len(there):,}" if len(there) <= most else f"The {most} commonest",
        help="The more kinds are tried, the more are found by luck. Choose those that somebody "
        "could do something about.",
    )
    return tuple(sorted(chosen))


def _options(store: IncidentStore, request: RiskRequest) -> dict[str, object]:
    state, rules = st.session_state, load_risk_rules()
    usual = block_distances(
        rules.distances.block_m[request.resolution],
        blocks=rules.distances.blocks,
        half_steps=rules.distances.half_steps,
    )
    text = st.text_input(
        "Distances, metres",
        key="risk_distances",
        placeholder=", ".join(f"{metres:g}" for metres in usual),
        help="Parted by commas. Empty for those in grey, which fit these cells.",
    )
    state.setdefault("risk_ways", list(_WAYS))
    ways = st.pills(
        "A cell counts when it is",
        list(_WAYS),
        format_func=_WAYS.__getitem__,
        selection_mode="multi",
        key="risk_ways",
    )
    known = "population" in store.context_layers()
    residents = [*([RESIDENTS] if known else []), AS_THEY_ARE]
    if state.get("risk_exposure") not in residents:
        state["risk_exposure"] = residents[0]
    exposure = st.selectbox(
        "Incidents are taken",
        residents,
        format_func={RESIDENTS: "per resident", AS_THEY_ARE: "as they are"}.__getitem__,
        key="risk_exposure",
    )
    st.html(f'<p class="hx-words">{escaped(_EXPOSURE_SAID[known, str(exposure)])}</p>')
    state.setdefault("risk_resamples", rules.stability.resamples)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        redraws = st.number_input(
            "Redraws of the ground",
            step=10,
            key="risk_resamples",
            help="How often the choice is made again, to see whether it stands. 0 for none: "
            "quicker, and nothing then says what is steady.",
        )
        protective = st.checkbox("Places may lower risk too", key="risk_protective")
    redraws = int(redraws or 0)
    if not 0 <= redraws <= _MOST_RESAMPLES:
        msg = f"{redraws:,} redraws cannot be made here. Ask for 0 to {_MOST_RESAMPLES}."
        raise BadInputError(msg)
    if not ways:
        msg = "Choose at least one of near one and among many."
        raise BadInputError(msg)
    return {
        "distances_m": _metres(text) or usual,
        "operationalisations": tuple(way.value for way in Kind if way in ways),
        "exposure": exposure,
        "resamples": redraws,
        "protective": bool(protective),
    }


def _metres(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(word) for word in text.replace(";", ",").split(",") if word.strip())
    except ValueError as error:
        msg = f"The distances {text!r} cannot be read. Write metres, parted by commas: 100, 200."
        raise BadInputError(msg) from error
    return tuple(sorted(set(found)))


def _ask(store: IncidentStore, asked: Asked) -> None:
    """Offer the button, which turns to the answer; why the last one could not be had is said."""
    state = st.session_state
    if said := state.pop(SAID, ""):
        frame.say(said)
    if not st.button("Work out the risk terrain", type="primary", key="risk_ask"):
        return
    key = asked.key(store)
    waiting.again(key)
    state[RUN] = (key, asked)
    state["risk_part_next"] = "factors"
    st.rerun()
