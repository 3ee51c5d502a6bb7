from __future__ import annotations

from config.profile import load_profile
from layers.deck import Show
from layers.legend import legend_html, title_html
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


def test_the_title_says_which_is_shown_and_by_what_mark() -> None:
    ark = load_profile("ark")

    def title(show: Show) -> str:
        return title_html(show, window=WINDOW, profile=ark, against="against <b>")

    both = title(Show())
    assert "Serious-violence harm (blue fill) and antisocial behaviour (orange hatch)" in both
    assert "1 Nov 2025 to 31 Oct 2026, against &lt;b&gt;" in both
    assert "antisocial behaviour is not shown" in title(Show(disorder=False))
    assert "serious violence is not shown" in title(Show(violence=False))
    assert "Neither" in title(Show(violence=False, disorder=False))
    assert "or for both" in title(Show(two_way=True))


def test_the_two_way_legend_is_two_by_two() -> None:
    counts = {"both": 8, "violence only": 3, "disorder only": 9, "neither": 2_980}
    html = legend_html(
        class_breaks([1, 2, 3]), show=Show(two_way=True), cells=3_000, window=WINDOW,
        profile=load_profile("ark"), readings=counts, left_out="The 5 cells",
    )  # fmt: skip
    for words in ("both", "violence only", "disorder only", "neither", "2,980", "The 5 cells"):
        assert words in html
    assert "hx-scale" not in html
    assert "hot spot of antisocial behaviour" not in html
