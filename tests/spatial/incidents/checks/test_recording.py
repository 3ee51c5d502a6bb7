"""Recording: planted changes in the use of flags are found, and chance is not."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.incidents.checks.recording import flag_changes, strangest_spell
from tests.spatial.incidents.planted import each_day, planted


def _rows(shares: list[float], flag: str, value: str, other: str, **row: object) -> list:  # type: ignore[type-arg]
    """A hundred offences a month, of which so many have one value of a flag."""
    made = []
    for month, share in enumerate(shares):
        marked = round(share * 50)
        made += each_day(month, marked, **{flag: value}, **row)
        made += each_day(month, 50 - marked, **{flag: other}, **row)
    return made


def test_a_jump_in_recording_is_dated_and_said() -> None:
    shares = [0.1] * 14 + [0.62] * 10
    [change] = flag_changes(planted(_rows(shares, "knife", "false", "unknown"))).to_dict("records")
    assert (change["flag"], change["what"], change["month"], change["until"]) == (
        "knife", "recorded", "2025-03", "",
    )  # fmt: skip
    assert (change["usual"], change["during"]) == (pytest.approx(0.1), pytest.approx(0.62))
    assert change["words"] == (
        "From Mar 2025 knife is recorded for 62% of offences instead of 10%; "
        "a recording change until shown otherwise."
    )


def test_a_spell_has_an_end() -> None:
    shares = [0.96] * 10 + [0.72] * 2 + [0.96] * 12
    [change] = flag_changes(planted(_rows(shares, "domestic", "false", "unknown"))).to_dict(
        "records"
    )
    assert (change["month"], change["until"]) == ("2024-11", "2024-12")
    assert change["offences_during"] == 200


def test_a_jump_in_marking_is_apart_from_recording() -> None:
    shares = [0.04] * 12 + [0.12] * 12
    [change] = flag_changes(planted(_rows(shares, "knife", "true", "false"))).to_dict("records")
    assert (change["what"], change["month"]) == ("marked", "2025-01")
    assert "knife is marked on 12% of the offences it is recorded for, not 4.0%" in change["words"]


def test_each_force_is_looked_at_apart() -> None:
    rows = _rows([0.1] * 14 + [0.62] * 10, "knife", "false", "unknown", force="B Police")
    rows += _rows([0.5] * 24, "knife", "false", "unknown")
    changes = flag_changes(planted(rows))
    assert list(changes["force"]) == ["B Police"]


def test_flags_nobody_records_do_not_change() -> None:
    rows = [row for month in range(24) for row in each_day(month, 50, knife="unknown")]
    assert flag_changes(planted(rows)).empty
    assert flag_changes(planted([])).empty


def test_too_little_data_is_no_change() -> None:
    assert strangest_spell(np.array([0, 0, 50]), np.array([50, 50, 50])) is None
    assert strangest_spell(np.array([0] * 5 + [4]), np.array([4] * 6)) is None
    assert strangest_spell(np.array([0] * 9), np.array([50] * 9)) is None


@pytest.mark.parametrize(("months", "offences"), [(12, 60), (24, 200)])
def test_a_jump_is_found_where_it_is(months: int, offences: int) -> None:
    rng = np.random.default_rng(5)
    shares = np.full(months, 0.11)
    shares[-3:] = 0.62
    for _ in range(50):
        of = rng.poisson(offences, months) + 1
        spell = strangest_spell(rng.binomial(of, shares), of)
        assert spell is not None
        assert (spell.first, spell.last) == (months - 3, months - 1)
        assert spell.p < 0.001


@pytest.mark.parametrize("swing", [0.0, 0.005, 0.02])
def test_false_alarms_without_a_change(swing: float) -> None:
    # months that swing more than chance (beta-binomial, correlation `swing`) are no change either
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(400):
        of = rng.poisson(200, 24) + 1
        share = np.full(24, 0.15)
        if swing:
            size = (1 - swing) / swing
            share = rng.beta(0.15 * size, 0.85 * size, 24)
        spell = strangest_spell(rng.binomial(of, share), of)
        assert spell is not None
        alarms += spell.p <= 0.05
    assert alarms / 400 <= 0.085
