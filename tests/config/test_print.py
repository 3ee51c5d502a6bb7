from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.print import FILE, FILE_VARIABLE, load_print_settings


def test_the_shipped_settings_print_no_address_and_no_homes() -> None:
    settings = load_print_settings()
    assert (settings.form_url, settings.logo) == ("", "")
    assert "supported_housing" not in settings.marks


def test_a_forces_own_file_is_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    text = FILE.read_text(encoding="utf-8")
    own.write_text(text.replace("expiry_days = 14", "expiry_days = 7"), encoding="utf-8")
    monkeypatch.setenv(FILE_VARIABLE, str(own))
    assert load_print_settings().expiry_days == 7


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('form_url = ""', 'form_url = "forms.example"', "write the whole address"),
        ('["B", "bar or pub"]', '["C", "bar or pub"]', "share the letter 'C'"),
        ("expiry_days = 14", "expiry_days = 0", "expiry_days"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    own = tmp_path / "own.toml"
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInputError, match=sentence):
        load_print_settings(own)
