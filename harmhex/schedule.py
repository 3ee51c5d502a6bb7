"""`harmhex schedule`: which places are patrolled on which days, and when."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from config.dose import load_dose_rules
from config.errors import BadInputError
from config.shifts import load_shifts
from harmhex.door import (
    JsonOption,
    progress,
    summarise,
    told_plainly,
    write_file,
    write_folder,
)
from layers.targets.schedule_files import day_lists, schedule_calendar, schedule_csv
from layers.targets.schedule_words import plan_sentences
from spatial.incidents.store import IncidentStore
from spatial.projection import metric_system_at
from spatial.targets.names import read_named_lines
from spatial.targets.schedule.places import read_places
from spatial.targets.schedule.plan import Plan
from spatial.targets.schedule.plan import schedule as make_schedule
from spatial.targets.schedule.power import Design, expected_incidents, smallest_fall
from spatial.targets.schedule.request import ScheduleRequest


@told_plainly
def schedule(  # noqa: PLR0913 (the options of one command)
    targets: Annotated[
        Path, typer.Option(help="targets.csv or .geojson, or their folder.", show_default=False)
    ],
    start: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.", show_default=False)
    ],
    seed: Annotated[
        int, typer.Option(help="Any whole number: the same one, the same days.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="CSV file to write.", show_default=False)],
    days: Annotated[int, typer.Option(help="How many days.")] = 90,
    treated: Annotated[
        int | None, typer.Option(help="Places patrolled each day. Without it, all.")
    ] = None,
    design: Annotated[
        str | None,
        typer.Option(
            help="crossover (drawn at random each day), rotating (in turn) or fixed (all, daily). "
            "Without it, crossover where fewer than all places are treated.",
        ),
    ] = None,
    wait: Annotated[
        int | None, typer.Option(help="Crossover: every place is treated once in so many days.")
    ] = None,
    minutes: Annotated[int | None, typer.Option(help="Minutes of a visit.")] = None,
    every: Annotated[int | None, typer.Option(help="Minutes between visits, about.")] = None,
    visits: Annotated[int | None, typer.Option(help="Visits a day, in place of --every.")] = None,
    from_hour: Annotated[int | None, typer.Option(help="Hour from which, by the clock.")] = None,
    to_hour: Annotated[
        int | None, typer.Option(help="Hour until which; up to 6 is the next morning.")
    ] = None,
    shift: Annotated[str | None, typer.Option(help="A shift's hours: early, late, night.")] = None,
    hours: Annotated[float | None, typer.Option(help="The most officer hours a day.")] = None,
    officers: Annotated[int | None, typer.Option(help="Officers on a visit.")] = None,
    base: Annotated[
        list[str] | None,
        typer.Option(
            help="'LONGITUDE,LATITUDE' where patrols start and end; may be repeated.",
            show_default=False,
        ),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(help="Store whose streets are walked.", show_default=False),
    ] = None,
    expected: Annotated[
        float | None,
        typer.Option(help="Incidents expected in these places and days without patrols."),
    ] = None,
    calendar: Annotated[
        Path | None, typer.Option(help="Also write an iCalendar file.", show_default=False)
    ] = None,
    lists: Annotated[
        Path | None,
        typer.Option(
            help="Also write a folder: a list a day, of that day's places only.", show_default=False
        ),
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Schedule patrols: a row for every visit, and for every place-day without one.

    Example: harmhex schedule --targets targets/targets.csv --start 2026-12-01 --days 90 --treated 8
    --seed 7 --out schedule.csv
    """
    first_hour, last_hour = _hours(shift, from_hour, to_hour)
    request = ScheduleRequest(
        start=start.date(),
        days=days,
        seed=seed,
        treated=treated,
        design=design,
        wait=wait,
        minutes=minutes,
        every=every,
        visits=visits,
        from_hour=first_hour,
        to_hour=last_hour,
        officers=officers,
        officer_hours=hours,
        bases=tuple(_point(text) for text in base or ()),
    )
    places = read_places(targets)
    system = metric_system_at(*places.points[0].tolist())
    streets = None
    if store is not None:
        kept = IncidentStore.open(store).context_layers().get("streets")
        streets = None if kept is None else read_named_lines(kept, metric_system=system)
    progress(f"Scheduling {len(places)} places over {days} days ...")
    plan = make_schedule(
        places, request, streets=streets, metric_system=system, rules=load_dose_rules()
    )
    design_found = _power_design(plan, expected_incidents(places, days, given=expected))
    files = {out: schedule_csv(plan)}
    if calendar is not None:
        files[calendar] = schedule_calendar(plan)
    if len(files) < 1 + (calendar is not None):
        msg = f"{str(out)!r} is named for both the CSV and the calendar. Give two names."
        raise BadInputError(msg)
    daily = {} if lists is None else day_lists(plan)
    # whatever cannot be written is found before the plan itself stands
    if lists is not None:
        _require_own(lists, daily)
        write_folder(lists, daily)
    for path, content in reversed(files.items()):
        write_file(path, content)
    written = [str(path) for path in files] + [str(lists)] * (lists is not None)
    sentences = plan_sentences(plan, design_found, rules=load_dose_rules())
    sentences.append(f"Written: {', '.join(written)} (run {plan.run_id}).")
    summarise(_summary(plan, design_found, written), plan.notes, sentences=sentences, as_json=json)


def _summary(plan: Plan, design: Design | None, written: list[str]) -> dict[str, Any]:
    treated = int(plan.allocation.sum())
    choices = plan.choices
    return {
        "run_id": plan.run_id,
        "design": choices.design,
        "places": len(plan.area_ids),
        "treated_each_day": choices.k,
        "wait_days": choices.wait or None,
        "days": len(plan.dates),
        "place_days": {"treated": treated, "control": plan.allocation.size - treated},
        "visits": int((plan.table["visit"] > 0).sum()),
        "visits_a_day": choices.dose.visits,
        "minutes": choices.dose.minutes,
        "hours": choices.hours.words,
        "patrols": max((one.team for one in plan.patrols), default=0),
        "officer_hours": {
            "mean": round(float(plan.officer_hours.mean()), 2),
            "most": round(float(plan.officer_hours.max()), 2),
        },
        "forced_share": None if plan.guess is None else round(plan.guess.forced, 4),
        "expected_incidents": None if design is None else round(design.expected, 2),
        "smallest_fall": None if design is None else _least(design),
        "out": written[0],
        "files": written,
    }


def _least(design: Design) -> float | None:
    rules = load_dose_rules()
    found = smallest_fall(design, power=rules.power, level=rules.level)
    return None if found is None else round(found, 4)


def _power_design(plan: Plan, expected: float | None) -> Design | None:
    if expected is None or plan.choices.design != "crossover":
        return None
    return Design(expected, plan.choices.k / len(plan.area_ids), len(plan.dates))


def _require_own(folder: Path, daily: dict[str, bytes]) -> None:
    # a list left over from another plan would send a patrol to the wrong place
    others = sorted({path.name for path in folder.glob("patrols_*.csv")} - set(daily))
    if others:
        msg = (
            f"The folder {str(folder)!r} holds {others[0]!r}, a list of another plan. Give an "
            "empty folder, so that nobody patrols by an old list."
        )
        raise BadInputError(msg)


def _hours(
    shift: str | None, from_hour: int | None, to_hour: int | None
) -> tuple[int | None, int | None]:
    if shift is None:
        return from_hour, to_hour
    if from_hour is not None or to_hour is not None:
        msg = f"The shift {shift!r} has its own hours. Give --shift, or --from-hour and --to-hour."
        raise BadInputError(msg)
    named = load_shifts().named(shift)
    return named.starts, named.ends


def _point(text: str) -> tuple[float, float]:
    try:
        longitude, latitude = (float(part) for part in text.split(","))
    except ValueError as error:
        msg = f"--base is {text!r}: no longitude and latitude. Write it as 1.4021,53.2064."
        raise BadInputError(msg) from error
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):  # noqa: PLR2004 (degrees)
        msg = f"--base is {text!r}: no place on Earth. Write longitude first: 1.4021,53.2064."
        raise BadInputError(msg)
    return longitude, latitude
