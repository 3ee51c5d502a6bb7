"""The background map: none, or an address inside the force's network, in ``basemap.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.force_file import Section, read_section

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("basemap")
_SCHEMES: Final = ("https", "http")
_TILE_PARTS: Final = {
    "xyz": (("{x}",), ("{y}", "{-y}"), ("{z}",)),
    "wmts": (
        ("{TileCol}", "{x}"),
        ("{TileRow}", "{y}"),
        ("{TileMatrix}", "{z}"),
    ),
}


class Basemap(BaseModel):
    """The background map in force; each key is explained beside its default in ``basemap.toml``.

    Attributes
    ----------
    kind
        ``none`` (our own streets and boundaries), ``style`` (a MapLibre style), ``xyz`` or
        ``wmts`` (picture tiles).
    address
        Of the style, or of a tile with its placeholders; empty for ``none``.
    attribution
        Said on the map; the licence of most maps asks for it.
    max_zoom
        Zoom of the most detailed tiles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["none", "style", "xyz", "wmts"]
    address: Annotated[str, Field(max_length=600)]
    attribution: Annotated[str, Field(max_length=200)]
    max_zoom: Annotated[int, Field(ge=1, le=22)]

    @model_validator(mode="after")
    def _reachable(self) -> Basemap:
        if self.kind == "none":
            return self
        if not self.address:
            msg = f'kind is {self.kind!r} and no address is given: write one, or kind = "none"'
            raise ValueError(msg)
        if not self.attribution.strip():
            msg = "attribution is empty: write whose map it is, as its licence asks"
            raise ValueError(msg)
        _require_web_address(self.address)
        for either in _TILE_PARTS.get(self.kind, ()):
            if not any(part in self.address for part in either):
                msg = (
                    f"address {self.address!r} lacks {' or '.join(either)}, which every tile needs"
                )
                raise ValueError(msg)
        return self

    @property
    def shown(self) -> bool:
        """Whether there is any."""
        return self.kind != "none"

    @property
    def host(self) -> str:
        """The host that the browser asks for the map, with its port; empty for ``none``."""
        return urlsplit(self.address).netloc if self.shown else ""


def load_basemap(file: Path | None = None) -> Basemap:
    """Read the background map in force.

    Parameters
    ----------
    file
        A file that holds every key, read in place of the settings in force.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_section(SECTION, Basemap, file=file)


def _require_web_address(address: str) -> None:
    said = f"address {address!r}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        msg = f"{said} is no web address: write the whole one, beginning https://"
        raise ValueError(msg) from error
    del port  # read only to see that it is a number
    if parts.scheme not in _SCHEMES or not parts.hostname:
        msg = f"{said} is no web address: write the whole one, beginning https:// or http://"
        raise ValueError(msg)
    if parts.username is not None or parts.password is not None:
        msg = "address holds a name or password, which every browser would be shown: leave it out"
        raise ValueError(msg)
    if any(character.isspace() or not character.isprintable() for character in address):
        msg = f"{said} holds a space or an unprintable sign: write it without"
        raise ValueError(msg)
