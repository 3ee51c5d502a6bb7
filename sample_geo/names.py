"""Names for streets: trees, birds, trades, virtues, ships and the sea; nobody's surname."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sample_geo.chance import Chance

_WORDS: Final = {
    "town": (
        "Anchor Angel Baker's Barrel Bell Bishop's Blackfriars Brewery Butcher's Candle Castle "
        "Chandler's Chapel Cheese Church Cloth Compass Cooper's Corn Crane Cross Custom House "
        "Dolphin Exchange Fish Fisher's Flax Fountain Friars Garland George Globe Greyfriars "
        "Grocer's Guildhall Half Moon Hart Hemp Hope Hospital Jetty King's Lamb Lantern Library "
        "Lion Malt Mariner's Mercer's Minster Net New Nunnery Oyster Pepper Pilot's Pump "
        "Queen's Rope Rose Sail Saddler's Salt Ship Silver Smithy Spice Stationer's Sun Swan "
        "Tanner's Theatre Town Hall Trinity Vine Warehouse Watch House Weaver's Wharf White "
        "Hart Wool Abbot's Bridewell Almshouse"
    ),
    "terrace": (
        "Agincourt Albion Alexandra Alma Amity Argyle Balmoral Belmont Belgrave Beaufort "
        "Britannia Brunswick Buckingham Cambridge Carlton Charity Clarence Clarendon Colchester "
        "Concord Cornwall Coronation Coventry Crescent Crown Cumberland Derby Devonshire "
        "Diamond Dorset Duke Durham Edinburgh Ely Empire Exeter Faith Fidelity Fortitude "
        "Friendship Gloucester Grace Hanover Harmony Hereford Hertford Imperial Industry "
        "Inkerman Jubilee Justice Kensington Lancaster Liberty Lichfield Lincoln Lorne Ludlow "
        "Mafeking Malvern Melbourne Mercy Monmouth Norfolk Norwich Nile Osborne Oxford Patience "
        "Peace Portland Prince Princess Providence Prudence Radnor Richmond Ripon Rochester "
        "Royal Rutland Salisbury Sandringham Sebastopol Shrewsbury Somerset Sovereign Stafford "
        "Suffolk Surrey Temperance Truro Tudor Trafalgar Union Unity Verity Victory Victoria "
        "Warwick Waterloo Wellington Wells Windsor Worcester York Zetland"
    ),
    "shore": (
        "Bay Beach Belvedere Breakwater Breeze Bracing Cliff Cliffe Cockle Coral Cove Cowrie "
        "Crest Driftwood Dune Ebb Fairhaven Foreland Gull Haven Horizon Lagoon Limpet Marram "
        "Mermaid Mussel Neptune Ocean Palm Pearl Pebble Periwinkle Promenade Razorshell "
        "Samphire Sandy Sea Holly Sea View Seagrass Shell Shingle Shore South Cliff Spray "
        "Spindrift Starfish Strand Sunrise Surf Thrift Tide Trident Undercliff Wave Westcliff "
        "Whelk"
    ),
    "birds": (
        "Avocet Bittern Blackbird Brambling Bunting Buzzard Chaffinch Cormorant Corncrake Crane "
        "Cuckoo Curlew Dotterel Dove Dunlin Dunnock Eider Falcon Fieldfare Firecrest Fulmar "
        "Gannet Godwit Goldcrest Goldfinch Goshawk Grebe Greenfinch Guillemot Harrier Heron "
        "Hobby Jackdaw Jay Kestrel Kingfisher Kittiwake Knot Lapwing Linnet Magpie Mallard "
        "Martin Merlin Moorhen Nightingale Nightjar Nuthatch Osprey Ouzel Oystercatcher "
        "Partridge Peregrine Petrel Pheasant Pintail Pipit Plover Pochard Puffin Quail Raven "
        "Razorbill Redstart Redwing Robin Rook Ruff Sandpiper Shearwater Shelduck Shoveler "
        "Siskin Skua Skylark Snipe Sparrow Starling Stonechat Swallow Swift Tern Thrush "
        "Turnstone Twite Wagtail Warbler Waxwing Wheatear Whimbrel Whinchat Widgeon Woodlark "
        "Woodpecker Wren Yellowhammer"
    ),
    "trees": (
        "Acacia Alder Almond Apple Ash Aspen Bay Tree Beech Birch Blackthorn Bramble Broom "
        "Buckthorn Cedar Cherry Chestnut Clover Copse Cypress Dogwood Elder Elm Fern Fir Furze "
        "Gorse Greenwood Hawthorn Hazel Heather Hedgerow Holly Hornbeam Ivy Juniper Laburnum "
        "Larch Laurel Lilac Lime Linden Magnolia Maple May Tree Medlar Mulberry Myrtle Oak "
        "Olive Orchard Osier Pear Pine Plane Plum Poplar Privet Quince Rowan Rosemary Sallow "
        "Sloe Spindle Spruce Sycamore Tamarisk Thorn Vineyard Walnut Wayfaring Whitebeam Wild "
        "Cherry Willow Woodbine Wych Elm Yew"
    ),
    "fields": (
        "Barley Barn Bean Broad Acre Bull Meadow Buttercup Cornflower Cowslip Cross Field Daisy "
        "Drove Dyke Fallow Far Field Fen Foxglove Furlong Furrow Gate Field Glebe Granary Great "
        "Field Green Harebell Harrow Harvest Haymeadow Hayrick Headland High Field Home Field "
        "Horseshoe Hurdle Keeper's Lammas Larkspur Long Furrow Lower Field Marigold Meadowsweet "
        "Middle Field Mill Field Millstone Nettle Oat Old Farm Orchid Oxlip Paddock Pasture "
        "Pightle Ploughman's Pond Field Poppy Primrose Reaper's Reed Ridge Rye Saffron Sedge "
        "Sheepfold Shepherd's Sickle Speedwell Spinney Stackyard Stubble Sunny Bank Teasel Ten "
        "Acre Thistle Thresher's Timothy Top Field Tithe Vetch Wheatfield Wheatsheaf Windrow "
        "Winnow Wold Yarrow"
    ),
    "ships": (
        "Adventure Argosy Ballast Barque Binnacle Boatswain Bowline Bowsprit Brig Bulwark Buoy "
        "Caravel Capstan Clipper Coble Coracle Corvette Cutter Discovery Drifter Endeavour "
        "Ensign Fathom Felucca Flotilla Foresail Forecastle Frigate Galleon Galley Gunwale "
        "Halyard Hawser Helm Jib Keel Ketch Lanyard Leeward Lifeboat Lightship Longboat Lugger "
        "Mainsail Marlin Mast Merchant Mizzen Mooring Navigator Oar Packet Pinnace Plimsoll "
        "Privateer Quarterdeck Quest Reliance Resolute Rigging Rudder Schooner Sextant Skiff "
        "Sloop Smack Spinnaker Spar Steadfast Sterling Tender Tiller Topsail Trawler Trinity "
        "House Trireme Voyager Wherry Windlass Windward Yardarm Yawl"
    ),
    "works": (
        "Anvil Beacon Boiler Brickfield Bridge Canal Causeway Cinder Coal Drop Crucible Depot "
        "Dock Drum Enterprise Factory Forge Foundry Furnace Gasworks Gateway Goods Yard Hangar "
        "Ironworks Kiln Link Loom Maltings Pioneer Piston Progress Quarry Rivet Siding Sluice "
        "Spindle Mill Steam Tannery Technology Timber Tramway Turbine Turntable Venture Wagon "
        "Weighbridge"
    ),
    "care": (
        "Infirmary Hospital Apothecary Balsam Camomile Comfrey Dispensary Feverfew Healing "
        "Lavender Matron's Nurses Physic Rest Harrow Sage Sanctuary Sanatorium Thyme Tansy "
        "Vervain Wellhouse"
    ),
}  # fmt: skip

# words that go together inside the lists above
_PAIRS: Final = (
    "Custom House", "Half Moon", "Town Hall", "Watch House", "White Hart", "Sea Holly", "Sea View",
    "South Cliff", "Bay Tree", "May Tree", "Wild Cherry", "Wych Elm", "Broad Acre", "Bull Meadow",
    "Cross Field", "Far Field", "Gate Field", "Great Field", "High Field", "Home Field",
    "Long Furrow", "Lower Field", "Middle Field", "Mill Field", "Old Farm", "Pond Field",
    "Sunny Bank", "Ten Acre", "Top Field", "Trinity House", "Coal Drop", "Goods Yard",
    "Spindle Mill", "Rest Harrow",
)  # fmt: skip

_SUFFIXES: Final = {
    "old": ("Street", "Lane", "Row", "Yard", "Passage", "Hill", "Court"),
    "terrace": ("Street", "Road", "Street", "Terrace", "Place"),
    "villa": ("Avenue", "Road", "Gardens", "Crescent", "Square"),
    "suburb": ("Avenue", "Drive", "Way", "Crescent", "Grove", "Rise", "Road"),
    "estate": ("Way", "Walk", "Road", "Drive", "Green", "Path"),
    "industrial": ("Way", "Road", "Park", "Trading Estate"),
    "retail": ("Way", "Park", "Road"),
    "campus": ("Road", "Way", "Drive", "Walk"),
}
_CLOSED_SUFFIXES: Final = {
    "old": ("Court", "Yard", "Alley"),
    "terrace": ("Mews", "Cottages", "Place"),
    "villa": ("Mews", "Close", "Court"),
}
_THEMES: Final = {
    "old": ("town",), "terrace": ("terrace",), "villa": ("shore",), "suburb": ("trees", "birds"),
    "estate": ("fields", "ships"), "industrial": ("works",), "retail": ("works",),
    "campus": ("care",),
}  # fmt: skip


class NameBook:
    """Gives out street names, each once, so that an estate's names go together.

    Parameters
    ----------
    chance
        The stream that shuffles the words.
    taken
        Names already in use.
    """

    def __init__(self, chance: Chance, taken: tuple[str, ...]) -> None:
        """Shuffle the words and set aside the names in use."""
        self._given = set(taken)
        self._words = {theme: chance.shuffled(_split(words)) for theme, words in _WORDS.items()}
        self._next = dict.fromkeys(self._words, 0)

    def name(self, kind: str, district: int, *, closed: bool) -> str:
        """Return a fresh name for a street of a district; a ``closed`` one is a Close or Mews."""
        themes = _THEMES[kind]
        theme = themes[district % len(themes)]
        suffixes = _CLOSED_SUFFIXES.get(kind, ("Close",)) if closed else _SUFFIXES[kind]
        if theme == "town" and len(self._given) % 9 == 0:
            theme = "terrace"
        words = self._words[theme]
        start = self._next[theme]
        # the next word along, then the next suffix: a word comes round again only when all have
        for turn in range(len(words) * 8):
            word = words[(start + turn) % len(words)]
            for shift in range(len(suffixes)):
                name = f"{word} {suffixes[(start + turn + shift) % len(suffixes)]}"
                if name not in self._given:
                    self._next[theme] = start + turn + 1
                    self._given.add(name)
                    return name
        msg = f"The street names of theme {theme!r} are used up. Add words to it in names.py."
        raise RuntimeError(msg)


def _split(words: str) -> list[str]:
    """Return the words of a list, pairs kept together, each once, sorted."""
    kept = words
    for pair in _PAIRS:
        kept = kept.replace(pair, pair.replace(" ", "_"))
    return sorted({word.replace("_", " ") for word in kept.split()})
