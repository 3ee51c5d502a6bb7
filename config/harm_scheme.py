"""Harm schemes: what each offence weighs in days, with the edition and source of every weight."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.errors import BadInputError
from config.offence import normalise_ho_code, normalise_prc_class
from config.toml_file import read_model

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).parent / "harm"
KeyedBy = Literal["offence", "class", "category"]
_COLUMNS = {
    "offence": ("ho_code", "prc_class", "days", "title", "choice"),
    "class": ("ho_code", "prc_class", "days", "title", "choice"),
    "category": ("category", "days", "title", "choice"),
}


class _About(BaseModel):
    """The TOML beside a table of weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=1)]
    edition: Annotated[str, Field(min_length=1)]
    table: Annotated[str, Field(min_length=1)]
    keyed_by: KeyedBy
    attribution: Annotated[str, Field(min_length=1)]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weight:
    """What one offence or category weighs.

    Attributes
    ----------
    days
        Days, None where the scheme gives the offence no weight.
    choice
        Which of several weights this is, and what the others are; empty where there is only one.
    """

    days: float | None
    choice: str = ""


@dataclass(frozen=True, slots=True)
class HarmScheme:
    """A table of weights and what must be said with it.

    Attributes
    ----------
    name, title, edition
        The key in files; the words on screens; the label every weight carries.
    keyed_by
        Whether weights belong to offences (codes), to recorded-crime classes, or to data.police.uk
        categories.
    attribution
        Must be shown wherever the weights are.
    notes
        Sentences that go with every load that used the scheme.
    weights
        By (ho_code, prc_class), either of which may be empty, or by (category, "").
    digest_source
        The bytes of both files, for hashing.
    """

    name: str
    title: str
    edition: str
    keyed_by: KeyedBy
    attribution: str
    notes: tuple[str, ...]
    weights: dict[tuple[str, str], Weight]
    digest_source: bytes

    def weigh(self, ho_code: str | None, prc_class: str | None, category: str | None) -> Weight:
        """Return what an offence weighs: by code and class, by code, or by class without a code.

        A code that the scheme does not hold weighs nothing known (None), even where its class has a
        weight: the class is a mixture, and the code says it is not the common part of it. A scheme
        of classes gives one weight to the whole mixture, so there the class speaks first, and the
        code only where the class says nothing.
        """
        if self.keyed_by == "category":
            return self.weights.get((category or "", ""), Weight(None))
        code, prc = ho_code or "", prc_class or ""
        by_code = [(code, prc), (code, "")] if code else []
        by_class = [("", prc)]
        order = [*by_class, *by_code] if self.keyed_by == "class" else by_code or by_class
        return next((self.weights[key] for key in order if key in self.weights), Weight(None))


def schemes_of(editions: Iterable[str]) -> tuple[HarmScheme, ...]:
    """Return the shipped schemes of the editions named, in order; not a user's own."""
    shipped = {scheme.edition: scheme for scheme in map(load_harm_scheme, harm_scheme_names())}
    return tuple(shipped[edition] for edition in editions if edition in shipped)


def harm_scheme_names() -> tuple[str, ...]:
    """Return the names of the shipped schemes, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@lru_cache(maxsize=8)
def load_harm_scheme(name: str) -> HarmScheme:
    """Read a shipped scheme by name, or a user's own by the path of its TOML file.

    Raises
    ------
    BadInputError
        No such scheme, a key or column is missing, or a weight is not a number of days.
    """
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        msg = (
            f"There is no harm scheme {name!r}. Choose one of {', '.join(harm_scheme_names())}, "
            "or give the path of a .toml file."
        )
        raise BadInputError(msg)
    about = read_model(path, _About)
    try:
        table = (path.parent / about.table).read_bytes()
        rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    except UnicodeDecodeError as error:
        msg = f"{about.table} cannot be read ({error}). Save it as UTF-8 and try again."
        raise BadInputError(msg) from error
    except OSError as error:
        msg = f"{path.name} names a table that cannot be opened. Put it beside the file."
        raise BadInputError(msg) from error
    return HarmScheme(
        name=about.name,
        title=about.title,
        edition=about.edition,
        keyed_by=about.keyed_by,
        attribution=about.attribution,
        notes=about.notes,
        weights=_weights(about, rows),
        digest_source=path.read_bytes() + b"\0" + table,
    )


def _weights(about: _About, rows: list[dict[str, str]]) -> dict[tuple[str, str], Weight]:
    """Read the rows of a table: one weight for each key, every weight a number or blank."""
    wanted = _COLUMNS[about.keyed_by]
    missing = [column for column in wanted if not rows or column not in rows[0]]
    if missing:
        msg = f"{about.table} has no column {missing[0]!r}. Its columns are {', '.join(wanted)}."
        raise BadInputError(msg)
    weights: dict[tuple[str, str], Weight] = {}
    for number, row in enumerate(rows, start=2):
        if about.keyed_by == "category":
            key = (row["category"].strip(), "")
        else:
            key = (
                normalise_ho_code(row["ho_code"]) or "",
                normalise_prc_class(row["prc_class"]) or "",
            )
        try:
            days = float(row["days"]) if row["days"].strip() else None
        except ValueError:
            days = -1.0
        if days is not None and not 0 <= days < float("inf"):
            msg = (
                f"{about.table}, row {number}: the weight {row['days']!r} is not a number of days. "
                "Mend it, or leave it blank for no weight."
            )
            raise BadInputError(msg)
        if key in weights:
            msg = f"{about.table}, row {number} repeats {row.get('ho_code', key[0])!r}. Keep one."
            raise BadInputError(msg)
        weights[key] = Weight(days, row["choice"].strip())
    return weights
