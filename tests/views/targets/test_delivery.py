from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from register import visits
from register.visits import VisitDraft
from tests.views.conftest import words_of
from tests.views.lists import adopt, earlier_list, on_part
from tests.views.people import NOW

if TYPE_CHECKING:
    from register.opening import Register
    from spatial.incidents.store import IncidentStore


@pytest.mark.parametrize(
    ("start", "made"),
    [
        # the list is of 17 to 30 October, whose policing days begin at 06:00
        ("2026-10-31T02:00", "1 visit"),
        ("2026-10-31T07:00", "0 visits"),
        ("2026-10-17T02:00", "0 visits"),
    ],
)
def test_the_small_hours_after_the_last_night_are_its_own(
    held: Register, saltmere_store: IncidentStore, start: str, made: str
) -> None:
    found = earlier_list(saltmere_store)
    adopt(held, found, None)
    with held.writing() as session:
        draft = VisitDraft(area_id=str(found.areas["area_id"].iloc[0]), start=start, minutes=15)
        visits.add_all(session, [draft], now=NOW, by="pc@force.example")
    assert made in words_of(on_part("visits"))
