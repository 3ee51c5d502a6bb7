"""`harmhex refresh`: the fortnight's list, schedule and sheets in one go, all of it or nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json as json_text
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo

import click
import typer
from filelock import FileLock, Timeout

from config.errors import BadInputError
from config.settings import load_settings
from harmhex.adopted import Adopted, adopted_before
from harmhex.door import JsonOption, ProfileOption, StoreOption, progress, summarise, told_plainly
from spatial.incidents.store import IncidentStore
from spatial.notes import Note
from spatial.window import day_words, year_to

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONDON: Final = ZoneInfo("Europe/London")
_LIST: Final = "targets"
_SUMMARY: Final = "refresh.json"
_LOG: Final = "refresh.log"
_LOCK: Final = ".refresh.lock"
_NOTHING_NEW: Final = "Nothing new was loaded: the list rests on the data that were there before."


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every step of one refresh needs."""

    store: Path
    profile: str
    study_area: str | None
    start: dt.date
    days: int


@told_plainly
def refresh(  # noqa: PLR0913 (the options of one command)
    store: StoreOption,
    profile: ProfileOption,
    out: Annotated[
        Path,
        typer.Option(help="Folder that gets a folder for each period.", show_default=False),
    ],
    incoming: Annotated[
        Path | None,
        typer.Option(help="Folder of new exports, loaded first.", show_default=False),
    ] = None,
    mapping: Annotated[
        str | None, typer.Option(help="How the exports are read; as harmhex load.")
    ] = None,
    require_new: Annotated[  # noqa: FBT002 (a flag of the shell)
        bool, typer.Option("--require-new", help="Make no list where nothing new was loaded.")
    ] = False,
    study_area: Annotated[
        str | None, typer.Option("--study-area", help="As harmhex targets.", show_default=False)
    ] = None,
    resolution: Annotated[int, typer.Option(help="As harmhex targets.")] = 10,
    places: Annotated[int | None, typer.Option(help="As harmhex targets.")] = None,
    hours: Annotated[float | None, typer.Option(help="As harmhex targets.")] = None,
    start: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="First day of the period. Without it, tomorrow.",
            show_default=False,
        ),
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="Days of the period. Without it, the setting.")
    ] = None,
    treated: Annotated[
        int | None, typer.Option(help="Places patrolled each day; as harmhex schedule.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="As harmhex schedule. Without it, the first day as a number."),
    ] = None,
    shift: Annotated[str | None, typer.Option(help="The hours of the visits.")] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            help="List to compare with. Without it, the newest adopted one, else the newest in "
            "--out.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Load what is new, then rank, schedule and print the next period's places, for a timer to run.

    Example: harmhex refresh --store essex --incoming exports --profile ark --places 20
    --out fortnights
    """
    first = start.date() if start else dt.datetime.now(_LONDON).date() + dt.timedelta(days=1)
    asked = _Asked(store, profile, study_area, first, days or load_settings().period_days)
    begun = dt.datetime.now(dt.UTC)
    with _alone(out), _logged(out, begun, first) as said:
        loaded = _load(asked, incoming, mapping)
        said["loaded"] = loaded
        new = sum(loaded.get(name, 0) for name in ("stored", "replaced"))
        if require_new and not new:
            msg = f"{_NOTHING_NEW} Look whether the exports still arrive in {str(incoming)!r}."
            raise BadInputError(msg)
        incidents = IncidentStore.open(store)
        held = adopted_before(first, incidents, profile=profile, study_area=study_area)
        target = out / first.isoformat()
        _require_new_folder(target)
        staged = Path(tempfile.mkdtemp(dir=out, prefix=f".{first.isoformat()}."))
        try:
            options = {"--resolution": resolution, "--places": places, "--hours": hours}
            compared, listed = _list(asked, staged, held, previous or _newest(out, first), options)
            planned = _plan(asked, staged, {"--treated": treated, "--shift": shift}, seed)
            _print(asked, staged)
            summary = {
                "run_id": listed["run_id"],
                "start": first.isoformat(),
                "days": asked.days,
                "compared_with": compared,
                "data_through": incidents.data_through.isoformat(),
                "loaded": loaded,
                "targets": listed,
                "schedule": planned,
                "out": str(target),
            }
            _write_summary(staged, summary)
            # mkdtemp lets nobody else in; the folder is for those whom --out lets in
            staged.chmod(out.stat().st_mode & 0o777)
            staged.rename(target)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        said["run"] = listed["run_id"]
        said["through"] = summary["data_through"]
    notes = () if new or incoming is None else (Note(_NOTHING_NEW, loud=True),)
    made = f"The places for {asked.days} days from {day_words(first)} are in {target}"
    sentences = [
        f"{made} (run {listed['run_id']}); nothing is adopted by this.",
        f"Compared with {compared}." if compared else "There was no list to compare with.",
    ]
    summarise(summary, notes, sentences=sentences, as_json=json)


def _load(asked: _Asked, incoming: Path | None, mapping: str | None) -> dict[str, Any]:
    if incoming is None:
        return {}
    if not incoming.is_dir():
        msg = f"--incoming {str(incoming)!r} is no folder. Give the one that exports arrive in."
        raise BadInputError(msg)
    if not any(path.is_file() for path in incoming.rglob("*")):
        progress(f"{incoming} is empty: nothing is loaded.")
        return {}
    done = _command("load", incoming, "--store", asked.store, **{"--mapping": mapping})
    return {key: value for key, value in done.items() if key != "notes"}


def _list(
    asked: _Asked,
    staged: Path,
    held: Adopted,
    given: tuple[Path, str] | Path | None,
    options: dict[str, Any],
) -> tuple[str, dict[str, Any]]:
    compared: str = ""
    previous: Path | None = None
    if isinstance(given, Path):
        compared, previous = str(given), given
    elif held.previous is not None:
        compared, previous = held.words, held.previous
    elif given is not None:
        previous, compared = given
    if held.changes:
        changes = staged / "changes_in_force.csv"
        changes.write_text(held.changes, encoding="utf-8")
        options |= {"--overrides": changes}
    window = year_to(IncidentStore.open(asked.store).data_through)
    listed = _command(
        "targets", "--store", asked.store, "--profile", asked.profile,
        "--from", window.first, "--to", window.last, "--out", staged / _LIST,
        **{"--previous": previous, "--study-area": asked.study_area}, **options,
    )  # fmt: skip
    return compared, {key: listed[key] for key in listed if key not in {"notes", "files", "out"}}


def _plan(asked: _Asked, staged: Path, options: dict[str, Any], seed: int | None) -> dict[str, Any]:
    planned = _command(
        "schedule", "--targets", staged / _LIST, "--start", asked.start, "--days", asked.days,
        "--seed", asked.start.toordinal() if seed is None else seed, "--store", asked.store,
        "--out", staged / "schedule.csv", "--lists", staged / "lists", **options,
    )  # fmt: skip
    return {key: planned[key] for key in planned if key not in {"notes", "files", "out"}}


def _print(asked: _Asked, staged: Path) -> None:
    same = (
        "print", "--targets", staged / _LIST, "--store", asked.store,
        "--schedule", staged / "schedule.csv", "--from", asked.start,
    )  # fmt: skip
    # a stored name stands in the list's own manifest
    named = asked.study_area if Path(asked.study_area or "").is_file() else None
    for kind in ("sheets", "tasking"):
        _command(*same, "--kind", kind, "--out", staged / f"{kind}.pdf", **{"--study-area": named})


def _command(name: str, /, *words: object, **options: object) -> dict[str, Any]:
    """Run one of the other commands exactly as by hand, and return its summary.

    Raises
    ------
    BadInputError
        It ended in another way than well, with the sentence it said.
    """
    from harmhex.__main__ import cli  # noqa: PLC0415 (this command is one of its commands)

    given = [str(word) for word in words]
    given += [
        part for key, value in options.items() if value is not None for part in (key, str(value))
    ]
    progress(f"{name} ...")
    out, told = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
            code = typer.main.get_command(cli).main(
                [name, *given, "--json"], prog_name="harmhex", standalone_mode=False
            )
    except click.ClickException as error:
        msg = f"{name}: {error.format_message()}"
        raise BadInputError(msg) from error
    if code:
        sentences = told.getvalue().strip().splitlines() or ["it ended without a word"]
        msg = f"{name}: {sentences[-1].removeprefix('harmhex: ')}"
        raise BadInputError(msg)
    summary: dict[str, Any] = json_text.loads(out.getvalue())
    return summary


def _newest(out: Path, first: dt.date) -> tuple[Path, str] | None:
    """Return the last list that was made here for an earlier day, and what it is."""
    made = sorted(path.parent.parent for path in out.glob(f"????-??-??/{_LIST}/targets.csv"))
    earlier = [path for path in made if path.name < first.isoformat()]
    if not earlier:
        return None
    words = f"the list made for {day_words(dt.date.fromisoformat(earlier[-1].name))}, not adopted"
    return earlier[-1] / _LIST, words


def _require_new_folder(target: Path) -> None:
    if target.exists():
        msg = (
            f"{str(target)!r} exists already, and somebody may be patrolling by it. Move it away, "
            "or give another --start."
        )
        raise BadInputError(msg)


def _write_summary(folder: Path, summary: dict[str, Any]) -> None:
    text = json_text.dumps(summary, ensure_ascii=False, indent=2)
    (folder / _SUMMARY).write_text(f"{text}\n", encoding="utf-8")


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    out.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / _LOCK, timeout=0):
            yield
    except Timeout as error:
        msg = f"Another refresh is writing into {str(out)!r}. Let it end first."
        raise BadInputError(msg) from error


@contextlib.contextmanager
def _logged(out: Path, begun: dt.datetime, first: dt.date) -> Iterator[dict[str, Any]]:
    """Add one line to the log, however it ends: for whoever watches the timer."""
    said: dict[str, Any] = {}
    outcome, why = "failed", ""
    try:
        yield said
        outcome = "done"
    except BaseException as error:
        why = f" {' '.join(str(error).split())!r}"
        raise
    finally:
        loaded = said.get("loaded", {})
        counts = {name: loaded.get(name, 0) for name in ("stored", "replaced", "rejected")}
        facts = {
            "start": first,
            **counts,
            "through": said.get("through", "-"),
            "run": said.get("run", "-"),
            "seconds": round((dt.datetime.now(dt.UTC) - begun).total_seconds()),
        }
        line = " ".join(f"{name}={value}" for name, value in facts.items())
        with (out / _LOG).open("a", encoding="utf-8") as log:
            log.write(f"{begun.isoformat(timespec='seconds')} {outcome} {line}{why}\n")
