"""The offence table: from a recorded code or category to tier and data.police.uk category."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from config.profile import Tier

FOLDER = Path(__file__).parent
DISORDER_CATEGORY = "anti-social-behaviour"
"""The data.police.uk slug of antisocial behaviour: an incident, not an offence, so no code."""

# What open data can say of severity when there is a category and nothing else.
_CATEGORY_TIERS = {
    DISORDER_CATEGORY: Tier.DISORDER,
    "violent-crime": Tier.OTHER_VIOLENCE,
    "robbery": Tier.ROBBERY,
    "possession-of-weapons": Tier.WEAPON,
}
_SPACES = re.compile(r"\s+")
_SLASHED = re.compile(r"(\d{1,3})/(\d{1,2})")
_DIGITS = re.compile(r"\d{3,5}")
_PRC = re.compile(r"0*(\d{1,3}[A-Z]?)(?:[/.](\d{1,2}))?")
_WORD = re.compile(r"[A-Z0-9/. -]{1,12}")


@dataclass(frozen=True, slots=True)
class Offence:
    """One row of the offence table.

    Attributes
    ----------
    ho_code, prc_class
        The Home Office code ("005/01"), or a class with a star ("034/*"), and the recorded-crime
        class ("5D"); empty where the row does not ask for one.
    tier, category
        What the offence becomes; the category is a data.police.uk slug, or empty where the offence
        is not published there.
    title
        The offence in a few words.
    choice
        Why, where another reading is possible.
    """

    ho_code: str
    prc_class: str
    tier: Tier
    category: str
    title: str
    choice: str


@dataclass(frozen=True, slots=True)
class Classification:
    """What an incident's codes and category come to.

    Attributes
    ----------
    tier, category
        Severity, and the data.police.uk slug (None where there is none).
    known
        Whether what was recorded first (the code, else the class, else the category) is in the
        table. An unknown code leaves the tier to the class, and without one to "other".
    title
        The offence in a few words, empty where it is unknown.
    """

    tier: Tier
    category: str | None
    known: bool
    title: str


@dataclass(frozen=True, slots=True)
class OffenceTable:
    """The offence table, ready to be asked.

    Attributes
    ----------
    offences
        By (ho_code, prc_class), as written in the table.
    source
        Where the table comes from.
    """

    offences: dict[tuple[str, str], Offence]
    source: str

    def classify(
        self, ho_code: str | None, prc_class: str | None, category: str | None
    ) -> Classification:
        """Say what codes and category come to, the most telling row first.

        The order is: antisocial behaviour by its category, whatever the codes; code and class
        together; the code; the class; the code's class with a star; the category alone.

        Parameters
        ----------
        ho_code, prc_class
            Normalised codes, None where none was recorded.
        category
            A data.police.uk slug, None where none was recorded.

        Notes
        -----
        A category alone cannot tell a homicide from a shove: nearly all of "violent-crime" is less
        than serious, and it is given the tier "other_violence" whole.
        """
        if category == DISORDER_CATEGORY:
            return Classification(Tier.DISORDER, category, known=True, title="Antisocial behaviour")
        code, prc = ho_code or "", prc_class or ""
        star = f"{code[:3]}/*"
        known = any(key in self.offences for key in ((code, prc), (code, ""), (star, "")))
        for key in ((code, prc), (code, ""), ("", prc), (star, "")):
            offence = self.offences.get(key)
            if offence is not None:
                return Classification(
                    tier=offence.tier,
                    category=category or offence.category or None,
                    known=known or not code,
                    title=offence.title,
                )
        if category is not None and not code and not prc:
            tier = _CATEGORY_TIERS.get(category, Tier.OTHER)
            return Classification(tier, category, known=True, title=category)
        return Classification(Tier.OTHER, category, known=False, title="")


@lru_cache(maxsize=1)
def offence_table() -> OffenceTable:
    """Read the shipped offence table."""
    about = tomllib.loads((FOLDER / "offences.toml").read_text(encoding="utf-8"))
    with (FOLDER / about["table"]).open(encoding="utf-8", newline="") as file:
        rows = [
            Offence(
                ho_code=row["ho_code"],
                prc_class=row["prc_class"],
                tier=Tier(row["tier"]),
                category=row["category"],
                title=row["title"],
                choice=row["choice"],
            )
            for row in csv.DictReader(file)
        ]
    return OffenceTable(
        offences={(row.ho_code, row.prc_class): row for row in rows}, source=about["source"]
    )


def table_bytes() -> bytes:
    """Return the offence table as it is stored, for hashing."""
    return (FOLDER / "offences.csv").read_bytes()


def normalise_ho_code(text: str) -> str | None:
    """Write a Home Office code the one way this product does: "00501", "5/1" become "005/01".

    Three to five digits without a stroke are read as class and two-figure subclass, leading zeros
    lost (as a spreadsheet loses them). Short text of another shape is kept in capitals, so that it
    can be listed as unknown; anything longer, and a blank, becomes None.
    """
    tidy = _SPACES.sub("", text).upper()
    if match := _SLASHED.fullmatch(tidy):
        return f"{int(match[1]):03d}/{int(match[2]):02d}"
    if _DIGITS.fullmatch(tidy):
        digits = tidy.zfill(5)
        return f"{digits[:3]}/{digits[3:]}"
    return tidy if _WORD.fullmatch(tidy) else None


def normalise_prc_class(text: str) -> str | None:
    """Write a recorded-crime class the one way this product does: "5d" becomes "5D", "4.1" "4/1".

    Short text of another shape is kept in capitals, to be listed as unknown; anything longer, and a
    blank, becomes None.
    """
    tidy = _SPACES.sub("", text).upper()
    if match := _PRC.fullmatch(tidy):
        return match[1] if match[2] is None else f"{match[1]}/{int(match[2])}"
    return tidy if _WORD.fullmatch(tidy) else None
