"""One evaluation, from an operation and a store to its verdict: the run id is born here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from config.harm_scheme import schemes_of
from config.operation_file import digest
from config.operation_rules import checked
from config.settings import load_settings
from config.version import VERSION
from spatial.evaluation.before_after import evaluate_before_after, switched
from spatial.evaluation.crossed_over import evaluate_crossover, switched_on_days
from spatial.evaluation.crossover.design import CrossoverDesign, read_design
from spatial.evaluation.crossover.dose import Dose, dose_of
from spatial.evaluation.crossover.rerandomise import DRAWS, SEED, redraws
from spatial.evaluation.in_waves import evaluate_waves, switched_in_waves
from spatial.evaluation.looked_at import look_at
from spatial.evaluation.overlaps import overlapping
from spatial.evaluation.recorded import look_at_recording
from spatial.evaluation.registration import late_words, registered_words
from spatial.evaluation.threats import checklist
from spatial.evaluation_inputs import Inputs, check_outcome, read_inputs
from spatial.evaluation_results import PRIMARY, SECONDARY, EvaluationResult, Outcome, Switching
from spatial.incidents.checks.banner import quality_banner
from spatial.notes import Note, merged
from spatial.window import Window, day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from config.operation import Operation
    from spatial.evaluation.crossover.compliance import Compliance
    from spatial.incidents.store import IncidentStore
    from spatial.notes import Notes

DESIGN_WORDS: Final = {
    "before_after": "Before and after, against comparators",
    "matched_comparison": "Before and after, against matched comparators",
    "staggered": "Places that began at different times, against those not yet patrolled",
    "crossover": "Randomised crossover: chance drew which places were patrolled on which days",
}
SEVERAL: Final = (
    "The verdict is about the first outcome, fixed beforehand. The others are secondary: each is "
    "one more chance of finding something that is not there, and by chance one in twenty would be."
)


def evaluate(  # noqa: PLR0913 (what an evaluation may be given)
    store: IncidentStore,
    operation: Operation,
    *,
    visits: pd.DataFrame | None = None,
    others: Sequence[Operation] | None = None,
    study_area: str | None = None,
    weights: str | None = None,
    held_since: dt.date | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Callable[[str], None] | None = None,
) -> EvaluationResult:
    """Evaluate an operation: every estimate, displacement, threats, and a verdict in plain words.

    Parameters
    ----------
    store
        The incidents.
    operation
        As :func:`config.operation_file.read_operation` returns it.
    visits
        Recorded visits: ``area_id, start, minutes``; None where there is no record.
    others
        Other operations that may have touched the same ground; None where nobody named any.
    study_area
        Where comparators are looked for, if they are matched or the rest of the force: a stored
        name or a file; None for the only stored one.
    weights
        A harm scheme's name or file, in place of the weights stored at load.
    held_since
        The day since which a register, by its own clock, holds the operation as it stands; None
        where no register was asked, and then the file's own date is told as unchecked.
    draws, seed
        Of the re-randomisation of a crossover.
    progress
        Told each step; what it raises ends the work there.

    Returns
    -------
    The same for the same store, operation, visits, settings and version; of other operations only
    those on the same ground and dates matter, also to its run id. Which estimate leads is
    fixed by the design (:data:`spatial.evaluation.verdict.LEADING`), never by its result.

    Raises
    ------
    BadInputError
        The operation cannot be judged by these data; the sentence says what would be needed.
    """
    tell = progress or (lambda _: None)
    tell("Counting incidents in and around the operation's places")
    checked(operation, name=operation.name)
    inputs = read_inputs(store, operation, study_area=study_area, weights=weights)
    primary = next(iter(inputs.profiles.values()))
    check_outcome(inputs.placed, operation, primary)
    design = None
    if operation.design == "crossover":
        design = read_design(operation, area_ids=inputs.placed.ground.treated.area_ids)
    dose = None if visits is None else _dose(visits, operation, inputs, design)
    drawn = None
    if design is not None and design.longest_wait is not None:
        tell("Drawing the trial again")
        # no exact sum: the whole draw is made again, once for every figure
        drawn = redraws(design, draws=draws, rng=np.random.default_rng(seed))
    tell("Comparing its days and places with those it is compared with")
    outcomes, compliance = _outcomes(
        inputs, operation, design, dose, drawn=drawn, draws=draws, seed=seed
    )
    tell("Looking for other reasons of a change")
    quality = quality_banner(store, profile=primary, window=_compared(operation))
    recorded = look_at_recording(store, inputs.placed, operation, primary, design)
    near = None if others is None else overlapping(operation, inputs.placed.ground, others)
    facts = look_at(
        inputs.placed,
        operation,
        outcomes[0],
        recorded=recorded,
        data_through=store.data_through,
        dose=dose,
        others=near,
        held_since=held_since,
    )
    if late := late_words(operation, held_since):
        outcomes = tuple(_cautioned(one, late) for one in outcomes)
    editions = _editions(store, inputs)
    return EvaluationResult(
        run_id=_run_id(
            store,
            operation,
            inputs,
            visits,
            near,
            rules={"draws": draws, "seed": seed, "held_since": held_since},
        ),
        version=VERSION,
        operation=operation,
        operation_digest=digest(operation),
        design_words=_design_words(operation, inputs, design),
        registered_words=registered_words(operation, held_since),
        ground=inputs.placed.ground,
        outcomes=outcomes,
        switching=_switching(inputs, operation, design, drawn),
        threats=checklist(facts),
        matching=inputs.matching,
        compliance=compliance,
        delivered=dose,
        quality=quality,
        data_from=store.data_from,
        data_through=store.data_through,
        harm_edition=", ".join(editions),
        harm_sources=tuple(one.attribution for one in schemes_of(editions))
        if inputs.scheme is None
        else (inputs.scheme.attribution,),
        marking=load_settings().marking,
        notes=merged(_notes(operation, inputs, design, dose), recorded.notes),
        held_since=held_since,
    )


def _cautioned(outcome: Outcome, late: str) -> Outcome:
    said = outcome.verdict
    return replace(outcome, verdict=replace(said, cautions=(*said.cautions, late)))


def _outcomes(  # noqa: PLR0913 (what outcomes are judged by)
    inputs: Inputs,
    operation: Operation,
    design: CrossoverDesign | None,
    dose: Dose | None,
    *,
    drawn: NDArray[np.bool_] | None,
    draws: int,
    seed: int,
) -> tuple[tuple[Outcome, ...], Compliance | None]:
    found: list[Outcome] = []
    compliance = None
    minutes = None if dose is None else dose.minutes.sum(axis=0)[: inputs.placed.places]
    for name, profile in inputs.profiles.items():
        role = SECONDARY if found else PRIMARY
        largest = inputs.largest_days[name]
        if inputs.plan is not None:
            found.append(
                evaluate_waves(
                    inputs.placed,
                    operation,
                    inputs.plan,
                    profile,
                    name=name,
                    role=role,
                    minutes=minutes,
                )
            )
            continue
        if design is None:
            found.append(
                evaluate_before_after(
                    inputs.placed, operation, profile, name=name, role=role, largest_days=largest,
                    minutes=minutes,
                )
            )  # fmt: skip
            continue
        outcome, result = evaluate_crossover(
            inputs.placed, operation, design, profile, name=name, role=role, largest_days=largest,
            dose=dose, drawn=drawn, draws=draws, seed=seed,
        )  # fmt: skip
        compliance = result.compliance
        found.append(outcome)
    return tuple(found), compliance


def _switching(
    inputs: Inputs,
    operation: Operation,
    design: CrossoverDesign | None,
    drawn: NDArray[np.bool_] | None,
) -> tuple[Switching, ...]:
    if inputs.plan is not None:
        return tuple(
            switched_in_waves(inputs.placed, inputs.plan, name=name, title=title)
            for name, title in inputs.switched
        )
    return tuple(
        switched(inputs.placed, operation, name=name, title=title)
        if design is None
        else switched_on_days(inputs.placed, design, name=name, title=title, drawn=drawn)
        for name, title in inputs.switched
    )


def _dose(
    visits: pd.DataFrame, operation: Operation, inputs: Inputs, design: CrossoverDesign | None
) -> Dose:
    if design is None:
        # every place was to be patrolled on every day; the last column stands for anywhere else
        ids = (*inputs.placed.ground.treated.area_ids, "\N{EM DASH}")
        planned = np.ones((len(operation.dates), len(ids)), dtype=bool)
        planned[:, -1] = False
        design = CrossoverDesign(operation.dates, ids, planned)
    return dose_of(visits, design, day_starts=operation.day_starts)


def _compared(operation: Operation) -> Window:
    """Return the dates that are compared, first to last; the banner looks before them too."""
    before = operation.baseline if operation.design != "crossover" else None
    first = operation.first_date if before is None else before.first
    return Window(first, operation.last_date)


def _design_words(operation: Operation, inputs: Inputs, design: CrossoverDesign | None) -> str:
    places = inputs.placed.places
    days = f"{day_words(operation.first_date)} to {day_words(operation.last_date)}"
    hours = "" if operation.all_day else f", {operation.start} to {operation.end}"
    said = f"{DESIGN_WORDS[operation.design]}. {places} places, {days}{hours}"
    if design is not None:
        each = sorted(set(design.each_day.tolist()))
        number = f"{each[0]}" if len(each) == 1 else f"{each[0]} to {each[-1]}"
        return f"{said}; {number} of {places} patrolled each day."
    before = operation.baseline
    against = inputs.placed.ground.comparators_words
    if inputs.plan is not None:
        said = f"{said}; {inputs.plan.words}"
    when = "" if before is None else f"{day_words(before.first)} to {day_words(before.last)}"
    return f"{said}; before: {when}; compared with {against}."


def _notes(
    operation: Operation, inputs: Inputs, design: CrossoverDesign | None, dose: Dose | None
) -> Notes:
    notes: Notes = inputs.notes
    told = (text for profile in inputs.profiles.values() for text in profile.notes)
    notes = (*notes, *(Note(text, loud=True) for text in dict.fromkeys(told)))
    if len(inputs.profiles) > 1:
        notes = (Note(SEVERAL, loud=True), *notes)
    if not operation.all_day:
        notes = (
            *notes,
            Note(
                f"Only incidents that began from {operation.start} to {operation.end} are counted, "
                "on all days that are compared."
            ),
        )
    if design is not None and operation.comparators is not None:
        sentence = (
            "The comparators named are not used: a crossover compares places with themselves."
        )
        notes = (*notes, Note(sentence))
    extra = {one for one in inputs.placed.around if one not in operation.distances_m}
    if extra:
        listed = ", ".join(f"{one} m" for one in sorted(extra))
        notes = (*notes, Note(f"Distances tried beside the registered one: {listed}."))
    return merged(
        notes, design.notes if design is not None else (), dose.notes if dose is not None else ()
    )


def _editions(store: IncidentStore, inputs: Inputs) -> list[str]:
    if not any(profile.weighs_harm for profile in inputs.profiles.values()):
        return []
    if inputs.scheme is not None:
        return [inputs.scheme.edition]
    return sorted({one for load in store.loads for one in load.harm_edition.split("; ") if one})


def _run_id(  # noqa: PLR0913, PLR0917 (what a run depends on)
    store: IncidentStore,
    operation: Operation,
    inputs: Inputs,
    visits: pd.DataFrame | None,
    near: tuple[str, ...] | None,
    rules: dict[str, object],
) -> str:
    seen = None if visits is None else visits.to_csv(index=False, lineterminator="\n")
    content = {
        "kind": "evaluate",
        "version": VERSION,
        "data": store.fingerprint,
        "operation": digest(operation),
        # who registered it and when decides what the checklist says
        "registered": None
        if operation.registered is None
        else operation.registered.model_dump(mode="json"),
        "profiles": [one.content for one in inputs.profiles.values()],
        "settings": load_settings().model_dump(mode="json"),
        "study_area": None if inputs.study_area is None else inputs.study_area.digest,
        "weights": None
        if inputs.scheme is None
        else hashlib.sha256(inputs.scheme.digest_source).hexdigest(),
        "visits": None if seen is None else hashlib.sha256(seen.encode()).hexdigest(),
        # of other operations, what is said of those that share ground and dates
        "others": near,
        "rules": rules,
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
