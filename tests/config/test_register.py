from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.register import FILE, URL_VARIABLE, load_register_rules, register_url


def test_where_the_register_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    beside = tmp_path / "essex-register" / "register.sqlite"
    assert register_url(tmp_path / "essex") == str(beside.resolve())
    assert register_url() == str(Path("harmhex-register", "register.sqlite"))
    monkeypatch.setenv(URL_VARIABLE, " postgresql://me@host/register ")
    assert register_url(tmp_path / "essex") == "postgresql://me@host/register"


def test_restricted_themes_are_themes() -> None:
    rules = load_register_rules().tension
    assert {"ethnicity", "religion", "protest"} <= set(rules.restricted_themes)
    assert set(rules.restricted_themes) <= set(rules.themes)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('restricted_themes = ["ethnicity"', 'restricted_themes = ["politics"', "politics"),
        ("expire_days = 28", "expire_days = 7", "must not fall"),
        ('levels = ["low", "medium", "high"]', 'levels = ["low"]', "levels"),
        ("next_days = 28", "next_days = 0", "next_days"),
        ("[retention.tension]", "[retention.rumours]", "retention"),
    ],
)
def test_settings_that_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "register.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInputError, match=said):
        load_register_rules(file)
