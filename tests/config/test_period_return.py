"""The return's layout: sources that exist, headings once, one sentence where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.period_return import PeriodKind, load_return_layout

HEAD = 'period = "month"\nfewest_shown = 3\n'


def _layout(folder: Path, *columns: tuple[str, str], head: str = HEAD) -> Path:
    rows = "".join(f'[[columns]]\nheading = "{name}"\nsource = "{of}"\n' for name, of in columns)
    path = folder / "funder.toml"
    path.write_text(head + rows, encoding="utf-8")
    return path


def test_the_shipped_layout() -> None:
    layout = load_return_layout()
    assert layout.period is PeriodKind.MONTH
    assert [column.source for column in layout.columns][:4] == [
        "period", "first_day", "last_day", "hours",
    ]  # fmt: skip
    outcomes = [column for column in layout.columns if column.kind == "incidents"]
    assert [column.of for column in outcomes] == ["ark", "asb"]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ([("A", "officers")], "no source 'officers'. Choose one of period, first_day"),
        ([("A", "incidents")], "no source 'incidents'"),
        ([("A", "incidents:")], "no source 'incidents:'"),
        ([("A", "crime:ark")], "no source 'crime:ark'"),
        ([("A", "seen:knifes")], "no visit can say 'seen:knifes'. Choose one of quiet"),
        ([("A", "hours"), ("A", "visits")], "two columns have the heading 'A'"),
        ([("Notes", "hours")], "the heading 'Notes' is the return's own"),
        ([], "columns"),
    ],
)
def test_what_there_is_not_is_refused(
    tmp_path: Path, columns: list[tuple[str, str]], words: str
) -> None:
    with pytest.raises(BadInputError, match=r"funder\.toml") as refused:
        load_return_layout(_layout(tmp_path, *columns))
    assert words in str(refused.value)
