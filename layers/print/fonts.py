"""Fonts: the one family everything is printed in, and which characters it has.

DejaVu Sans comes with matplotlib under an open licence. It has Latin with all Welsh, Gaelic and
Polish letters, Greek, Cyrillic, Armenian, Georgian, Hebrew and most of Arabic (Urdu's yeh barree is
missing); it has no Indic, Thai, Chinese, Japanese or Korean letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.ft2font import FT2Font

from layers.formats.values import clean_text

FAMILY: Final = "DejaVu Sans"
ABSENT: Final = "\N{REPLACEMENT CHARACTER}"
"""Printed in place of a character that the font does not have."""
_FACES: Final = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_LONG_WORD: Final = re.compile(r"\S{25,}")
_PART: Final = 12
_BREAK: Final = "\u200b"
# joiners and marks that shape their neighbours and print nothing themselves
_SILENT: Final = "\u200b\u200c\u200d\u200e\u200f\u00ad\ufe0e\ufe0f"


def font_folder() -> Path:
    """Return the folder of the font files."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """Return every character that both the plain and the bold face have."""
    faces = [set(FT2Font(str(font_folder() / face)).get_charmap()) for face in _FACES]
    return frozenset(chr(code) for code in set.intersection(*faces))


def printable(text: str) -> str:
    """Return text as it can be printed: one line, and `ABSENT` for what the font does not have.

    Letters are composed first, since a font may have ŵ and not its parts. Characters that print
    nothing themselves are dropped. A word too long for a narrow column may part, without a sign.
    """
    known = covered()
    whole = unicodedata.normalize("NFC", clean_text(text))
    shown = "".join(one if one in known else ABSENT for one in whole if one not in _SILENT)
    return _LONG_WORD.sub(_parted, shown)


def _parted(word: re.Match[str]) -> str:
    letters = word.group()
    return _BREAK.join(letters[at : at + _PART] for at in range(0, len(letters), _PART))


def printable_all(value: Any) -> Any:  # noqa: ANN401 (plain JSON values of any depth)
    """Return plain values with every text in them made `printable`; keys are our own words."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: printable_all(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable_all(one) for one in value]
    return value
