"""The town's hand-drawn plan: main roads, railway, parks and districts, metres on the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sample_geo.plane import Points


@dataclass(frozen=True, slots=True)
class MainRoad:
    """A through road drawn by hand; a name changes where a town's roads change theirs.

    ``names`` gives, in the direction of drawing, each name and the share of the length (0-1) at
    which it ends. A road ``around`` a park has no points of its own; nor have the two that follow
    the shore.
    """

    names: tuple[tuple[str, float], ...]
    rank: str
    points: Points
    around: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """A part of the town whose streets follow one habit.

    Attributes
    ----------
    name, kind
        What it is called, and its habit: old, terrace, villa, suburb, estate, industrial, retail
        or campus.
    centre
        Where it lies; a place belongs to the nearest centre.
    angle
        Direction of its long streets, degrees anticlockwise from east; None follows the shore.
    people_ha
        Residents per hectare of built land.
    """

    name: str
    kind: str
    centre: tuple[float, float]
    angle: float | None
    people_ha: float


MAIN_ROADS: Final = (
    MainRoad((("High Street", 0.24), ("Market Street", 0.4), ("North Street", 0.53),
              ("Minster Road", 0.72), ("Northgate", 1.0)), "major", (
        (-150, -1209), (-138, -1000), (-112, -800), (-70, -560), (-20, -330), (10, -110), (50, 240),
        (110, 620), (90, 1000), (150, 1400), (170, 1800), (130, 2300), (260, 2800), (420, 3500),
        (380, 4600))),
    MainRoad((("Westgate Street", 0.24), ("Westgate Road", 0.55),
              ("Longshore Road", 1.0)), "major", (
        (-118, -790), (-420, -745), (-760, -700), (-1150, -760), (-1560, -860), (-2050, -1000),
        (-2480, -1060), (-2950, -1010), (-3500, -850), (-4300, -760), (-5300, -840))),
    MainRoad((("Priory Road", 0.3), ("Abbey Road", 0.62), ("Wold Road", 1.0)), "major", (
        (10, -110), (-330, 20), (-700, 160), (-1120, 420), (-1500, 640), (-1950, 1010),
        (-2480, 1330), (-3050, 1500), (-3700, 1830), (-4700, 2050), (-5600, 2500))),
    MainRoad((("Eastgate", 0.22), ("Bridge Road", 0.34), ("Eastcliff Road", 0.62),
              ("Fen Causeway", 1.0)), "major", (
        (-118, -790), (220, -830), (520, -850), (800, -895), (1080, -960), (1500, -1010),
        (1950, -960), (2350, -900), (2800, -700), (3300, -520), (3900, -480), (5200, -350))),
    MainRoad((("Saint Helen's Road", 0.36), ("Fen Road", 0.7), ("Holm Road", 1.0)), "major", (
        (10, -110), (380, -30), (890, 130), (1260, 380), (1640, 700), (2030, 930), (2500, 1120),
        (3000, 1420), (3600, 1560), (4500, 1980), (5600, 2150))),
    MainRoad((("Westway", 0.32), ("Northway", 0.69), ("Eastway", 1.0)), "major", (
        (-2480, -1060), (-2520, -620), (-2440, -160), (-2330, 300), (-2120, 760), (-1950, 1010),
        (-1600, 1330), (-1180, 1560), (-620, 1690), (-150, 1790), (170, 1800), (620, 1740),
        (1080, 1620), (1500, 1400), (1820, 1130), (2030, 930), (2270, 520), (2390, 60),
        (2350, -420), (2350, -900))),
    MainRoad((("Saint Botolph's Way", 0.5), ("Priory Way", 1.0)), "major", (
        (-760, -1235), (-790, -980), (-760, -700), (-690, -420), (-540, -180), (-330, 20))),
    MainRoad((("Saint Helen's Way", 1.0),), "major", (
        (380, -30), (540, -260), (590, -540), (520, -850))),
    MainRoad((("West Parade", 0.32), ("Marine Parade", 0.66), ("Esplanade", 1.0)), "major", ()),
    MainRoad((("Harbour Quay", 1.0),), "minor", (
        (520, -1275), (575, -1180), (600, -1050), (690, -1010), (800, -1000), (930, -1015),
        (1010, -1090), (1005, -1250), (1030, -1370))),
    MainRoad((("Eastcliff Parade", 0.56), ("Beacon Hill", 1.0)), "minor", ()),
    MainRoad((("Station Approach", 0.35), ("Station Road", 1.0)), "minor", (
        (-330, -300), (-200, -335), (-20, -330), (240, -330), (540, -260))),
    MainRoad((("Sandling Lane", 0.5), ("Warren Road", 1.0)), "minor", (
        (-1560, -860), (-1620, -640), (-1700, -200), (-1640, 150), (-1500, 640))),
    MainRoad((("Hollow Lane", 1.0),), "minor", (
        (-2440, -160), (-2050, -80), (-1680, -40))),
    MainRoad((("Windmill Lane", 0.5), ("Windmill Hill", 1.0)), "minor", (
        (110, 620), (-330, 800), (-800, 830), (-1230, 980), (-1600, 1330))),
    MainRoad((("Mill Lane", 0.6), ("Ferry Lane", 1.0)), "minor", (
        (110, 620), (430, 700), (915, 700), (1250, 860), (1500, 1400))),
    MainRoad((("Beacon Road", 0.6), ("Lighthouse Road", 1.0)), "minor", (
        (1640, 700), (1590, 250), (1640, -250), (1530, -650), (1500, -1010), (1640, -1350),
        (1960, -1640), (2280, -1850), (2480, -2120))),
    MainRoad((("Coastguard Lane", 1.0),), "minor", (
        (2350, -900), (2420, -1200), (2600, -1500), (2840, -1660), (3180, -1560))),
    MainRoad((("Grange Road", 1.0),), "minor", (
        (2390, 60), (2700, 180), (2980, 420), (3050, 800), (3000, 1420))),
    MainRoad((("Meadow Lane", 1.0),), "minor", (
        (-620, 1690), (-720, 2100), (-500, 2500), (-560, 3050), (-700, 3900))),
    MainRoad((("Saltpan Lane", 1.0),), "minor", (
        (1080, 1620), (950, 1960), (800, 2300), (560, 2520), (230, 2700))),
    MainRoad((("Dunes Road", 1.0),), "minor", (
        (-2480, -1060), (-2700, -1300), (-3020, -1390), (-3420, -1240), (-4200, -1080))),
    MainRoad((("Westfield Drive", 1.0),), "minor", (
        (-2440, -160), (-2780, -60), (-3020, 200), (-3050, 620), (-2800, 980), (-2480, 1330))),
    MainRoad((("Carr Lane", 1.0),), "local", (
        (-2480, 1330), (-2300, 1620), (-2080, 1850), (-1700, 2020), (-1620, 2330), (-1720, 2700),
        (-1650, 3300))),
    MainRoad((("Drove Lane", 1.0),), "local", (
        (-1180, 1560), (-1420, 1800), (-1700, 2020))),
    MainRoad((("Holm Lane", 1.0),), "local", (
        (2030, 930), (1960, 1300), (1990, 1680), (2180, 2010), (2120, 2320), (2300, 2900))),
    MainRoad((("Marsh Lane", 1.0),), "local", (
        (1990, 1680), (2330, 1900), (2640, 2020), (3000, 2020), (3500, 2300))),
    MainRoad((("Sluice Lane", 1.0),), "local", (
        (3050, 800), (3300, 860), (3560, 720), (4200, 800))),
    MainRoad((("Halt Lane", 1.0),), "local", (
        (-3050, 620), (-3290, 700), (-3420, 980), (-3700, 1200), (-4300, 1280))),
    MainRoad((("Warrener's Lane", 1.0),), "local", (
        (-2950, -1010), (-3020, -1180), (-3020, -1390))),
    MainRoad((("Park Side", 0.5), ("Lake View", 1.0)), "local", (), "Victoria Park"),
    MainRoad((("Recreation Road", 1.0),), "local", (), "Northfield Recreation Ground"),
    MainRoad((("Priory Square", 1.0),), "local", (), "Priory Gardens"),
    MainRoad((("Green Side", 1.0),), "local", (), "Saltpan Green"),
    MainRoad((("Rec Side", 1.0),), "local", (), "Sandling Rec"),
    MainRoad((("Meadow Park Road", 1.0),), "local", (), "Meadow Park"),
    MainRoad((("Grange Park Road", 1.0),), "local", (), "Grange Park"),
)  # fmt: skip
"""Main roads, country lanes and the roads round parks: all that is placed by hand."""

RAILWAY: Final[Points] = (
    (-7500, 900), (-5600, 640), (-4300, 420), (-3500, 330), (-2900, 260), (-2330, 120),
    (-1700, -50), (-1200, -230), (-800, -310), (-560, -345), (-340, -360),
)  # fmt: skip

PARKS: Final[tuple[tuple[str, Points], ...]] = (
    ("Victoria Park", ((-1600, -420), (-1580, -640), (-1400, -700), (-1160, -660), (-1080, -480),
                       (-1180, -330), (-1420, -300))),
    ("Marine Gardens", ((-1120, -1270), (-1090, -1190), (-900, -1165), (-830, -1180),
                        (-840, -1240), (-980, -1260))),
    ("Priory Gardens", ((-425, -575), (-405, -445), (-240, -465), (-262, -600))),
    ("Beacon Head Country Park", ((2150, -2140), (2300, -1960), (2560, -1800), (2780, -1790),
                                  (2900, -1900), (2870, -2200), (2790, -2480), (2590, -2570),
                                  (2380, -2480))),
    ("Eastcliff Gardens", ((1150, -1390), (1200, -1330), (1400, -1440), (1480, -1540),
                           (1420, -1570), (1260, -1470))),
    ("Salter Marsh Nature Reserve", ((1260, 2480), (1180, 2200), (1100, 1900), (1250, 1760),
                                     (1500, 1720), (1720, 1900), (1780, 2250), (1620, 2560),
                                     (1420, 2650))),
    ("Riverside Meadow", ((925, 60), (900, -180), (970, -230), (1080, -140), (1090, 80),
                          (1040, 180), (950, 190))),
    ("Northfield Recreation Ground", ((-520, 1120), (-470, 920), (-160, 960), (-185, 1090),
                                      (-290, 1085), (-310, 1175))),
    ("Wold View Playing Fields", ((-2010, 300), (-1960, 110), (-1760, 150), (-1790, 330),
                                  (-1870, 320), (-1890, 410))),
    ("Links Golf Course", ((-3380, -780), (-3340, -420), (-3060, -280), (-2800, -380),
                           (-2760, -650), (-2900, -870), (-3160, -930))),
    ("Dunes Common", ((-3330, -1330), (-3000, -1470), (-2640, -1620), (-2400, -1660),
                      (-2480, -1520), (-2720, -1430), (-3050, -1340), (-3250, -1290))),
    ("Holm Wood", ((2550, 1420), (2480, 1220), (2660, 1230), (2880, 1420), (3030, 1620),
                   (2900, 1840), (2660, 1760))),
    ("Town Cemetery", ((320, 1110), (345, 880), (610, 905), (590, 1010), (655, 1020), (640, 1135))),
    ("Grange Park", ((2600, -110), (2660, -320), (2960, -240), (2925, -60))),
    ("Sandling Rec", ((-2190, -410), (-2120, -620), (-1880, -545), (-1925, -405), (-2030, -440),
                      (-2050, -365))),
    ("Fen Side Playing Field", ((1870, 150), (1900, -60), (2130, -10), (2080, 190))),
    ("Meadow Park", ((-1060, 2150), (-960, 1930), (-800, 2000), (-880, 2220))),
    ("Saltpan Green", ((470, 2130), (540, 1990), (720, 2080), (640, 2215))),
    ("Carr Wood", ((-2330, 1900), (-2230, 1720), (-2050, 1930), (-1850, 2060), (-1830, 2260),
                   (-2060, 2330), (-2200, 2180))),
    ("Windmill Allotments", ((-640, 770), (-600, 690), (-430, 650), (-400, 740))),
    ("Salter Allotments", ((930, 1560), (960, 1260), (1090, 1230), (1110, 1500))),
    ("Priory Grammar Field", ((-560, 560), (-520, 440), (-350, 480), (-380, 610))),
    ("Fen Edge Pitches", ((2900, 1010), (2940, 860), (3030, 880), (3000, 1060))),
)  # fmt: skip

DISTRICTS: Final = (
    District("Old Town", "old", (-150, -960), 84, 72),
    District("Lanes", "old", (160, -1080), 78, 64),
    District("Pier Side", "old", (-420, -1040), 96, 66),
    District("Market", "old", (-330, -690), 12, 48),
    District("Quayside", "old", (400, -1000), 60, 52),
    District("Station", "terrace", (-350, -180), 15, 62),
    District("Saint Helen's", "terrace", (260, -560), 68, 84),
    District("Minster", "terrace", (230, 250), 82, 80),
    District("Priory", "terrace", (-330, 420), -22, 78),
    District("Westgate", "terrace", (-1080, -520), -14, 80),
    District("Marine", "villa", (-1080, -980), None, 66),
    District("West Bay", "villa", (-1750, -1180), None, 52),
    District("Bridge", "terrace", (600, 300), 8, 74),
    District("Salter Bank", "terrace", (620, -420), 88, 66),
    District("Harbour East", "terrace", (1240, -1180), -38, 76),
    District("Eastcliff", "terrace", (1260, -700), 12, 78),
    District("Sandling", "terrace", (-1980, -760), 20, 66),
    District("Abbey", "terrace", (-760, -60), 55, 76),
    District("Warren", "suburb", (-1180, 120), 20, 48),
    District("Hollow", "suburb", (-2060, 220), -60, 44),
    District("Dunes", "suburb", (-2870, -1180), None, 40),
    District("Westfield", "suburb", (-2760, 560), 40, 44),
    District("Goods Yard", "industrial", (-2760, 60), 8, 2),
    District("Wold View", "estate", (-2560, 900), 25, 60),
    District("Infirmary", "campus", (-1560, 960), 42, 8),
    District("Windmill", "suburb", (-760, 560), -30, 48),
    District("Northfield", "suburb", (-880, 1230), 15, 48),
    District("Meadow", "estate", (-950, 1900), 30, 58),
    District("Northgate", "suburb", (-250, 2180), 70, 44),
    District("Kingsmere", "suburb", (520, 1350), -20, 46),
    District("Saltpan", "estate", (560, 2080), 55, 56),
    District("Ferry", "suburb", (1180, 520), 40, 44),
    District("Fen Side", "suburb", (1960, 380), -50, 46),
    District("Riverside", "terrace", (1240, -300), 78, 70),
    District("Lark Hill", "suburb", (1960, -640), 30, 46),
    District("Eastway Park", "retail", (2600, 640), 15, 2),
    District("Grange", "estate", (2720, -520), -28, 58),
    District("Holm", "suburb", (2200, 1260), 35, 38),
    District("Fen Works", "industrial", (1640, 1240), -38, 2),
    District("Beacon", "villa", (1880, -1350), None, 46),
    District("Coastguard", "suburb", (2560, -1260), -50, 42),
    District("Long Acre", "suburb", (3060, 300), 62, 40),
)

BUILT: Final[Points] = (
    (-3180, -1330), (-3320, -1120), (-3080, -960), (-2740, -820), (-2700, -260), (-3180, -140),
    (-3260, 260), (-3160, 760), (-2860, 1180), (-2450, 1300), (-2080, 1160), (-1880, 1180),
    (-1560, 1560), (-1400, 2100), (-1060, 2420), (-560, 2500), (100, 2620), (560, 2560),
    (960, 2250), (1060, 1800), (1400, 1620), (1850, 1560), (2250, 1560), (2520, 1330), (2600, 1080),
    (3000, 940), (3320, 620), (3360, 160), (3080, -120), (3240, -480), (3060, -880), (2900, -1300),
    (2640, -1620), (2260, -1760), (2080, -1960), (1880, -1900), (1500, -1600), (1100, -1400),
    (700, -1300), (0, -1240), (-900, -1260), (-1500, -1440), (-2100, -1680), (-2600, -1500),
)  # fmt: skip
"""The edge of the built-up land; fields, marsh and dunes lie between it and the border."""
