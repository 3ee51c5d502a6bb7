"""Words on screens: dates, shares, counts and the sentences built from them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from config.profile import Measure

if TYPE_CHECKING:
    from spatial.window import Window

PRODUCT: Final = "Harmhex"

CLASS_WORDS: Final = {
    "hot 99": "Hot spot (99%, corrected)",
    "hot 95": "Hot spot (95%, corrected)",
    "hot 90": "Warm: not enough to call a hot spot (90%, corrected)",
    "none": "Not a hot spot",
    "cold 90": "Cooler than the rest (90%, corrected)",
    "cold 95": "Cold spot (95%, corrected)",
    "cold 99": "Cold spot (99%, corrected)",
}

RANKED_WORDS: Final = {
    Measure.EXPECTED_HARM: "Expected harm",
    Measure.HARM: "Harm that happened",
    Measure.SQRT_HARM: "Square root of harm",
    Measure.COUNT: "Incidents",
}
"""What may rank the places, as a list to choose from."""

DRIVER_WORDS: Final = {
    "serious_violence": "Serious violence",
    "antisocial_behaviour": "Antisocial behaviour",
    "both": "Serious violence and antisocial behaviour",
}


def length_words(window: Window) -> str:
    """Write how long a window is: whole months where it is made of them, else days."""
    if not window.whole_months:
        return counted(window.days, "day")
    months = (window.last.year - window.first.year) * 12 + window.last.month - window.first.month
    return counted(months + 1, "month")


def percent(share: float) -> str:
    """Write a share (0-1) as per cent: ``37%``, ``6.1%``, ``under 0.1%``."""
    value = share * 100
    if value == 0:
        return "0%"
    if value < 0.1:  # noqa: PLR2004 (the least that one decimal can show)
        return "under 0.1%"
    return f"{value:.1f}%" if value < 9.95 else f"{value:.0f}%"  # noqa: PLR2004 (9.95 rounds to 10.0)


def chance(share: float) -> str:
    """Write a chance (0-1) as per cent that never says never or always: ``over 99%``, ``7%``."""
    if share > 0.99:  # noqa: PLR2004 (what is not certain is not called so)
        return "over 99%"
    return f"{share:.0%}" if share >= 0.01 else "under 1%"  # noqa: PLR2004 (as above)


def number(value: float) -> str:
    """Write a quantity with thousands separated, and one decimal only below ten."""
    if value < 10 and value != round(value):  # noqa: PLR2004 (the limit is the rule itself)
        return f"{value:.1f}"
    return f"{value:,.0f}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun: ``1 place``, ``12 places``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def short_number(value: float) -> str:
    """Write a legend's bound: ``1,500``, ``12k``, ``1.2m``."""
    for size, letter in ((1_000_000, "m"), (10_000, "k")):
        if value >= size:
            scaled = value / (1_000 if letter == "k" else size)
            return f"{scaled:.3g}{letter}"
    return number(value)


def escaped(text: object) -> str:
    """Make somebody's text safe inside our own HTML: it is shown as written, never interpreted."""
    return html.escape(str(text), quote=True)


def run_words(run_id: str) -> str:
    """Write a run id short enough to read aloud; files carry the whole of it."""
    return run_id if len(run_id) <= 12 else run_id[:12]  # noqa: PLR2004 (12 of 64 figures still tell runs apart)


def share_sentence(  # noqa: PLR0913 (the parts of one sentence)
    *,
    places: int,
    harm_share: float | None,
    incidents_share: float,
    area_share: float,
    study_area: str,
    harm_words: str,
) -> str:
    """Answer in one sentence how much of the harm is in how little of the place.

    Where nothing weighs harm, incidents stand in for it, and the sentence says so.
    """
    if not places:
        return f"No place to propose in {study_area}: none has enough incidents"
    verb = "holds" if places == 1 else "hold"
    what = (
        f"{percent(incidents_share)} of incidents"
        if harm_share is None
        else f"{percent(harm_share)} of {harm_words}"
    )
    return f"{counted(places, 'place')} {verb} {what} in {percent(area_share)} of {study_area}"
