"""Documents: links lead somewhere, commands take the options shown, guides quote real labels."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from harmhex.__main__ import cli

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "sample_geo" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
HOUSES = ("views", "layers", "spatial", "harmhex", "register", "config", "sample_geo", "deploy")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:^|`)\s*(harmhex [a-z][^`\n]*)", re.MULTILINE)
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_MOST_PICTURE = 250_000


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = [link.partition("#")[0] for link in _LINK.findall(document.read_text("utf-8"))]
    inside = [link for link in links if link and "://" not in link]
    assert [link for link in inside if not (document.parent / link).exists()] == []


def test_every_document_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    found = {link.partition("#")[0] for link in _LINK.findall(index)}
    every = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert every - {"README.md"} <= found


def test_pictures_are_small_and_all_shown() -> None:
    texts = "".join(document.read_text("utf-8") for document in DOCUMENTS)
    for picture in (ROOT / "docs").glob("*.png"):
        assert picture.stat().st_size < _MOST_PICTURE, picture.name
        assert picture.name in texts


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_shown_takes_its_options(document: Path) -> None:
    shown = _COMMAND.findall(document.read_text("utf-8"))
    assert [told for line in shown if (told := unfit(line))] == []


@cache
def shell() -> TyperGroup:
    return typer.main.get_group(cli)


def unfit(line: str) -> str:
    """Return what a command line shows that the command does not take; empty for nothing."""
    words = shlex.split(line.replace("...", ""), comments=True)[1:]
    command: Any = shell()
    while words and (under := getattr(command, "commands", None)) is not None:
        if words[0] not in under:
            # a sentence that begins with the name
            return "" if "--" not in line else f"{line!r}: no command {words[0]!r}"
        command = under[words.pop(0)]
    taken = command.get_params(typer.Context(command))
    options = {name for one in taken for name in (*one.opts, *one.secondary_opts)}
    asked = {word.partition("=")[0].rstrip(".,;:)") for word in words if word.startswith("--")}
    return f"{line!r}: {sorted(asked - options)}" if asked - options else ""


@pytest.fixture(scope="module")
def screens() -> str:
    """Every word of the pages' own code and of what they draw, texts over two lines as one."""
    folders = ("views", "layers", "config")
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    code = "\n".join(path.read_text("utf-8") for path in files)
    return re.sub(r'"\s*\n\s*f?"', "", code)


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_guides_quote_labels_that_are_on_the_screens(guide: Path, screens: str) -> None:
    quoted = _BOLD.findall(guide.read_text("utf-8"))
    labels = {" ".join(one.split()) for one in quoted}
    assert len(labels) > 5
    missing = [one for one in sorted(labels) if not _on_screen(one, screens)]
    assert missing == []


def _on_screen(label: str, screens: str) -> bool:
    return re.search(rf'["\'>(] ?{re.escape(label)}[,.:"\'<( {{]', screens) is not None


def test_the_picture_of_the_house_names_every_room_and_no_other_file() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = [
        path.parent
        for house in ("views", "layers", "spatial", "harmhex")
        for path in (ROOT / house).rglob("__init__.py")
        if path.parent != ROOT / house
    ]
    assert [name_of(room) for room in rooms if f"{room.name}/" not in text] == []
    held = {path.name for folder in HOUSES for path in (ROOT / folder).rglob("*.py")} | {"app.py"}
    assert set(re.findall(r"\b_?[a-z][a-z_]*\.py\b", text)) - held == set()


def test_sacred_lines_stand_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    make = "    python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e "
    assert f"{make}. && .venv/bin/harmhex app\n" in readme
    assert f"{make}'.[test]' && .venv/bin/python -m pytest\n" in readme
