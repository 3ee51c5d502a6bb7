"""What is expected: the expected harm of one subject's cells, from its own window and no later."""

from __future__ import annotations

import calendar
from dataclasses import replace
from typing import TYPE_CHECKING

from spatial.hexes.history import count_history
from spatial.hotspots.expected.kept import kept_expected_harm
from spatial.hotspots.expected.kin import KIN, OTHER
from spatial.notes import Note, Notes
from spatial.window import Window

if TYPE_CHECKING:
    from spatial.hexes.history import CellHistory
    from spatial.hotspots.expected.expected_harm import ExpectedHarm
    from spatial.scene import Subject


def expect_harm(subject: Subject) -> ExpectedHarm | None:
    """Return the harm to be expected in each of a subject's cells.

    Returns
    -------
    In days per period as long as the window, in the grid's order. None for antisocial behaviour,
    and where no incident of the subject has a weight.

    Notes
    -----
    Only the subject's own window is read, so that places chosen on an earlier window know nothing
    of a later one. A window that reaches beyond the data is cut to them: months for which nothing
    was loaded are not months in which nothing happened.

    The setting ``untelling`` names what tells nothing: antisocial behaviour, unless a force takes
    it off the list.
    """
    if not subject.profile.weighs_harm:
        return None
    scene, covered = subject.scene, _covered(subject)
    counted = count_history(scene.connection, subject.condition, window=covered, grid=scene.grid)
    if all(weight is None for weight in counted.weights.values()):
        return None
    history = counted.history.without([OTHER.format(kind) for kind in scene.settings.untelling])
    kin = [kind for kind in map(OTHER.format, KIN) if kind in history.kinds]
    found = kept_expected_harm(history, scene.grid, weights=counted.weights, kin=kin)
    notes = (*found.notes, *_left_out(counted.history, history), *_cut(subject, covered))
    return replace(found, notes=notes)


def _covered(subject: Subject) -> Window:
    """Return the part of the window that the data reach; whole months stay whole."""
    window, store = subject.window, subject.scene.store
    first, last = store.data_from, store.data_through
    if window.whole_months:
        first = first.replace(day=1)
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    first, last = max(window.first, first), min(window.last, last)
    return window if last < first else Window(first, last)


def _left_out(counted: CellHistory, used: CellHistory) -> Notes:
    gone = sorted(set(counted.kinds) - set(used.kinds))
    if not gone:
        return ()
    names = ", ".join(
        {"anti-social-behaviour": "antisocial behaviour", "disorder": "antisocial behaviour"}.get(
            kind, kind.replace("-", " ").replace("_", " ")
        )
        for kind in (one.partition(": ")[2] for one in gone)
    )
    return (Note(f"Not read as related crime when harm is expected: {names}."),)


def _cut(subject: Subject, covered: Window) -> Notes:
    if covered == subject.window:
        return ()
    sentence = (
        f"Expected harm is that of a period as long as {covered.words}, the part of the window "
        "that the data reach."
    )
    return (Note(sentence),)
