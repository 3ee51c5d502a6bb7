from __future__ import annotations

from config.profile import load_profile
from layers.deck import Show
from layers.legend import legend_html
from layers.palette import Classes, class_breaks
from tests.layers.invented import WINDOW


def legend(show: Show, classes: Classes | None = None, *, profile: str = "ark") -> str:
    return legend_html(
        classes if classes is not None else class_breaks(range(1, 1001)),
        show=show, cells=3_000, window=WINDOW, profile=load_profile(profile),
    )  # fmt: skip


def test_every_class_is_explained_lightest_first() -> None:
    classes = class_breaks(range(1, 1001))
    html = legend(Show())
    places = [html.index(fill) for fill in classes.fills]
    assert places == sorted(places)
    assert "1,000+" in html
    assert "3,000 cells" in html
    assert "12 months" in html


def test_the_legend_explains_only_what_is_there() -> None:
    html = legend(Show(violence=True, disorder=False, areas=False))
    assert "antisocial" not in html
    assert "patrol area" not in html
    assert "antisocial" in legend(Show(violence=False))


def test_no_violence_is_said() -> None:
    assert "No violence in this window" in legend(Show(), Classes((), ()))


def test_harm_and_counts_are_named() -> None:
    assert "Serious-violence harm per cell" in legend(Show())
    assert "Incidents per cell" in legend(Show(), profile="asb")
    # open data must not pass for the real thing
    assert "Violence-proxy harm per cell" in legend(Show(), profile="violence_proxy")
