"""Short texts that people type: cleaned, kept short, and refused where they would do harm."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.register import load_register_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PRIVACY_RULE: Final = (
    "No names of people, addresses of homes, telephone numbers or e-mail addresses, and no details "
    "of an incident: say the kind of event and the street or landmark."
)
"""What a form says beside every text field; a program cannot check it for names."""

# a spreadsheet runs a text cell that begins with one of these, full-width ones included
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TAG: Final = re.compile(r"<\s*[A-Za-z/!?]")
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
# ten or eleven digits from 0 or +44; a grid reference after its two letters is none
_PHONE: Final = re.compile(
    r"(?<!\d)(?<![A-Z]{2})(?<![A-Z]{2}\s)(?:\+44|0044|0)[\s().-]*(?:\d[\s().-]*){9,10}(?!\d)"
)
_DAY: Final = re.compile(r"\b[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\b")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST_ACCOUNT: Final = 200
_LONGEST_CODE: Final = 120
_CODE: Final = re.compile(r"[\w][\w .:/+()-]*")
_CELL: Final = re.compile(r"8[0-9a-f]{14}")


def label(value: object, *, what: str) -> str:
    """Return a short text that stands on a map, cleaned; refuse it empty."""
    return _checked(value, what=what, longest=load_register_rules().longest_label, needed=True)


def sentence(value: object, *, what: str) -> str:
    """Return a text of a sentence or two, cleaned; refuse it empty."""
    return _checked(value, what=what, longest=load_register_rules().longest_text, needed=True)


def remark(value: object, *, what: str) -> str:
    """Return a text that may be empty, cleaned."""
    return _checked(value, what=what, longest=load_register_rules().longest_text, needed=False)


def code(value: object, *, what: str, needed: bool = True) -> str:
    """Return an identifier that another part of the program made, such as a run or area id."""
    text = cleaned(value, what=what)
    if not text and not needed:
        return text
    if len(text) > _LONGEST_CODE or not _CODE.fullmatch(text):
        msg = f"{what}: {text[:40]!r} is no identifier. Take it from the list it was shown in."
        raise BadInputError(msg)
    return text


def codes(values: Iterable[object], *, what: str) -> tuple[str, ...]:
    """Return identifiers, each once, in the order given."""
    return tuple(dict.fromkeys(code(value, what=what) for value in values))


def cells(values: Iterable[object], *, what: str) -> tuple[str, ...]:
    """Return H3 cells as hexadecimal strings, each once, sorted."""
    found = {cleaned(value, what=what) for value in values}
    wrong = sorted(cell for cell in found if not _CELL.fullmatch(cell))
    if wrong:
        msg = f"{what}: {wrong[0][:40]!r} is no H3 cell. Give cells as 15 hexadecimal digits."
        raise BadInputError(msg)
    return tuple(sorted(found))


def choice(value: object, among: Sequence[str], *, what: str) -> str:
    """Return a word of a list, or refuse it with the list."""
    if not isinstance(value, str) or value not in among:
        msg = f"{what}: {value!r} is not one of {', '.join(among)}. Choose one of them."
        raise BadInputError(msg)
    return value


def account(value: object) -> str:
    """Return who acts, as the sign-in names them; refuse nobody."""
    text = cleaned(value, what="account")
    if not text or len(text) > _LONGEST_ACCOUNT:
        msg = f"The account {text[:40]!r} is no account name. Sign in again."
        raise BadInputError(msg)
    return text


def cleaned(value: object, *, what: str) -> str:
    """Return a text in one line, without the characters that nobody sees (controls and the like).

    Raises
    ------
    BadInputError
        It is no text.
    """
    if not isinstance(value, str):
        msg = f"{what}: {value!r} is no text. Type some words."
        raise BadInputError(msg)
    seen = "".join(
        " " if letter.isspace() else "" if unicodedata.category(letter) in _UNSEEN else letter
        for letter in unicodedata.normalize("NFC", value)
    )
    return " ".join(seen.split())


def _checked(value: object, *, what: str, longest: int, needed: bool) -> str:
    text = cleaned(value, what=what)
    if not text:
        if needed:
            msg = f"{what} is empty. Fill it in."
            raise BadInputError(msg)
        return text
    if len(text) > longest:
        msg = f"{what} has {len(text)} characters; {longest} are the most. Shorten it."
        raise BadInputError(msg)
    if text.startswith(_FORMULA_STARTS):
        msg = (
            f"{what}: {text[:40]!r} begins like a spreadsheet formula. Begin it with a letter or "
            "a digit."
        )
        raise BadInputError(msg)
    if _TAG.search(text):
        msg = f"{what}: {text[:40]!r} holds HTML. Write it without angle brackets."
        raise BadInputError(msg)
    # not repeated in the message: it may be shown on a wall
    undated = _DAY.sub(" day ", text)
    for pattern, found in ((_MAIL, "an e-mail address"), (_PHONE, "a telephone number")):
        if pattern.search(undated):
            msg = f"{what} holds {found}. Take it out: {PRIVACY_RULE}"
            raise BadInputError(msg)
    return text
