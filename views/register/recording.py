"""What was recorded, and when that changed: months, sources, completeness and the use of flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from config.profile import Tier
from layers.data.completeness import heat_html, worst_gap
from layers.palette import DISORDER, VIOLENCE_STEPS
from layers.rows import rows_html
from layers.wording import escaped
from spatial.incidents.checks import months, quality, reach, recording
from spatial.window import day_words
from views.tables import grid, head, plain, share, table_of, text, whole

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

_FAMILIES: Final = {
    "serious_violence": ("Serious violence", VIOLENCE_STEPS[4]),
    "antisocial_behaviour": ("Antisocial behaviour", DISORDER),
    "other": ("Other", "#9AA3AD"),
}
_KINDS: Final = {"missing": "Missing", "thin": "Thin", "part": "In part", "stops": "Stops early"}
# ten years: offences reported decades later would press the rest together
_MOST_MONTHS: Final = 120
_NO_FORCE: Final = "No force recorded"


def by_month(store: IncidentStore) -> None:
    """Draw the chart of incidents by month."""
    head("Incidents by month", "A step or a gap is a change of recording until shown otherwise.")
    table = table_of(store, quality.incidents_by_month)
    wide = table.pivot_table(
        index="month", columns="family", values="incidents", aggfunc="sum", fill_value=0
    )
    shown = [family for family in _FAMILIES if family in wide.columns]
    wide = wide[shown].rename(columns={family: _FAMILIES[family][0] for family in shown})
    if len(wide):
        # a month without incidents is a gap in the chart too
        every = pd.period_range(wide.index[0], wide.index[-1], freq="M").strftime("%Y-%m")
        wide = wide.reindex(every[-_MOST_MONTHS:], fill_value=0)
    st.bar_chart(
        wide,
        color=[_FAMILIES[family][1] for family in shown],
        y_label="Incidents",
        x_label="",
        height=290,
    )


def gaps(store: IncidentStore) -> None:
    """List the months that are missing, thin or part months, and sources that stop early."""
    table = table_of(store, months.month_gaps)
    head(
        "Months missing or thin",
        "Each against the middle of the twelve months around it, by source and force."
        if len(table)
        else "None: no month holds far fewer incidents than the twelve around it.",
    )
    if len(table):
        several = len(set(table_of(store, reach.reach)["force"])) > 1
        columns = ["force", "kind", "words"] if several else ["kind", "words"]
        shown = table.assign(kind=[_KINDS[kind] for kind in table["kind"]])[columns]
        named = {"force": "Force", "kind": "What", "words": "In words"}
        st.html(rows_html([named[column] for column in columns], shown.to_numpy().tolist()))


def sources(store: IncidentStore) -> None:
    """List each source and force with its first and last date, and name those behind."""
    table = table_of(store, reach.reach)
    late = int(table["is_behind"].sum())
    head(
        "Data to, by source",
        f"{late} of {len(table)} behind the rest: compare only dates that all of them cover."
        if late
        else "All of them reach equally far.",
    )
    several = len(set(table["source"])) > 1
    rows = [
        [
            f"{row['force'] or _NO_FORCE}{' (' + row['source'] + ')' if several else ''}",
            f"{row['incidents']:,}",
            day_words(row["data_from"].date()),
            day_words(row["data_through"].date())
            + (f": {row['lag_days']:,} days behind" if row["is_behind"] else ""),
        ]
        for row in table.to_dict("records")
    ]
    st.html(rows_html(["Force", "Incidents", "From", "To"], rows))


def overall(store: IncidentStore) -> None:
    """List how many incidents have each field recorded."""
    head("Completeness", "Share of incidents with the field recorded; blank is unknown, not no.")
    table = table_of(store, quality.completeness).assign(
        field=lambda rows: [plain(field) for field in rows["field"]]
    )
    grid(
        table[["field", "share", "recorded"]],
        key="completeness",
        field="Field",
        share=share("Recorded"),
        recorded=whole("Incidents"),
    )


def changes(store: IncidentStore) -> None:
    """List the flags whose use stepped up or down."""
    table = table_of(store, recording.flag_changes)
    head(
        "Changes in the use of flags",
        "Figures from before and after such a month cannot be compared."
        if len(table)
        else "None found: no flag is suddenly recorded or marked much more, or less.",
    )
    if len(table):
        several = len(set(table_of(store, reach.reach)["force"])) > 1
        columns = ["force", "words"] if several else ["words"]
        named = ["Force", "In words"] if several else ["In words"]
        st.html(rows_html(named, table[columns].to_numpy().tolist()))


def flags(store: IncidentStore) -> None:
    """List the flags that serious violence lacks, gravest tier first."""
    head(
        "Flags not recorded",
        "An incident whose needed flag is unknown is left out of a profile, and said so.",
    )
    table = table_of(store, quality.unknown_flags)
    # serious violence first and only: nothing else is drawn by a flag
    grave = [tier for tier in Tier if tier not in {Tier.DISORDER, Tier.OTHER}]
    table = table.loc[(table["unknown"] > 0) & table["tier"].isin(grave)]
    order = {str(tier): place for place, tier in enumerate(grave)}
    table = table.sort_values("tier", key=lambda tiers: tiers.map(order), kind="stable")
    grid(
        table.assign(
            tier=[plain(tier) for tier in table["tier"]],
            flag=[plain(flag) for flag in table["flag"]],
        )[["tier", "flag", "share", "unknown"]],
        key="flags",
        tier=text("Tier", 132),
        flag=text("Flag", 92),
        share=share("Unknown", 104),
        unknown=whole("Incidents", 70),
    )


def heat(store: IncidentStore) -> None:
    """Draw completeness by field and month, of one force at a time."""
    table = table_of(store, quality.completeness_by_month)
    head("Completeness by month", worst_gap(table))
    forces = sorted(set(table["force"]))
    chosen: str | None = forces[0] if forces else ""
    if len(forces) > 1:
        chosen = st.selectbox(
            "Force",
            forces,
            format_func=lambda force: force or _NO_FORCE,
            key="heat_force",
            width=360,
        )
    own: pd.DataFrame = table[table["force"] == chosen]
    said = worst_gap(own.drop(columns="force"))
    if len(forces) > 1 and said != worst_gap(table):
        st.html(f'<p class="hx-words">{escaped(said)}</p>')
    st.html(heat_html(own))
