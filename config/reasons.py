"""Reasons: the comment that stands beside each shipped setting, to be read on the Settings page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from config.force_file import Section

_KEY: Final = re.compile(r"(?P<key>[A-Za-z0-9_]+)\s*=")
_TABLE: Final = re.compile(r"\[\[?(?P<table>[A-Za-z0-9_.]+)\]\]?$")


def reason_of(section: Section, key: str) -> str:
    """Return why a setting has its default, as it is written beside it; empty where nothing is.

    Parameters
    ----------
    key
        With the tables it stands in: ``places``, ``quality.care_unlocated``, ``shift`` for a list
        of tables.
    """
    return _reasons(section).get(key, "")


@lru_cache(maxsize=16)
def _reasons(section: Section) -> dict[str, str]:
    found: dict[str, str] = {}
    said: list[str] = []
    table, fresh = "", False
    for line in section.shipped.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("#"):
            # a comment after a setting begins anew; one after another goes on
            said = [*said, text] if fresh else [text]
            fresh = True
            continue
        if not text:
            said, fresh = [], False
            continue
        named = _TABLE.match(text)
        key = _KEY.match(line)
        if named:
            table = named["table"]
            found.setdefault(table, _joined(said))
            said = []
        elif key:
            # settings that follow without a gap share what stands above the first of them
            path = f"{table}.{key['key']}" if table else key["key"]
            found.setdefault(path, _joined(said))
        fresh = False
    return found


def _joined(said: list[str]) -> str:
    return " ".join(one.lstrip("#").strip() for one in said).strip()
