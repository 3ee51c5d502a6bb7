"""Moments: what the store holds of when and where, in one order."""

from __future__ import annotations

import datetime as dt

import numpy as np

from spatial.incidents.moments import PRECISIONS, read_moments
from spatial.incidents.store import IncidentStore
from spatial.window import Window

MONTH = Window(dt.date(2026, 8, 1), dt.date(2026, 8, 31))


def test_saltmere_is_read_in_order(saltmere_store: IncidentStore) -> None:
    connection = saltmere_store.connect()
    moments = read_moments(connection, "tier = 'robbery'", window=MONTH, resolution=9)
    row = connection.execute(
        "SELECT count(*), count(occurred_to), count(longitude) FROM incidents "
        "WHERE tier = 'robbery' AND CAST(occurred_from AS DATE) BETWEEN "
        "DATE '2026-08-01' AND DATE '2026-08-31'"
    ).fetchone()
    assert row is not None
    counted, ended, located = row
    assert 0 < len(moments) == counted
    assert int((~np.isnat(moments.end)).sum()) == ended < counted
    assert int(np.isfinite(moments.longitude).sum()) == int((moments.cell > 0).sum()) == located
    assert (np.diff(moments.start.astype(np.int64)) >= 0).all()
    assert moments.start.dtype == moments.end.dtype == np.dtype("datetime64[s]")
    assert set(moments.precision) <= set(PRECISIONS)
    assert set(moments.tier) == {"robbery"}


def test_some_of_them(saltmere_store: IncidentStore) -> None:
    moments = read_moments(saltmere_store.connect(), "true", window=MONTH, resolution=9)
    located = moments.where(np.isfinite(moments.longitude))
    assert 0 < len(located) < len(moments)
    assert len(moments.where(np.array([3, 1]))) == 2


def test_an_empty_selection_is_empty(saltmere_store: IncidentStore) -> None:
    moments = read_moments(saltmere_store.connect(), "false", window=MONTH, resolution=9)
    assert len(moments) == 0
