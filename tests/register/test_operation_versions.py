"""Operations kept whole, and what was changed before and after results were seen."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text

from config.errors import BadInputError
from config.operation_papers import Papers, compose, gather
from register import Register, audit, listing, open_register, operation_versions, operations
from register.operations import OperationDraft
from register.tension import Sight
from sample_geo.ready import DATA
from tests.register.conftest import NOW, WHO

HOUR = dt.timedelta(hours=1)


def tern() -> Papers:
    return gather(DATA / "operation_tern.toml")


def later(hours: int) -> dict[str, object]:
    return {**WHO, "now": NOW + hours * HOUR}


def test_an_operation_comes_back_whole(kept: Register) -> None:
    draft = operations.draft_of(tern())
    with kept.writing() as session:
        one = operations.add(session, draft, **WHO)
    with kept.reading() as session:
        (found,) = operations.listed(session)
        table = listing.table(session, "operations", sight=Sight.ALL)
    assert found == one
    assert Papers(found.plan, found.files, found.digest) == tern()
    assert found.areas[:2] == ("T01", "T02")
    # a list to read holds no whole files
    assert "digest" in table
    assert not {"plan", "files"} & set(table)


def test_changes_before_and_after_results_were_seen(kept: Register) -> None:
    first = operations.draft_of(tern())
    wider = operations.draft_of(
        compose(
            {**_said(tern()), "buffer_m": 200, "buffers_m": [50]}, dict(tern().files)  # type: ignore[arg-type]  # pairs
        )
    )  # fmt: skip
    redrawn = _redrawn()
    with kept.writing() as session:
        one = operations.add(session, first, **WHO)
        operations.change(session, one.id, wider, version=1, **later(1))
        assert operation_versions.first_seen(session, one.id) is None
        assert (
            operation_versions.changed_since_seen(operation_versions.versions(session, one.id)) == 0
        )
        for hour in (2, 5):
            operation_versions.note_seen(
                session, item=one.id, run_id="run1", digest=wider.digest, **later(hour)
            )
        operations.change(session, one.id, replace(wider, remark="Seen"), version=2, **later(3))
        operations.change(session, one.id, redrawn, version=3, **later(4))
    with kept.reading() as session:
        assert operation_versions.first_seen(session, one.id) == NOW + 2 * HOUR
        versions = operation_versions.versions(session, one.id)
        noted = audit.first(session, "seen", noun="operations", item=one.id)
    assert [(v.version, v.weighs, v.after_seen) for v in versions] == [
        (1, False, False), (2, True, False), (3, False, True), (4, True, True),
    ]  # fmt: skip
    assert operation_versions.changed_since_seen(versions) == 1
    assert versions[1].fields == ("buffer_m",)
    assert versions[2].fields == ("remark",)
    assert versions[3].files == ("operation_tern_allocation.csv",)
    assert noted is not None
    assert (noted.run_id, noted.details) == ("run1", {"digest": wider.digest})


def test_papers_and_digest_go_together() -> None:
    draft = operations.draft_of(tern())
    for changes in ({"digest": ""}, {"digest": "a" * 63}, {"plan": ""},
                    {"files": (("../evil.csv", "x"),)}):  # fmt: skip
        with pytest.raises(BadInputError):
            operations.checked(replace(draft, **changes))  # type: ignore[arg-type]


def test_a_register_of_the_version_before_is_brought_up_to_date(kept: Register, place: str) -> None:
    outline = OperationDraft(
        name="Operation Pier", design="crossover", areas=("a1",), first_date=NOW.date(),
        last_date=NOW.date(),
    )  # fmt: skip
    with kept.writing() as session:
        operations.add(session, outline, **WHO)
    kept.close()
    url = place if "://" in place else f"sqlite:///{place}"
    engine = create_engine(url)
    with engine.begin() as connection:
        for column in ("plan", "files", "digest"):
            connection.execute(text(f"ALTER TABLE operations DROP COLUMN {column}"))
        connection.execute(text("UPDATE register_version SET version_num = '0001'"))
    engine.dispose()
    again = open_register(place)
    with again.reading() as session:
        (one,) = operations.listed(session)
    assert (one.name, one.plan, one.files, one.digest) == ("Operation Pier", "", (), "")
    again.close()


def _said(papers: Papers) -> dict[str, object]:
    return tomllib.loads(papers.plan)


def _redrawn() -> OperationDraft:
    papers = tern()
    files = dict(papers.files)  # type: ignore[arg-type]  # pairs
    name = "operation_tern_allocation.csv"
    files[name] = files[name].replace("\n", "\r\n")
    said = {**_said(papers), "buffer_m": 200, "buffers_m": [50]}
    return replace(operations.draft_of(compose(said, files)), remark="Seen")


def test_a_design_is_held_since_it_last_changed() -> None:
    def version(number: int, at: dt.datetime, digest: str) -> operation_versions.OperationVersion:
        return operation_versions.OperationVersion(
            number, at, "analyst", "change", (), (), digest, number > 1, after_seen=False
        )

    summer = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    first = version(1, summer - 40 * HOUR, "a")
    # half past midnight of July in London; a remark later on is not another design
    listed = (first, version(2, summer, "b"), version(3, summer + 99 * HOUR, "b"))
    assert operation_versions.held_since(listed) == dt.date(2026, 7, 1)
    assert operation_versions.held_since((first,)) == dt.date(2026, 6, 29)
    # back to the first design: what stood before the other is no claim to it
    back = version(4, summer + 200 * HOUR, "a")
    assert operation_versions.held_since((*listed, back)) == dt.date(2026, 7, 9)
