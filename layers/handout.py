"""The hand-out: one map file for partners that opens offline, small counts kept back.

A folium map whose Leaflet comes from an installed package and stands in the file itself; a content
policy in its head forbids the browser to fetch anything at all.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import folium
import numpy as np
import shapely
from branca.element import Element, Figure

from config.errors import BadInputError
from layers import palette
from layers.formats.values import clean_text
from layers.marking import OUTSIDE_HANDLING, marking_in_force
from layers.print.ground import read_ground
from layers.suppression import suppress_table
from layers.targets.partner_files import PARTNER_COLUMNS
from layers.wording import PRODUCT, counted, escaped, run_words
from spatial.notes import texts
from spatial.projection import metric_system_at
from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from layers.print.folder import TargetsFolder
    from layers.print.ground import Ground
    from spatial.incidents.store import IncidentStore

_LEAFLET: Final = ("XStatic-Leaflet", "xstatic/pkg/leaflet/data")
_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
)
# metres about the places of which the ground is drawn, and to which it is simplified
_ABOUT_M: Final = 700.0
_SIMPLE_M: Final = 2.0
_DECIMALS: Final = 6
_WIDTHS: Final = {"path": 1.0, "local": 2.5, "minor": 4.0, "major": 6.0, "rail": 1.5}
_COUNT: Final = "incidents"
_STYLE: Final = f"""
html,body{{height:auto!important;font:16px/1.45 'DejaVu Sans',Arial,Helvetica,sans-serif;
color:{palette.INK};background:#FFF}}
.hx-mark{{text-align:center;font-weight:700;letter-spacing:.06em;padding:.4rem}}
.hx-page{{max-width:64rem;margin:0 auto;padding:0 1rem 1rem}}h1{{font-size:1.5rem;margin:.2rem 0}}
.folium-map{{background:{palette.LAND}}}
.leaflet-tooltip.hx-rank{{background:#FFF;border:2px solid {palette.INK};border-radius:50%;
font-weight:700;font-size:14px;padding:1px 5px;min-width:14px;text-align:center;color:{palette.INK};
pointer-events:none}}.hx-rank:before{{display:none}}
table{{border-collapse:collapse;width:100%}}th,td{{text-align:left;padding:.25rem .6rem .25rem 0;
border-bottom:1px solid #C4C7CE;vertical-align:top}}.hx-number{{text-align:right}}
"""


def handout_html(
    folder: TargetsFolder, store: IncidentStore, *, fewest: int | None = None
) -> bytes:
    """Write a list as one HTML file for partners: a map without tiles, and a table.

    Parameters
    ----------
    folder
        The list: see :func:`layers.print.folder.read_targets_folder`.
    store
        Its streets, sea and parks are the ground.
    fewest
        The least count shown, 0 apart; None for the setting ``fewest_shown``.

    Returns
    -------
    UTF-8; the same bytes for the same list and store.

    Raises
    ------
    BadInputError
        The package with Leaflet is not installed, or as
        :func:`layers.suppression.suppress_table`.

    Notes
    -----
    Only the columns of ``PARTNER_COLUMNS`` are read: no harm, reasons, hours or trends leave. A
    place is on the list because violence was recorded there: suppression hides numbers, not places.
    """
    areas = folder.patrol.areas
    columns = [column for column in PARTNER_COLUMNS if column in areas]
    table, found = suppress_table(areas.loc[:, [*columns, "geometry"]], count=_COUNT, fewest=fewest)
    script, style = (_leaflet(name) for name in ("leaflet.js", "leaflet.css"))
    figure, drawn = _figure(folder)
    _draw_ground(drawn, table, store)
    _draw_areas(drawn, table)
    drawn.fit_bounds(_bounds(table))
    figure.header.add_child(
        Element(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'), name="a_policy"
    )
    figure.header.add_child(Element("LEAFLET-HERE"), name="b_leaflet")
    figure.html.add_child(Element(_head(folder)), name="a_head", index=0)
    # the map's own part is written last, so what stands below it comes after
    foot = _foot(folder, table, tuple(texts(found.notes)))
    page = _renamed(figure).replace("</body>", f"{foot}</body>", 1)
    # a sheet of pictures that are not in the file would be looked for beside it
    plain = re.sub(r"url\([^)]*\)", "none", style)
    inside = f"<style>{plain}{_STYLE}</style><script>{script}</script>"
    page = page.replace("LEAFLET-HERE", inside, 1).replace("<html>", '<html lang="en-GB">', 1)
    return page.encode()


def _figure(folder: TargetsFolder) -> tuple[Figure, folium.Map]:
    figure = Figure(title=f"Patrol areas, {escaped(clean_text(folder.patrol.study_area_name))}")
    drawn = folium.Map(
        tiles=None, height="68vh", width="100%", position="relative", control_scale=True,
        attributionControl=False, prefer_canvas=False,
    )  # fmt: skip
    # everything folium would fetch: only Leaflet is needed, and it stands in the file
    drawn.default_js, drawn.default_css = [], []
    figure.add_child(drawn)
    return figure, drawn


def _draw_ground(drawn: folium.Map, table: pd.DataFrame, store: IncidentStore) -> None:
    first = table["geometry"].iloc[0].representative_point()
    system = metric_system_at(first.x, first.y)
    ground = read_ground(store.context_layers(), system=system)
    about = shapely.union_all([system.project(one) for one in table["geometry"]]).buffer(_ABOUT_M)
    for name, fill in (("parks", palette.PARK), ("sea", palette.SEA), ("water", palette.SEA)):
        _add(drawn, _shapes(ground, name, about), fill=fill)
    streets = ground.layer("streets")
    near = np.zeros(len(streets.shapes), dtype=bool)
    near[streets.tree.query(about, predicate="intersects")] = True
    for kind, width in _WIDTHS.items():
        chosen = streets.where(near & (streets.words["class"] == kind))
        lines = [
            (system.unproject(shape.simplify(_SIMPLE_M)), str(name))
            for shape, name in zip(chosen.shapes, chosen.words["name"], strict=True)
        ]
        colour = palette.RAIL if kind == "rail" else palette.ROAD_EDGE
        _add(drawn, lines, line=colour, width=width)


def _shapes(ground: Ground, name: str, about: BaseGeometry) -> list[tuple[BaseGeometry, str]]:
    layer = ground.layer(name, shapely.box(*about.bounds))
    return [(ground.system.unproject(one.simplify(_SIMPLE_M)), "") for one in layer.shapes]


def _add(
    drawn: folium.Map,
    shapes: list[tuple[BaseGeometry, str]],
    *,
    fill: str = "",
    line: str = "",
    width: float = 0.0,
) -> None:
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"name": escaped(clean_text(name))},
            "geometry": shapely.geometry.mapping(_rounded(shape)),
        }
        for shape, name in shapes
        if not shape.is_empty
    ]
    if not features:
        return
    look: dict[str, Any] = {
        "color": line or fill, "weight": width, "fill": bool(fill), "fillColor": fill,
        "fillOpacity": 1.0,
    }  # fmt: skip
    named = any(name for _, name in shapes)
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda _feature: look,
        tooltip=folium.GeoJsonTooltip(["name"], labels=False, sticky=True) if named else None,
    )
    layer.add_to(drawn)


def _draw_areas(drawn: folium.Map, table: pd.DataFrame) -> None:
    for row in table.to_dict("records"):
        words = f"{row['rank']}. {clean_text(str(row['name']))}"
        folium.GeoJson(
            {
                "type": "Feature",
                "properties": {"name": escaped(words)},
                "geometry": shapely.geometry.mapping(_rounded(row["geometry"])),
            },
            style_function=lambda _feature: {
                "color": palette.INK, "weight": 4, "fill": True, "fillColor": palette.WHITE,
                "fillOpacity": 0.25,
            },
            tooltip=folium.GeoJsonTooltip(["name"], labels=False, sticky=True),
        ).add_to(drawn)  # fmt: skip
        point = row["geometry"].representative_point()
        # a marker would ask for its picture before it is given another
        folium.CircleMarker(
            (round(point.y, _DECIMALS), round(point.x, _DECIMALS)),
            radius=1,
            stroke=False,
            fill=False,
            interactive=False,
            tooltip=folium.Tooltip(
                str(int(row["rank"])),
                sticky=False,
                permanent=True,
                direction="center",
                class_name="hx-rank",
            ),
        ).add_to(drawn)


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    rounded: BaseGeometry = shapely.transform(shape, lambda pairs: np.round(pairs, _DECIMALS))
    return rounded


def _bounds(table: pd.DataFrame) -> list[list[float]]:
    x0, y0, x1, y1 = shapely.total_bounds(np.array(list(table["geometry"]), dtype=object))
    return [[round(y0, 5), round(x0, 5)], [round(y1, 5), round(x1, 5)]]


def _head(folder: TargetsFolder) -> str:
    marking, patrol = marking_in_force(), folder.patrol
    return (
        f'<div class="hx-mark">{escaped(marking.marking)}</div><div class="hx-page"><h1>'
        f"Patrol areas, {escaped(clean_text(patrol.study_area_name))}</h1>"
        f"<p>{counted(len(patrol.areas), 'place')}, by rank. {escaped(OUTSIDE_HANDLING)}</p></div>"
    )


def _foot(folder: TargetsFolder, table: pd.DataFrame, said: tuple[str, ...]) -> str:
    patrol = folder.patrol
    rows = "".join(
        f'<tr><th scope="row">{int(row["rank"])}</th>'
        f"<td>{escaped(clean_text(str(row['name'])))}</td>"
        f"<td>{escaped(row.get('grid_ref') or '')}</td>"
        f'<td class="hx-number">{_shown(row)}</td></tr>'
        for row in table.to_dict("records")
    )
    notes = "".join(f"<p>{escaped(note)}</p>" for note in said)
    return (
        '<div class="hx-page"><table><thead><tr><th scope="col">No</th><th scope="col">Place</th>'
        '<th scope="col">Grid reference</th><th scope="col" class="hx-number">Incidents</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>{notes}"
        f"<p>Incidents of {patrol.window.words}. Data to {day_words(patrol.data_through)}. Run "
        f"{escaped(run_words(patrol.run_id))}, {PRODUCT} {escaped(patrol.version)}. Being in a "
        "place says nothing about anybody.</p></div>"
        f'<div class="hx-mark">{escaped(marking_in_force().marking)}</div>'
    )


def _shown(row: dict[Any, Any]) -> str:
    value = row[_COUNT]
    return "kept back" if value is None or value != value else f"{int(value):,}"  # noqa: PLR0124 (what is not a number is not there)


def _renamed(figure: Figure) -> str:
    """Render, with numbers for the random names that elements get: same list, same bytes."""
    page: str = figure.render()
    for number, element in enumerate(_elements(figure)):
        page = page.replace(element._id, f"{number:04d}")  # noqa: SLF001 (folium has no other way)
    return page


def _elements(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 (as above)
        yield from _elements(child)
    for part in ("header", "html", "script"):
        if isinstance(element, Figure):
            yield from _elements(getattr(element, part))


def _leaflet(name: str) -> str:
    package, folder = _LEAFLET
    try:
        path = distribution(package).locate_file(f"{folder}/{name}")
        content = Path(str(path)).read_text(encoding="utf-8")
    except (PackageNotFoundError, OSError) as error:
        msg = f"The hand-out needs the package {package}, which is not installed. Install it again."
        raise BadInputError(msg) from error
    return content.split("//# sourceMappingURL", 1)[0]
