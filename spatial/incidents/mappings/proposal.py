"""Proposal: a first draft of a mapping, from a file's headings and its first rows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from config.errors import BadInputError
from config.mapping import Mapping, load_mapping, personal
from spatial.incidents.rows.grid_references import read_references
from spatial.incidents.rows.times import EARLIEST_YEAR, WELL_FORMED, read_dates
from spatial.projection import in_national_grid

if TYPE_CHECKING:
    from collections.abc import Mapping as Dictionary
    from collections.abc import Sequence

# What a column may be called, the likeliest first; judged by letters and figures alone.
_SYNONYMS: Final[Dictionary[str, tuple[str, ...]]] = {
    "occurred_from": (
        "from", "occurredfrom", "committedfrom", "committedfromdate", "offencefrom", "datefrom",
        "fromdate", "fromdatetime", "startdatetime", "incidentstart", "earliestdate", "startdate",
        "incidentdate", "offencedate", "occurrencedate", "eventdate", "datetime", "month", "date",
        "datecommitted", "dateoccurred", "reporteddate", "recordeddate", "daterecorded",
        "datereported", "createddate",
    ),
    "occurred_to": (
        "to", "occurredto", "committedto", "committedtodate", "offenceto", "dateto", "todate",
        "todatetime", "enddatetime", "incidentend", "latestdate", "enddate",
    ),
    "x": ("easting", "eastings", "x", "xcoord", "xcoordinate", "gridx", "osx", "longitude", "lon",
          "long", "lng"),
    "y": ("northing", "northings", "y", "ycoord", "ycoordinate", "gridy", "osy", "latitude",
          "lat"),
    "grid_reference": ("gridreference", "gridref", "osgridref", "osgridreference", "ngr", "osgr"),
    "incident_id": (
        "incidentnumber", "crimenumber", "crimereference", "crimeref", "crimeid", "incidentid",
        "incidentref", "occurrencenumber", "occurrenceref", "investigationreference",
        "investigationurn", "urn", "referencenumber", "reference", "ref", "id",
    ),
    "force": ("force", "forcename", "forcecode", "policeforce", "reportedby", "constabulary"),
    "ho_code": (
        "homeofficecode", "hocode", "hoclass", "homeofficeclass", "hooffencecode", "offencecode",
        "homeofficeoffencecode", "hocrc",
    ),
    "prc_code": ("prcclass", "prccode", "prc", "recordedcrimeclass", "hocrcode", "crimeclass"),
    "category": (
        "crimetype", "incidenttype", "category", "crimecategory", "offencegroup", "offencetype",
        "type", "occurrencetype", "offensetype",
    ),
    "location_type": ("locationtype", "premisestype", "placetype", "venuetype", "locationclass"),
    "domestic": ("domestic", "domesticabuse", "domesticflag", "daflag", "dv", "isdomestic"),
    "public_place": ("publicplace", "publicplaceflag", "inpublic", "publicspace"),
    "knife": ("knife", "knifecrime", "knifeflag", "knifeenabled", "blade", "bladedarticle"),
    "firearm": ("firearm", "firearmflag", "gun", "gunflag", "guncrime"),
    "weapon": ("weapon", "weaponflag", "weaponused", "anyweapon"),
    "relationship": (
        "relationship", "victimsuspectrelationship", "relationshiptosuspect",
        "victimoffenderrelationship",
    ),
    "victim_age": ("victimage", "ageofvictim", "agevictim"),
}  # fmt: skip
_AMERICAN: Final = tuple(
    f"%m/%d/%Y{clock}" for clock in ("", " %H:%M", " %H:%M:%S")
)  # month before day: tried last, and taken only where day before month cannot be
_MOST_CATEGORIES: Final = 60
_TOO_FAR: Final = 180.0  # degrees: a larger number is metres
_DRAFT: Final = (
    "Drafted from the headings and first rows of one file and held against nothing else: check "
    "every line of the mapping before its results are used."
)


def propose_mapping(
    header: Sequence[str], sample_rows: Sequence[Sequence[str | None]], *, name: str = "draft"
) -> Mapping:
    """Draft a mapping.

    Parameters
    ----------
    header
        Column names.
    sample_rows
        Some rows of text, a cell for each column, None where blank. The more there are, the surer
        are the format of the dates and the list of categories.
    name
        The mapping's name.

    Returns
    -------
    A mapping that is marked as not verified. A column whose heading promises a name, an address, a
    birth date or free text is never proposed.

    Raises
    ------
    BadInputError
        No column looks like a date, a location or an offence; the message says which and what such
        a column is usually called.
    """
    guess = first_guess(header, sample_rows, name=name)
    chosen, crs = guess["columns"], guess["location"]["crs"]
    for field, what in (("occurred_from", "when it happened"), ("x", "where it happened")):
        if (field == "x" and crs is None) or (field != "x" and field not in chosen):
            usual = ", ".join(_SYNONYMS[field][:4])
            msg = (
                f"No column of {', '.join(header)} looks like {what} (usually called {usual} or "
                "the like). Rename the one that is, or write a mapping by hand."
            )
            raise BadInputError(msg)
    if not {"ho_code", "prc_code", "category"} & set(chosen):
        msg = (
            f"No column of {', '.join(header)} looks like an offence (usually called Home Office "
            "Code, PRC Class or Crime type). Rename the one that is, or write a mapping by hand."
        )
        raise BadInputError(msg)
    if not guess["time"]["formats"]:
        # read again for its sentence
        _dates(_sample(header, sample_rows, chosen["occurred_from"]))
    return Mapping.model_validate(guess)


def first_guess(
    header: Sequence[str], sample_rows: Sequence[Sequence[str | None]], *, name: str = "draft"
) -> dict[str, Any]:
    """Draft as much of a mapping as can be told, for a person to complete.

    Parameters
    ----------
    header, sample_rows, name
        As for :func:`propose_mapping`.

    Returns
    -------
    The content of a mapping, which need not be whole: a field whose column is not recognised is not
    among its columns, the formats of the time are empty where the dates are in no known one, and
    the coordinate system is None where no column says where.
    """
    chosen = likely_columns(header)
    samples = {field: _sample(header, sample_rows, column) for field, column in chosen.items()}
    crs = _system(chosen, samples)
    if crs == "gridref":
        chosen = {field: column for field, column in chosen.items() if field not in {"x", "y"}}
    else:
        chosen.pop("grid_reference", None)
    formats, precision = likely_format(samples.get("occurred_from", []))
    coded = "ho_code" in chosen or "prc_code" in chosen
    pattern = load_mapping("force_export")
    return {
        "name": name,
        "title": "Draft from the headings of one file",
        "source": name,
        "required": list(dict.fromkeys(chosen.values())),
        "harm": "cchi_2020" if coded else "police_uk_categories",
        "verified": False,
        "loud_notes": [_DRAFT],
        "columns": chosen,
        "time": {"formats": formats, "precision": precision},
        "location": {"crs": crs},
        "categories": likely_categories(samples.get("category", []), coded=coded),
        "flags": pattern.flags.model_dump(),
        "public_place_from": (dict(pattern.public_place_from) if "location_type" in chosen else {}),
        "relationships": dict(pattern.relationships) if "relationship" in chosen else {},
    }


def likely_format(texts: list[str]) -> tuple[list[str], str]:
    """Return the one format of some dates, and how fine it is; no format where there is none."""
    try:
        return _dates(texts)
    except BadInputError:
        return [], "minute"


def as_toml(mapping: Mapping) -> str:
    """Write a mapping as the TOML file that `config.mapping.load_mapping` reads."""
    content = mapping.model_dump(exclude_none=True)
    plain = {key: value for key, value in content.items() if not isinstance(value, dict)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items() if value != ()]
    for key, table in content.items():
        if isinstance(table, dict) and table:
            lines += ["", f"[{key}]"]
            lines += [
                f"{inner if key in _BARE else json.dumps(inner, ensure_ascii=False)} = "
                f"{_value(value)}"
                for inner, value in table.items()
            ]
    return "\n".join(lines) + "\n"


_BARE: Final = frozenset({"columns", "time", "location", "flags", "constants"})


def _value(value: Any) -> str:  # noqa: ANN401 (whatever a mapping holds)
    """Write one TOML value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(part) for part in value)}]"
    if isinstance(value, (int, float)):
        return repr(value)
    # a TOML basic string is written as JSON writes one, but for this letter
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def likely_columns(header: Sequence[str]) -> dict[str, str]:
    """Return the likeliest column for each field, each column once."""
    keys = {
        re.sub("[^a-z0-9]", "", column.casefold()): column
        for column in reversed(header)
        if column and not personal(column)
    }
    chosen: dict[str, str] = {}
    for field, synonyms in _SYNONYMS.items():
        found = next((keys[word] for word in synonyms if word in keys), None)
        if found is not None and found not in chosen.values():
            chosen[field] = found
    return chosen


def _sample(header: Sequence[str], rows: Sequence[Sequence[str | None]], column: str) -> list[str]:
    place = list(header).index(column)
    return [cell for row in rows if place < len(row) and (cell := row[place]) and cell.strip()]


def _system(chosen: dict[str, str], samples: dict[str, list[str]]) -> str | None:
    """Tell the coordinate system by the numbers, or by the heading where there are none."""
    if "x" in chosen and "y" in chosen:
        x, y = (_floats(samples[field]) for field in ("x", "y"))
        if len(x) and len(x) == len(y) and in_national_grid(x, y).mean() > 0.5:  # noqa: PLR2004 (most)
            return "EPSG:4326"
        if len(x):
            return "EPSG:27700" if np.median(np.abs(x)) > _TOO_FAR else "EPSG:4326"
        return "EPSG:4326" if chosen["x"].casefold().startswith("lon") else "EPSG:27700"
    if "grid_reference" in chosen:
        texts = samples["grid_reference"]
        if not texts or np.isfinite(read_references(_column(texts))[0]).any():
            return "gridref"
    return None


def _dates(texts: list[str]) -> tuple[list[str], str]:
    """Return the one format that all the dates have, and how fine it is."""
    formats = [*WELL_FORMED, *_AMERICAN]
    for written in formats:
        try:
            dates = read_dates(
                _column(texts), [written], rows=np.arange(len(texts)), file="", name=""
            )
        except BadInputError:
            continue
        if texts and not (dates.reasons != "").any():
            moments = dates.seconds
            if written == "%Y-%m":
                return [written], "month"
            is_whole = bool((moments == moments.astype("datetime64[D]")).all())
            return [written], "day" if "%H" not in written or is_whole else "minute"
    shown = (
        f", such as {texts[0]!r}" if texts and re.fullmatch(r"[\d/:. T-]{1,25}", texts[0]) else ""
    )
    msg = (
        f"The dates are in no one format that is known (years from {EARLIEST_YEAR}){shown}. "
        "Export every date in one format, or write a mapping by hand."
    )
    raise BadInputError(msg)


def likely_categories(texts: list[str], *, coded: bool) -> dict[str, str]:
    """Give each category seen its slug, where its words are open data's or say antisocial."""
    known = load_mapping("police_uk").categories
    folded = {word.casefold(): slug for word, slug in known.items()}
    if not coded:
        return dict(known)
    found: dict[str, str] = {}
    for text in sorted(set(texts))[:_MOST_CATEGORIES]:
        tidy = re.sub("[^a-z]", "", text.casefold())
        is_asb = tidy.startswith("antisocial") or bool(re.search(r"\basb\b", text.casefold()))
        found[text.strip()] = (
            "anti-social-behaviour" if is_asb else folded.get(text.strip().casefold(), "")
        )
    return found


def _floats(texts: list[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    numbers = [float(text) for text in texts if re.fullmatch(r"\s*[+-]?\d+(\.\d*)?\s*", text)]
    return np.array(numbers, dtype=np.float64)


def _column(texts: list[str]) -> pa.DictionaryArray:
    return pa.array(texts, pa.string()).dictionary_encode()
