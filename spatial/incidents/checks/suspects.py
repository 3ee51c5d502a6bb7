"""Suspects: points whose location is doubtful, with what is near, for a person to decide about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.settings import load_settings
from spatial.incidents.checks.surroundings import Surroundings, read_surroundings
from spatial.incidents.store import AS_GIVEN
from spatial.notes import Note, Notes
from spatial.projection import grid_reference, in_national_grid, national_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.incidents.store import IncidentStore

    Floats = NDArray[np.float64]
    Which = NDArray[np.bool_]

PILE_UP: Final = "pile-up"
STAND_IN: Final = "stand-in"
OFF_LAND: Final = "off the land"
OUTSIDE: Final = "outside"
SNAP_POINT: Final = "snap point"
DECIDED: Final = "decided"
DOUBTFUL: Final = (PILE_UP, STAND_IN, OFF_LAND, OUTSIDE)
"""The checks that call a point doubtful, in the order of the list."""

POINT_COLUMNS: Final = (
    "check", "source", "longitude", "latitude", "grid_ref", "incidents", "serious_violence",
    "share", "times", "distance_m", "precision_m", "near", "suggested", "decision",
    "to_longitude", "to_latitude", "reason", "decided_on",
)  # fmt: skip
FAR_M: Final = 5_000.0
"""Outside the study areas by more than this, a point is listed; nearer ones are only counted."""

_BANDS: Final = {1_000.0: "up to 1 km", 5_000.0: "1 to 5 km", 25_000.0: "5 to 25 km"}
_LAST_BAND: Final = "over 25 km"
_SHORE_M: Final = 30.0
_FEWEST: Final = 20
_TIMES: Final = 4.0
_BUSIEST: Final = 0.99
_SNAPS: Final = 5
# longitude and latitude of nothing: null island, and easting 0, northing 0 of EPSG:27700
_NOTHING: Final = ((0.0, 0.0), (-7.5571598, 49.7668072))
_NOTHING_M: Final = 1_000.0
_M_PER_DEGREE: Final = 111_320.0
_MOSTLY: Final = 0.5
_GRAVE: Final = (
    "'homicide', 'attempted_homicide', 'serious_injury', 'weapon_robbery', 'robbery', 'injury'"
)
_PLACE: Final = ["source", "longitude", "latitude"]
_TOLD: Final = ["decision", "to_longitude", "to_latitude", "reason", "decided_on"]


@dataclass(frozen=True, slots=True, eq=False)
class Suspects:
    """The doubtful locations of a store.

    Attributes
    ----------
    points
        One row for each check and point: `POINT_COLUMNS`. ``serious_violence`` is how many of the
        incidents are of the tiers homicide to injury, and robbery; ``share`` (0-1) is of the
        source's located incidents; ``times`` is how many times the incidents that the busiest 1 in
        100 of the source's other points hold; ``distance_m`` is metres outside the study areas or
        from land; ``suggested`` the reason that what is near suggests. What was decided is empty or
        NaN where nothing was.
    counts
        One row for each check: ``check, points, incidents, undecided`` (points on which nothing was
        decided), listed or not.
    bands
        Incidents outside the study areas by distance, those within their own precision of the
        border apart: ``band, points, incidents, share`` (0-1, of all located). Empty where no study
        area is stored.
    notes
        What was measured from, and which checks could not be made.
    """

    points: pd.DataFrame
    counts: pd.DataFrame
    bands: pd.DataFrame
    notes: Notes

    @property
    def undecided(self) -> int:
        """How many points are called doubtful and nothing was decided about."""
        rows = self.counts.loc[self.counts["check"].isin(DOUBTFUL), "undecided"]
        return int(rows.sum())


def find_suspects(store: IncidentStore, *, most: int = 25) -> Suspects:
    """List the points of a store whose location is doubtful.

    Parameters
    ----------
    store
        Its incidents are looked at where their sources put them, whatever was decided since.
    most
        How many points of each check are listed, beside those decided on; all are counted.

    Notes
    -----
    - **Pile-up**: at least 20 incidents, and 4 times as many as the busiest 1 in 100 of the
      source's other points. A geocoder that knows no better makes such a point; so does a place
      where much happens: look before you drop. Where a source says that it is exact to no better
      than the setting ``precise_enough_m`` (open data), every point is a pile by design: its five
      busiest are listed as snap points and not called doubtful.
    - **Stand-in**: within 1 km of 0, 0 or of the false origin of the National Grid.
    - **Off the land**: by the stored layers, by more than the location's precision and 30 m. Piers
      and bridges lie off the land in many files.
    - **Outside** the stored study areas by more than 5 km. Where over half of all incidents lie
      outside, the study area is only part of what the force polices, and none is called doubtful.
    - **Decided**: none of these (any more), but decided on, so that it can be withdrawn.

    The order hangs on the points alone: not on that of loads, files or rows.
    """
    table = _points(store)
    ground = read_surroundings(store, middle=_middle(table))
    longitude, latitude = table["longitude"].to_numpy(), table["latitude"].to_numpy()
    exact = table["precision_m"].fillna(0.0).to_numpy(dtype=np.float64)
    there = table["incidents"].to_numpy() > 0
    outside = ground.outside_m(longitude, latitude)
    at_sea = ground.off_land_m(longitude, latitude)
    times = table["times"].to_numpy()
    beyond = there & (outside > exact)
    is_part = _share(table, beyond) > _MOSTLY
    snapped = exact > load_settings().precise_enough_m
    piled = (table["incidents"].to_numpy() >= _FEWEST) & (times >= _TIMES)
    # what a check found, by how much a point stands out, and its distance
    none = np.full(len(table), np.nan)
    checks: dict[str, tuple[Which, Floats, Floats]] = {
        PILE_UP: (piled & ~snapped, times, none),
        STAND_IN: (_stands_in(longitude, latitude), none, none),
        OFF_LAND: (at_sea > np.maximum(exact, _SHORE_M), none, at_sea),
        OUTSIDE: ((outside > FAR_M) & (not is_part), _band_of(outside).astype(np.float64), outside),
        SNAP_POINT: (snapped & _busiest(table, times, snapped), times, none),
    }
    is_decided = (table["decision"] != "").to_numpy()
    shown: list[pd.DataFrame] = []
    counts: list[tuple[str, int, int, int]] = []
    seen = np.zeros(len(table), dtype=bool)
    for check, (found, standing, metres) in checks.items():
        rows = _ranked(table, found & there, standing, metres).assign(check=check)
        settled = is_decided[rows.index.to_numpy()]
        counts.append((check, len(rows), int(rows["incidents"].sum()), int((~settled).sum())))
        kept = rows[(np.arange(len(rows)) < most) | settled]
        seen[kept.index.to_numpy()] = True
        shown.append(kept)
    rest = _ranked(table, is_decided & ~seen, none, none).assign(check=DECIDED)
    counts.append((DECIDED, len(rest), int(rest["incidents"].sum()), 0))
    points = pd.concat([*shown, rest], ignore_index=True)
    return Suspects(
        points=_described(points, ground),
        counts=pd.DataFrame(counts, columns=["check", "points", "incidents", "undecided"]),
        bands=_bands(table, outside, beyond)
        if ground.areas
        else _bands(table, outside, ~there)[:0],
        notes=_notes(ground, table, beyond),
    )


def _points(store: IncidentStore) -> pd.DataFrame:
    """Return every point of every source, as given, with what was decided about it."""
    with store.connect() as connection:
        given: pd.DataFrame = connection.execute(
            f"""
            SELECT CAST(source AS VARCHAR) AS source, longitude, latitude, count(*) AS incidents,
                   count(*) FILTER (tier IN ({_GRAVE})) AS serious_violence,
                   max(location_precision_m) AS precision_m
            FROM {AS_GIVEN} WHERE longitude IS NOT NULL GROUP BY ALL
            """  # noqa: S608 (our words)
        ).df()
    told = pd.DataFrame(
        [
            (
                *decision.place, decision.choice.value, decision.to_longitude,
                decision.to_latitude, decision.reason.value, decision.decided_on.isoformat(),
            )
            for decision in store.decisions
        ],
        columns=[*_PLACE, *_TOLD],
    )  # fmt: skip
    kinds = {"source": "str", "longitude": "float64", "latitude": "float64"}
    given = given.astype(kinds)
    told = told.astype({**kinds, "to_longitude": "float64", "to_latitude": "float64"})
    # outer: a decision may wait for a load that has not come yet
    table = given.merge(told, how="outer", on=_PLACE).sort_values(_PLACE, ignore_index=True)
    words = ["decision", "reason", "decided_on"]
    whole = {"incidents": "int64", "serious_violence": "int64"}
    table[list(whole)] = table[list(whole)].fillna(0)
    table[words] = table[words].astype(object).where(table[words].notna(), "")
    table = table.astype({**whole, "precision_m": "float64"})
    by_source = table.groupby("source", sort=False)["incidents"]
    return table.assign(
        share=(table["incidents"] / by_source.transform("sum")).fillna(0.0),
        times=table["incidents"] / by_source.transform(_busiest_others),
    )


def _busiest_others(incidents: pd.Series[int]) -> Floats:
    """Return, for each point of one source, what the busiest 1 in 100 of the others hold."""
    numbers = incidents.to_numpy()
    rising = np.sort(numbers[numbers > 0])
    others = len(rising) - 1
    if others < 1:
        return np.ones(len(numbers))
    rank = int(np.ceil(_BUSIEST * others)) - 1
    # without itself, every rank above a point's own moves down by one
    least = np.where(numbers > rising[rank], rising[rank], rising[rank + 1])
    return np.asarray(least, dtype=np.float64)


def _middle(table: pd.DataFrame) -> tuple[float, float]:
    """Return the middle point of those that hold incidents; 0, 0 where none does."""
    held = table.loc[table["incidents"] > 0, ["longitude", "latitude"]]
    return (float(held["longitude"].median()), float(held["latitude"].median())) if len(held) else (
        0.0, 0.0
    )  # fmt: skip


def _stands_in(longitude: Floats, latitude: Floats) -> Which:
    """Say which points (degrees) lie where no location is written as one."""
    found = np.zeros(len(longitude), dtype=bool)
    for east, north in _NOTHING:
        across = (longitude - east) * np.cos(np.radians(north))
        found |= np.hypot(across, latitude - north) * _M_PER_DEGREE < _NOTHING_M
    return found


def _busiest(table: pd.DataFrame, times: Floats, among: Which) -> Which:
    """Say which are the five busiest of each source, of those that are among."""
    chosen = table.assign(times=times)[among].sort_values(
        ["times", *_PLACE], ascending=[False, True, True, True]
    )
    found = np.zeros(len(table), dtype=bool)
    found[chosen.groupby("source", sort=False).head(_SNAPS).index.to_numpy()] = True
    return found


def _ranked(table: pd.DataFrame, found: Which, standing: Floats, metres: Floats) -> pd.DataFrame:
    """Return the points found, those that stand out most first, in one order on every machine."""
    rows = table[found].assign(standing=standing[found], distance_m=metres[found])
    return rows.sort_values(
        ["standing", "incidents", "distance_m", *_PLACE],
        ascending=[False, False, False, True, True, True],
    ).drop(columns="standing")


def _band_of(metres: Floats) -> NDArray[np.int64]:
    return np.digitize(metres, list(_BANDS), right=True)


def _share(table: pd.DataFrame, chosen: Which) -> float:
    """Return the share (0-1) of all located incidents that lie on the chosen points."""
    return int(table.loc[chosen, "incidents"].sum()) / max(int(table["incidents"].sum()), 1)


def _bands(table: pd.DataFrame, outside: Floats, beyond: Which) -> pd.DataFrame:
    band, incidents = _band_of(outside), table["incidents"].to_numpy()
    rows = [
        (name, int((chosen := beyond & (band == place)).sum()), int(incidents[chosen].sum()))
        for place, name in enumerate([*_BANDS.values(), _LAST_BAND])
    ]
    bands = pd.DataFrame(rows, columns=["band", "points", "incidents"])
    return bands.assign(share=bands["incidents"] / max(int(incidents.sum()), 1))


def _described(points: pd.DataFrame, ground: Surroundings) -> pd.DataFrame:
    """Add grid references and what is near to the points that are listed."""
    longitude, latitude = points["longitude"].to_numpy(), points["latitude"].to_numpy()
    on_grid = in_national_grid(longitude, latitude)
    east, north = national_grid().forward(longitude, latitude)
    near = [ground.describe(x, y) for x, y in zip(longitude, latitude, strict=True)]
    described = points.assign(
        grid_ref=[
            grid_reference(float(x), float(y)) if inside else ""
            for x, y, inside in zip(east, north, on_grid, strict=True)
        ],
        near=[words for words, _ in near],
        suggested=["" if reason is None else reason.value for _, reason in near],
    )
    return described[list(POINT_COLUMNS)]


def _notes(ground: Surroundings, table: pd.DataFrame, beyond: Which) -> Notes:
    notes: list[Note] = []
    if ground.areas:
        listed = ", ".join(ground.areas)
        notes.append(Note(f"Distances outside are measured from the study areas stored: {listed}."))
        share = _share(table, beyond)
        if share > _MOSTLY:
            sentence = (
                f"{share:.0%} of the located incidents lie outside the study areas stored, which "
                "are then only part of what the force polices: none is called doubtful for it."
            )
            notes.append(Note(sentence, loud=True))
    else:
        sentence = (
            "No study area is stored, so nothing says which incidents lie outside the force. Add "
            "one with: harmhex load FILE --boundary FILE."
        )
        notes.append(Note(sentence, loud=True))
    if not ground.knows_shore:
        notes.append(Note("No layer says where the sea is: nothing was checked for being on land."))
    return tuple(notes)
