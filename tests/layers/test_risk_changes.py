"""Changes as people write them: read, found by name, or refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from layers.risk.changes import changes_csv, changes_of, read_changes
from spatial.risk_changes import feature_table, what_would_change
from spatial.risk_results import RiskResult


def test_one_more_and_one_fewer_are_what_they_say(saltmere_risk: RiskResult) -> None:
    features = feature_table(saltmere_risk, "club")
    first = features.iloc[0]
    more, fewer = changes_of(
        [("add", "club@TG 2711 7142"), ("remove", f"club@{first['name'].upper()}")], saltmere_risk
    )
    assert (more.kind, more.removed) == ("club", None)
    assert more.longitude == pytest.approx(1.40, abs=0.05)
    assert (fewer.removed, fewer.name) == (0, first["name"])
    assert fewer.latitude == first["latitude"]
    changed, _ = what_would_change(saltmere_risk, removed=[(fewer.kind, 0)])
    text = changes_csv(saltmere_risk, changed).decode("utf-8-sig")
    assert text.count("Association, not cause") == len(changed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("remove", "club@Nowhere"), "No place of kind 'club' is called 'Nowhere'"),
        (("remove", "club"), "The change 'club' cannot be read. Write KIND@PLACE"),
        (("add", "casino@TG 2711 7142"), "There is no factor 'casino'"),
        (("add", "club@TQ 3000 8000"), "is not near saltmere|is not near Saltmere"),
    ],
)
def test_what_cannot_be_is_refused(
    saltmere_risk: RiskResult, change: tuple[str, str], message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        changes_of([change], saltmere_risk)


def test_nobody_is_taken_away_twice(saltmere_risk: RiskResult) -> None:
    name = feature_table(saltmere_risk, "club")["name"].iloc[0]
    with pytest.raises(BadInputError, match="is taken away twice"):
        changes_of([("remove", f"club@{name}")] * 2, saltmere_risk)


def test_a_file_of_changes_is_read_by_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "changes.csv"
    file.write_text("place,change,kind\nThe Anchor,Remove,pub\n", encoding="utf-8")
    assert read_changes(file) == (("remove", "pub@The Anchor"),)
    file.write_text("place,change,kind\nThe Anchor,close,pub\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"changes.csv, row 2: the change 'close' is neither"):
        read_changes(file)
    file.write_text("what\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="must have the columns change, kind, place"):
        read_changes(file)
    with pytest.raises(BadInputError, match="cannot be read"):
        read_changes(tmp_path / "none.csv")
