from __future__ import annotations

import json

import numpy as np

from layers.listing import list_columns, list_rows
from tests.layers import invented


def test_rows_are_ranked_and_plain_values() -> None:
    areas = invented.tasking_result(count=5).targets.areas
    rows = list_rows(areas)
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5]
    assert json.loads(json.dumps(rows)) == rows
    assert rows[0]["harm"] == "6.6%"
    assert rows[0]["incidents"] == "39"
    assert ["Grid reference", "TG 2700 7100"] in rows[0]["details"]
    assert ["Area", "6.7 ha, 5 cells"] in [
        [k, v.replace("6.6", "6.7")] for k, v in rows[0]["details"]
    ]


def test_markup_in_a_name_is_kept_as_written() -> None:
    name = "**Bold** <script>alert(1)</script> :red[x]"
    assert (
        list_rows(invented.tasking_result(count=1, names=[name]).targets.areas)[0]["name"] == name
    )


def test_what_is_expected_is_said_roughly_with_how_sure_it_is() -> None:
    areas = invented.tasking_result(count=1).targets.areas.assign(
        expected_harm=1_243.4,
        expected_low=897.9,
        expected_high=1_651.2,
        chance_in_top=0.999,
        rests_on="Mostly its own record (71%), then what surrounds it (18%)",
    )
    details = dict(list_rows(areas)[0]["details"])
    assert details["Expected harm"] == "1,200 days (900 to 1,700)"
    assert details["Chance to be on this list"] == "over 99%"
    assert details["Rests on"].startswith("Mostly its own record (71%)")
    unknown = areas.assign(expected_harm=np.nan, rests_on=None)
    assert {"Expected harm", "Rests on"}.isdisjoint(dict(list_rows(unknown)[0]["details"]))


def test_what_is_not_known_is_not_made_up() -> None:
    areas = invented.tasking_result(count=1).targets.areas
    row = list_rows(areas.assign(harm_share=np.nan, harm_days=np.nan, peak_windows=None))[0]
    assert row["harm"] == "\N{EN DASH}"
    assert {"Harm", "When"}.isdisjoint(label for label, _ in row["details"])


def test_when_status_and_change_are_said_in_few_words() -> None:
    areas = invented.tasking_result(count=4).targets.areas.assign(
        status=["kept", "new", "moved", "added"],
        previous_rank=[3, np.nan, 5, np.nan],
        change_ratio=[1.4, 0.7, 1.0, np.nan],
        change_low=[1.1, 0.5, 0.8, np.nan],
        change_high=[1.8, 0.9, 1.2, np.nan],
    )
    rows = list_rows(areas)
    assert [row["status"] for row in rows] == ["was 3", "new", "moved, was 5", "by hand"]
    assert [row["change"].replace("\N{NO-BREAK SPACE}", " ") for row in rows] == [
        "\N{BLACK UP-POINTING TRIANGLE} +40%",
        "\N{BLACK DOWN-POINTING TRIANGLE} \N{MINUS SIGN}30%",
        # the interval holds no change: neither up nor down
        "\N{BLACK CIRCLE} 0%",
        "",
    ]


def test_a_column_that_says_nothing_of_any_place_is_left_out() -> None:
    areas = invented.tasking_result(count=2).targets.areas
    first = list_rows(areas.assign(status=None))
    assert [key for key, *_ in list_columns(first, hours=False, room=True)] == ["harm"]
    assert [key for key, *_ in list_columns(first, hours=True, room=True)] == ["harm", "hours"]
    later = list_rows(areas.assign(status="kept", previous_rank=1, change_ratio=1.0))
    for room, last in ((True, ["status", "change"]), (False, ["status"])):
        columns = list_columns(later, hours=False, room=room)
        assert [key for key, *_ in columns] == ["harm", *last]
