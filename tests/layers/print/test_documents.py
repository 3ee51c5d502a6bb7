from __future__ import annotations

import io
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from config.errors import BadInputError
from config.print import PrintSettings
from config.shifts import load_shifts
from layers.print.files import KINDS, print_files
from layers.print.folder import read_targets_folder
from layers.print.occasion import Occasion
from spatial.incidents.store import IncidentStore
from tests.layers.print.conftest import FIRST, Edit
from tests.layers.print.paper import inked_edges, structure, texts


def test_a_document_is_tagged_titled_in_english_and_accessible_by_its_own_word(
    printed: dict[str, bytes],
) -> None:
    titles = {
        "sheets": "Patrol-area sheets",
        "team": "Neighbourhood pack",
        "tasking": "Tasking pack",
    }
    for kind in KINDS:
        reader = PdfReader(io.BytesIO(printed[f"{kind}.pdf"]))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] is True or bool(root["/MarkInfo"]["/Marked"])
        assert str(root["/Lang"]) == "en-GB"
        assert reader.metadata is not None
        assert reader.metadata.title == f"{titles[kind]}, Saltmere"
        assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
        # A4, to the point
        assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def test_every_figure_has_a_text_and_every_heading_its_level(printed: dict[str, bytes]) -> None:
    for content in printed.values():
        tags = structure(content)
        figures = [text for tag, text in tags if tag == "/Figure"]
        assert figures
        assert all(figures)
        levels = [int(tag[2]) for tag, _ in tags if re.fullmatch(r"/H\d", tag)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_sheet_is_read_in_the_order_in_which_it_is_needed(printed: dict[str, bytes]) -> None:
    pages = texts(printed["sheets.pdf"])
    assert len(pages) == 6
    whole = pages[0] + pages[1]
    wanted = ["Why here:", "When", "Visits", "Peaks:", "Due near here", "Look for", "Ask and mend",
              "What happened here", "Ways in", "Record", "Seen and done"]  # fmt: skip
    places = [whole.index(one) for one in wanted]
    assert places == sorted(places)


def test_every_page_says_its_marking_run_date_page_and_when_it_ends(
    printed: dict[str, bytes], targets_folder: Path
) -> None:
    run = read_targets_folder(targets_folder).patrol.run_id[:12]
    for content in printed.values():
        pages = texts(content)
        for number, page in enumerate(pages, start=1):
            assert page.count("OFFICIAL-SENSITIVE") == 2
            assert "For policing purposes only." in page
            assert f"run {run}" in page
            assert "Data to 31 Oct 2026" in page
            assert "Do not use after 4 Dec 2026" in page
            assert f"Page {number} of {len(pages)}" in page


def test_a_second_side_names_its_place(printed: dict[str, bytes], targets_folder: Path) -> None:
    names = read_targets_folder(targets_folder).patrol.areas["name"].tolist()
    pages = texts(printed["sheets.pdf"])
    for at, name in enumerate(names):
        assert name.split(" / ")[0] in pages[2 * at + 1]


def test_the_same_run_is_the_same_bytes(
    printed: dict[str, bytes],
    saltmere_store: IncidentStore,
    targets_folder: Path,
    settings: PrintSettings,
) -> None:
    again = print_files(
        saltmere_store,
        read_targets_folder(targets_folder),
        Occasion(first=FIRST, shift=load_shifts().named("late")),
        kinds=("sheets",),
        settings=settings,
    )
    assert again["sheets.pdf"] == printed["sheets.pdf"]


def test_a_sheet_is_small_and_nothing_reaches_the_edge(printed: dict[str, bytes]) -> None:
    assert len(printed["sheets.pdf"]) / 3 < 400_000
    for content in printed.values():
        assert inked_edges(content, margin_pt=38.0) == []


def test_body_text_is_eleven_points_or_more(printed: dict[str, bytes]) -> None:
    # what is smaller is the key, the foot of a page and captions
    small = 0
    total = 0
    for page in PdfReader(io.BytesIO(printed["sheets.pdf"])).pages[:2]:
        sizes: list[tuple[float, int]] = []

        def visit(
            text: str, cm: list[float], tm: list[float], _font: object, size: float,
            sizes: list[tuple[float, int]] = sizes,
        ) -> None:  # fmt: skip
            if text.strip():
                sizes.append((round(abs(size * tm[3] * cm[3]), 1), len(text.strip())))

        page.extract_text(visitor_text=visit)
        assert min(size for size, _ in sizes) >= 8.0, sizes
        small += sum(number for size, number in sizes if size < 11)
        total += sum(number for _, number in sizes)
    assert small / total < 0.45


AWKWARD = (
    '#strong[x] *bold* _em_ $1+1$ `raw` @ref <b>HTML</b> & "q" \\n #image("x")',
    "Ffordd Môr Tŵr ŵŷ ŴŶ",
    "Ulica Łódzka / Улица Ленина",
)


@pytest.mark.slow
def test_peoples_text_is_data_and_prints_as_it_is(
    saltmere_store: IncidentStore, edited: Callable[[Edit], Path], settings: PrintSettings
) -> None:
    def change(features: list[dict[str, object]], _manifest: dict[str, object]) -> None:
        for one, name in zip(features, AWKWARD, strict=True):
            one["properties"]["name"] = name  # type: ignore[index]

    folder = read_targets_folder(edited(change))
    found = print_files(
        saltmere_store, folder, Occasion(first=FIRST), kinds=("team",), settings=settings
    )
    pages = texts(found["team.pdf"])
    for at, name in enumerate(AWKWARD):
        shown = " ".join(pages[1 + 2 * at].split())
        assert name in shown


@pytest.mark.slow
def test_long_and_foreign_names_stay_on_the_page(
    saltmere_store: IncidentStore, edited: Callable[[Edit], Path], settings: PrintSettings
) -> None:
    names = ("W" * 150, "شارع الملك فيصل / سوق المدينة القديمة", "Pier \N{BEER MUG}\x00\u202e 北京")

    def change(features: list[dict[str, object]], manifest: dict[str, object]) -> None:
        for one, name in zip(features, names, strict=True):
            properties: dict[str, object] = one["properties"]  # type: ignore[assignment]
            properties |= {
                "name": name, "why": "a very long reason " * 60, "cautions": "care " * 90,
                "removal": "a custody suite stands in it " * 30, "status": "moved",
                "previous_rank": 9, "previous_name": name, "changed": "nudge: because " * 40,
                "change_words": "no fair figure " * 30, "peak_windows": "Fri-Sat 19:00-03:00 (52%, "
                "harm 42%); Sun-Thu 23:00-04:00 (23%, harm 28%)",
            }  # fmt: skip
        manifest["quality"] = {"grade": "poor", "sentence": "a part of the banner · " * 12}

    folder = read_targets_folder(edited(change))
    found = print_files(
        saltmere_store, folder, Occasion(first=FIRST), kinds=("team", "tasking"), settings=settings
    )
    for content in found.values():
        assert inked_edges(content, margin_pt=38.0) == []
    pages = texts(found["team.pdf"])
    # two sides each, whatever is said
    assert len(pages) == 7
    assert all("Data quality: poor" in pages[at] + pages[at + 1] for at in (1, 3, 5))
    assert all("Seen and done" in pages[at] for at in (2, 4, 6))
    assert "\N{REPLACEMENT CHARACTER}" in pages[5]


def test_what_is_missing_is_said_on_the_sheet(
    saltmere_store: IncidentStore,
    edited: Callable[[Edit], Path],
    settings: PrintSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def change(features: list[dict[str, object]], _manifest: dict[str, object]) -> None:
        features[0]["properties"]["incidents"] = 1  # type: ignore[index]

    monkeypatch.setattr(IncidentStore, "context_layers", lambda _self: {})
    folder = read_targets_folder(edited(change))
    found = print_files(
        saltmere_store, folder, Occasion(first=FIRST), kinds=("sheets",), settings=settings
    )
    page = " ".join(texts(found["sheets.pdf"])[0].split())
    assert "Not on the map, because not loaded: streets, places, beats." in page
    assert "The store has changed since the list was made: place 1 holds" in page
    assert "Hours are not drawn" in page
    assert "No register at hand" in page
    assert "Not counted." in " ".join(texts(found["sheets.pdf"])[1].split())


def test_a_team_is_found_by_name_or_code_and_an_unknown_one_said(
    saltmere_store: IncidentStore, targets_folder: Path, settings: PrintSettings
) -> None:
    folder = read_targets_folder(targets_folder)
    found = print_files(
        saltmere_store,
        folder,
        Occasion(first=FIRST, team="b1"),
        kinds=("tasking",),
        settings=settings,
    )
    assert "Tasking, Pier and Old Town" in texts(found["tasking.pdf"])[0]
    with pytest.raises(BadInputError, match=r"There is no team 'Nowhere'\. Choose one of: .*Pier"):
        print_files(
            saltmere_store, folder, Occasion(first=FIRST, team="Nowhere"), settings=settings
        )


def test_progress_counts_every_place_once(
    saltmere_store: IncidentStore, targets_folder: Path, settings: PrintSettings
) -> None:
    told: list[tuple[int, int]] = []
    print_files(
        saltmere_store,
        read_targets_folder(targets_folder),
        Occasion(first=FIRST),
        settings=settings,
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_cannot_be_printed_is_one_sentence(
    saltmere_store: IncidentStore, targets_folder: Path, settings: PrintSettings, tmp_path: Path
) -> None:
    folder = read_targets_folder(targets_folder)
    with pytest.raises(BadInputError, match="'poster' is nothing that can be printed"):
        print_files(saltmere_store, folder, Occasion(first=FIRST), kinds=("poster",))
    fake = tmp_path / "crest.png"
    fake.write_bytes(b"not a picture")
    wrong = settings.model_copy(update={"logo": str(fake)})
    with pytest.raises(BadInputError, match=r"The logo 'crest\.png' is no image"):
        print_files(saltmere_store, folder, Occasion(first=FIRST), settings=wrong)
