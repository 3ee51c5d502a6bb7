from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
import shapely
import typst
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from layers.palette import lightness
from layers.print import tones
from layers.print.canvas import Canvas, frame_round
from layers.print.fonts import font_folder
from layers.print.ground import Layer
from layers.print.street_names import street_labels
from layers.print.surface import Surface
from layers.print.town_map import spread
from layers.print.ways_in import ways_in, ways_sentence

SIDE = 100.0


def greyed(svg: bytes, folder: str, *, width_mm: float) -> NDArray[np.int64]:
    """A drawing set by Typst and drawn grey, as a printer without colour has it."""
    from pathlib import Path  # noqa: PLC0415 (one use)

    root = Path(folder)
    (root / "m.svg").write_bytes(svg)
    source = f'#set page(width: {width_mm}mm, height: auto, margin: 0mm)\n#image("m.svg")'
    (root / "m.typ").write_text(source, encoding="utf-8")
    made = typst.compile(
        str(root / "m.typ"), root=folder, format="png", ppi=150,
        font_paths=[str(font_folder())], ignore_system_fonts=True,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return np.asarray(Image.open(io.BytesIO(made)).convert("L"), dtype=np.int64)


def test_classes_and_hatching_stay_apart_in_grey(tmp_path: object) -> None:
    # five classes in a row, the same five hatched below, bare paper at the end
    boxes = [
        shapely.box(SIDE * at, SIDE * (1 - row), SIDE * (at + 1), SIDE * (2 - row))
        for row in (0, 1)
        for at in range(5)
    ]
    surface = Surface(
        np.array(boxes, dtype=object),
        np.tile(np.arange(5), 2),
        np.repeat([False, True], 5),
        (1.0, 2.0, 3.0, 4.0, 5.0),
        tones.CELLS,
    )
    frame = frame_round(
        shapely.box(0, 0, 500, 200), width_mm=100, height_mm=40, fill=1.0, least_m=1.0
    )
    canvas = Canvas(frame)
    surface.draw(canvas)
    picture = greyed(canvas.svg(), str(tmp_path), width_mm=100)
    tall, wide = picture.shape
    inner = [
        picture[
            int(tall * (row + 0.2) / 2) : int(tall * (row + 0.8) / 2),
            int(wide * (at + 0.2) / 5) : int(wide * (at + 0.8) / 5),
        ]
        for row in (0, 1)
        for at in range(5)
    ]
    plain = [float(np.median(cell)) for cell in inner[:5]]
    # a printer's grey and a torch: at least a tenth of the way from black to white, each step
    assert all(before - after >= 14 for before, after in pairwise(plain))
    assert 255 - plain[0] >= 8
    for cell in inner[:5]:
        assert np.ptp(cell) <= 6
    for shade, cell in zip(plain, inner[5:], strict=True):
        # hatching is seen on the darkest class too, and never hides which class lies below
        assert float(np.percentile(cell, 90)) == pytest.approx(shade, abs=8)
        assert shade - int(cell.min()) >= 40


def test_tones_keep_their_order_and_lines_their_weight() -> None:
    for steps in (tones.CELLS, tones.HOURS):
        shades = [lightness(one) for one in steps]
        assert shades == sorted(shades, reverse=True)
        assert all(before - after > 0.05 for before, after in pairwise(shades))
    # writing over the darkest cell: contrast of black on it, by WCAG
    assert (lightness(tones.CELLS[-1]) + 0.05) / (lightness(tones.INK) + 0.05) > 4.5
    assert tones.CHOSEN_LINE >= 1.5 * tones.AREA_LINE


def test_a_map_is_the_same_bytes_and_names_no_day_or_program() -> None:
    def made() -> bytes:
        canvas = Canvas(
            frame_round(shapely.box(0, 0, 90, 90), width_mm=50, height_mm=50, fill=0.9, least_m=9)
        )
        canvas.surfaces([shapely.box(9, 9, 60, 60)], fill="#DDDDDD", hatch="//", edge=tones.HATCH)
        canvas.text(30, 30, "A $price$ & <b>", size=9)
        canvas.scale_bar()
        return canvas.svg()

    first = made()
    assert first == made()
    assert b"dc:date" not in first


def layer(rows: list[tuple[str, str, list[tuple[float, float]]]]) -> Layer:
    shapes = np.array([shapely.LineString(line) for _, _, line in rows], dtype=object)
    words = {
        "name": np.array([name for name, _, _ in rows], dtype=object),
        "class": np.array([kind for _, kind, _ in rows], dtype=object),
    }
    return Layer(shapes, words)


def test_names_never_lie_over_one_another_or_the_edge() -> None:
    rows = [
        (f"Street number {at}", "local", [(0.0, at * 17.0), (400.0, at * 17.0)]) for at in range(24)
    ]
    rows += [
        (f"Cross road {at}", "major", [(at * 40.0, 0.0), (at * 40.0, 400.0)]) for at in range(9)
    ]
    frame = frame_round(
        shapely.box(0, 0, 400, 400), width_mm=110, height_mm=110, fill=1.0, least_m=1.0
    )
    labels = street_labels(layer(rows), frame, size=8.5)
    assert len(labels) > 8
    rooms = [one.room for one in labels]
    assert all(frame.box.contains(one) for one in rooms)
    for at, one in enumerate(rooms):
        assert not any(one.intersects(other) for other in rooms[at + 1 :])
    # main roads are named first, and writing stands upright
    assert labels[0].words.startswith("Cross road")
    assert all(-90 < one.angle <= 90 for one in labels)


def test_ways_in_are_where_named_streets_cross_widest_first() -> None:
    # a square of 100 m: the lane crosses west and east, the road north, the nameless one south
    rows = [
        ("Long Lane", "local", [(-50.0, 50.0), (150.0, 50.0)]),
        ("High Road", "major", [(50.0, 60.0), (50.0, 200.0)]),
        ("", "major", [(50.0, 40.0), (50.0, -90.0)]),
        ("Branch Line", "rail", [(20.0, -50.0), (20.0, 150.0)]),
    ]
    area = shapely.box(0, 0, 100, 100)
    found = ways_in(area, layer(rows), most=8)
    assert [(one.name, one.side) for one in found] == [
        ("High Road", "north"), ("Long Lane", "west"), ("Long Lane", "east"),
    ]  # fmt: skip
    assert found[0].inward == pytest.approx(270.0)
    assert ways_sentence(found) == "High Road (north); Long Lane (west, east)"
    assert [one.name for one in ways_in(area, layer(rows), most=2)] == ["High Road", "Long Lane"]


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), min_size=1, max_size=25))
def test_circles_part_and_a_lonely_one_stays(points: list[tuple[float, float]]) -> None:
    at = np.array(points, dtype=float)
    moved = spread(at, apart=1.0)
    assert moved.shape == at.shape
    gaps = np.hypot(*(moved[:, None, :] - moved[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    assert gaps.min() > 0.6
    if len(points) == 1:
        assert np.array_equal(moved, at)
    assert np.array_equal(moved, spread(at, apart=1.0))
