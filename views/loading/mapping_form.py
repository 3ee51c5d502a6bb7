"""The form of a mapping: which column is what, how it is written, and what its words mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from config.errors import BadInputError
from config.harm_scheme import harm_scheme_names, load_harm_scheme
from config.mapping import Mapping, load_mapping
from config.toml_file import check_model
from layers.data.mapping import (
    BLANK_WORDS,
    FIELD_WORDS,
    FLAG_WORDS,
    PRECISION_WORDS,
    RELATIONSHIP_WORDS,
    SYSTEM_WORDS,
    category_words,
    format_of,
)
from spatial.incidents.mappings.proposal import likely_categories, likely_format
from spatial.incidents.rows.times import WELL_FORMED, shown
from views import frame

if TYPE_CHECKING:
    from spatial.incidents.mappings.preview import Sample

_PLACES: Final = ("x", "y", "grid_reference")
_FLAGS: Final = ("public_place", "domestic", "knife", "firearm", "weapon")
_NEEDED: Final = ("occurred_from", *_PLACES)
_MOST_WORDS: Final = 60
_ROW_PX, _HEAD_PX, _MOST_ROWS = 30, 38, 9


def mapping_form(sample: Sample, start: dict[str, Any], *, key: str) -> Mapping:
    """Draw the form and return the mapping it says.

    Parameters
    ----------
    sample
        The first rows of the file.
    start
        The content of a mapping to begin with, which need not be whole.
    key
        Tells this form from another.

    Raises
    ------
    BadInputError
        What is chosen is no mapping yet; the message says what to choose.
    """
    form = _Form(sample, start, key)
    crs = form.system()
    columns = form.columns(crs)
    written = form.written(columns)
    exactness = form.exactness()
    words = form.words(columns)
    about = form.about(columns)
    _require(columns, crs, written)
    content = {
        **about,
        "required": list(dict.fromkeys(columns.values())),
        "columns": columns,
        "time": {"formats": [written["format"]], "precision": written["precision"]},
        "location": {"crs": crs, **exactness},
        **words,
    }
    return check_model(content, Mapping, name="This mapping")


class _Form:
    """The widgets of one form, and the names under which the session keeps what they say."""

    def __init__(self, sample: Sample, start: dict[str, Any], key: str) -> None:
        self.sample = sample
        self.start = start
        self.key = key

    def name(self, field: str, value: object) -> str:
        """Return the session's name of a field, set to a value the first time it is asked for."""
        name = f"{self.key}_{field}"
        st.session_state.setdefault(name, value)
        return name

    def system(self) -> str:
        """Ask which coordinate system the locations are in."""
        crs = self.start["location"]["crs"] or "EPSG:27700"
        chosen: str = st.selectbox(
            "Locations are written as",
            list(SYSTEM_WORDS),
            format_func=SYSTEM_WORDS.__getitem__,
            key=self.name("crs", crs),
        )
        return chosen

    def columns(self, crs: str) -> dict[str, str]:
        """Ask which column is what; those of the other kind of location are not asked for."""
        unasked = ("x", "y") if crs == "gridref" else ("grid_reference",)
        fields = [field for field in FIELD_WORDS if field not in unasked]
        options = ["", *self.sample.columns]
        same = {column.casefold(): column for column in self.sample.columns}
        chosen: dict[str, str] = {}
        thirds = st.columns(3)
        for number, field in enumerate(fields):
            begin = same.get(str(self.start["columns"].get(field) or "").casefold(), "")
            with thirds[number % 3]:
                column = st.selectbox(
                    FIELD_WORDS[field] + (" *" if field in _NEEDED else ""),
                    options,
                    format_func=lambda column: column or "Not in this file",
                    key=self.name(field, begin),
                    on_change=self._take_dates if field == "occurred_from" else None,
                )
            if column:
                chosen[field] = column
        return chosen

    @frame.fenced
    def _take_dates(self) -> None:
        """Tell the format again when another column is the date."""
        column = st.session_state[f"{self.key}_occurred_from"]
        formats, precision = likely_format(list(self.sample.words(column))) if column else ([], "")
        if formats:
            st.session_state[f"{self.key}_format"] = formats[0]
            st.session_state[f"{self.key}_precision"] = precision

    def written(self, columns: dict[str, str]) -> dict[str, str]:
        """Ask how the dates are written, and how fine they are."""
        formats = list(self.start["time"]["formats"])
        options = list(dict.fromkeys([*formats, *WELL_FORMED]))
        left, right = st.columns(2)
        with left:
            begin = formats[0] if formats else None
            picked = st.selectbox(
                "Dates are written as",
                options,
                index=None,
                format_func=shown,
                key=self.name("format", begin),
                accept_new_options=True,
                placeholder="Choose, or type as in dd/mm/yyyy HH:MM",
                help=_examples(self.sample, columns.get("occurred_from")),
            )
        with right:
            precision = st.selectbox(
                "and are known",
                list(PRECISION_WORDS),
                format_func=PRECISION_WORDS.__getitem__,
                key=self.name("precision", self.start["time"]["precision"]),
            )
        return {"format": format_of(picked or ""), "precision": str(precision)}

    def exactness(self) -> dict[str, float]:
        """Ask how far locations may be out; nothing where nobody says."""
        metres = st.number_input(
            "Locations may be out by about (metres; 0 where nobody says)",
            min_value=0.0,
            max_value=99_999.0,
            step=10.0,
            key=self.name("exact", float(self.start["location"].get("precision_m") or 0.0)),
        )
        return {"precision_m": float(metres)} if metres else {}

    def words(self, columns: dict[str, str]) -> dict[str, Any]:
        """Ask what the file's words mean: flags, types of location, categories, relationships."""
        said: dict[str, Any] = {"flags": self._flags(columns)}
        known = load_mapping("police_uk").categories
        coded = "ho_code" in columns or "prc_code" in columns
        said["categories"] = dict(self.start.get("categories") or {})
        if column := columns.get("category"):
            texts = list(self.sample.words(column))[:_MOST_WORDS]
            drafted = {} if not coded else likely_categories(texts, coded=True)
            begin = {**known, **drafted, **said["categories"]}
            # by what an unnamed word is taken for: nothing, which the load then counts
            said["categories"] = {
                **({} if coded else known),
                **self._meanings(column, "category", begin, category_words(known, coded=coded), ""),
            }
        said["public_place_from"] = {}
        if column := columns.get("location_type"):
            pattern = load_mapping("force_export").public_place_from
            begin = {**pattern, **(self.start.get("public_place_from") or {})}
            said["public_place_from"] = self._meanings(
                column, "public_place", begin, FLAG_WORDS, "unknown"
            )
        said["relationships"] = {}
        if column := columns.get("relationship"):
            pattern = load_mapping("force_export").relationships
            begin = {**pattern, **(self.start.get("relationships") or {})}
            said["relationships"] = self._meanings(
                column, "relationship", begin, RELATIONSHIP_WORDS, "unknown"
            )
        said["constants"] = dict(self.start.get("constants") or {})
        return said

    def _flags(self, columns: dict[str, str]) -> dict[str, Any]:
        start = self.start["flags"]
        if not set(_FLAGS) & set(columns):
            return dict(start)
        yes, no, blank = st.columns(3)
        with yes:
            true = st.text_input(
                "Flags: words for yes", key=self.name("true", ", ".join(start["true"]))
            )
        with no:
            false = st.text_input("Words for no", key=self.name("false", ", ".join(start["false"])))
        with blank:
            empty = st.selectbox(
                "A blank flag means",
                list(BLANK_WORDS),
                format_func=BLANK_WORDS.__getitem__,
                key=self.name("blank", start.get("blank", "unknown")),
                help="Say no only if whoever keeps the records says that a blank is a no. A blank "
                "public-place flag is first filled from the type of location.",
            )
        return {"true": _listed(true), "false": _listed(false), "blank": empty}

    def _meanings(
        self, column: str, field: str, begin: dict[str, str], words: dict[str, str], default: str
    ) -> dict[str, str]:
        """Ask for the meaning of each word of a column, the commonest first."""
        counts = self.sample.words(column)
        meant = {word.strip().casefold(): meaning for word, meaning in begin.items()}
        texts = list(counts)[:_MOST_WORDS]
        table = pd.DataFrame(
            {
                "word": texts,
                "rows": [counts[text] for text in texts],
                "means": [words[meant.get(text.casefold(), default)] for text in texts],
            }
        )
        edited = st.data_editor(
            table,
            hide_index=True,
            width="stretch",
            row_height=_ROW_PX,
            height=min(max(len(table), 1), _MOST_ROWS) * _ROW_PX + _HEAD_PX,
            disabled=["word", "rows"],
            column_config={
                "word": st.column_config.TextColumn(f"{column}: word"),
                "rows": st.column_config.NumberColumn("Rows", format="localized"),
                "means": st.column_config.SelectboxColumn(
                    "Public place?" if field == "public_place" else "Means",
                    options=list(words.values()),
                    required=True,
                ),
            },
            # another column has other words, so it is another table
            key=f"{self.key}_words_{field}_{column}",
        )
        meanings = {word: meaning for meaning, word in words.items()}
        return {
            str(word): meanings[means]
            for word, means in zip(edited["word"], edited["means"], strict=True)
        }

    def about(self, columns: dict[str, str]) -> dict[str, Any]:
        """Ask for the force, the weights and the name."""
        coded = "ho_code" in columns or "prc_code" in columns
        schemes = [
            name
            for name in harm_scheme_names()
            if coded or load_harm_scheme(name).keyed_by == "category"
        ]
        harm = self.start["harm"] if self.start["harm"] in schemes else schemes[0]
        left, right = st.columns(2)
        about: dict[str, Any] = {}
        with left:
            about["harm"] = st.selectbox(
                "Harm weighed by",
                schemes,
                format_func=lambda name: load_harm_scheme(name).title,
                key=self.name("harm_coded" if coded else "harm", harm),
            )
        with right:
            if "force" not in columns:
                force = st.text_input(
                    "Force, the same for every row",
                    key=self.name("all_force", self.start.get("force") or ""),
                ).strip()
                about |= {"force": force} if force else {}
        name = st.text_input(
            "Save under the name",
            key=self.name("name", self.start["name"]),
            help="Small letters, figures and underscores. Files with the same headings are "
            "recognised by it from then on.",
        )
        about["name"] = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
        about["title"] = name.strip() or "Mapping"
        # what marks the incidents stays the same when a saved mapping is changed, or every one of
        # them would be another incident
        is_draft = not self.start.get("verified", True)
        about["source"] = about["name"] if is_draft else self.start["source"]
        about["files"] = self.start.get("files")
        confirmed = (
            f"Mapping {about['name']}: confirmed by a person on the first "
            f"{len(self.sample.raw.rows):,} readable rows of {self.sample.name}."
        )
        about["notes"] = [confirmed, *_own_notes(self.start)]
        about["loud_notes"] = [] if is_draft else list(self.start.get("loud_notes") or ())
        return about


def _own_notes(start: dict[str, Any]) -> list[str]:
    return [note for note in start.get("notes") or () if not note.startswith("Mapping ")]


def _listed(text: str) -> list[str]:
    """Return the words of a list written with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _examples(sample: Sample, column: str | None) -> str | None:
    """Show a date or two, where they can be nothing but dates."""
    if column is None:
        return None
    seen = [word for word in sample.words(column) if re.fullmatch(r"[\d/:. T-]{4,25}", word)]
    return f"In this file: {', '.join(seen[:2])}" if seen else None


def _require(columns: dict[str, str], crs: str, written: dict[str, str]) -> None:
    """Say what is still to be chosen, in the words of the form."""
    wanted = ["occurred_from", *(["grid_reference"] if crs == "gridref" else ["x", "y"])]
    missing = [FIELD_WORDS[field] for field in wanted if field not in columns]
    if not {"ho_code", "prc_code", "category"} & set(columns):
        missing.append("Home Office code, Recorded-crime class or Category")
    if missing:
        msg = f"Still to be chosen: {'; '.join(missing)}."
        raise BadInputError(msg)
    if not written["format"]:
        msg = "Still to be chosen: how the dates are written."
        raise BadInputError(msg)
