"""The legend: what fill, hatch, outline and number mean, always on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers import wording
from layers.overlays import overlay_legend
from layers.partners.layer import partner_legend

if TYPE_CHECKING:
    from config.profile import Profile
    from layers import palette
    from layers.deck import Show
    from spatial.window import Window


def legend_html(
    classes: palette.Classes, *, show: Show, cells: int, window: Window, profile: Profile
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
    """
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
    if show.areas:
        parts.append(_item("ring", "1", "patrol area and rank"))
    if show.violence or show.disorder:
        parts.append(f"<p>Hot spot: more than chance, at 95%, corrected over {cells:,} cells.</p>")
    if show.partner is not None:
        parts.append(partner_legend(show.partner))
    if show.overlays is not None:
        parts.append(overlay_legend(show.overlays))
    return f'<div class="hx-legend" role="note" aria-label="Legend">{"".join(parts)}</div>'


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
