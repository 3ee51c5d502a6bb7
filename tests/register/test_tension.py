from __future__ import annotations

import datetime as dt

import pytest
import shapely

from config.errors import BadInputError
from register import Register, tension
from register.errors import ChangedElsewhereError
from register.tension import Sight, Tension
from register.tension_trend import BeatTension, by_beat
from tests.register.conftest import NOW, TODAY, WHO, a_tension

ALL = {"sight": Sight.ALL}


def on(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def at(days: int) -> dict[str, object]:
    """The moment so many days from now, and the same day as today."""
    return {"now": NOW + dt.timedelta(days=days), "by": "analyst", "today": on(days)}


def entered(kept: Register, **changes: object) -> Tension:
    with kept.writing() as session:
        return tension.add(session, a_tension(**changes), sight=Sight.ALL, today=TODAY, **WHO)


def beats(kept: Register, day: dt.date, sight: Sight = Sight.ALL) -> dict[str, BeatTension]:
    with kept.reading() as session:
        return {one.beat: one for one in by_beat(session, day, sight=sight)}


def test_an_entry_gets_its_days(kept: Register) -> None:
    one = entered(kept)
    assert (one.review_on, one.expires_on, one.renewed_on) == (on(14), on(28), TODAY)
    assert not one.restricted


def test_it_fades_by_a_step_a_fortnight_and_expires(kept: Register) -> None:
    one = entered(kept, expires_on=on(60))
    levels = [one.level_on(on(day)) for day in (-1, 0, 13, 14, 27, 28, 59, 60)]
    assert levels == [None, "high", "high", "medium", "medium", "low", "low", None]
    with kept.reading() as session:
        assert tension.current(session, on(59), sight=Sight.ALL) == (one,)
        assert tension.current(session, on(60), sight=Sight.ALL) == ()
        assert tension.current(session, on(-1), sight=Sight.ALL) == ()
        entries = tension.current(session, on(14), sight=Sight.ALL)
    assert tension.for_review(entries, on(13)) == ()
    assert tension.for_review(entries, on(14)) == (one,)


def test_renewing_stops_the_fading_and_keeps_the_history(kept: Register) -> None:
    one = entered(kept)
    with kept.writing() as session:
        renewed = tension.renew(session, one.id, version=1, **ALL, **at(20))  # type: ignore[arg-type]
    assert renewed.level_on(on(21)) == "high"
    assert renewed.expires_on == on(48)
    with kept.writing() as session:
        tension.expire(session, one.id, version=2, **ALL, **at(30))  # type: ignore[arg-type]
    with kept.reading() as session:
        assert tension.current(session, on(30), sight=Sight.ALL) == ()
        assert len(tension.current(session, on(29), sight=Sight.ALL)) == 1
        states = tension.history(session, one.id, sight=Sight.ALL)
    assert [state.action for state in states] == ["added", "renewed", "expired"]
    assert states[0].content["expires_on"] == on(28).isoformat()
    assert [state.by for state in states] == ["tasking.lead", "analyst", "analyst"]


def test_two_edits_at_once(kept: Register) -> None:
    one = entered(kept)
    with kept.writing() as session:
        tension.renew(session, one.id, version=1, **ALL, **at(1))  # type: ignore[arg-type]
    with pytest.raises(ChangedElsewhereError), kept.writing() as session:
        tension.expire(session, one.id, version=1, **ALL, **at(1))  # type: ignore[arg-type]


@pytest.mark.parametrize("theme", ["ethnicity", "religion", "protest"])
def test_restricted_themes_are_hidden_in_every_way(kept: Register, theme: str) -> None:
    one = entered(kept, theme=theme)
    assert one.restricted
    with kept.reading() as session:
        assert tension.current(session, TODAY, sight=Sight.OPEN) == ()
        assert tension.listed(session, sight=Sight.OPEN) == ()
        seen = tension.current(session, on(20), sight=Sight.OPEN)
        assert tension.for_review(seen, on(20)) == ()
        assert tension.history(session, one.id, sight=Sight.OPEN) == ()
        assert by_beat(session, TODAY, sight=Sight.OPEN) == ()
        assert len(by_beat(session, TODAY, sight=Sight.ALL)) == 1
    same = {"version": 1, "sight": Sight.OPEN}
    with pytest.raises(BadInputError, match="no record"), kept.writing() as session:
        tension.change(session, one.id, a_tension(), **same, **at(0))  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="no record"), kept.writing() as session:
        tension.renew(session, one.id, **same, **at(0))  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="no record"), kept.writing() as session:
        tension.expire(session, one.id, **same, **at(0))  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="no record"), kept.writing() as session:
        tension.withdraw(session, one.id, **same, **WHO)  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="those who may see them"), kept.writing() as session:
        tension.add(session, a_tension(theme=theme), sight=Sight.OPEN, today=TODAY, **WHO)


def test_an_entry_that_was_restricted_stays_hidden_in_its_past(kept: Register) -> None:
    one = entered(kept, theme="religion")
    with kept.writing() as session:
        tension.change(session, one.id, a_tension(), version=1, **ALL, **at(1))  # type: ignore[arg-type]
    with kept.reading() as session:
        assert len(tension.current(session, on(1), sight=Sight.OPEN)) == 1
        assert tension.history(session, one.id, sight=Sight.OPEN) == ()
        # on the day before, it was not theirs to see
        (beat,) = by_beat(session, on(14), sight=Sight.OPEN)
    assert beat.entries_before == 0


def test_a_beat_rises_falls_and_ends(kept: Register) -> None:
    one = entered(kept, level="medium", beat="Harbour")
    entered(kept, level="low", beat="Station")
    entered(kept, level="high", beat="Station", theme="drug_markets")
    now = beats(kept, TODAY)
    assert list(now) == ["Station", "Harbour"]
    assert (now["Station"].level, now["Station"].entries) == ("high", 2)
    assert now["Station"].trend == "new"
    with kept.writing() as session:
        tension.renew(session, one.id, version=1, level="high", **ALL, **at(13))  # type: ignore[arg-type]
    later = beats(kept, on(14))
    assert (later["Harbour"].level, later["Harbour"].level_before) == ("high", "medium")
    assert later["Harbour"].trend == "rising"
    assert later["Harbour"].since == TODAY
    assert (later["Station"].level, later["Station"].trend) == ("medium", "falling")
    assert beats(kept, on(28))["Station"].trend == "ended"
    assert beats(kept, on(28))["Station"].level is None
    assert "Station" not in beats(kept, on(60))


def test_an_entry_made_late_counts_from_its_own_day(kept: Register) -> None:
    entered(kept, entered_on=on(-20), level="low", expires_on=on(20))
    assert beats(kept, TODAY)["Harbour"].trend == "steady"


def test_places_fall_into_beats(kept: Register) -> None:
    entered(kept, beat="", place="Pier", longitude=0.71, latitude=51.53)
    areas = {"West": shapely.box(0.6, 51.5, 0.7, 51.6), "East": shapely.box(0.7, 51.5, 0.8, 51.6)}
    with kept.reading() as session:
        (found,) = by_beat(session, TODAY, sight=Sight.ALL, beats=areas)
        (nowhere,) = by_beat(session, TODAY, sight=Sight.ALL)
    assert (found.beat, nowhere.beat) == ("East", "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"beat": ""}, "needs a beat or a place"),
        ({"beat": "", "longitude": 0.7, "latitude": 51.5}, "place is empty"),
        ({"longitude": 0.7, "place": "Pier"}, "latitude"),
        ({"level": "severe"}, "level: 'severe' is not one of low, medium, high"),
        ({"theme": "football"}, "theme"),
        ({"source_grade": 4}, "source_grade"),
        ({"source_grade": True}, "source_grade"),
        ({"information_grade": "F"}, "information_grade"),
        ({"handling": "X"}, "handling"),
        ({"entered_on": on(1)}, "still to come"),
        ({"expires_on": TODAY}, "do not follow"),
        ({"review_on": on(30)}, "do not follow"),
        ({"expires_on": on(100)}, "92 days at most"),
        ({"text": ""}, "text is empty"),
        ({"text": "x" * 300}, "280 are the most"),
    ],
)
def test_entries_that_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        tension.checked(a_tension(**changes), today=TODAY)
