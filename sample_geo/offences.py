"""Offences: which are recorded in Saltmere, how many in 36 months, and in what settings."""

# ruff: noqa: E501 (a table is read a row at a time)

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Offence:
    """An offence as the force's records hold it.

    Attributes
    ----------
    code, prc, title
        Home Office code, recorded-crime class (empty where none is published), and a short title;
        all three empty of meaning for antisocial behaviour but the title.
    count
        Incidents in 36 months.
    settings
        In what settings they happen and in what proportion; see ``settings.SETTINGS``.
    knife, weapon
        Chance (0-1) that a knife, or any weapon, was seen or used.
    topic
        What planted places draw: violence, robbery, drugs, disorder, or nothing.
    """

    code: str
    prc: str
    title: str
    count: int
    settings: tuple[tuple[str, float], ...]
    knife: float = 0.0
    weapon: float = 0.0
    topic: str = ""


def _mix(words: str) -> tuple[tuple[str, float], ...]:
    """Read ``setting share`` pairs."""
    parts = words.split()
    return tuple(zip(parts[::2], map(float, parts[1::2]), strict=True))


_FIGHT: Final = _mix(
    "planted 18 night 11 street 16 partner 27 household 14 park 2 transport 2 care 2 school 2 work 2"
)
_GRAVE: Final = _mix("planted 21 night 11 street 24 partner 21 household 13 park 3 transport 2")
_ROW: Final = _mix(
    "planted 8 night 8 street 15 partner 30 household 20 school 5 care 4 shop 6 transport 2"
)
_TALK: Final = _mix("online 45 partner 25 household 25 street 5")
_STOPPED: Final = _mix("planted 30 night 10 street 40 transport 8 park 7 household 5")

OFFENCES: Final = (
    Offence("001/01", "1", "Murder", 5, _mix("planted 2 night 1 partner 2"), 0.6, 0.75, "violence"),
    Offence("002/00", "2", "Attempted murder", 9, _mix("planted 5 street 2 partner 2"), 0.7, 0.85, "violence"),
    Offence("005/01", "5D", "Wounding with intent", 400, _GRAVE, 0.42, 0.66, "violence"),
    Offence("008/01", "8N", "Wounding without intent", 640, _GRAVE, 0.16, 0.34, "violence"),
    Offence("008/06", "8N", "Assault, actual bodily harm", 7300, _FIGHT, 0.03, 0.09, "violence"),
    Offence("008/21", "8N", "Dog dangerously out of control", 260, _mix("street 60 park 40")),
    Offence("008/73", "104", "Assault, emergency worker", 780, _mix("night 25 planted 15 street 20 care 25 household 15"), 0.01, 0.03, "violence"),
    Offence("105/01", "105A", "Common assault", 6900, _ROW, 0.01, 0.03, "violence"),
    Offence("008/57", "105B", "Common assault, racial", 130, _mix("planted 25 night 25 street 40 transport 10"), 0.01, 0.02, "violence"),
    Offence("003/01", "3B", "Threats to kill", 620, _mix("partner 35 household 35 street 20 planted 10"), 0.18, 0.24, "violence"),
    Offence("008/77", "", "Intentional strangulation", 330, _mix("partner 85 household 15")),
    Offence("008/67", "105A", "Controlling behaviour", 420, _mix("partner 100")),
    Offence("195/94", "8L", "Harassment", 1750, _TALK),
    Offence("195/12", "8Q", "Stalking", 720, _mix("partner 55 online 30 household 15")),
    Offence("008/72", "8R", "Malicious communications", 1150, _mix("online 100")),
    Offence("036/01", "36", "Kidnapping", 24, _mix("partner 40 street 40 household 20"), 0.2, 0.35, "violence"),
    Offence("011/03", "11A", "Cruelty to a child", 240, _mix("parent 100")),
    Offence("034/01", "34B", "Robbery, personal", 980, _mix("planted 31 street 42 night 11 park 9 transport 5 household 2"), 0.24, 0.34, "robbery"),
    Offence("034/01", "34A", "Robbery, business", 150, _mix("shop 100"), 0.3, 0.5),
    Offence("034/02", "34B", "Assault with intent to rob", 70, _mix("planted 35 street 48 night 17"), 0.22, 0.3, "robbery"),
    Offence("008/26", "10D", "Bladed article in public", 410, _STOPPED, 1.0, 1.0, "violence"),
    Offence("008/11", "10C", "Offensive weapon in public", 240, _STOPPED, 0.05, 1.0, "violence"),
    Offence("008/64", "10D", "Threats with a blade", 95, _STOPPED, 1.0, 1.0, "violence"),
    Offence("081/03", "10B", "Firearm without certificate", 34, _mix("household 80 street 20"), 0.0, 1.0),
    Offence("019/08", "19C", "Rape of a female 16 or over", 330, _mix("partner 55 household 25 night 12 park 4 street 4")),
    Offence("020/05", "20A", "Sexual assault on a female", 640, _mix("night 35 household 25 transport 10 street 15 school 10 park 5")),
    Offence("017/15", "17A", "Sexual assault on a male", 85, _mix("night 35 household 40 street 25")),
    Offence("088/09", "88E", "Exposure", 190, _mix("park 45 street 35 transport 20")),
    Offence("092/30", "92A", "Supply of cocaine", 190, _mix("planted 30 household 25 street 36 night 9"), 0.04, 0.06, "drugs"),
    Offence("092/31", "92A", "Supply of heroin", 150, _mix("planted 30 household 30 street 40"), 0.04, 0.06, "drugs"),
    Offence("092/41", "92A", "Supply of cannabis", 120, _mix("household 50 street 35 planted 15"), 0.02, 0.04, "drugs"),
    Offence("092/50", "92D", "Possession of cocaine", 420, _mix("night 35 street 40 planted 25"), 0.01, 0.02, "drugs"),
    Offence("092/61", "92E", "Possession of cannabis", 980, _mix("street 55 park 20 planted 10 night 10 transport 5"), topic="drugs"),
    Offence("125/09", "9A", "Intentional harassment, alarm", 1300, _mix("night 25 street 40 shop 10 transport 10 planted 15"), topic="violence"),
    Offence("125/11", "9A", "Fear or provocation of violence", 1350, _mix("night 30 street 35 planted 20 household 15"), 0.02, 0.06, "violence"),
    Offence("125/82", "9B", "Racial harassment, alarm", 260, _mix("night 20 street 40 shop 20 transport 20")),
    Offence("066/01", "66", "Affray", 190, _mix("planted 40 night 35 street 25"), 0.08, 0.2, "violence"),
    Offence("056/01", "56A", "Arson endangering life", 22, _mix("household 70 street 30")),
    Offence("056/02", "56B", "Arson not endangering life", 330, _mix("park 35 parked 30 street 35")),
    Offence("149/00", "58A", "Damage to a dwelling", 1250, _mix("household 75 partner 25")),
    Offence("149/00", "58C", "Damage to a vehicle", 1450, _mix("parked 100")),
    Offence("149/00", "58D", "Other damage", 1050, _mix("street 45 park 25 night 15 shop 15")),
    Offence("046/00", "46", "Shoplifting", 3700, _mix("shop 100")),
    Offence("039/00", "39", "Theft from the person", 560, _mix("night 45 shop 20 street 20 transport 15")),
    Offence("049/10", "49", "Other theft", 1700, _mix("shop 20 night 20 household 25 street 25 work 10")),
    Offence("044/00", "44", "Theft of a pedal cycle", 620, _mix("cycle 100")),
    Offence("053/25", "49A", "Making off without payment", 420, _mix("forecourt 100")),
    Offence("045/10", "45", "Theft from a vehicle", 1250, _mix("parked 100")),
    Offence("048/01", "48", "Theft of a motor vehicle", 620, _mix("parked 100")),
    Offence("126/00", "126", "Vehicle interference", 380, _mix("parked 100")),
    Offence("028/03", "28E", "Burglary, residential", 1150, _mix("burgled 100")),
    Offence("030/02", "30C", "Burglary, business", 520, _mix("broken 100")),
    Offence("", "", "ASB Nuisance", 9600, _mix("planted 34 night 10 street 42 park 10 transport 4"), topic="disorder"),
    Offence("", "", "ASB Personal", 2500, _mix("household 55 street 35 planted 10"), topic="disorder"),
    Offence("", "", "ASB Environmental", 1600, _mix("planted 25 street 55 park 20"), topic="disorder"),
)  # fmt: skip
"""Codes and classes: Home Office Counting Rules; titles are our own short ones."""
