"""The quality banner as people see it: a grade in words, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.wording import escaped
from spatial.incidents.checks.banner import Grade

if TYPE_CHECKING:
    from spatial.incidents.checks.banner import Banner

GRADE_WORDS: Final = {
    Grade.OK: "Data quality: nothing found",
    Grade.CARE: "Data quality: read with care",
    Grade.POOR: "Data quality: poor",
}
_SHORT: Final = {Grade.OK: "Data: ok", Grade.CARE: "Data: care", Grade.POOR: "Data: poor"}


def banner_line(banner: Banner) -> str:
    """Return the banner for the foot of a page: short, the whole of it on hovering."""
    return (
        f'<span class="hx-quality" title="{escaped(banner.sentence)}">'
        f'<b class="hx-{banner.grade}">{_SHORT[banner.grade]}</b> {escaped(banner.sentence)}</span>'
    )


def banner_html(banner: Banner) -> str:
    """Return the banner for the head of a page: every part, those that ask for care in bold."""
    parts = " \N{MIDDLE DOT} ".join(
        escaped(part.text) if part.grade is Grade.OK else f"<b>{escaped(part.text)}</b>"
        for part in banner.parts
    )
    return (
        f'<div class="hx-banner hx-{banner.grade}" role="note">'
        f"<b>{GRADE_WORDS[banner.grade]}</b><span>{parts}</span></div>"
    )
