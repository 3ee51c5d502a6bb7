"""Words of the Risk terrain page: what the model says, how steady it is, how it did later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from layers.wording import counted, escaped, number, percent, run_words
from spatial.risk_terrain.model import CHOSEN
from spatial.risk_terrain.operationalisation import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.risk_terrain import RiskRules
    from spatial.risk_results import RiskResult, Validation
    from spatial.risk_terrain.model import RiskModel, Term

TRIED_COLUMNS: Final = (
    "factor", "where", "cells_on", "incidents_on", "redraws", "outcome",
)  # fmt: skip
WAYS: Final = {
    "risk_terrain": "Risk terrain",
    "last_year_count": "Last year's count",
    "expected_harm": "Expected harm, as the list of places",
    "risk_times_harm": "Risk x recent harm",
}
FEWEST_REDRAWS: Final = 20
"""Below so many nothing is called steady."""
_MOST_NAMED: Final = 3
_OUTCOMES: Final = {
    CHOSEN: "kept",
    "put aside by the penalised model": "adds nothing beside the others",
    "does not lower BIC": "explains too little to be kept",
    "no incident where it is on": "no incident there",
    "no incident where it is off": "no incident anywhere else",
}


def headline(result: RiskResult) -> str:
    """Say in one sentence which kinds of places go with more incidents near them."""
    terms, kinds = result.model.terms, len(result.model.factors)
    if not terms:
        return (
            f"None of the {counted(kinds, 'kind')} of places tried goes with more incidents: by "
            "these files no place is riskier than another."
        )
    raising = [term for term in terms if term.coefficient > 0]
    # what luck may have let in is not what one should remember
    sure = [
        term
        for term in raising
        if term.stability is None or term.stability >= result.rules.stability.sure
    ]
    named = [
        f"{result.rules.words_of(term.factor)[1]} (x{term.relative_risk:.1f})"
        for term in sure[:_MOST_NAMED]
    ]
    said = (
        f"{len(raising)} of {counted(kinds, 'kind')} of places "
        f"{'goes' if len(raising) == 1 else 'go'} with more incidents near them"
    )
    if named:
        said += f", most of all {_listed(named)}"
    if len(sure) < len(raising):
        said += f"; {len(raising) - len(sure)} of them unsure"
    if len(raising) < len(terms):
        said += f"; {len(terms) - len(raising)} with fewer"
    return said


def basis_html(result: RiskResult) -> str:
    """Return the line that says what the numbers rest on."""
    fit = result.model.fit
    line = " · ".join(
        [
            result.profile.title,
            result.window.words,
            f"{result.grid.study_area.name}, {fit.cells:,} cells at resolution {result.resolution}",
            counted(fit.incidents, "incident"),
            f"run {run_words(result.run_id)}",
        ]
    )
    return f'<p class="hx-words hx-basis">{escaped(line)}</p>'


def verdict_html(found: Validation) -> str:
    """Return how the model did on months it had not seen, for the head of every part.

    What does not beat simpler ways, or was not tried, stands out and stands first.
    """
    if found.beats:
        return f'<p class="hx-words">{escaped(found.sentence)}</p>'
    head = (
        "Not tried on later months"
        if found.beats is None
        else "Simpler ways choose places as well or better: do not choose patrols by this map"
    )
    return (
        f'<div class="hx-loud hx-beside" role="note"><b>{escaped(head)}</b>'
        f"<p>{escaped(found.sentence)}</p></div>"
    )


def factor_rows(result: RiskResult) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the head and the rows of the table of factors, by relative risk."""
    head = ("Kind of place", "Counts", "Incidents, times", "Chosen in", "Cells", "Incidents there")
    rows: list[tuple[str, ...]] = [
        (
            _several(result.rules, term.factor),
            where_words(term.candidate.how.kind, term.candidate.how.distance_m),
            _times(term),
            steadiness_words(term, resamples=result.model.resamples, rules=result.rules),
            f"{term.candidate.cells_on:,}",
            f"{term.incidents_on:,}",
        )
        for term in result.model.terms
    ]
    return head, rows


def steadiness_words(term: Term, *, resamples: int, rules: RiskRules) -> str:
    """Say in how many redraws of the ground a factor was chosen; never a standard error."""
    if term.stability is None or term.same_way is None or not resamples:
        return "not measured"
    chosen = round(term.stability * resamples)
    alike = round(term.same_way * resamples)
    said = f"{chosen} of {resamples} redraws"
    if alike < chosen:
        said += f", {alike} of them this way"
    if term.stability < rules.stability.sure:
        return f"{said}: unsure, do not rely on it"
    if resamples < FEWEST_REDRAWS:
        return f"{said}: too few redraws to call it steady"
    return f"{said}: steady"


def where_words(kind: Kind | str, distance_m: float) -> str:
    """Say when a cell counts: ``within 150 m``, ``many within 150 m``."""
    near = f"within {distance_m:g} m"
    return f"many {near}" if kind == Kind.DENSITY else near


def tried_table(model: RiskModel, rules: RiskRules) -> pd.DataFrame:
    """Return everything that was tried and what became of it, ``TRIED_COLUMNS``."""
    rows = [
        (
            _several(rules, one.factor),
            ""
            if not one.how
            else "in every way"
            if one.distance_m is None
            else where_words(one.how, one.distance_m),
            one.cells_on,
            one.incidents_on,
            None if one.stability is None else round(one.stability * model.resamples),
            _outcome(one.outcome),
        )
        for one in model.tried
    ]
    table = pd.DataFrame(rows, columns=list(TRIED_COLUMNS))
    whole = ["cells_on", "incidents_on", "redraws"]
    return table.astype(dict.fromkeys(whole, "Int64"))


def score_rows(found: Validation) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the head and rows of how much each way to choose places held, share by share."""
    measures = list(dict.fromkeys(found.scores["measure"]))
    head = ["Share of the area", "Places chosen by"]
    for measure in measures:
        of = "Incidents" if measure == "count" else "Harm"
        head += [f"{of} held", "PAI" if measure == "count" else "Harm-PAI"]
    held = {
        (row["area_share"], row["method"], row["measure"]): row
        for row in found.scores.to_dict("records")
    }
    rows: list[tuple[str, ...]] = []
    for share, method in dict.fromkeys((share, method) for share, method, _ in held):
        cells = [percent(float(share)), WAYS.get(str(method), str(method))]
        for measure in measures:
            one = held[share, method, measure]
            cells += [percent(float(one["captured"])), f"{one['pai']:.1f}"]
        rows.append(tuple(cells))
    return tuple(head), rows


def paired_rows(found: Validation) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the head and rows of how much more or less the risk terrain held than each rival."""
    head = ("Share of the area", "Against", "Of", "More or less", "95% of redraws")
    rows: list[tuple[str, ...]] = [
        (
            percent(float(row["area_share"])),
            WAYS.get(str(row["against"]), str(row["against"])),
            "incidents" if row["measure"] == "count" else "harm",
            _points(float(row["difference"])),
            f"{_points(float(row['low']))} to {_points(float(row['high']))}",
        )
        for row in found.paired.to_dict("records")
    ]
    return head, rows


def fit_words(result: RiskResult) -> str:
    """Say how the model was chosen and how it fits, for whoever asks."""
    fit = result.model.fit
    family = fit.family.value.replace("_", " ")
    return (
        f"{family.capitalize()} model, BIC {fit.bic:,.1f} (without any kind of place "
        f"{fit.null_bic:,.1f}); incidents scatter {fit.overdispersion:.2f} times as much as chance "
        f"alone; {fit.cells_with:,} of {fit.cells:,} cells hold one. The riskiest cell scores "
        f"{number(float(result.model.scores.max()))} times the least risky."
    )


def _several(rules: RiskRules, kind: str) -> str:
    words = rules.words_of(kind)[1]
    return words[:1].upper() + words[1:]


def _times(term: Term) -> str:
    fewer = " (fewer)" if term.coefficient < 0 else ""
    return f"x{term.relative_risk:.2f}{fewer}"


def _outcome(said: str) -> str:
    plain = _OUTCOMES.get(said, said)
    return plain.replace("density within", "many within").replace("proximity within", "within")


def _points(share: float) -> str:
    points = abs(share) * 100
    if points < 0.05:  # noqa: PLR2004 (what rounds to nothing)
        return "no difference"
    return f"{points:.1f} points {'more' if share > 0 else 'fewer'}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
