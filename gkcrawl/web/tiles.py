"""A map of the provinces as a grid of equal tiles (色块图): no borders, so no question of borders.

Where each tile stands is written in ``tiles.csv``. Pure: shares in, places and words out.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

SIDE, GAP = 52, 4
"""Of a tile, in the units of the drawing."""
_STEPS = (0.2, 0.4, 0.6, 0.8)
# The Regulations (政府信息公开条例) do not bind Hong Kong, Macao and Taiwan.
_NOT_BOUND = frozenset({"710000", "810000", "820000"})


@dataclass(frozen=True, slots=True)
class Tile:
    """One province where it is drawn."""

    code: str
    name: str
    """Short, as maps have it."""
    x: int
    y: int
    heat: str
    """Class of its colour, see ``heat``; ``na``: the Regulations do not bind it."""
    text: str
    """The number in the tile; – where there is none."""
    organs: int = 0
    known: int = 0


def heat(share: float | None) -> str:
    """Return the class of colour of a share from 0 to 1: ``h0`` for nothing at all, ``h1`` to
    ``h5`` by fifths; ``none`` where nothing is known."""
    if share is None:
        return "none"
    return "h0" if share <= 0 else f"h{1 + sum(share >= step for step in _STEPS)}"


def percent(share: float | None) -> str:
    """Return a share as whole per cent, 100 only where nothing is missing and 0 only where nothing
    is there; – where nothing is known."""
    if share is None:
        return "–"
    if share >= 1 or share <= 0:
        return "100%" if share >= 1 else "0%"
    return f"{min(max(round(share * 100), 1), 99)}%"


def tiles(cells: Mapping[str, Mapping[str, Any]]) -> list[Tile]:
    """Return the tiles for provinces' ``share``, ``organs`` and ``known`` by code, in reading
    order."""
    return [_tile(place, cells.get(place["code"], {})) for place in _places()]


def _tile(place: Mapping[str, str], cell: Mapping[str, Any]) -> Tile:
    x, y = (int(place[name]) * (SIDE + GAP) for name in ("column", "row"))
    if place["code"] in _NOT_BOUND:
        return Tile(place["code"], place["name"], x, y, "na", "")
    share = cell.get("share")
    organs, known = cell.get("organs", 0), cell.get("known", 0)
    return Tile(place["code"], place["name"], x, y, heat(share), percent(share), organs, known)


@cache
def _places() -> tuple[dict[str, str], ...]:
    text = files("gkcrawl.web").joinpath("tiles.csv").read_text("utf-8")
    found = csv.DictReader(text.splitlines())
    return tuple(sorted(found, key=lambda place: (int(place["row"]), int(place["column"]))))
