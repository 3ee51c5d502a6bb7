"""The quality banner: one graded line on how far the data under a result can be trusted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from config.errors import BadInputError
from config.profile import Family
from config.settings import load_settings
from spatial.incidents.checks.months import ALL
from spatial.incidents.checks.quality import unknown_flags
from spatial.incidents.checks.reach import SERIOUS_VIOLENCE
from spatial.incidents.checks.shortfall import shortfall
from spatial.incidents.checks.whole import whole_store
from spatial.incidents.select import unrecorded
from spatial.window import day_words, month_words

if TYPE_CHECKING:
    import pandas as pd

    from config.profile import Profile
    from config.settings import QualitySettings
    from spatial.incidents.checks.shortfall import Shortfall
    from spatial.incidents.store import IncidentStore
    from spatial.window import Window

_FEW: Final = 3
_LAST: Final = "9999-12"
_KINDS: Final = {"missing": "missing", "thin": "thin", "part": "in part"}
_FAMILIES: Final = {
    "serious_violence": " (serious violence)",
    "antisocial_behaviour": " (antisocial behaviour)",
    "other": " (other incidents)",
}
# a result shows serious violence and antisocial behaviour beside each other, and nothing else
_SHOWN: Final = tuple(family.value for family in Family)


class Grade(StrEnum):
    """How much care data ask for."""

    OK = "ok"
    CARE = "care"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class BannerPart:
    """One thing to know about the data.

    Attributes
    ----------
    kind
        data_through, behind, unlocated, flags, months, recording or rejected.
    text
        In a few words.
    grade
        How much care it asks for.
    """

    kind: str
    text: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Banner:
    """Everything to know about the data under one result; the first part is always there."""

    parts: tuple[BannerPart, ...]

    @property
    def grade(self) -> Grade:
        """The worst grade of any part."""
        order = list(Grade)
        return max((part.grade for part in self.parts), key=order.index)

    @property
    def sentence(self) -> str:
        """The whole of it in one line."""
        return " \N{MIDDLE DOT} ".join(part.text for part in self.parts)

    @property
    def content(self) -> dict[str, Any]:
        """The same as plain values, for a file's metadata."""
        return {
            "grade": self.grade.value,
            "sentence": self.sentence,
            "parts": [
                {"kind": part.kind, "grade": part.grade.value, "text": part.text}
                for part in self.parts
            ],
        }


def quality_banner(
    store: IncidentStore, *, profile: Profile | None = None, window: Window | None = None
) -> Banner:
    """Say how far the data under a result can be trusted, worst first after the data date.

    Parameters
    ----------
    store
        The incidents.
    profile
        Only its incidents, and only the flags it needs; None for the whole store.
    window
        Only these dates. Months without data and changes of recording are told from the window
        before as well, since results are compared with it.

    Returns
    -------
    The same for the same store, profile, window and settings. The rules of the grades are in
    ``config/settings.toml``.

    Raises
    ------
    BadInputError
        The store holds no incidents.

    Notes
    -----
    "ok" says that nothing was found by what is looked for, not that the data are right: an incident
    that nobody reported, or that carries a wrong place or code, cannot be seen here. All of the
    store is looked at, not the study area alone, because an incident without a location
    cannot be said to lie outside it.
    """
    rules = load_settings().quality
    through = BannerPart("data_through", f"Data to {day_words(store.data_through)}", Grade.OK)
    whole = whole_store(store)
    parts = [
        *_behind(whole.spans, window),
        *_months(whole.gaps, profile, window, rules),
        *_lacks(shortfall(store, profile=profile, window=window), rules),
        *(_flags(unknown_flags(store), rules) if profile is None else ()),
        *_changes(whole.changes, profile, window),
        *_rejected(store, rules),
    ]
    order = list(Grade)
    # the worst first; within a grade as above
    parts.sort(key=lambda part: -order.index(part.grade))
    return Banner((through, *parts))


def _behind(spans: pd.DataFrame, window: Window | None) -> list[BannerPart]:
    """Name the sources that end before the others, where the window looks beyond their end."""
    late = spans[spans["is_behind"].astype(bool)]
    if window is not None:
        late = late[late["data_through"].dt.date < window.last]
    parts = [
        BannerPart(
            "behind",
            f"{row['force'] or row['source']} only to {day_words(row['data_through'].date())}",
            Grade.CARE,
        )
        for row in late.head(_FEW).to_dict("records")
    ]
    if len(late) > _FEW:
        text = f"{len(late) - _FEW} more sources behind"
        parts.append(BannerPart("behind", text, Grade.CARE))
    return parts


def _months(
    gaps: pd.DataFrame, profile: Profile | None, window: Window | None, rules: QualitySettings
) -> list[BannerPart]:
    """Name or count the months that are missing, thin, or part months."""
    first, last = _compared(window)
    own = "" if window is None else f"{window.first:%Y-%m}"
    parts = []
    families = (ALL, *(_FAMILIES if profile is None else _SHOWN))
    for family, kind in product(families, _KINDS):
        # a part month before the window begins says nothing of the result
        since = own if kind == "part" else first
        rows = gaps[(gaps["kind"] == kind) & (gaps["family"] == family)]
        found = sorted(
            {
                month
                for row in rows.to_dict("records")
                for month in _each(row["first"], row["last"])
                if since <= month <= last
            }
        )
        if not found:
            continue
        when = f"{len(found)} months" if found[1:] else _month(found[0])
        grade = Grade.OK if kind == "part" else Grade.CARE
        if kind == "missing" and window is not None:
            inside = sum(month >= own for month in found)
            if inside > rules.poor_missing * len(_each(own, last)):
                grade = Grade.POOR
        text = f"{when} {_KINDS[kind]}{_FAMILIES.get(family, '')}"
        parts.append(BannerPart("months", text, grade))
    return parts


def _lacks(lacking: Shortfall, rules: QualitySettings) -> list[BannerPart]:
    """Say what share has no location, and what share lacks a flag that the profile needs."""
    parts = []
    if lacking.unlocated:
        share = lacking.unlocated / lacking.counted
        grade = _grade(share, rules.care_unlocated, rules.poor_unlocated)
        parts.append(BannerPart("unlocated", f"{_percent(share)} without location", grade))
    for number, of, names, outcome in (
        (lacking.left_out, lacking.counted + lacking.left_out, lacking.left_out_for, "left out"),
        (lacking.taken_in, lacking.counted, lacking.taken_in_for, "counted all the same"),
    ):
        if number:
            share = number / of
            grade = _grade(share, rules.care_untested, rules.poor_untested)
            text = f"{' or '.join(names)} not recorded for {_percent(share)} ({outcome})"
            parts.append(BannerPart("flags", text, grade))
    return parts


def _flags(table: pd.DataFrame, rules: QualitySettings) -> list[BannerPart]:
    """Name the flag that serious violence lacks most, whatever profile is asked for later."""
    violent = table[table["tier"].isin(SERIOUS_VIOLENCE)]
    tallies = violent.groupby("flag")[["unknown", "incidents"]].sum()
    shares = tallies["unknown"] / tallies["incidents"]
    if shares.empty or shares.max() < rules.care_untested:
        return []
    if shares.min() == 1:
        # open data: nothing to mend, and the proxy profiles ask for none
        return [BannerPart("flags", "no flags recorded", Grade.CARE)]
    worst = str(shares.idxmax())
    share = float(shares[worst])
    text = f"{_plain(worst)} not recorded for {_percent(share)} of serious violence"
    grade = _grade(share, rules.care_untested, rules.poor_untested)
    return [BannerPart("flags", text, grade)]


def _changes(
    changes: pd.DataFrame, profile: Profile | None, window: Window | None
) -> list[BannerPart]:
    """Date the changes in the recording of flags that matter here."""
    if profile is not None:
        changes = changes[changes["flag"].map(_plain).isin(_needs(profile))]
    first, last = _compared(window)
    parts = []
    for spell, rows in changes.groupby(["month", "until"], sort=True):
        month, until = map(str, spell)
        end = until or _LAST
        touches = month <= last and end >= first
        # where all that is compared was recorded alike, nothing changed
        if not touches or (month <= first and end >= last):
            continue
        flags = list(dict.fromkeys(_plain(flag) for flag in rows["flag"]))
        forces = set(rows["force"])
        whose = f" ({min(forces)})" if len(forces) == 1 < len(set(changes["force"])) else ""
        named = ", ".join(flags[:_FEW]) + (" and more" if len(flags) > _FEW else "")
        when = f"from {_month(month)}"
        if until:
            when = f"in {_month(month)}" + (f" to {_month(until)}" if until > month else "")
        text = f"{named} recorded differently {when}{whose}"
        parts.append(BannerPart("recording", text, Grade.CARE))
    return parts


def _needs(profile: Profile) -> set[str]:
    """Return the names of everything a profile asks for; a weapon is any of three flags."""
    asked = {*unrecorded(profile, included=False), *unrecorded(profile, included=True)}
    return asked | ({"knife", "firearm"} if "weapon" in asked else set())


def _rejected(store: IncidentStore, rules: QualitySettings) -> list[BannerPart]:
    # of loads that stored something: those alone are part of what a run is identified by
    loads = [load for load in store.loads if load.stored]
    share = sum(load.rejected for load in loads) / max(1, sum(load.read for load in loads))
    if share < rules.care_rejected:
        return []
    grade = _grade(share, rules.care_rejected, rules.poor_rejected)
    return [BannerPart("rejected", f"{_percent(share)} of rows rejected", grade)]


def _compared(window: Window | None) -> tuple[str, str]:
    """Return the first and last month looked at: of the window and the one before it."""
    if window is None:
        return "", _LAST
    try:
        first = window.before().first
    except BadInputError:
        # there is no window before the year 1900
        first = window.first
    return f"{first:%Y-%m}", f"{window.last:%Y-%m}"


def _each(first: str, last: str) -> list[str]:
    places = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last)]
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(places[0], places[1] + 1)]


def _month(month: str) -> str:
    return month_words(dt.date.fromisoformat(f"{month}-01"))


def _plain(column: str) -> str:
    return column.removesuffix("_band").replace("_", " ")


def _grade(share: float, care: float, poor: float) -> Grade:
    return Grade.POOR if share >= poor else Grade.CARE if share >= care else Grade.OK


def _percent(share: float) -> str:
    if share < 0.001:  # noqa: PLR2004 (the least that one decimal can show)
        return "under 0.1%"
    return f"{share:.1%}" if share < 0.0995 else f"{share:.0%}"  # noqa: PLR2004 (rounds to 10.0)
