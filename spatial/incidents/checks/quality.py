"""Quality: plain tables that say how far the data in a store can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from config.offence import DISORDER_CATEGORY, offence_table
from spatial.incidents.checks.reach import FAMILY
from spatial.incidents.schema import FLAGS, UNKNOWN

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

# What counts as recorded, field by field.
_WORDS: Final = (*FLAGS, "relationship", "victim_age_band")
_RECORDED: Final = {
    "location": "longitude IS NOT NULL",
    "end of time span": "occurred_to IS NOT NULL",
    "offence code": "ho_code IS NOT NULL OR prc_code IS NOT NULL",
    "category": "category IS NOT NULL",
    "harm weight": "harm_days IS NOT NULL",
    **{word: f"{word} <> '{UNKNOWN}'" for word in _WORDS},
}
# What is asked, of which incidents, and what is odd about those that are counted.
_HOMICIDES: Final = "tier IN ('homicide', 'attempted_homicide')"
_MISCODINGS: Final = {
    "antisocial behaviour marked domestic": ("tier = 'disorder'", "domestic = 'true'"),
    "antisocial behaviour with a knife, firearm or weapon": (
        "tier = 'disorder'",
        "knife = 'true' OR firearm = 'true' OR weapon = 'true'",
    ),
    "homicide or attempt by a partner, marked not domestic": (
        f"{_HOMICIDES} AND relationship = 'partner'",
        "domestic = 'false'",
    ),
    "knife or firearm marked, weapon marked as none": (
        "knife = 'true' OR firearm = 'true'",
        "weapon = 'false'",
    ),
}
# Antisocial behaviour is no offence: it has neither code nor weight, and lacks neither.
_OFFENCES: Final = "tier <> 'disorder'"
_OFFENCES_ONLY: Final = frozenset({"offence code", "harm weight"})


def balance(store: IncidentStore) -> pd.DataFrame:
    """Return one row a load: read = stored + rejected + duplicates, and what it was.

    Columns: load_id, source, mapping, files, read, stored, replaced (of the stored, those that
    correct an incident of an earlier load), rejected, duplicates, data_from, data_through (ISO
    dates), time_precision, harm_edition. In the order of loading.
    """
    columns = (
        "load_id", "source", "mapping", "files", "read", "stored", "replaced", "rejected",
        "duplicates", "data_from", "data_through", "time_precision", "harm_edition",
    )  # fmt: skip
    rows = [
        (
            load.load_id, load.source, load.mapping, len(load.files), load.read, load.stored,
            load.replaced, load.rejected, load.duplicates, _iso(load.data_from),
            _iso(load.data_through), load.time_precision, load.harm_edition,
        )
        for load in store.loads
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def forces(store: IncidentStore) -> tuple[str, ...]:
    """Return the forces whose incidents a store holds, by name."""
    rows = (
        store.connect()
        .execute("SELECT DISTINCT force FROM incidents WHERE force IS NOT NULL ORDER BY force")
        .fetchall()
    )
    return tuple(str(row[0]) for row in rows)


def rejected_by_reason(store: IncidentStore) -> pd.DataFrame:
    """Return load_id, reason, rows: every reason of every load, commonest first within a load."""
    rows = [
        (load.load_id, reason, number)
        for load in store.loads
        for reason, number in sorted(
            load.rejected_by_reason.items(), key=lambda item: (-item[1], item[0])
        )
    ]
    return pd.DataFrame(rows, columns=["load_id", "reason", "rows"])


def completeness(store: IncidentStore) -> pd.DataFrame:
    """Return, field by field, how many incidents have it recorded.

    Columns: field, incidents (that could have it), recorded, share (0-1). Offence code and harm
    weight are asked of offences only, not of antisocial behaviour.
    """
    return _completeness(store, "'' AS month, '' AS force").drop(columns=["month", "force"])


def completeness_by_month(store: IncidentStore) -> pd.DataFrame:
    """Return the same by force (empty where none is recorded) and month.

    Columns: force, month (YYYY-MM), field, incidents, recorded, share.

    A step in a share is a change of recording: what is unknown is left out of a profile that needs
    it, so the profile then changes with the recording, not with the harm.
    """
    when = "strftime(occurred_from, '%Y-%m') AS month"
    return _completeness(store, f"{when}, coalesce(force, '') AS force")


def _completeness(store: IncidentStore, groups: str) -> pd.DataFrame:
    """Count every field in one pass, then put one field under another."""
    counts = []
    for place, (field, recorded) in enumerate(_RECORDED.items()):
        asked = _OFFENCES if field in _OFFENCES_ONLY else "true"
        counts.append(
            f"count(*) FILTER ({asked}) AS asked_{place}, "
            f"count(*) FILTER ({asked} AND ({recorded})) AS recorded_{place}"
        )
    wide = _table(
        store,
        f"SELECT {groups}, {', '.join(counts)} FROM incidents "  # noqa: S608 (our words)
        "GROUP BY ALL ORDER BY force, month",
    )
    tall = [
        pd.DataFrame(
            {
                "force": wide["force"],
                "month": wide["month"],
                "field": field,
                "incidents": wide[f"asked_{place}"],
                "recorded": wide[f"recorded_{place}"],
                "share": wide[f"recorded_{place}"] / wide[f"asked_{place}"],
            }
        )
        for place, field in enumerate(_RECORDED)
    ]
    table = pd.concat(tall).sort_values(["force", "month"], kind="stable")
    return table[table["incidents"] > 0].reset_index(drop=True)


def incidents_by_month(store: IncidentStore) -> pd.DataFrame:
    """Return month (YYYY-MM), family, incidents: antisocial_behaviour, serious_violence, other.

    Serious violence here is by tier: homicide to injury, and robbery. A profile draws it narrower.
    """
    return _table(
        store,
        f"SELECT strftime(occurred_from, '%Y-%m') AS month, {FAMILY} AS family, "  # noqa: S608 (our words)
        "count(*) AS incidents FROM incidents GROUP BY ALL ORDER BY month, family",
    )


def unknown_codes(store: IncidentStore) -> pd.DataFrame:
    """Return ho_code, prc_code, incidents of codes that are in no list, commonest first.

    Their tier is "other": a mistyped code can hide a stabbing here.
    """
    found = _codes(store, "true")
    table = offence_table()
    unknown = [
        not table.classify(_text(row.ho_code), _text(row.prc_code), _text(row.category)).known
        for row in found.itertuples()
    ]
    wanted = found[pd.Series(unknown, index=found.index, dtype=bool)]
    return wanted.drop(columns="category").reset_index(drop=True)


def codes_without_weight(store: IncidentStore) -> pd.DataFrame:
    """Return ho_code, prc_code, category, title, incidents without a harm weight, commonest first.

    They count as incidents and add no harm. Antisocial behaviour, which has no weight by design, is
    not listed.
    """
    found = _codes(store, "harm_days IS NULL")
    table = offence_table()
    titles = [
        table.classify(_text(row.ho_code), _text(row.prc_code), _text(row.category)).title
        for row in found.itertuples()
    ]
    found.insert(3, "title", pd.Series(titles, index=found.index, dtype=object))
    return found


def _codes(store: IncidentStore, condition: str) -> pd.DataFrame:
    return _table(
        store,
        "SELECT ho_code, prc_code, category, count(*) AS incidents FROM incidents "  # noqa: S608 (our words)
        f"WHERE {condition} AND tier <> 'disorder' "
        f"AND coalesce(category, '') <> '{DISORDER_CATEGORY}' "
        "AND coalesce(ho_code, prc_code, category) IS NOT NULL "
        "GROUP BY ALL ORDER BY incidents DESC, ho_code, prc_code, category",
    )


def unknown_flags(store: IncidentStore) -> pd.DataFrame:
    """Return tier, flag, incidents, unknown, share (0-1): what a profile could not test.

    In order of tier and flag.
    """
    queries = [
        f"SELECT tier, '{flag}' AS flag, count(*) AS incidents, "  # noqa: S608 (our words)
        f"count(*) FILTER ({flag} = '{UNKNOWN}') AS unknown FROM incidents GROUP BY tier"
        for flag in FLAGS
    ]
    return _table(
        store,
        f"SELECT *, unknown / incidents AS share FROM ({' UNION ALL '.join(queries)}) "  # noqa: S608 (our words)
        "ORDER BY tier, flag",
    )


def miscodings(store: IncidentStore) -> pd.DataFrame:
    """Return the recordings that contradict themselves, and how many there are of each.

    Columns: miscoding, incidents, of (those that could be), share (0-1), example (a file and row,
    as a spreadsheet numbers them; empty where there are none). Each is a question to ask of the
    records, not an error: antisocial behaviour with a knife may be a crime recorded as an incident,
    or a flag ticked by mistake.
    """
    queries = [
        f"SELECT {place} AS place, count(*) FILTER ({odd}) AS incidents, count(*) AS of, "  # noqa: S608 (our words)
        f"min_by(source_file || ', row ' || source_row, (source_file, source_row)) FILTER ({odd}) "
        f"AS example FROM incidents WHERE {asked}"
        for place, (asked, odd) in enumerate(_MISCODINGS.values())
    ]
    found = _table(store, f"{' UNION ALL '.join(queries)} ORDER BY place")
    table = found[found["of"] > 0].reset_index(drop=True)
    names = list(_MISCODINGS)
    return pd.DataFrame(
        {
            "miscoding": [names[place] for place in table["place"]],
            "incidents": table["incidents"],
            "of": table["of"],
            "share": table["incidents"] / table["of"],
            "example": table["example"].fillna(""),
        }
    )


def _table(store: IncidentStore, query: str) -> pd.DataFrame:
    with store.connect() as connection:
        table: pd.DataFrame = connection.execute(query).df()
    return table


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _iso(day: object) -> str:
    return "" if day is None else str(day)
