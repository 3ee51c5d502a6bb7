"""An adopted list read back from its archived files: the numbers as they were written then."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely

from config.errors import BadInputError
from config.profile import profile_title
from layers import wording
from layers.areas import area_rows, area_under_layer, circle_layers, outline_layers
from layers.context import ground_layers, label_layers
from layers.deck import CompactDeck, first_view
from layers.rows import rows_html
from layers.wording import RANKED_WORDS, escaped
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pydeck as pdk

    from layers.context import Context

AREAS: Final = "targets.geojson"
MANIFEST: Final = "manifest.json"
BESIDE: Final = "beside.json"
"""What stood beside the list when it was decided on: no output of the run, so kept apart."""
EARLIER: Final = "earlier_lists"
"""Its key for what lists chosen the same way went on to hold."""
_HEAD: Final = (
    "Rank", "Place", "Grid reference", "Incidents", "Harm, days", "Expected harm, days",
    "Share of the harm", "When", "Why",
)  # fmt: skip
_EDGE: Final = 0.004
"""Degrees of ground round the places: some 400 m."""
_PANES: Final = {"wall": (1000, 430), "laptop": (700, 430)}
_MEASURES: Final = {measure.value: words for measure, words in RANKED_WORDS.items()}


@dataclass(frozen=True, slots=True, eq=False)
class ArchivedList:
    """A list as its files say it.

    Attributes
    ----------
    run_id, version
        Of the analysis, and of the software that made it.
    areas
        ``TARGET_COLUMNS`` as far as that version wrote them, and ``geometry`` (EPSG:4326), by rank.
    manifest
        What the folder's manifest says.
    earlier
        What lists chosen the same way had gone on to hold, as the meeting read it; empty where that
        was not kept.
    """

    run_id: str
    version: str
    areas: pd.DataFrame
    manifest: Mapping[str, Any]
    earlier: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """Every automatic choice that was made on the way, as it was said then."""
        return tuple(str(note) for note in self.manifest.get("notes") or ())


def read_archived(files: Mapping[str, bytes], *, called: str) -> ArchivedList:
    """Read a list back from its files by name.

    Raises
    ------
    BadInputError
        A file is missing or cannot be read, or the two are of different runs.
    """
    for name in (AREAS, MANIFEST):
        if name not in files:
            msg = f"{called}: {name} is not in the archive. Restore it from a backup."
            raise BadInputError(msg)
    try:
        manifest = json.loads(files[MANIFEST])
        features = json.loads(files[AREAS])["features"]
        rows = [
            {**one["properties"], "geometry": shapely.geometry.shape(one["geometry"])}
            for one in features
        ]
        found = str(manifest["run_id"])
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        msg = f"{called}: the archived files cannot be read. Restore them from a backup."
        raise BadInputError(msg) from error
    areas = pd.DataFrame(rows)
    if not areas.empty:
        areas = areas.sort_values("rank", ignore_index=True)
        if set(areas["run_id"]) != {found}:
            msg = f"{called}: its list and its manifest are of different runs. Restore them."
            raise BadInputError(msg)
    version = str(manifest.get("version") or "")
    return ArchivedList(found, version, areas, manifest, _earlier(files.get(BESIDE), found))


def beside_name(run_id: str) -> str:
    """Return the archive's name for what stood beside a run."""
    return f"{run_id}-beside"


def _earlier(content: bytes | None, run_id: str) -> str:
    if content is None:
        return ""
    try:
        said = json.loads(content)
        return str(said[EARLIER]) if said["run_id"] == run_id else ""
    except (ValueError, KeyError, TypeError):
        return ""


def basis_html(archived: ArchivedList) -> str:
    """Return what the list rests on: profile, window, measure, shares in and out of sample."""
    said = archived.manifest
    window = said.get("window") or ()
    facts = [
        ("Run", wording.run_words(archived.run_id)),
        ("Profile", profile_title(str(said.get("profile") or ""))),
        ("Study area", str(said.get("study_area") or "")),
        ("Window", _window(window)),
        ("Data up to", _day(said.get("data_through"))),
        ("Ranked by", _MEASURES.get(str(said.get("ranked_by")), str(said.get("ranked_by") or ""))),
        ("On the same data", _in_sample(said.get("in_sample") or {})),
        ("The year before", str(said.get("out_of_sample") or "")),
        ("Earlier lists", archived.earlier),
        ("Patrol", str(said.get("dose") or "")),
        ("Made with", f"Harmhex {archived.version}" if archived.version else ""),
    ]
    told = "".join(f"<dt>{escaped(k)}</dt><dd>{escaped(v)}</dd>" for k, v in facts if v)
    return f'<dl class="hx-facts">{told}</dl>'


def places_html(archived: ArchivedList) -> str:
    """Return the places as a table, with the numbers of the file."""
    rows = [
        (
            str(row["rank"]),
            str(row["name"]),
            str(row.get("grid_ref") or ""),
            _number(row.get("incidents")),
            _number(row.get("harm_days")),
            _number(row.get("expected_harm")),
            _share(row.get("harm_share")),
            str(row.get("peak_windows") or ""),
            str(row.get("why") or ""),
        )
        for row in archived.areas.to_dict("records")
    ]
    return rows_html(_HEAD, rows)


def archived_deck(archived: ArchivedList, context: Context, *, screen: str) -> pdk.Deck:
    """Draw the places of the list over the ground of today."""
    rows = area_rows(archived.areas)
    around = shapely.box(*shapely.total_bounds(list(archived.areas["geometry"]))).buffer(_EDGE)
    drawn = [
        *ground_layers(context),
        area_under_layer(rows),
        *outline_layers(rows, selected=None),
        *label_layers(context),
        *circle_layers(rows, selected=None),
    ]
    return CompactDeck(
        # nested, so that Streamlit leaves every layer as it is: see layers.deck
        layers=[drawn],
        initial_view_state=first_view(around, pane=_PANES[screen]),
        map_provider=None,
        tooltip={"text": "{tip}"},
    )


def _window(window: Sequence[Any]) -> str:
    try:
        first, last = (pd.Timestamp(str(day)).date() for day in window)
    except ValueError:
        return ""
    return Window(first, last).words


def _day(text: object) -> str:
    return day_words(pd.Timestamp(str(text)).date()) if text else ""


def _in_sample(shares: Mapping[str, Any]) -> str:
    harm, area = shares.get("harm_share"), shares.get("area_share")
    if area is None:
        return ""
    held = f"{_share(harm)} of the harm" if harm is not None else ""
    held = held or f"{_share(shares.get('incidents_share'))} of the incidents"
    return f"{held} in {_share(area)} of the cells; this flatters the places, chosen on it"


def _number(value: object) -> str:
    return "" if _absent(value) else wording.number(float(str(value)))


def _share(value: object) -> str:
    return "" if _absent(value) else wording.percent(float(str(value)))


def _absent(value: object) -> bool:
    return value is None or value != value  # noqa: PLR0124 (a number that is none)
