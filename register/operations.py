"""Operations: named interventions, registered before anybody looks at their outcomes."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.operation import register_fields
from config.operation_file import area_ids
from config.operation_papers import MOST_BYTES, check_name, lay_out
from register import keeping, words
from register.dates import date
from register.keeping import Earlier, Kept
from register.places import whole
from register.tables import OperationRow

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from config.operation_papers import Papers

DESIGNS: Final = ("before_after", "matched_comparison", "staggered", "crossover")
_CLOCK: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MOST_BUFFER_M: Final = 5000
_SUNDAY: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationDraft:
    """What a person types.

    Attributes
    ----------
    design
        One of ``DESIGNS``.
    areas, comparators
        Ids of areas, or cells; those compared with may be empty.
    first_date, last_date
        Inclusive.
    weekdays
        0 (Monday) to 6; empty for every day.
    start, end
        ``HH:MM``, wall-clock; an end before the start is on the next day; both empty for all day.
    buffer_m
        Metres round the areas in which displacement is looked for.
    profiles
        Names of the profiles that are its outcomes.
    run_id
        The run whose targets it patrols; may be empty.
    plan, files, digest
        Its papers (:mod:`config.operation_papers`): the TOML, name and content of each file that it
        names, and the hash of all an evaluation rests on. Empty where only the rest is known: such
        an operation can be listed and not evaluated.
    """

    name: str
    design: str
    areas: tuple[str, ...]
    first_date: dt.date
    last_date: dt.date
    comparators: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    start: str = ""
    end: str = ""
    buffer_m: int = 100
    profiles: tuple[str, ...] = ()
    run_id: str = ""
    remark: str = ""
    plan: str = ""
    files: tuple[tuple[str, ...], ...] = ()
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Operation(OperationDraft, Kept):
    """An operation as the register keeps it."""


def draft_of(papers: Papers) -> OperationDraft:
    """Return what is registered of an operation's papers: all of it, under the register's names.

    Raises
    ------
    BadInputError
        The papers cannot be read as an operation.
    """
    with tempfile.TemporaryDirectory(prefix="harmhex-operation-") as folder:
        said = lay_out(papers.plan, papers.files, Path(folder))
        fields = register_fields(said, area_ids=area_ids(said.areas))
    # a profile of one's own is called by its file
    fields["profiles"] = tuple(Path(one).name for one in said.profiles)
    return OperationDraft(**fields, plan=papers.plan, files=papers.files, digest=papers.digest)


def checked(draft: OperationDraft) -> OperationDraft:
    """Return a draft cleaned, or refuse it in one sentence that names the field."""
    first, last = date(draft.first_date, what="first_date"), date(draft.last_date, what="last_date")
    if last < first:
        msg = f"last_date: {last.isoformat()} is before {first.isoformat()}. Swap them."
        raise BadInputError(msg)
    areas = words.codes(draft.areas, what="areas")
    comparators = words.codes(draft.comparators, what="comparators")
    if not areas:
        msg = "An operation needs areas. Give at least one."
        raise BadInputError(msg)
    both = sorted(set(areas) & set(comparators))
    if both:
        msg = f"{both[0]!r} is both patrolled and compared with. Take it out of one list."
        raise BadInputError(msg)
    if bool(draft.start) != bool(draft.end):
        msg = "Give both hours, start and end, or neither for all day."
        raise BadInputError(msg)
    return replace(
        draft,
        name=words.label(draft.name, what="name"),
        design=words.choice(draft.design, DESIGNS, what="design"),
        areas=areas,
        comparators=comparators,
        first_date=first,
        last_date=last,
        weekdays=tuple(
            sorted({whole(day, what="weekdays", least=0, most=_SUNDAY) for day in draft.weekdays})
        ),
        start=_clock(draft.start, what="start"),
        end=_clock(draft.end, what="end"),
        buffer_m=whole(draft.buffer_m, what="buffer_m", least=0, most=_MOST_BUFFER_M),
        profiles=words.codes(draft.profiles, what="profiles"),
        run_id=words.code(draft.run_id, what="run_id", needed=False),
        remark=words.remark(draft.remark, what="remark"),
        files=_files(draft),
        digest=_digest(draft),
    )


def add(session: Session, draft: OperationDraft, *, now: dt.datetime, by: str) -> Operation:
    """Register an operation."""
    row = OperationRow(**keeping.values_of(checked(draft)))
    keeping.add(session, row, now=now, by=by)
    return keeping.seen(row, Operation)


def change(  # noqa: PLR0913 (one change: what, to what, on which version, by whom, when)
    session: Session,
    item_id: str,
    draft: OperationDraft,
    *,
    version: int,
    now: dt.datetime,
    by: str,
) -> Operation:
    """Change an operation that was opened at a version; how it stood before stays in its history.

    Raises
    ------
    ChangedElsewhereError
        Somebody else changed or withdrew it since.
    """
    row = keeping.opened(session, OperationRow, item_id, version=version)
    keeping.change(session, row, keeping.values_of(checked(draft)), now=now, by=by)
    return keeping.seen(row, Operation)


def withdraw(session: Session, item_id: str, *, version: int, now: dt.datetime, by: str) -> None:
    """Withdraw an operation."""
    keeping.withdraw(session, OperationRow, item_id, version=version, now=now, by=by)


def listed(session: Session) -> tuple[Operation, ...]:
    """Return the operations that stand, oldest entry first."""
    return tuple(keeping.seen(row, Operation) for row in keeping.standing(session, OperationRow))


def history(session: Session, item_id: str) -> tuple[Earlier, ...]:
    """Return an operation as it stood after each change, first state first."""
    return keeping.earlier(session, OperationRow, item_id)


def _files(draft: OperationDraft) -> tuple[tuple[str, ...], ...]:
    if sum(len(content.encode()) for _, content in draft.files) > MOST_BYTES:
        msg = f"files: more than {MOST_BYTES / 1e6:.0f} MB. Leave areas out that nothing needs."
        raise BadInputError(msg)
    for name, _ in draft.files:
        check_name(name)
    return draft.files


def _digest(draft: OperationDraft) -> str:
    if bool(draft.plan) != bool(_DIGEST.fullmatch(draft.digest)):
        msg = f"digest: {draft.digest[:20]!r} does not go with the plan. Give both, or neither."
        raise BadInputError(msg)
    return draft.digest


def _clock(value: str, *, what: str) -> str:
    if value and not _CLOCK.fullmatch(value):
        msg = f"{what}: {value[:20]!r} is no time of day. Write it like 18:30."
        raise BadInputError(msg)
    return value
