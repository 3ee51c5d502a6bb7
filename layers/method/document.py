"""Method and limits as one document: chapters for the page, and a file to print or send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.version import VERSION
from layers.marking import marking_in_force
from layers.method.chapter import chapters_html
from layers.method.in_force import profiles, settings, sources, weights
from layers.method.limits import GLOSSARY, LIMITS, NEVER, PEOPLE, PURPOSE
from layers.method.steps import steps
from layers.wording import PRODUCT, escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.method.chapter import Chapter

TITLE: Final = "Method and limits"
_STYLE: Final = """
@page{size:A4;margin:16mm}
body{font:16px/1.5 system-ui,'Segoe UI',Arial,sans-serif;color:#0B0C0C;background:#FFF;
max-width:58rem;margin:0 auto;padding:0 1.2rem 2rem}
h1{font-size:1.7rem}h2{font-size:1.3rem;border-top:2px solid #12436D;padding-top:.6rem;
margin:1.8rem 0 .3rem}h3{font-size:1.05rem;margin:1rem 0 .2rem}p{margin:.3rem 0}
.mark{text-align:center;font-weight:700;letter-spacing:.06em;padding:.4rem}
a{color:#12436D}nav ol{columns:2}dt{font-weight:650;margin-top:.4rem}dd{margin:0 0 0 1.2rem}
table{border-collapse:collapse;font-size:.85rem;width:100%;margin:.4rem 0}
caption{text-align:left;color:#505A5F;font-size:.9rem;padding:.2rem 0}
th,td{border-bottom:1px solid #C4C7CE;padding:.25rem .6rem .25rem 0;text-align:left;
vertical-align:top;overflow-wrap:anywhere}
@media print{body{font-size:11px}h2,h3{break-after:avoid}}
"""


def chapters() -> tuple[Chapter, ...]:
    """Return every chapter in the order of reading, numbers as they are in force now."""
    goes_in, how, after = steps()
    return (
        PURPOSE, NEVER, PEOPLE, goes_in, how, after, LIMITS, GLOSSARY,
        profiles(), weights(), settings(), sources(),
    )  # fmt: skip


def document_html(title: str, parts: Sequence[Chapter], *, lead: str = "") -> bytes:
    """Write chapters as one HTML file: no script, no address, nothing from outside."""
    mark = f'<div class="mark">{escaped(marking_in_force().line)}</div>'
    first = f"<p>{escaped(lead)}</p>" if lead else ""
    page = (
        "<!DOCTYPE html>\n"
        '<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escaped(title)}: {PRODUCT}</title><style>{_STYLE}</style></head><body>"
        f"{mark}<header><h1>{escaped(title)}</h1>{first}</header>"
        f"<main>{chapters_html(parts, label='Contents')}</main>{mark}</body></html>\n"
    )
    return page.encode()


def method_html() -> bytes:
    """Write the page as one file."""
    lead = f"{PRODUCT} {VERSION}. The numbers are those in force when this was made."
    return document_html(TITLE, chapters(), lead=lead)
