"""Results of an evaluation: counts, every estimate, what threatens them, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from config.operation import Operation
    from config.profile import Profile
    from spatial.evaluation.crossover.analysis import Achieved
    from spatial.evaluation.crossover.compliance import Compliance
    from spatial.evaluation.crossover.dose import Dose
    from spatial.evaluation.estimate import Estimate
    from spatial.evaluation.event_study import EventStudy
    from spatial.evaluation.footprint import Footprint
    from spatial.evaluation.matching import Matches
    from spatial.incidents.checks.banner import Banner
    from spatial.notes import Notes

PRIMARY: Final = "primary"
SECONDARY: Final = "secondary"

FELL: Final = "fell"
ROSE: Final = "rose"
CANNOT_TELL: Final = "cannot_tell"
TOO_FEW: Final = "too_few"
DIRECTIONS: Final = (FELL, ROSE, CANNOT_TELL, TOO_FEW)
"""What a verdict may say, tied to the interval; nothing else is ever said."""

SERIES_COLUMNS: Final = (
    "month", "group", "days", "incidents", "harm_days", "part",
)  # fmt: skip
"""``group``: treated, comparators or buffer; ``part``: baseline, chosen_on, operation or none."""

PLACE_COLUMNS: Final = (
    "area_id", "group", "before", "after", "harm_before", "harm_after", "minutes",
)  # fmt: skip
"""Crossover: before is its control days and after its treated days. Never published as it is."""

THREATS: Final = (
    "regression_to_the_mean", "recording_change", "season", "shocks", "small_numbers",
    "one_serious_incident", "moved_differently_before", "overlapping_operations", "tracker_gaps",
    "late_recording", "registered_after",
)  # fmt: skip
"""The checklist, in the order it is read; every evaluation says something of each."""

CLEAR: Final = "clear"
SUSPECT: Final = "suspect"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class SideCounts:
    """What one side had, shown beside every figure.

    Attributes
    ----------
    side
        ``treated_before``, ``treated_after``, ``control_before``, ``control_after``; or, of a
        crossover, ``treated_days``, ``control_days``.
    words
        What it is called on a screen.
    incidents
        Incidents of the outcome.
    harm_days
        Their harm; None where nothing weighs it.
    places
        How many places.
    days
        Policing days in force, or place-days of a crossover.
    """

    side: str
    words: str
    incidents: int
    harm_days: float | None
    places: int
    days: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be said, in plain words, of one outcome.

    Attributes
    ----------
    direction
        One of ``DIRECTIONS``: fell or rose only where the whole interval lies on that side of no
        change.
    lead
        Name of the estimate it rests on, fixed by the design before outcomes were looked at.
    headline
        One sentence: what changed, by about how much, and what the true change could be.
    counts
        One sentence: the incidents behind it.
    next_door
        One sentence on what happened around the places.
    cautions
        What must be read with it, each a sentence.
    harm
        One sentence on the harm of those incidents, said in one breath with the headline; empty
        where nothing weighs them.
    """

    direction: str
    lead: str
    headline: str
    counts: str
    next_door: str
    cautions: tuple[str, ...]
    harm: str = ""

    @property
    def text(self) -> str:
        """The whole of it in one paragraph."""
        return " ".join(
            part
            for part in (
                self.headline,
                self.harm,
                self.counts,
                self.next_door,
                *self.cautions,
            )
            if part
        )


@dataclass(frozen=True, slots=True)
class Threat:
    """One way in which the result could be wrong, and what the data say of it.

    Attributes
    ----------
    name
        One of ``THREATS``.
    title
        What it is called on a screen.
    standing
        ``clear`` (looked for, not found), ``suspect`` (the data speak for it), ``unknown`` (the
        data cannot say).
    says
        What the data say, with their numbers.
    """

    name: str
    title: str
    standing: str
    says: str


@dataclass(frozen=True, slots=True, eq=False)
class DisplacementAt:
    """What happened within one distance of the places.

    Attributes
    ----------
    distance_m
        Metres from the edge of a place.
    registered
        Whether the operation named this distance beforehand; others are tried beside it.
    counts
        The buffers' sides; with comparators' buffers where they have any.
    estimates
        The first is the one to read: ``did_buffer`` or ``crossover_buffer_rate_ratio``.
    area_ha
        Ground of the buffers.
    words
        What may be said, in one sentence.
    notes
        What was left out of the buffers.
    """

    distance_m: int
    registered: bool
    counts: tuple[SideCounts, ...]
    estimates: tuple[Estimate, ...]
    area_ha: float
    words: str
    notes: Notes


@dataclass(frozen=True, slots=True, eq=False)
class Switching:
    """Whether other offences changed in the same places: a description, never summed.

    Attributes
    ----------
    name, title
        ``other_offences`` (all that the first outcome does not select, without antisocial
        behaviour) or ``asb``; and what it is called.
    counts
        Its sides.
    estimate
        By the same method as the outcome's own leading estimate.
    words
        What may be said, in one sentence.
    """

    name: str
    title: str
    counts: tuple[SideCounts, ...]
    estimate: Estimate
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """One outcome profile, evaluated.

    Attributes
    ----------
    profile
        What was counted.
    role
        ``primary`` (the operation's first profile) or ``secondary``.
    counts
        Both sides: of a before-after design before and after, of a crossover its place-days.
    estimates
        Every estimate; the leading one first, ``naive_before_after`` last (before-after designs).
    verdict
        What may be said.
    displacement
        By distance, ascending.
    series
        ``SERIES_COLUMNS``: month by month, for the picture.
    by_place
        ``PLACE_COLUMNS``.
    event_study
        Before-after designs only, by month (or quarter, where incidents are few).
    balance
        Crossover only: place-days and incidents of both sides by weekday and half.
    achieved
        Crossover only: the smallest fall it could have found.
    dose
        Crossover with visits only: incidents by minutes of patrol
        (:data:`spatial.evaluation.crossover.dose.DOSE_COLUMNS`).
    notes
        What was left out or taken for granted in counting it.
    """

    profile: Profile
    role: str
    counts: tuple[SideCounts, ...]
    estimates: tuple[Estimate, ...]
    verdict: Verdict
    displacement: tuple[DisplacementAt, ...]
    series: pd.DataFrame
    by_place: pd.DataFrame
    event_study: EventStudy | None
    balance: pd.DataFrame | None
    achieved: Achieved | None
    dose: pd.DataFrame | None
    notes: Notes

    @property
    def lead(self) -> Estimate:
        """The estimate that the verdict rests on."""
        return self.estimates[0]

    def named(self, name: str) -> Estimate | None:
        """Return the estimate of a name, None where the design has none."""
        return next((one for one in self.estimates if one.name == name), None)


@dataclass(frozen=True, slots=True, eq=False)
class EvaluatedGround:
    """Where it was: for the map and for area.

    Attributes
    ----------
    treated
        The patrolled areas.
    comparators
        Comparison areas (listed or matched); None for the rest of the force and for a crossover.
    buffers
        Ring by distance in metres.
    comparators_words
        What the places were compared with, in words.
    """

    treated: Footprint
    comparators: Footprint | None
    buffers: dict[int, Footprint]
    comparators_words: str


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationResult:
    """One operation, evaluated.

    Attributes
    ----------
    run_id
        Hash of the operation's digest, the store's content, visits, settings, profiles and version:
        the same id always means the same numbers.
    operation, operation_digest
        As registered; the digest leaves out who registered it and when, so that the same digest
        before and after outcomes shows that nothing was changed.
    design_words
        The design in one sentence.
    registered_words
        Who registered it and when, whether that was before the first day, and who vouches for it.
    ground
        Areas, comparators, buffers.
    outcomes
        In the operation's order: the first is primary.
    switching
        Other offences in the same places.
    threats
        The checklist: one of each of ``THREATS``.
    matching
        How comparators were chosen; None unless they were matched.
    compliance
        Of a crossover with visits.
    delivered
        Minutes and visits by place-day, with gaps; None without visits.
    quality
        The banner of the data under it.
    data_from, data_through
        What the store holds.
    notes
        What holds for every outcome.
    held_since
        The day since which a register holds the design as it stands; None where none was asked.
    """

    run_id: str
    version: str
    operation: Operation
    operation_digest: str
    design_words: str
    registered_words: str
    ground: EvaluatedGround
    outcomes: tuple[Outcome, ...]
    switching: tuple[Switching, ...]
    threats: tuple[Threat, ...]
    matching: Matches | None
    compliance: Compliance | None
    delivered: Dose | None
    quality: Banner
    data_from: dt.date
    data_through: dt.date
    harm_edition: str
    harm_sources: tuple[str, ...]
    marking: str
    notes: Notes
    held_since: dt.date | None = None

    @property
    def primary(self) -> Outcome:
        """The outcome that the verdict is about."""
        return self.outcomes[0]

    @property
    def verdict(self) -> str:
        """The verdict in one paragraph, with a note where there are several outcomes."""
        return self.primary.verdict.text

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every estimate of every outcome, then of displacement."""
        return tuple(one for outcome in self.outcomes for one in outcome.estimates)
