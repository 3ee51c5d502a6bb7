"""The accessibility statement: what holds, what does not and why, and whom to tell."""

from __future__ import annotations

from typing import Final

from config.force import load_force
from layers.method.chapter import Chapter, head, points, words
from layers.wording import PRODUCT, escaped

TITLE: Final = "Accessibility statement"
PREPARED: Final = "21 Nov 2026"
REGULATIONS: Final = (
    "The Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations "
    "2018"
)


def statement() -> tuple[Chapter, ...]:
    """Return the statement's chapters, in the order that public bodies in the UK use."""
    return (_scope(), _STATUS, _NOT_ACCESSIBLE, _ALTERNATIVES, _contact(), _ENFORCEMENT, _TESTED)


def _whose() -> str:
    return load_force().name.strip() or "the force or partnership that installed it"


def _scope() -> Chapter:
    return Chapter(
        "scope",
        "What this statement covers",
        words(
            f"This statement is about the web app {PRODUCT}, run by {_whose()} on its own network. "
            "We want as many people as possible to be able to use it. You should be able to:",
        )
        + points(
            "reach every page, and read the table or list that says what its map says, by keyboard "
            "or by screen reader;",
            "enlarge the page to 200% and still use it;",
            "tell everything apart without colour: fill, outline, hatching, letters and words "
            "carry the same meaning;",
            "work without time limits of a page; a sign-in ends after a while without a click, and "
            "its length is a setting.",
        ),
    )


_STATUS: Final = Chapter(
    "status",
    "How far it complies",
    words(
        "The app is partially compliant with the Web Content Accessibility Guidelines (WCAG) "
        "version 2.2, level AA, because of what is listed below.",
    ),
)

_NOT_ACCESSIBLE: Final = Chapter(
    "not-accessible",
    "What is not accessible, and why",
    head("Does not comply with the guidelines")
    + points(
        "*Maps.* A map is drawn on a canvas. Its cells and areas cannot be reached one by one by "
        "keyboard and are not read out (success criteria 1.1.1, 1.3.1 and 2.1.1). Each map has a "
        "name that says what it shows and which table or list says the same.",
        "*Charts.* Charts are pictures as well; the table under each has its numbers (1.1.1).",
        "*Wide tables.* Some tables are drawn as a grid that scrolls within the page. With a "
        "screen reader the files, or the printed page, are easier to read (1.3.1, 1.4.10).",
        "*Narrow screens.* Maps and wide tables keep two dimensions, and at 320 pixels of width "
        "the page scrolls both ways (1.4.10, where no exception for maps and tables applies).",
        "*Parts of the framework.* Menus, date boxes and lists come from the framework the app is "
        "built with (Streamlit). Their names and states as a screen reader says them are the "
        "framework's; we report faults there and cannot mend all of them (4.1.2).",
    )
    + head("Files")
    + words(
        "PDF files are made from text, in reading order, but have not been checked against PDF/UA. "
        "The same content can be had as a page (HTML) and as a table (CSV).",
    )
    + head("Disproportionate burden")
    + words("Nothing is left out on that ground."),
)

_ALTERNATIVES: Final = Chapter(
    "alternatives",
    "If you cannot use a part of it",
    points(
        "*Instead of the Tasking map:* the list beside it, the CSV file, and the printed sheets, "
        "which are made to be read in black and white.",
        "*Instead of other maps:* the table beside or below each, and its file.",
        "*Without the browser:* every analysis can be run from the shell (the command harmhex), "
        "whose answers are text.",
        "*In another form:* ask whoever is named below for large print, a plain text or a talk "
        "through the list.",
    ),
)


def _contact() -> Chapter:
    given = " ".join(load_force().contact.split())
    if given:
        # a full stop that is there already, and the end of an address, stay as they are
        whom = f"{_whose()}: {given.rstrip('.')}. You can also tell"
    else:
        whom = f"the people who run this app for {_whose()}, or"
    last = "" if given else " if you do not know them"
    return Chapter(
        "contact",
        "Telling us about a problem",
        words(
            f"If something here cannot be used, or you need its content in another form, tell "
            f"{whom} your line manager or staff disability network{last}. Say which page, what you "
            "wanted to do, and what you use (for example which screen reader). Ask when you will "
            "have an answer.",
        ),
    )


_ENFORCEMENT: Final = Chapter(
    "enforcement",
    "If you are not content with the answer",
    words(
        f"{REGULATIONS} (the accessibility regulations) are enforced in England, Scotland and "
        "Wales by the Equality and Human Rights Commission (EHRC), in Northern Ireland by the "
        "Equality Commission for Northern Ireland. If you are not content with how a complaint "
        "was answered, the Equality Advisory and Support Service (EASS) advises you: "
        "equalityadvisoryservice.com.",
    ),
)

_TESTED: Final = Chapter(
    "tested",
    "How it was tested, and when",
    words(
        f"This statement was prepared on {PREPARED}. It rests on our own tests of the app on the "
        "fictional sample town, not on an audit by somebody else, and not yet on a trial with "
        "people who use a screen reader every day.",
    )
    + points(
        "*By rule.* Every page of the navigation, and on Tasking and Targets what opens on them, "
        "in a browser (Chromium) with axe-core 4.14 against WCAG 2.2 A and AA: nothing found now. "
        "Such a check sees only a part of what can go wrong.",
        "*By keyboard.* The tasks of each page from beginning to end, files in hand: on Tasking "
        "choosing, looking into, adopting and printing; loading files and saying what their words "
        "mean; deciding on doubtful points; changing a list, scheduling, printing; an operation "
        "registered, worked out and withdrawn; entries, settings, and what the other pages offer. "
        "What has the focus is seen. In tables, arrows move, Shift and Space choose a row, Enter "
        "changes a cell; on maps arrows move, plus and minus go nearer and further.",
        "*Enlarged.* Every page at 200% of a wall's screen and a laptop's: nothing is cut off, and "
        "no page scrolls both ways but within maps and wide tables.",
        "*By eye.* Tasking and its map of both subjects as people see them who do not tell red "
        "from green, or blue from yellow, or see no colour (simulated by the browser). "
        "The colours of maps are kept apart in greyscale by the program's own tests.",
        "*Less motion.* Nothing moves or plays where the device asks for stillness.",
        "*Not tested yet:* screen readers, speech input and switch control.",
    )
    + words(
        "A force that runs this app should test it with its own browsers and people, give its "
        "contact under Settings, and look at this statement again at least once a year.",
    ),
)


def lead() -> str:
    """Return the sentence at the head of the page."""
    return f"For {PRODUCT}, run by {_whose()}. Prepared on {PREPARED}."


def heading_html() -> str:
    """Return the page's heading."""
    return f'<h1 class="hx-h1">{TITLE}</h1><p class="hx-words">{escaped(lead())}</p>'
