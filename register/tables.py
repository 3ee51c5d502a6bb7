"""The register's tables. Nothing outside them is kept; a change here needs a migration."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import Date, ForeignKey, Index, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from register.columns import Listed, Moment

_ID: Final = 36
_ACCOUNT: Final = 200
_WORD: Final = 40
_CODE: Final = 120
_HASH: Final = 64


class Base(DeclarativeBase):
    """What all tables share: names of constraints that are the same on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        dt.datetime: Moment,
        dt.date: Date,
        tuple[str, ...]: Listed,
        tuple[int, ...]: Listed,
        tuple[tuple[str, ...], ...]: Listed,
        str: Text,
    }


class KeptRow(Base):
    """A record that people add, change and withdraw; ``version`` counts its changes."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    version: Mapped[int]
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(_ACCOUNT))
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[str] = mapped_column(String(_ACCOUNT))
    withdrawn_at: Mapped[dt.datetime | None]

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let no change through that was made on an older version."""
        return {"version_id_col": cls.__table__.c.version}


class AnniversaryRow(KeptRow):
    """A date at a place that may bring people back."""

    __tablename__ = "anniversaries"

    label: Mapped[str]
    kind: Mapped[str] = mapped_column(String(_WORD))
    date: Mapped[dt.date]
    holiday: Mapped[str] = mapped_column(String(_WORD))
    place: Mapped[str]
    longitude: Mapped[float]
    latitude: Mapped[float]
    radius_m: Mapped[int]
    lead_in_days: Mapped[int]
    lead_out_days: Mapped[int]
    source: Mapped[str]


class EventRow(KeptRow):
    """A fixture, festival or march: once, by a rule, or with a bank holiday."""

    __tablename__ = "events"

    label: Mapped[str]
    kind: Mapped[str] = mapped_column(String(_WORD))
    first_date: Mapped[dt.date]
    last_date: Mapped[dt.date | None] = mapped_column(index=True)
    days: Mapped[int]
    rule: Mapped[str]
    holiday: Mapped[str] = mapped_column(String(_WORD))
    offset_days: Mapped[int]
    except_dates: Mapped[tuple[str, ...]]
    extra_dates: Mapped[tuple[str, ...]]
    place: Mapped[str]
    longitude: Mapped[float]
    latitude: Mapped[float]
    radius_m: Mapped[int]
    lead_in_days: Mapped[int]
    lead_out_days: Mapped[int]
    source: Mapped[str]


class TensionRow(KeptRow):
    """What is known of tension at a place or on a beat, with its grading."""

    __tablename__ = "tension"

    level: Mapped[str] = mapped_column(String(_WORD))
    theme: Mapped[str] = mapped_column(String(_WORD))
    text: Mapped[str]
    beat: Mapped[str]
    place: Mapped[str]
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    radius_m: Mapped[int]
    source_grade: Mapped[int]
    information_grade: Mapped[str] = mapped_column(String(1))
    handling: Mapped[str] = mapped_column(String(1))
    conditions: Mapped[str]
    entered_on: Mapped[dt.date]
    renewed_on: Mapped[dt.date]
    review_on: Mapped[dt.date]
    expires_on: Mapped[dt.date] = mapped_column(index=True)


class OperationRow(KeptRow):
    """A named intervention, as it was registered."""

    __tablename__ = "operations"

    name: Mapped[str]
    design: Mapped[str] = mapped_column(String(_WORD))
    areas: Mapped[tuple[str, ...]]
    comparators: Mapped[tuple[str, ...]]
    first_date: Mapped[dt.date]
    last_date: Mapped[dt.date] = mapped_column(index=True)
    weekdays: Mapped[tuple[int, ...]]
    start: Mapped[str] = mapped_column(String(5))
    end: Mapped[str] = mapped_column(String(5))
    buffer_m: Mapped[int]
    profiles: Mapped[tuple[str, ...]]
    run_id: Mapped[str] = mapped_column(String(_CODE))
    remark: Mapped[str]
    plan: Mapped[str] = mapped_column(server_default="")
    files: Mapped[tuple[tuple[str, ...], ...]] = mapped_column(server_default="[]")
    digest: Mapped[str] = mapped_column(String(_HASH), server_default="")


class OverrideRow(KeptRow):
    """What a person changed about the proposed areas, and why."""

    __tablename__ = "overrides"

    kind: Mapped[str] = mapped_column(String(_WORD))
    areas: Mapped[tuple[str, ...]]
    cells: Mapped[tuple[tuple[str, ...], ...]]
    name: Mapped[str]
    reason: Mapped[str]
    run_id: Mapped[str] = mapped_column(String(_CODE))


class DecisionRow(KeptRow):
    """What a tasking meeting decided, who owns it, and until when."""

    __tablename__ = "decisions"

    meeting_on: Mapped[dt.date] = mapped_column(index=True)
    text: Mapped[str]
    owner: Mapped[str] = mapped_column(String(_ACCOUNT))
    due_on: Mapped[dt.date | None]
    state: Mapped[str] = mapped_column(String(_WORD))
    outcome: Mapped[str]
    area_id: Mapped[str] = mapped_column(String(_CODE))
    run_id: Mapped[str] = mapped_column(String(_CODE))


class VisitRow(KeptRow):
    """One visit of a patrol to an area."""

    __tablename__ = "visits"

    area_id: Mapped[str] = mapped_column(String(_CODE), index=True)
    start: Mapped[str] = mapped_column(String(16), index=True)
    minutes: Mapped[int]
    officers: Mapped[int]
    seen: Mapped[tuple[str, ...]]
    done: Mapped[tuple[str, ...]]
    operation_id: Mapped[str] = mapped_column(String(_ID))
    source: Mapped[str]


class TargetsRow(KeptRow):
    """A list of areas that a meeting adopted."""

    __tablename__ = "targets"

    run_id: Mapped[str] = mapped_column(String(_CODE), index=True)
    profile: Mapped[str] = mapped_column(String(_CODE))
    study_area: Mapped[str]
    first_date: Mapped[dt.date]
    last_date: Mapped[dt.date]
    data_through: Mapped[dt.date]
    remark: Mapped[str]


class TargetAreaRow(Base):
    """One area of an adopted list."""

    __tablename__ = "target_areas"

    targets_id: Mapped[str] = mapped_column(
        String(_ID), ForeignKey("targets.id", ondelete="CASCADE"), primary_key=True
    )
    rank: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[str] = mapped_column(String(_CODE), index=True)
    name: Mapped[str]
    cells: Mapped[tuple[str, ...]]


class TargetFileRow(Base):
    """One archived output of an adopted list."""

    __tablename__ = "target_files"

    targets_id: Mapped[str] = mapped_column(
        String(_ID), ForeignKey("targets.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(String(255), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(_HASH))
    size: Mapped[int]


class LoadRow(Base):
    """One load of data into a store."""

    __tablename__ = "loads"

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(_ACCOUNT))
    load_id: Mapped[str] = mapped_column(String(_CODE))
    source: Mapped[str] = mapped_column(String(_CODE))
    read: Mapped[int]
    stored: Mapped[int]
    rejected: Mapped[int]
    duplicates: Mapped[int]
    data_through: Mapped[dt.date | None]


class ExportRow(Base):
    """One file that left the program."""

    __tablename__ = "exports"

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(_ACCOUNT))
    what: Mapped[str] = mapped_column(String(_CODE))
    file: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(_HASH))
    marking: Mapped[str] = mapped_column(String(_CODE))
    run_id: Mapped[str] = mapped_column(String(_CODE))


class SignInRow(Base):
    """One sign-in, or one that was refused."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(_ACCOUNT))
    role: Mapped[str] = mapped_column(String(_WORD))
    method: Mapped[str] = mapped_column(String(_WORD))
    outcome: Mapped[str] = mapped_column(String(_WORD))


class HistoryRow(Base):
    """A record as it stood after each of its changes."""

    __tablename__ = "history"

    noun: Mapped[str] = mapped_column(String(_WORD), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(_ACCOUNT))
    action: Mapped[str] = mapped_column(String(_WORD))
    content: Mapped[str]


class AuditRow(Base):
    """One entry of the audit: the database refuses to change or delete it."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(_ACCOUNT))
    action: Mapped[str] = mapped_column(String(_WORD))
    noun: Mapped[str] = mapped_column(String(_WORD))
    item: Mapped[str] = mapped_column(String(_CODE))
    run_id: Mapped[str] = mapped_column(String(_CODE))
    details: Mapped[str]
    previous: Mapped[str] = mapped_column(String(_HASH))
    hash: Mapped[str] = mapped_column(String(_HASH))

    __table_args__ = (Index("ix_audit_noun_item", "noun", "item"),)


class AuditHeadRow(Base):
    """How many entries the audit has, and the hash of the last."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(_HASH))
