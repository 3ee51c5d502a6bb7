"""Pictures of an evaluation drawn into the page itself: course, estimates, periods, dose."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from layers import palette
from layers.evaluation.estimate_words import (
    MISLEADING,
    estimate_words,
    figure_words,
    interval_words,
    is_ratio,
)
from layers.wording import escaped
from spatial.window import month_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from spatial.evaluation.estimate import Estimate
    from spatial.evaluation.event_study import EventStudy

WIDTH: Final = 920
_LEFT, _RIGHT = 78, 16
_WIDE_TICKS: Final = (0.0625, 0.25, 1.0, 4.0, 16.0)
_TICKS: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
_CLOSE_TICKS: Final = (0.5, 0.75, 1.0, 1.5, 2.0)
_NARROWEST, _WIDEST = 2.2, 18.0
_ROW: Final = 26
_NAMES: Final = 270
_WORDS: Final = 300
_LABELS: Final = 8
# dash, thickness and colour: which line is which is said without colour
_LINES: Final = {
    "treated": ("Patrolled places", palette.VIOLENCE_STEPS[4], "", 3.0),
    "comparators": ("Compared with", palette.GREY_INK, "7 4", 2.4),
    "buffer": ("Around the places", palette.PARTNER, "2 3", 2.4),
}
_BANDS: Final = {
    "baseline": ("before", "#F0F2F4"),
    "chosen_on": ("places chosen on", "#FFF3B0"),
    "operation": ("operation", palette.VIOLENCE_STEPS[0]),
}


def course_svg(series: pd.DataFrame) -> str:
    """Draw each group month by month against its own average of the months before.

    Parameters
    ----------
    series
        :data:`spatial.evaluation_results.SERIES_COLUMNS`.
    """
    months = sorted(set(series["month"]))
    if not months:
        return ""
    height, bottom = 250, 40
    levels = {group: _levels(series[series["group"] == group]) for group in _LINES}
    drawn = {group: values for group, values in levels.items() if values}
    top = max([1.5, *(value for values in drawn.values() for value in values.values())]) * 1.08
    step = (WIDTH - _LEFT - _RIGHT) / len(months)
    at = {month: _LEFT + step * (place + 0.5) for place, month in enumerate(months)}

    def y(level: float) -> float:
        return 34 + (height - bottom - 34) * (1 - level / top)

    parts = series.drop_duplicates("month").set_index("month")["part"]
    shapes = []
    for month in months:
        if parts[month] in _BANDS:
            fill = _BANDS[parts[month]][1]
            shapes.append(_rect(at[month] - step / 2, 34, step, height - bottom - 34, fill))
    for level in _nice(top):
        shapes.append(_line(_LEFT, y(level), WIDTH - _RIGHT, y(level), "#E0E3E6", 1))
        shapes.append(_text(_LEFT - 8, y(level) + 4, f"{level:g}", anchor="end"))
    shapes.append(_line(_LEFT, y(1), WIDTH - _RIGHT, y(1), palette.INK, 1.2))
    every = math.ceil(len(months) / _LABELS)
    for place, month in enumerate(months):
        if place % every == 0:
            shapes.append(
                _text(at[month], height - bottom + 18, month_words(month), anchor="middle")
            )
    for group, values in drawn.items():
        _, colour, dash, thick = _LINES[group]
        points = " ".join(f"{at[month]:.1f},{y(level):.1f}" for month, level in values.items())
        shapes.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{thick}"'
            f"{_dashed(dash)}/>"
        )
    shapes += _key(
        [(_LINES[group][0], _LINES[group][1], _LINES[group][2], False) for group in drawn]
        + [
            (words, fill, "", True)
            for part, (words, fill) in _BANDS.items()
            if (parts == part).any()
        ]
    )
    said = "Incidents month by month, each group against its own average of the months before"
    return _svg(height, shapes, said)


def forest_svg(estimates: Sequence[Estimate]) -> str:
    """Draw ratios with their intervals, a row to each, and the line of no change."""
    shown = [one for one in estimates if is_ratio(one) and one.estimate is not None]
    if not shown:
        return ""
    edge = _edge(value for one in shown for value in (one.low, one.high, one.estimate))
    left, right = _NAMES, WIDTH - _WORDS
    height = 34 + _ROW * len(shown) + 34

    def x(ratio: float) -> float:
        held = min(max(ratio, 1 / edge), edge)
        return left + (right - left) * (0.5 + math.log(held) / (2 * math.log(edge)))

    shapes = []
    for tick in _ticks(edge):
        if 1 / edge <= tick <= edge:
            shapes.append(_line(x(tick), 22, x(tick), height - 34, "#E0E3E6", 1))
            shapes.append(_text(x(tick), height - 16, _tick(tick), anchor="middle"))
    shapes.append(_line(x(1), 22, x(1), height - 34, palette.INK, 1.6))
    for place, one in enumerate(shown):
        y = 34 + _ROW * place + _ROW / 2
        said = estimate_words(one.name)
        misleads = said.trust == MISLEADING
        colour = palette.DISORDER if misleads else palette.VIOLENCE_STEPS[4]
        low, high = one.low or 1 / edge, one.high if one.high is not None else edge
        shapes.append(_text(left - 12, y + 4, said.title, anchor="end", bold=place == 0))
        if _bounded(one):
            shapes.append(_line(x(low), y, x(high), y, palette.GREY_INK, 2.2))
        shapes.append(_mark(x(one.estimate or 1 / edge), y, colour, cross=misleads))
        words = f"{figure_words(one)} ({interval_words(one)})" if _bounded(one) else ""
        shapes.append(_text(right + 12, y + 4, words, anchor="start", small=True))
    return _svg(height, shapes, "Every ratio with its 95% interval, and the line of no change")


def periods_svg(study: EventStudy) -> str:
    """Draw patrolled places against comparators period by period, with intervals."""
    table = study.table
    known = table.dropna(subset=["estimate"])
    if known.empty:
        return ""
    edge = _edge(value for name in ("low", "high", "estimate") for value in known[name])
    height, top, bottom = 250, 16, 44
    step = (WIDTH - _LEFT - _RIGHT) / len(table)

    def y(ratio: float) -> float:
        held = min(max(ratio, 1 / edge), edge)
        return top + (height - top - bottom) * (0.5 - math.log(held) / (2 * math.log(edge)))

    shapes = []
    for tick in _ticks(edge):
        if 1 / edge <= tick <= edge:
            shapes.append(_line(_LEFT, y(tick), WIDTH - _RIGHT, y(tick), "#E0E3E6", 1))
            shapes.append(_text(_LEFT - 8, y(tick) + 4, _tick(tick), anchor="end", small=True))
    shapes.append(_line(_LEFT, y(1), WIDTH - _RIGHT, y(1), palette.INK, 1.4))
    for place, row in enumerate(table.to_dict("records")):
        x = _LEFT + step * (place + 0.5)
        lead = int(row["lead"])
        if lead == 0:
            edge_x = _LEFT + step * place
            shapes.append(_line(edge_x, top, edge_x, height - bottom, palette.GREY_INK, 1.4, "4 3"))
        shapes.append(_text(x, height - bottom + 18, f"{lead:+d}" if lead else "start",
                            anchor="middle"))  # fmt: skip
        if math.isnan(row["estimate"]):
            shapes.append(_text(x, y(1) - 6, "\N{EN DASH}", anchor="middle"))
            continue
        low = row["low"] if row["low"] == row["low"] else 1 / edge
        high = row["high"] if row["high"] == row["high"] else edge
        shapes.append(_line(x, y(low), x, y(high), palette.GREY_INK, 2.2))
        shapes.append(_mark(x, y(row["estimate"]), palette.VIOLENCE_STEPS[4]))
    shapes.append(
        _text(WIDTH / 2, height - 6, "Periods from the first day of the operation", anchor="middle")
    )
    return _svg(height, shapes, "Patrolled against comparison places, period by period")


def shares_svg(shares: Iterable[tuple[str, float, float]]) -> str:
    """Draw, by place, the share of its drawn days that had a patrol, and of its other days."""
    rows = list(shares)
    if not rows:
        return ""
    height, left = 40 + 18 * len(rows), 120
    wide = WIDTH - left - 90
    shapes = [_text(left, 14, "Share of days drawn that had a patrol (outlined: of other days)")]
    for place, (name, kept, visited) in enumerate(rows):
        y = 26 + 18 * place
        shapes.append(_text(left - 8, y + 11, name, anchor="end", small=True))
        shapes.append(_rect(left, y, wide * _share(kept), 13, palette.VIOLENCE_STEPS[3]))
        shapes.append(
            f'<rect x="{left}" y="{y}" width="{wide * _share(visited):.1f}" height="13" '
            f'fill="none" stroke="{palette.INK}" stroke-width="1.6"/>'
        )
        shapes.append(
            _text(left + wide * _share(kept) + 6, y + 11, f"{_share(kept):.0%}", small=True)
        )
    return _svg(height, shapes, "Which patrols were made as drawn, by place")


def _levels(part: pd.DataFrame) -> dict[object, float]:
    base = part[part["part"] == "baseline"]
    base = base if base["incidents"].sum() > 0 else part
    if part.empty or base["incidents"].sum() == 0:
        return {}
    mean = float(base["incidents"].sum()) / float(base["days"].sum())
    return {row["month"]: row["incidents"] / row["days"] / mean for row in part.to_dict("records")}


def _bounded(one: Estimate) -> bool:
    return one.low is not None or one.high is not None


def _edge(values: Iterable[float | None]) -> float:
    logs = [
        abs(math.log(value))
        for value in values
        if value is not None and math.isfinite(value) and value > 0
    ]
    return min(max(math.exp(max(logs, default=0.0)) * 1.08, _NARROWEST), _WIDEST)


def _nice(top: float) -> list[float]:
    step = 0.5 if top <= 3 else 1.0 if top <= 6 else 2.0  # noqa: PLR2004 (four to six lines)
    return [step * place for place in range(int(top / step) + 1)]


def _ticks(edge: float) -> tuple[float, ...]:
    if edge < 3:  # noqa: PLR2004 (room for per cent between half and twice)
        return _CLOSE_TICKS
    return _TICKS if edge < 8 else _WIDE_TICKS  # noqa: PLR2004 (four steps of four)


def _tick(ratio: float) -> str:
    named = {1.0: "no change", 2.0: "twice", 0.5: "half", 0.25: "a quarter", 0.0625: "a 16th"}
    if ratio in named:
        return named[ratio]
    return f"{ratio:g} times" if ratio > 2 else f"{ratio - 1:+.0%}"  # noqa: PLR2004 (as above)


def _share(value: float) -> float:
    return 0.0 if math.isnan(value) else float(value)


def _mark(x: float, y: float, colour: str, *, cross: bool = False) -> str:
    if cross:
        return (
            f'<path d="M{x - 5:.1f},{y - 5:.1f}l10,10m0,-10l-10,10" stroke="{colour}" '
            'stroke-width="2.6"/>'
        )
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{colour}"/>'


def _key(entries: list[tuple[str, str, str, bool]]) -> list[str]:
    shapes, x = [], float(_LEFT)
    for words, colour, dash, filled in entries:
        if filled:
            shapes.append(_rect(x, 6, 18, 12, colour, outlined=True))
        else:
            shapes.append(_line(x, 12, x + 22, 12, colour, 3, dash))
        shapes.append(_text(x + 28, 16, words, small=True))
        x += 46 + 7.2 * len(words)
    return shapes


def _svg(height: float, shapes: list[str], said: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" width="100%" role="img" '
        f'aria-label="{escaped(said)}" xmlns="http://www.w3.org/2000/svg">{"".join(shapes)}</svg>'
    )


def _text(  # noqa: PLR0913 (where, what, how)
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    small: bool = False,
    bold: bool = False,
) -> str:
    size = 12 if small else 13
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{weight} '
        f'fill="{palette.INK}">{escaped(words)}</text>'
    )


def _line(  # noqa: PLR0913, PLR0917 (two points and how)
    x1: float, y1: float, x2: float, y2: float, colour: str, thick: float, dash: str = ""
) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{thick}"{_dashed(dash)}/>'
    )


def _rect(  # noqa: PLR0913, PLR0917 (a box and how)
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    outlined: bool = False,  # noqa: FBT001, FBT002 (as an attribute)
) -> str:
    edge = f' stroke="{palette.GREY_INK}"' if outlined else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}"{edge}/>'
    )


def _dashed(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""
