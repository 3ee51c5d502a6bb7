"""Transparency record: the fields of the Algorithmic Transparency Recording Standard, part filled.

Source: Algorithmic Transparency Recording Standard, template v3.0 (Department for Science,
Innovation and Technology, 2024) and its guidance for public sector bodies (GOV.UK, 8 May 2025):
tier 1 and the five sections of tier 2. Compare the fields with the current template before
publishing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.version import VERSION
from layers.fairness.assessment import Document, Item, Part
from layers.wording import PRODUCT

if TYPE_CHECKING:
    from layers.fairness.assessment_facts import Facts

STANDARD: Final = "3.0"
_NONE: Final = (
    "None: nothing is trained beforehand; whatever is learnt is learnt from the data of the run.",
)


def transparency_record(facts: Facts, *, marking: str) -> Document:
    """Return a record with every field of both tiers, in the template's order."""
    parts = (
        _tier_1(),
        _owner(),
        _rationale(facts),
        _decisions(),
        _specification(facts),
        Part(
            "Tier 2, section 5: risks, mitigations and impact assessments",
            (
                Item(
                    "2.5.1 Impact assessment",
                    "Name and date the assessments, with a link or a summary.",
                    (("Drafts of a data-protection and an equality impact assessment are written "
                     "beside this record."),),
                ),
                Item("2.5.2 Risks and mitigations", "Add those of the force.",
                     (*facts.limits, *facts.people)),
            ),
        ),
    )  # fmt: skip
    about = (
        (
            "A draft. What the run knows about itself is filled in; everything else is a "
            "question to the force. Records are published: take the marking and everything "
            "sensitive out first."
        ),
        (
            f"Algorithmic Transparency Recording Standard, template v{STANDARD}. Who must "
            "publish one is said in the standard's scope and exemptions policy."
        ),
    )
    title = "Algorithmic transparency record: where to patrol"
    return Document("transparency_record", title, about, parts, marking)


def _tier_1() -> Part:
    return Part(
        "Tier 1: overview",
        (
            Item("1.1 Name", "Add the force's own name for it.", (f"{PRODUCT} {VERSION}",)),
            Item(
                "1.2 Description",
                "Say why the force uses it.",
                (("It turns recorded incidents into a ranked list of small places where serious "
                 "violence did most harm, from which a tasking meeting chooses where to patrol. It "
                 "says nothing about any person."),),
            ),
            Item("1.3 Website URL", "Where the public can read more."),
            Item("1.4 Contact email", "Who answers."),
        ),
    )  # fmt: skip


def _owner() -> Part:
    return Part(
        "Tier 2, section 1: owner and responsibility",
        (
            Item("2.1.1 Organisation or department", "Name."),
            Item("2.1.2 Team", "Name."),
            Item("2.1.3 Senior responsible owner", "Role."),
            Item(
                "2.1.4 Third party involvement",
                "Yes or no. If yes: 2.1.4.1 third party, 2.1.4.2 Companies House number, 2.1.4.3 "
                "role, 2.1.4.4 procurement procedure, 2.1.4.5 terms of access to data.",
                ("The software runs inside the force and sends nothing to anybody.",),
            ),
        ),
    )


def _rationale(facts: Facts) -> Part:
    return Part(
        "Tier 2, section 2: description and rationale",
        (
            Item("2.2.1 Detailed description", "", (*facts.method, *facts.run)),
            Item(
                "2.2.2 Scope",
                "Say where and for what the force uses it.",
                (("Made for choosing places for visible patrols and problem solving. Not made for "
                 "decisions about persons, for stops or searches, or for forecasting."),),
            ),
            Item("2.2.3 Benefit", "Say what is better, and how that was measured.",
                 facts.performance),
            Item("2.2.4 Previous process", "How were places chosen before?"),
            Item("2.2.5 Alternatives considered", "Which, and why not?"),
        ),
    )  # fmt: skip


def _decisions() -> Part:
    return Part(
        "Tier 2, section 3: decision-making process",
        (
            Item("2.3.1 Process integration", "Where in tasking does the list come in?"),
            Item(
                "2.3.2 Provided information",
                "",
                (("A map, a ranked list with the reason for each place, intervals and notes on "
                 "what was left out, and one line on how far the data can be trusted."),),
            ),
            Item("2.3.3 Frequency and scale of usage", "How often, by whom, for how many places?"),
            Item(
                "2.3.4 Human decisions and review",
                "Who decides, who may override, and how is that recorded?",
                ("The software proposes; it sends nobody anywhere.",),
            ),
            Item("2.3.5 Required training", "Which, for whom?"),
            Item("2.3.6 Appeals and review", "How can residents ask for, or object to, its use?"),
        ),
    )  # fmt: skip


def _specification(facts: Facts) -> Part:
    none = _NONE
    return Part(
        "Tier 2, section 4: tool, model and data",
        (
            Item(
                "2.4.1.1 System architecture",
                "",
                (("One program on one machine: a store of files, counted by SQL, and a page in the "
                 "browser. It works without the internet."),),
            ),
            Item("2.4.1.2 Phase", "Idea, design, development, pilot, production or retired."),
            Item("2.4.1.3 Maintenance", "Who updates it, and how often are results checked?"),
            Item("2.4.1.4 Models", "", (
                ("No model of persons, none trained beforehand: counts, weights, tests and, where "
                 "the list is ranked by expected harm, a shrunken average of the same counts."),)),
            Item("2.4.2.1 Model name", "", ("Harm-weighted hot spots with Getis-Ord Gi*.",)),
            Item("2.4.2.2 Model version", "", (VERSION, *facts.run[:1])),
            Item("2.4.2.3 Model task", "", ("Rank small areas by the harm recorded in them.",)),
            Item("2.4.2.4 Model input", "", facts.data),
            Item("2.4.2.5 Model output", "", (("Patrol areas with rank, outline, counts, harm and "
                                              "reason."),)),
            Item("2.4.2.6 Model architecture", "", (*facts.method, "Settings: "
                                                    + "; ".join(facts.settings) + ".")),
            Item("2.4.2.7 Model performance", "Add the results of a backtest or a trial.",
                 facts.performance),
            Item("2.4.2.8 Datasets and their purposes", "", facts.data),
            Item("2.4.3.1 Development data description", "", none),
            Item("2.4.3.2 Data modality", "", none),
            Item("2.4.3.3 Data quantities", "", none),
            Item("2.4.3.4 Sensitive attributes", "", none),
            Item("2.4.3.5 Data completeness and representativeness", "", none),
            Item("2.4.3.6 Data cleaning", "", none),
            Item("2.4.3.7 Data collection", "", none),
            Item("2.4.3.8 Data access and storage", "", none),
            Item("2.4.3.9 Data sharing agreements", "", none),
            Item("2.4.4.1 Data sources", "Name the systems they were extracted from.", facts.data),
            Item("2.4.4.2 Sensitive attributes", "", (*facts.never, *facts.groups)),
            Item("2.4.4.3 Data processing methods", "", facts.quality),
            Item("2.4.4.4 Data access and storage", "Where is the store, who may open it, and for "
                                                    "how long is it kept?"),
            Item("2.4.4.5 Data sharing agreements", "Which, with whom?"),
        ),
    )  # fmt: skip
