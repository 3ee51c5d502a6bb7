"""What the map is for, what it must not be used for, and what it cannot say."""

from __future__ import annotations

from typing import Final

from layers.method.chapter import Chapter, head, points, terms, words

PURPOSE: Final = Chapter(
    "purpose",
    "What this is for",
    words(
        "Harmhex shows where serious violence has been recorded, weighed by how grave it was, and "
        "proposes a short list of small places to patrol. It then helps to find out whether the "
        "patrols made a difference. It is made for people who decide where officers walk: the "
        "tasking meeting, its analyst, the neighbourhood team, the planner and the evaluator.",
        "It looks back. It adds up what was recorded and says which places hold more than others, "
        "and how sure that is. It does not foretell who will do what, where or when.",
    ),
)

NEVER: Final = Chapter(
    "never",
    "What it must not be used for",
    points(
        "*No ground for a stop or a search.* That somebody stands in a marked place says nothing "
        "about that person. Grounds concern a person and a moment; a map gives none.",
        "*Nothing about individuals.* It holds no people, ranks no people and must not be joined "
        "with lists of people.",
        "*Not for judging officers or teams.* A place may hold more or fewer records for a hundred "
        "reasons that no officer commands.",
        "*Not for telling one force from another.* Forces record differently; their figures are "
        "not comparable here, nor is one profile's harm with another's.",
        "*Not as the only reason.* The list is a proposal: people who know the place decide, and "
        "may change it with a reason that is kept.",
        "*No proof that patrols work.* A place chosen after a bad month nearly always gets better "
        "by itself. The Evaluation page asks that question with a fair comparison.",
        "*Not for housing, insurance, school or planning decisions,* nor for naming a "
        "neighbourhood as dangerous in public.",
    ),
)

PEOPLE: Final = Chapter(
    "people",
    "Why the map holds no people",
    words(
        "An incident is kept as what happened, where, when and how grave. The store has no column "
        "for a name, an address, a birth date or free text, so such columns of a source have "
        "nowhere to go. Of a victim only the age band is kept (cut at 15, 18, 25 and 65), and of "
        "victim and suspect only the kind of relationship, because some profiles leave out "
        "incidents by them.",
        "Where somebody was stopped, searched, arrested or is known to live is no input. Such "
        "records say where police were and whom they chose, and a map made of them sends police "
        "back to the same people. Neither deprivation nor the census ranks any place; both are "
        "used only on the Fairness page, to ask afterwards on whom a list falls.",
        "A timed and located offence can still point to a person. So pages and files carry a "
        "security marking, roles decide who sees single incidents and partners' records, small "
        "numbers of partners' records are kept back, and every file that leaves is written into "
        "the audit.",
    ),
)

LIMITS: Final = Chapter(
    "limits",
    "What it cannot say",
    head("The records")
    + points(
        "*Not all violence is recorded.* A large part never reaches the police, more in some "
        "places and against some people than others. The map shows recorded violence.",
        "*Recording changes.* A new rule, a new system or an inspection moves counts overnight. "
        "The page Data and quality looks for such breaks; it cannot find all of them.",
        "*Antisocial behaviour is recorded least evenly of all,* so it is counted on its own "
        "layer, is not weighed, and is never added to violence.",
        "*Records come in late.* The newest days and weeks usually grow.",
    )
    + head("Where")
    + points(
        "*Points are approximate.* Open data are moved to the nearest of a set of map points; a "
        "force's own points may fall on a police station, a hospital or the middle of a long road. "
        "Doubtful points are listed under Data and quality for people to decide on.",
        "*Cells are arbitrary.* Other borders, or larger cells, would give another map (the "
        "modifiable areal unit problem). What holds of a cell need not hold of each corner in it.",
        "*Busy places have more of everything.* Counts are not divided by how many people are "
        "there, because nobody knows that hour by hour: a high street is where people are.",
    )
    + head("How sure")
    + points(
        "*Small numbers swing.* A place with a handful of incidents may be on the list by chance. "
        "Small numbers are called small, and intervals say how far chance reaches.",
        "*The list is flattered by its own data.* The share of harm that chosen places hold is "
        "measured on the incidents that chose them. The figure beside it is what places chosen "
        "the same way earlier went on to hold: believe that one.",
        "*A hot cell is not a cause.* It says where, not why.",
        "*Patrols change the record.* Officers who look find more of some offences and deter "
        "others. A list that feeds on its own patrols can keep itself alive: Accuracy can leave "
        "patrolled days out, and drugs offences deserve most doubt.",
        "*Weights are a choice.* The days of a sentence stand for harm because they are public and "
        "the same for everybody, not because they measure suffering. The list can be ranked with "
        "other weights, and says how many places would stay.",
    ),
)

GLOSSARY: Final = Chapter(
    "words",
    "Words used here",
    terms(
        {
            "Incident": "One recorded offence or event: what, when, where, how grave.",
            "Serious violence": "The incidents that a profile of violence selects.",
            "Antisocial behaviour": "Incidents recorded as such; its own layer, counted only.",
            "Profile": "A named choice of offences, and of rules such as “in public”.",
            "Harm": "Days of the sentence that stand for an offence, added up over incidents.",
            "Expected harm": (
                "The harm that a place's own record, the ground around it and related crime lead "
                "to expect in a period as long as the window, if the area stays as it was. It "
                "ranks places; it is no statement about a coming incident."
            ),
            "Cell": "One hexagon of the grid that is laid over the study area.",
            "Study area": "The ground that is looked at, its empty cells included.",
            "Hot spot": (
                "Adjoining cells that hold more, with their neighbours, than chance would deal "
                "them, after correction for looking at the whole map."
            ),
            "Patrol area (place)": "The ground of one place on the list, walkable in one visit.",
            "Window": "The dates that are looked at, the first and the last included.",
            "In-sample, out of sample": (
                "Measured on the incidents that chose the places, or on others. The first flatters."
            ),
            "Interval (95%)": (
                "From where to where the truth may lie, as far as chance goes: of a hundred such "
                "intervals about 95 hold it."
            ),
            "Usual range": "What a day or week of an unchanged rate brings 95 times in 100.",
            "Near repeat": "An incident that follows another near by and soon.",
            "Patrol visit": "One stay of an officer at a place, on foot, of a few minutes.",
            "Adopted list": "The list that a meeting decided on; its files are kept unchanged.",
            "Run": "One calculation. Its id stands for everything that went in.",
        }
    ),
)
