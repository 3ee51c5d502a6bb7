"""Risk notes: what must be read beside a risk terrain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from config.risk_terrain import RiskRules
    from spatial.risk_results import Validation
    from spatial.risk_terrain.model import RiskModel


def model_notes(model: RiskModel, rules: RiskRules, validation: Validation) -> Notes:
    """Say how far a risk terrain can be relied on, and how it was made.

    Parameters
    ----------
    model
        Fitted.
    rules
        Where factors are unsure and incidents few.
    validation
        Whose sentence is loud, whatever it says.
    """
    notes = [
        Note(
            "Relative risks say what stands where incidents were recorded, not what causes them: "
            "taking a place away need not take its harm away.",
            loud=True,
        ),
        Note(validation.sentence, loud=True),
    ]
    if not model.terms:
        notes.append(
            Note(
                "No factor lowers BIC: by these files, no place is riskier than another.", loud=True
            )
        )
    if model.fit.incidents < rules.model.fewest_incidents:
        sentence = (
            f"The model rests on {model.fit.incidents:,} incidents: weak factors cannot show, and "
            "strong ones may be luck."
        )
        notes.append(Note(sentence, loud=True))
    unsure = [
        term.factor.replace("_", " ")
        for term in model.terms
        if term.stability is not None and term.stability < rules.stability.sure
    ]
    if unsure:
        sentence = (
            f"Chosen in fewer than {rules.stability.sure:.0%} of the resamples, so not to be "
            f"relied on: {', '.join(unsure)}."
        )
        notes.append(Note(sentence, loud=True))
    notes += _how_made(model)
    return tuple(notes)


def _how_made(model: RiskModel) -> list[Note]:
    fit = model.fit
    tried = sum(one.cells_on is not None for one in model.tried)
    drawn = (
        f"Stability is the share of {model.resamples} redraws of the ground, in blocks of "
        f"{model.block_m:,.0f} m, that chose the factor; no standard error is given, for after a "
        "choice it would describe a model that was never chosen."
        if model.resamples
        else "Stability was not measured: nothing says which factors would be chosen again."
    )
    return [
        Note(drawn, loud=not model.resamples),
        Note(
            f"{tried:,} variables of {len(model.factors):,} factors were tried; the "
            f"{fit.family.replace('_', ' ')} model has the lower BIC ({fit.bic:,.1f}; without any "
            f"factor {fit.null_bic:,.1f})."
        ),
        Note(
            f"Counts scatter {fit.overdispersion:.2f} times as much about the Poisson model as "
            "chance alone would make them."
        ),
        Note("Distances are from the middle of each cell to the nearest part of a feature."),
    ]
