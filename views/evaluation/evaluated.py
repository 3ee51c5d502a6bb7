"""Operations and their results kept between clicks: worked out once for what they depend on."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from config.force_file import settings_key
from config.operation import Operation as PlannedOperation
from config.operation_papers import lay_out
from register import audit, operation_versions, operations, visits
from spatial.evaluate import evaluate
from spatial.evaluation.planned import read_planned
from views import access, records, waiting

if TYPE_CHECKING:
    from register.opening import Register
    from register.operation_versions import OperationVersion
    from register.operations import Operation
    from spatial.evaluation.planned import Planned
    from spatial.evaluation_results import EvaluationResult
    from spatial.incidents.store import IncidentStore
    from views.workroom import Steps

_SHOWN: Final = "operations_shown"
VISIT_COLUMNS: Final = ("area_id", "start", "minutes")


@dataclass(frozen=True, slots=True)
class Registered:
    """One operation as the register holds it, with its past.

    Attributes
    ----------
    operation
        As it stands.
    versions
        How it stood, first one first.
    seen_at
        When its results were first shown here; None for not yet.
    """

    operation: Operation
    versions: tuple[OperationVersion, ...]
    seen_at: dt.datetime | None

    @property
    def changed(self) -> int:
        """How often what the results rest on was changed since they were first seen."""
        return operation_versions.changed_since_seen(self.versions)

    @property
    def held_since(self) -> dt.date:
        """The day since which the register holds the design as it stands, by its own clock."""
        return operation_versions.held_since(self.versions)


def listed() -> tuple[Operation, ...]:
    """Return the registered operations that stand, the last to begin first."""
    with records.register().reading() as session:
        found = operations.listed(session)
    return tuple(sorted(found, key=lambda one: (one.first_date, one.name), reverse=True))


def registered(operation: Operation) -> Registered:
    """Return an operation with its versions, read anew."""
    with records.register().reading() as session:
        return Registered(
            operation,
            operation_versions.versions(session, operation.id),
            operation_versions.first_seen(session, operation.id),
        )


def planned(operation: Operation) -> Planned:
    """Return an operation's ground and draw; no outcome is looked at.

    Raises
    ------
    BadInputError
        Its papers cannot be read.
    """
    return _planned(operation.digest, _operation=operation)


def visits_of(operation: Operation) -> pd.DataFrame | None:
    """Return the visits of an operation; None where none was recorded.

    Those entered for it, and those to its areas on its days that name no operation.
    """
    with records.register().reading() as session:
        number, head = audit.head(session)
    # every change is in the audit, so that its head says whether a visit may have been added
    key = f"{number} {head} {operation.id} {operation.version}"
    found = _visits(key, _register=records.register(), _operation=operation)
    return None if found.empty else found


def result(store: IncidentStore, operation: Operation) -> EvaluationResult:
    """Return the result of a registered operation, and record that it is shown.

    Raises
    ------
    BadInputError
        It cannot be judged by these data, or that it is shown cannot be recorded: whether a design
        was fixed before its outcomes were known must not rest on anybody's memory.
    """
    seen = visits_of(operation)
    held_since = registered(operation).held_since
    others = tuple(one for one in listed() if one.id != operation.id and one.plan)
    key = " ".join(
        (
            store.fingerprint,
            store.extras_fingerprint,
            operation.digest,
            hashlib.sha256(operation.plan.encode()).hexdigest(),
            "" if seen is None else str(pd.util.hash_pandas_object(seen).sum()),
            held_since.isoformat(),
            *(one.digest for one in others),
        )
    )
    found = _result(
        key,
        _store=store,
        _operation=operation,
        _others=others,
        _visits=seen,
        _held_since=held_since,
    )
    shown: set[tuple[str, str]] = st.session_state.setdefault(_SHOWN, set())
    if (operation.id, found.run_id) not in shown:
        access.note(
            operation_versions.note_seen,
            item=operation.id,
            run_id=found.run_id,
            digest=operation.digest,
        )
        shown.add((operation.id, found.run_id))
    return found


@st.cache_resource(show_spinner=False, max_entries=24)
def _planned(digest: str, *, _operation: Operation) -> Planned:
    del digest  # part of the key only
    with tempfile.TemporaryDirectory(prefix="harmhex-operation-") as folder:
        return read_planned(lay_out(_operation.plan, _operation.files, Path(folder)))


@st.cache_data(show_spinner=False, max_entries=12)
def _visits(key: str, *, _register: Register, _operation: Operation) -> pd.DataFrame:
    del key  # part of the key only
    areas = set(_operation.areas)
    begins, ends = _in_force(_operation)
    with _register.reading() as session:
        rows = [
            (one.area_id, one.start, one.minutes)
            # the last policing day ends after midnight, and the first begins after it
            for one in visits.listed(
                session,
                first=_operation.first_date,
                last=_operation.last_date + dt.timedelta(days=1),
            )
            if begins <= dt.datetime.fromisoformat(one.start) < ends
            and (
                one.operation_id == _operation.id or (not one.operation_id and one.area_id in areas)
            )
        ]
    return pd.DataFrame(rows, columns=list(VISIT_COLUMNS))


def _in_force(operation: Operation) -> tuple[dt.datetime, dt.datetime]:
    """Return when its first policing day begins and its last ends, by its own plan."""
    usual = PlannedOperation.model_fields["day_starts"].default
    starts = dt.time.fromisoformat(tomllib.loads(operation.plan).get("day_starts", usual))
    day = dt.timedelta(days=1)
    return (
        dt.datetime.combine(operation.first_date, starts),
        dt.datetime.combine(operation.last_date + day, starts),
    )


def _result(
    key: str,
    *,
    _store: IncidentStore,
    _operation: Operation,
    _others: tuple[Operation, ...],
    _visits: pd.DataFrame | None,
    _held_since: dt.date,
) -> EvaluationResult:
    def work(steps: Steps) -> EvaluationResult:
        with tempfile.TemporaryDirectory(prefix="harmhex-operation-") as folder:
            laid = []
            for number, one in enumerate((_operation, *_others)):
                place = Path(folder) / str(number)
                place.mkdir()
                laid.append(lay_out(one.plan, one.files, place))
            return evaluate(
                _store,
                laid[0],
                visits=_visits,
                others=laid[1:],
                held_since=_held_since,
                progress=steps,
            )

    return waiting.answer(
        f"evaluation {settings_key()} {key}", work, doing="Working out what changed"
    )
