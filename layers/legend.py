"""The legend: what fill, hatch, outline and number mean, always on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.basemap import load_basemap
from layers import wording
from layers.overlays import overlay_legend
from layers.partners.layer import partner_legend
from layers.tasking.last_period import last_period_legend
from layers.two_way import two_way_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.profile import Profile
    from layers import palette
    from layers.deck import Show
    from spatial.results import TargetResult
    from spatial.window import Window


def legend_html(  # noqa: PLR0913 (what is on the map, each thing of its own)
    classes: palette.Classes,
    *,
    show: Show,
    cells: int,
    window: Window,
    profile: Profile,
    readings: Mapping[str, int] | None = None,
    left_out: str = "",
    targets: TargetResult | None = None,
) -> str:
    """Return the legend as HTML without outside references; all of it is our own words.

    Parameters
    ----------
    classes
        The classes the hexes were drawn with.
    show
        What is on the map: the legend explains nothing that is not there.
    cells
        Cells in the study area, over which significance was corrected.
    window
        What the values were summed over.
    profile
        Says what its harm is called, or that the fill stands for incidents.
    readings
        Cells of each two-way reading, where the map shows that.
    left_out
        Which cells the map leaves out, in a sentence.
    targets
        The list, where the map shows it beside the last period's.
    """
    parts = _surfaces(classes, show, window, profile, readings)
    if show.areas:
        parts.append(_item("ring", "1", "patrol area and rank"))
    if targets is not None and show.last_period is not None:
        parts.append(last_period_legend(targets))
    if show.violence or show.disorder:
        parts.append(f"<p>Hot spot: more than chance, at 95%, corrected over {cells:,} cells.</p>")
    if (basemap := load_basemap()).shown:
        parts.append(f"<p>Background map: {wording.escaped(basemap.attribution)}</p>")
    if left_out:
        parts.append(f"<p>{wording.escaped(left_out)}</p>")
    if show.partner is not None:
        parts.append(partner_legend(show.partner))
    if show.overlays is not None:
        parts.append(overlay_legend(show.overlays))
    return f'<div class="hx-legend" role="note" aria-label="Legend">{"".join(parts)}</div>'


def _surfaces(
    classes: palette.Classes,
    show: Show,
    window: Window,
    profile: Profile,
    readings: Mapping[str, int] | None,
) -> list[str]:
    """Return the entries of violence and disorder: how much and where hot, or the two-way table."""
    if show.both_ways and readings is not None:
        return [two_way_key(readings), "<p>Small and pale: some violence, hot for neither.</p>"]
    parts = []
    if show.violence:
        harm = profile.harm_words
        counted = f"{harm[:1].upper()}{harm[1:]} per cell, days"
        what = counted if profile.weighs_harm else "Incidents per cell"
        parts.append(f"<b>{wording.escaped(what)} in {wording.length_words(window)}</b>")
        parts.append(_scale(classes) if classes.lower else "<p>No violence in this window.</p>")
        parts.append(_item("hot", "<i></i>", "hot spot of serious violence"))
        parts.append(_item("quiet", "<i></i>", "some violence, not a hot spot"))
    if show.disorder:
        parts.append(_item("hatch", "<i></i>", "hot spot of antisocial behaviour"))
    return parts


def title_html(show: Show, *, window: Window, profile: Profile, against: str = "") -> str:
    """Return the map's title: which of the two is shown and how, of which window.

    Parameters
    ----------
    show
        What is on the map.
    window, profile
        As :func:`legend_html`.
    against
        What the window is compared with, in words; empty for nothing.
    """
    when = window.words + (f", {against}" if against else "")
    said = wording.escaped(shown_words(show, profile))
    return f'<div class="hx-maptitle"><b>{said}</b><span>{wording.escaped(when)}</span></div>'


def shown_words(show: Show, profile: Profile) -> str:
    """Say which of serious violence and antisocial behaviour a map shows, and by what mark."""
    if show.both_ways:
        return (
            "Hot for violence (blue fill), for antisocial behaviour (orange hatch) or for both: "
            f"{profile.title}"
        )
    harm = profile.harm_words
    what = f"{harm[:1].upper()}{harm[1:]}" if profile.weighs_harm else f"{profile.title}, incidents"
    if show.violence and show.disorder:
        return f"{what} (blue fill) and antisocial behaviour (orange hatch)"
    if show.violence:
        return f"{what} (blue fill); antisocial behaviour is not shown"
    if show.disorder:
        return "Antisocial behaviour (orange hatch); serious violence is not shown"
    return "Neither serious violence nor antisocial behaviour is shown"


def _scale(classes: palette.Classes) -> str:
    last = len(classes.lower) - 1
    steps = "".join(
        f'<span><i style="background:{fill}"></i>{wording.short_number(lower)}'
        f"{'+' if index == last else ''}</span>"
        for index, (lower, fill) in enumerate(zip(classes.lower, classes.fills, strict=True))
    )
    return f'<div class="hx-scale">{steps}</div>'


def _item(kind: str, mark: str, words: str) -> str:
    return (
        f'<div class="hx-key"><span class="hx-mark hx-{kind}" aria-hidden="true">{mark}</span>'
        f"<span>{words}</span></div>"
    )
