"""The anchor: a file beside the register that counts the audit's entries along with it.

Whoever cuts off the end of the audit in the database would have to cut this file too; keep a copy
where the program cannot write, or note the head that ``harmhex audit verify`` prints.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from register import audit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

ANCHOR_VARIABLE: Final = "HARMHEX_AUDIT_ANCHOR"
_LINE: Final = re.compile(r"([1-9][0-9]*) ([0-9a-f]{64})")
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the audit found.

    Attributes
    ----------
    entries, head
        How many there are, and the hash of the last: note both, and compare them another day.
    troubles
        What cannot come from this program: changed, deleted, inserted or cut-off entries.
    remarks
        What may be harmless, such as entries that the anchor never heard of because the program
        was killed between writing them and saying so.
    """

    entries: int
    head: str
    troubles: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.troubles


def anchor_beside(database: Path | None) -> Path | None:
    """Return where the anchor is: the variable ``HARMHEX_AUDIT_ANCHOR``, else beside the file."""
    given = os.environ.get(ANCHOR_VARIABLE, "").strip()
    if given:
        return Path(given)
    return None if database is None else database.with_name(f"{database.stem}-audit.anchor")


def drop_anchor(path: Path, heads: Iterable[tuple[int, str]]) -> None:
    """Append entries that are committed; a file that cannot be written is said in the log only.

    One write to a file opened for appending, so that several processes do not mix their lines.
    """
    lines = "".join(f"{number} {digest}\n" for number, digest in heads).encode()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, lines)
        finally:
            os.close(handle)
    except OSError as error:
        # what it is about is already kept: failing now would say that it is not
        _LOG.warning("The audit's anchor could not be written: %s", error)


def set_aside(path: Path, *, now: dt.datetime) -> Path | None:
    """Move an anchor away, for a register that is begun anew; return where it is, None if none."""
    kept = path.with_name(f"{path.name}.until-{now:%Y%m%dT%H%M%S}")
    with contextlib.suppress(FileNotFoundError):
        path.replace(kept)
        return kept
    return None


def highest(path: Path) -> int:
    """Return the number of the last entry that an anchor knows, 0 if there is none."""
    return max((number for number, _ in _read(path)[0]), default=0)


def verify(session: Session, anchor: Path | None, *, noted: str | None = None) -> Verdict:
    """Check the audit against itself, its anchor, and a head that was noted down.

    Parameters
    ----------
    anchor
        The anchor file; None where there is none (PostgreSQL without ``HARMHEX_AUDIT_ANCHOR``).
    noted
        ``NUMBER:HASH`` as an earlier check printed it.

    Notes
    -----
    It finds a changed, deleted, inserted or cut-off entry. Whoever can write to the database and to
    every anchor can forge all of them: keep one copy where they cannot.
    """
    troubles = list(audit.chain_troubles(session))
    remarks: list[str] = []
    number, digest = audit.head(session)
    held = audit.hashes(session)
    if noted is not None:
        troubles += _against(held, [_noted(noted)], called="the noted head")
    if anchor is None:
        remarks.append(
            "No anchor file: a cut-off end shows only against a noted head. Set "
            f"{ANCHOR_VARIABLE} to a file."
        )
    else:
        known, unread = _read(anchor)
        troubles += [f"{anchor.name}: line {line} is no anchor" for line in unread]
        troubles += _against(held, known, called="the anchor")
        unheard = sorted(held.keys() - {one for one, _ in known})
        if unheard:
            remarks.append(
                f"{len(unheard)} entries are not in {anchor.name} (first {unheard[0]}): the "
                "program was killed as it wrote them, or another one wrote them."
            )
    return Verdict(number, digest, tuple(dict.fromkeys(troubles)), tuple(remarks))


def _against(held: dict[int, str], known: list[tuple[int, str]], *, called: str) -> list[str]:
    top, last = max(held, default=0), max((number for number, _ in known), default=0)
    troubles = []
    if last > top:
        troubles.append(f"{called} knows {last} entries, the register holds {top}: the end is gone")
    wrong = [number for number, digest in known if number in held and held[number] != digest]
    if wrong:
        troubles.append(f"entry {min(wrong)} is not the one that {called} knows")
    return troubles


def _read(path: Path) -> tuple[list[tuple[int, str]], list[int]]:
    known, unread = [], []
    with contextlib.suppress(FileNotFoundError):
        for line, text in enumerate(
            path.read_text(encoding="ascii", errors="replace").splitlines(), 1
        ):
            found = _LINE.fullmatch(text)
            if found is None:
                unread.append(line)
            else:
                known.append((int(found[1]), found[2]))
    return known, unread


def _noted(text: str) -> tuple[int, str]:
    found = _LINE.fullmatch(text.strip().replace(":", " ", 1))
    if found is None:
        msg = f"The noted head {text!r} is not NUMBER:HASH. Copy it as the last check printed it."
        raise BadInputError(msg)
    return int(found[1]), found[2]
