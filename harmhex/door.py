"""What every command shares: its errors, its summary, and files that are never half-written."""

from __future__ import annotations

import contextlib
import errno
import functools
import inspect
import json
import os
import shutil
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, ParamSpec

import typer

from config.errors import BadInputError
from config.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from spatial.incidents.store import LoadRecord
    from spatial.notes import Notes
    from spatial.partners.store import PartnerLoad

_Options = ParamSpec("_Options")
_SETTINGS: Final = "settings"

StoreOption = Annotated[
    Path, typer.Option("--store", help="Folder of the incident store.", show_default=False)
]
ProfileOption = Annotated[
    str, typer.Option("--profile", help="Profile name, or a .toml file.", show_default=False)
]
StudyAreaOption = Annotated[
    str | None,
    typer.Option(
        "--study-area",
        help="Boundary file, stored name, or ever-incident. Without it, the only stored one.",
        show_default=False,
    ),
]
FromOption = Annotated[
    datetime,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First date.", show_default=False),
]
ToOption = Annotated[
    datetime,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Last date, included.", show_default=False),
]
WeightsOption = Annotated[
    str | None,
    typer.Option(
        "--weights",
        help="Harm scheme for this run: cchi_2020, ons_css, or a .toml or .xlsx file. Without it, "
        "the weights stored at load.",
        show_default=False,
    ),
]
SettingsOption = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        help="A force's own settings (docs/settings.md). Without it, HARMHEX_SETTINGS or "
        "the store's settings.toml.",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print a machine-readable summary on standard output.")
]


def told_plainly(command: Callable[_Options, None]) -> Callable[_Options, None]:
    """Turn bad input into one message and exit 1; never show a traceback.

    An error that is not the user's is said in one sentence too, with the file that holds the rest.
    Every command is given the option ``--settings``, and runs with those settings in force, or else
    with those of its store.
    """

    @functools.wraps(command)
    def plain(*args: _Options.args, **options: _Options.kwargs) -> None:
        named, store = options.pop(_SETTINGS, None), options.get("store")
        try:
            with in_force(
                named=named if isinstance(named, Path) else None,
                store=store if isinstance(store, Path) else None,
            ):
                command(*args, **options)
        except typer.Exit:
            raise
        except BrokenPipeError:
            # whoever was reading has seen enough (a pipe to head): not a fault, and nobody to tell
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except BadInputError as error:
            typer.echo(f"harmhex: {error}", err=True)
            raise typer.Exit(1) from error
        except OSError as error:
            typer.echo(f"harmhex: {_file_trouble(error)}", err=True)
            raise typer.Exit(1) from error
        except Exception as error:
            typer.echo(
                f"harmhex: this went wrong inside the program, not in your input ({error!r}). "
                f"Please report it with {_log_of(error)}.",
                err=True,
            )
            raise typer.Exit(1) from error

    # the shell reads a command's options from its signature
    given = inspect.signature(command, eval_str=True)
    settings = inspect.Parameter(
        _SETTINGS, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=SettingsOption
    )
    whole = given.replace(parameters=[*given.parameters.values(), settings])
    plain.__signature__ = whole  # type: ignore[attr-defined]
    return plain


def progress(sentence: str) -> None:
    """Show a step of long work on standard error."""
    typer.echo(sentence, err=True)


def summarise(
    summary: Mapping[str, Any], notes: Notes, *, sentences: list[str], as_json: bool
) -> None:
    """Print what was done: sentences for people, or one JSON object for programs.

    Parameters
    ----------
    summary
        The figures, without the notes.
    notes
        The automatic choices; people are shown the loud ones, programs all.
    sentences
        What people are shown first.
    as_json
        Which of the two.
    """
    if as_json:
        typer.echo(
            json.dumps({**summary, "notes": [note.text for note in notes]}, ensure_ascii=False)
        )
        return
    for sentence in sentences:
        typer.echo(sentence)
    for note in notes:
        if note.loud:
            typer.echo(f"Note: {note.text}")
    quiet = sum(not note.loud for note in notes)
    if quiet:
        typer.echo(f"({quiet} more notes on how this was made: see --json or the file itself.)")


def dates(load: LoadRecord | PartnerLoad) -> str:
    """Say from when to when the records of a load reach."""
    if load.data_from is None:
        return "no new records"
    return f"{load.data_from} to {load.data_through}"


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then moved there."""
    if path.is_dir():
        msg = f"{str(path)!r} is a folder. Give the name of a file to write."
        raise BadInputError(msg)
    with _named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write several files into a folder, all prepared before the first is put in its place."""
    with _named(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, content in files.items():
            (staged / name).write_bytes(content)
        with _named(folder):
            folder.mkdir(exist_ok=True)
        for name in files:
            (staged / name).replace(folder / name)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    # name what the person gave, not the temporary file beside it
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _file_trouble(error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    # the writer of Parquet files gives the number only in its words
    if error.errno == errno.ENOSPC or f"errno {errno.ENOSPC}]" in reason:
        return "The disk is full. Free some space, or use another disk, and try again."
    if error.filename is None:
        return f"A file cannot be used: {reason}. Check the disk, the paths and their permissions."
    return f"{error.filename!r} cannot be used: {reason}. Check the path and its permissions."


def _log_of(error: BaseException) -> str:
    if os.environ.get("HARMHEX_DEBUG"):
        traceback.print_exception(error, file=sys.stderr)
    handle, name = tempfile.mkstemp(prefix="harmhex-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        traceback.print_exception(error, file=stream)
    return name
