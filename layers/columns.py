"""Columns of the analyst's tables: what each is called on screen, with its unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["text", "whole", "share", "ratio", "chance", "number"]
"""How a column is written: words, a whole number, per cent, times, a p, or a plain decimal."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column on screen.

    Attributes
    ----------
    title
        Short, with the unit where there is one.
    kind
        How its values are written.
    meaning
        A sentence for whoever asks; empty where the title says it all.
    """

    title: str
    kind: Kind
    meaning: str = ""


COLUMNS: Final[dict[str, Column]] = {
    "cell": Column("Cell", "text", "H3 cell, hexadecimal"),
    "class": Column("Class", "text", "By the corrected p and the side of z"),
    "incidents": Column("Incidents", "whole"),
    "harm_days": Column("Harm, days", "whole", "Sum of the weights; empty where nothing has one"),
    "z": Column("z", "number", "Getis-Ord Gi*: above 0 is more than the map's share"),
    "p": Column("p", "chance", "Chance alone would do as much; before correction"),
    "p_adjusted": Column("Corrected p", "chance", "Benjamini-Hochberg, two-sided"),
    "correction": Column("Correction", "text"),
    "level": Column("At p of", "number", "Two-sided"),
    "hot": Column("Hot cells", "whole"),
    "cold": Column("Cold cells", "whole"),
    "by_chance": Column(
        "By chance, at most", "whole", "Hot and cold cells that chance alone calls, on average"
    ),
    "measure": Column("Of what", "text"),
    "by": Column("By", "text", "Whether places are measured by area or by residents"),
    "given": Column("Given the", "text", "Which of the two shares was looked up"),
    "share_of_places": Column("Share of places", "share"),
    "share_held": Column("Share held", "share"),
    "chance": Column("By chance", "share", "The same, had chance dealt the incidents"),
    "chance_held": Column("Held by chance", "share"),
    "area_share": Column("Area chosen", "share"),
    "cells_chosen": Column("Cells chosen", "number"),
    "sample": Column("Sample", "text", "In: scored on the window that chose. Out: on the next"),
    "captured": Column("Held", "share"),
    "best_possible": Column("Best possible", "share", "By the best choice of the same area"),
    "pai": Column("PAI", "number", "Share held over share of the area: 1 is choosing at random"),
    "pei": Column("PEI", "number", "PAI over the best possible PAI: at most 1"),
    "recapture_ratio": Column("Recapture", "number", "Share held out of sample over in sample"),
    "chosen_on": Column("Chosen on", "text"),
    "scored_on": Column("Scored on", "text"),
    "plain": Column("Gini", "number"),
    "generalised": Column("Generalised Gini", "number", "Bernasco and Steenbeek 2017"),
    "plain_unbiased": Column("Gini, unbiased", "number"),
    "generalised_unbiased": Column("Generalised, unbiased", "number"),
    "cells": Column("Cells", "whole"),
    "place": Column("Place", "text"),
    "area_id": Column("Id", "text"),
    "tier": Column("Kind of offence", "text"),
    "now": Column("Now", "whole", "Incidents in this window"),
    "before": Column("Before", "whole", "Incidents in the comparable window before"),
    "ratio": Column("Ratio", "ratio", "1 is the same"),
    "low": Column("Low", "number", "Lower limit, 95%"),
    "high": Column("High", "number", "Upper limit, 95%"),
    "verdict": Column("Verdict", "text"),
    "words": Column("In words", "text"),
    "title": Column("Series", "text"),
    "status": Column("Status", "text"),
    "span_days": Column("Span, days", "whole", "The span the status is about"),
    "events": Column("Days with one", "whole", "Days in the span with at least one record"),
    "expected": Column("Expected", "number"),
    "years_before": Column("Years before", "whole", "Whole years that it is set against"),
    "last_event": Column("Last", "text"),
    "event_before": Column("The one before", "text"),
    "untested": Column("Untested", "whole", "Records whose mark is blank"),
    "day": Column("Policing day", "text", "The day on which it begins"),
    "hour": Column("Hour", "whole", "Of the clock"),
    "share": Column("Share", "share"),
    "times_even": Column("Times an even spread", "number"),
    "by_the_hour": Column("Timed", "whole", "Known to within a shift of eight hours"),
    "window": Column("Peak window", "text"),
    "even_share": Column("Even spread", "share", "What the window would hold by an even spread"),
    "distance": Column("Apart", "text"),
    "time": Column("Days apart", "text"),
    "observed": Column("Pairs", "whole"),
    "expected_median": Column("Expected, median", "number"),
    "category": Column("Pattern", "text"),
    "group": Column("Group", "text"),
    "hot_periods": Column("Hot periods", "whole"),
    "cold_periods": Column("Cold periods", "whole"),
    "hot_last": Column("Hot in the last", "text"),
    "z_last": Column("z, last period", "number"),
    "trend_z": Column("Trend z", "number", "Mann-Kendall on the cell's z"),
    "trend_p": Column("Trend p", "chance"),
    "hot_cells": Column("Hot cells", "whole"),
    "cold_cells": Column("Cold cells", "whole"),
    "definition": Column("Definition", "text"),
    "first": Column("From", "text"),
    "last": Column("To", "text"),
    "reading": Column("Reading", "text"),
    "meaning": Column("Meaning", "text"),
    "violence": Column("Violence", "whole", "Incidents of the profile"),
    "disorder": Column("Antisocial behaviour", "whole", "Incidents"),
    "violence_class": Column("Violence class", "text"),
    "disorder_class": Column("Antisocial class", "text"),
    "moran": Column(
        "Cross-Moran", "number", "Bivariate local Moran: violence here, disorder round"
    ),
    "association": Column("Association", "text"),
    "value": Column("As mapped", "whole", "Harm days, or incidents where nothing weighs harm"),
    "in_top": Column("Membership", "number", "1, or less for a place that ties for the last"),
    "stays": Column("Stays", "share", "Share of draws in which it is among the first"),
    "value_low": Column("Moved, 5%", "whole", "Of the value, over the draws"),
    "value_high": Column("Moved, 95%", "whole", "Of the value, over the draws"),
}

_PLAIN_WORDS: Final = frozenset({"tier", "measure"})
_ROUNDED: Final = frozenset({"by_chance", "value", "value_low", "value_high"})
_NAMES: Final = {
    "given": {"held": "share held", "places": "share of places"},
    "by": {"population": "residents"},
}
_DATES: Final = frozenset({"last_event", "event_before", "first", "last"})


def shown(table: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return a table with its stored words and dates made plain, and its shares in per cent."""
    made: dict[str, Any] = {}
    for name in table.columns:
        if name in _NAMES:
            made[name] = table[name].replace(_NAMES[name])
        elif name in _PLAIN_WORDS:
            made[name] = table[name].astype(str).str.replace("_", " ")
        elif name in _DATES:
            made[name] = [_day(value) for value in table[name]]
        elif name == "hot_last":
            made[name] = table[name].map({True: "yes", False: "no"})
        elif columns[name].kind == "share":
            made[name] = table[name] * 100
        elif name in _ROUNDED:
            made[name] = table[name].round()
    return table.assign(**made)


def columns_of(table: pd.DataFrame, **kinds: Kind) -> dict[str, Column]:
    """Return how each column of a table is written.

    Parameters
    ----------
    table
        Of any section.
    kinds
        Where a column means another thing than elsewhere: limits of a share, say.
    """
    found = {}
    for name in map(str, table.columns):
        known = COLUMNS.get(name, Column(name.replace("_", " ").capitalize(), "text"))
        found[name] = replace(known, kind=kinds.get(name, known.kind))
    return found


def _day(value: Any) -> str:  # noqa: ANN401 (a date in any of pandas' types, or none)
    return "" if pd.isna(value) else day_words(pd.Timestamp(value).date())
