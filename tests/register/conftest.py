"""The register on both databases: a SQLite file always, PostgreSQL where a cluster is given.

``HARMHEX_TEST_POSTGRES`` holds the address of a cluster in which databases may be made.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from register import Register, open_register
from register.anniversaries import AnniversaryDraft
from register.tension import TensionDraft

NOW = dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 12, 1)
WHO: dict[str, Any] = {"now": NOW, "by": "tasking.lead"}
POSTGRES = os.environ.get("HARMHEX_TEST_POSTGRES", "")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new register may be, on each database."""
    if request.param == "sqlite":
        yield str(tmp_path / "kept" / "register.sqlite")
        return
    name = f"harmhex_{uuid.uuid4().hex}"
    url = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    cluster = create_engine(url, isolation_level="AUTOCOMMIT")
    with cluster.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with cluster.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    cluster.dispose()


@pytest.fixture
def kept(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """An empty register on each database, with an anchor beside it."""
    monkeypatch.setenv("HARMHEX_AUDIT_ANCHOR", str(tmp_path / "audit.anchor"))
    opened = open_register(place)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Register]:
    """An empty register in a SQLite file, for what does not depend on the database."""
    opened = open_register(tmp_path / "register.sqlite")
    yield opened
    opened.close()


def an_anniversary(**changes: object) -> AnniversaryDraft:
    given: dict[str, Any] = {
        "label": "Stabbing outside the arcade",
        "date": dt.date(2021, 12, 14),
        "place": "Marine Parade",
        "longitude": 0.7101,
        "latitude": 51.5367,
    }
    return AnniversaryDraft(**{**given, **changes})


def a_tension(**changes: object) -> TensionDraft:
    given: dict[str, Any] = {
        "level": "high",
        "theme": "youth_violence",
        "text": "Two groups from rival schools meet at the bus station",
        "source_grade": 2,
        "information_grade": "B",
        "handling": "P",
        "entered_on": TODAY,
        "beat": "Harbour",
    }
    return TensionDraft(**{**given, **changes})
