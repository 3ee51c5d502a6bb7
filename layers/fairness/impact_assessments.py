"""Impact assessments: data protection and equality, as far as a run can fill them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.fairness.assessment import Document, Item, Part
from layers.wording import PRODUCT

if TYPE_CHECKING:
    from layers.fairness.assessment_facts import Facts

_DRAFT: Final = (
    "A draft. What the run knows about itself is filled in; everything else is a question to the "
    "force. It is not legal advice, and no assessment until somebody answers and signs it."
)
# Equality Act 2010, section 149(7), and section 149(1)(a) alone for the last
_CHARACTERISTICS: Final = (
    "Age", "Disability", "Gender reassignment", "Pregnancy and maternity", "Religion or belief",
    "Sex", "Sexual orientation", "Marriage and civil partnership (first aim only)",
)  # fmt: skip


def data_protection(facts: Facts, *, marking: str) -> Document:
    """Return a data-protection impact assessment for law-enforcement processing.

    Notes
    -----
    What one must hold: Data Protection Act 2018, section 64(3). Its steps are those of the
    Information Commissioner's Office's sample template.
    """
    parts = (
        Part(
            "1. Why an assessment is needed",
            (
                Item(
                    "What is to be achieved, and by what processing",
                    "Confirm the purpose, and say who decided that an assessment is needed and why "
                    "(large scale, matching of data, effect on people in places).",
                    (
                        ("Recorded incidents are counted by place, weighed by harm and ranked, so "
                        "that a tasking meeting can choose where to patrol."),
                        *facts.run,
                    ),
                ),
            ),
        ),
        Part(
            "2. The processing",
            (
                Item("Nature: what is done with the data", "", facts.method),
                Item(
                    "Where the data come from and what they are",
                    "Name the recording system, the extract, who may see it, and whom it is "
                    "shared with.",
                    facts.data,
                ),
                Item("Settings in force", "", facts.settings),
                Item(
                    "Scope: how long data are kept",
                    "Give the period for incidents, lists and records of patrols, and who removes "
                    "them (section 39).",
                ),
                Item(
                    "Context: whose data they are, and what they expect",
                    "Describe victims, suspects and residents concerned, children among them, and "
                    "any public concern.",
                    (("The store has no column for a person. Timed and located offences can still "
                     "identify one, so it is treated as personal data."),),
                ),
                Item("What is never an input", "", facts.never),
            ),
        ),
        Part(
            "3. Consultation",
            (
                Item(
                    "Who was asked",
                    "Say how residents, independent advisers, the ethics committee, the "
                    "data-protection officer and processors were asked, or why not.",
                ),
            ),
        ),
        Part(
            "4. Necessity and proportionality",
            (
                Item(
                    "Lawful basis",
                    "Name the law that the task rests on, and whether processing is strictly "
                    "necessary (section 35). If anything is sensitive processing (section 35(8)), "
                    "name the Schedule 8 condition and the policy document (section 42).",
                ),
                Item(
                    "Does it reach the purpose, and is there a gentler way",
                    "Weigh the figures below against what is done without such a list.",
                    facts.performance,
                ),
                Item(
                    "Quality, and no more data than needed",
                    "Say how errors are put right and who reads the banner before acting.",
                    facts.quality,
                ),
                Item(
                    "Rights of the people concerned",
                    "Say how the rights to be informed, of access, rectification and erasure "
                    "(sections 44 to 48) are met.",
                    (("No decision about a person is made, by the software or from its list "
                     "(sections 49 and 50 concern automated decisions)."),),
                ),
            ),
        ),
        Part(
            "5 and 6. Risks, and what reduces them",
            (
                *(Item(title, "Give likelihood, severity and what is left after the measure.", said)
                  for title, said in _RISKS),
                Item("Risk: the list falls on some neighbourhoods more than on others",
                     "Say what patrols do there, and how their effect on residents is watched.",
                     (*facts.people, *facts.listed, *facts.limits)),
            ),
        ),
        Part(
            "7. Advice and signature",
            (
                Item("Measures and remaining risk approved by", "Name, role, date."),
                Item("Advice of the data-protection officer", "Name, advice, date."),
                Item("Commissioner consulted (section 65)", "If high risk is left: date, answer."),
                Item("Next review", "Date, and what would bring it forward."),
            ),
        ),
    )  # fmt: skip
    about = (
        _DRAFT,
        (
            "For processing by a competent authority for law enforcement: Data Protection Act "
            "2018, Part 3, section 64. Steps as in the sample template of the Information "
            "Commissioner's Office."
        ),
    )
    title = "Data-protection impact assessment: where to patrol"
    return Document("data_protection", title, about, parts, marking)


_RISKS: Final = (
    (
        "Risk: a person is identified from a place and a time",
        (("Lists and maps name places, not people; small numbers of partners' records and of "
         "residents are kept back; every page and file carries the marking."),),
    ),
    (
        "Risk: records repeat the force's own attention (feedback)",
        (("Serious violence is ranked apart from antisocial behaviour, and stop-and-search records "
          "are refused. Offences that police find themselves (drugs, carried weapons) follow "
          "police activity: the profile above says whether they are counted."),),
    ),
    (
        "Risk: the list is used against people who happen to be there",
        (("A hot cell says where, not why, and nothing about any person: the software's own report "
         "says that it must not be used to justify a stop or a search."),),
    ),
    (
        "Risk: data are lost, changed or seen by others",
        (("The software listens on this machine alone unless a sign-in is set up, sends nothing "
         "anywhere, and names each run by a hash of its inputs."),),
    ),
)  # fmt: skip


def equality(facts: Facts, *, marking: str) -> Document:
    """Return an equality impact assessment under the public sector equality duty.

    Notes
    -----
    Source of aims and characteristics: Equality Act 2010, section 149.
    """
    others = tuple(
        Item(
            name,
            "What evidence is there of who is affected, and how? Say where there is none.",
            (f"{PRODUCT} holds nothing on this and computes nothing by it.",)
            if name != "Age"
            else ((f"{PRODUCT} keeps a victim's age in bands; some profiles select by it. It "
                  "computes nothing of residents by age."),),
        )
        for name in _CHARACTERISTICS
    )  # fmt: skip
    parts = (
        Part(
            "1. What is assessed",
            (
                Item("The list", "Name the operation or policy that it serves.", facts.run),
                Item("How it is made", "", facts.method),
                Item("What is never an input", "", facts.never),
            ),
        ),
        Part(
            "2. Who lives where patrols are sent",
            (
                Item(
                    "Race: residents by ethnic group",
                    "Set this beside stop-and-search, complaints and confidence in these places, "
                    "by ethnicity.",
                    facts.groups,
                ),
                Item(
                    "Deprivation (no protected characteristic, but often goes with one)",
                    "Say what these residents gain and bear.",
                    facts.people,
                ),
                Item(
                    "The same places again",
                    "Say how the burden of repeated patrols on the same residents is limited.",
                    facts.listed,
                ),
                *others,
                Item("What these figures cannot say", "", facts.limits),
            ),
        ),
        Part(
            "3. The three aims (section 149(1))",
            (
                Item(
                    "Eliminate discrimination, harassment and victimisation",
                    "Could patrols by this list be direct or indirect discrimination (sections 13 "
                    "and 19)? If indirect, is it a proportionate means of a legitimate aim?",
                ),
                Item(
                    "Advance equality of opportunity",
                    "Who is protected by fewer injuries, and who bears more police contact?",
                ),
                Item("Foster good relations", "What was said to residents, and what did they say?"),
            ),
        ),
        Part(
            "4. Decision",
            (
                Item("What will be changed, watched or stopped", "Action, owner, date."),
                Item("Approved by", "Name, role, date."),
                Item("Next review", "Date, and what would bring it forward."),
            ),
        ),
    )
    about = (
        _DRAFT,
        (
            "Public sector equality duty: Equality Act 2010, section 149 (Great Britain). The "
            "duty is to have due regard before and while a decision is made; a form alone does "
            "not meet it."
        ),
    )
    title = "Equality impact assessment: where to patrol"
    return Document("equality", title, about, parts, marking)
