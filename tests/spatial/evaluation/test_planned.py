"""What a plan holds together before any outcome is counted."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely

from config.errors import BadInputError
from config.operation_file import read_operation
from sample_geo.ready import DATA
from spatial.evaluation.planned import read_planned
from spatial.evaluation.waves.plan import read_plan


def test_the_sample_operations_are_ready() -> None:
    gull, tern = (
        read_planned(read_operation(DATA / f"operation_{name}.toml")) for name in ("gull", "tern")
    )
    assert gull.design is None
    assert gull.comparators is not None
    assert (len(gull.treated.area_ids), len(gull.comparators.area_ids)) == (12, 24)
    assert tern.design is not None
    assert tern.design.treated.shape == (90, 20)
    assert tern.comparators is None
    ground = shapely.union_all(tern.treated.shapes)
    # a buffer holds no ground of an area, but slivers of rounding
    shared = shapely.union_all(tern.buffer.shapes).intersection(ground)
    assert shared.area < ground.area * 1e-4
    assert any("in neither buffer" in note.text for note in tern.notes)


def test_comparators_in_the_widest_buffer_are_refused() -> None:
    said = read_operation(DATA / "operation_gull.toml").model_copy(update={"buffers_m": (50, 400)})
    with pytest.raises(BadInputError, match="the 400 m round it, where it may be felt"):
        read_planned(said)


def test_starts_that_make_no_waves_are_refused() -> None:
    said = read_operation(DATA / "operation_gull.toml")
    ids = said.areas.ids
    together = dict.fromkeys(ids, said.first_date)
    later = {**together, ids[0]: said.first_date + dt.timedelta(days=1)}
    for changes, words in (
        ({"starts": together}, "every place began on 2025-02-01"),
        ({"starts": {ids[0]: said.first_date}}, "'G02' has no date"),
        ({"starts": {**together, ids[0]: dt.date(2026, 1, 1)}}, "outside 2025-02-01 to"),
        # the first and the second of February 2025 are a Saturday and a Sunday
        ({"starts": later, "weekdays": (2,)}, "no day in force between 2025-02-01 and 2025-02-02"),
    ):
        with pytest.raises(BadInputError, match=words) as refused:
            read_planned(said.model_copy(update={"design": "staggered", **changes}))
        assert "\n" not in str(refused.value)
    planned = read_planned(said.model_copy(update={"design": "staggered", "starts": later}))
    assert len(planned.treated.area_ids) == len(ids)


def test_periods_are_cut_where_a_wave_begins() -> None:
    said = read_operation(DATA / "operation_gull.toml")
    days = (dt.date(2025, 2, 10), dt.date(2025, 4, 1))
    starts = {area: days[place % 2] for place, area in enumerate(said.areas.ids)}
    plan = read_plan(
        said.model_copy(update={"design": "staggered", "starts": starts}), said.areas.ids
    )
    assert plan.dates == days
    assert plan.wave.tolist() == [0, 1] * 6
    firsts = [one.first for one in plan.periods.spans]
    assert set(days) <= set(firsts)
    # what lies before the first start is before, though the operation had begun
    early = plan.periods.after[firsts.index(dt.date(2025, 2, 1))]
    assert not early
    assert plan.periods.days[firsts.index(dt.date(2025, 2, 1))] == 9
    assert "6 from 10 Feb 2025, 6 from 1 Apr 2025" in plan.words
    leads = plan.leads(quarters=False)
    used = [one for one, chosen in zip(firsts, plan.periods.chosen_on, strict=True) if not chosen]
    assert leads.shape == (2, len(used))
    assert leads[0, used.index(days[0])] == leads[1, used.index(days[1])] == 0
    assert leads[1, used.index(days[1]) - 1] == -1
    assert (leads[:, 0] == [-13, -14]).all()
