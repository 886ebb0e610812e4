"""Places of a portal, and the patience with each of them. Pure.

A portal without an end has places that give nothing, however many of their pages are asked for: a
calendar, a search with filters, a directory that leads to itself. Nobody can name them all, but a
visitor notices. A place is a page with the leads on it, or all addresses of one shape, wherever
their leads stand. The longer a place gives nothing, the later its leads are followed; in the end,
where others have given something, not at all.

What a page leads to counts for that page alone, not for those before it: a section on disclosure
that links to a calendar links to the departments, too. But a find speaks for the whole way to it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from gkcrawl.families.addresses import key

PATIENCE = 20
"""Leads of a place, followed in a row, that lead to nothing, before it is left."""
PATIENCE_PER_FIND = 3
"""Further ones for each find in it."""
MOST_SHAPES = 10_000
"""Shapes of addresses that are remembered; then patience with them begins anew."""

# Numbers and dates (20240115), and what machines make up (lit3py55t21z5v55).
_MADE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[\da-z]{10,}|\d+", re.I)
# Words of other scripts, such as the tags of a cloud.
_WORDS = re.compile(r"(?:%[\da-f]{2})+|[^\x00-\x7f]+", re.I)


@dataclass(slots=True)
class Patience:
    """What a place has given so far."""

    dry: int = 0
    """Leads followed in a row that led to nothing."""
    finds: int = 0
    """Columns with reports to which it has led."""

    @property
    def weariness(self) -> int:
        """By how many ranks the leads of the place are followed later: by one more each time that
        the pages have doubled."""
        return (self.dry // (1 + self.finds)).bit_length() if self.dry else 0

    @property
    def is_over(self) -> bool:
        """Whether the place is to be left."""
        return self.dry >= PATIENCE + PATIENCE_PER_FIND * self.finds


@dataclass(slots=True, eq=False)
class Place:
    """A page that has led on, with the way to it and what came of its leads."""

    anchor: str
    url: str
    before: "Place | None" = None
    """None: the way began here."""
    patience: Patience = field(default_factory=Patience)

    def way(self) -> Iterator["Place"]:
        """Yield the place and those before it, the last one first."""
        place: Place | None = self
        while place is not None:
            yield place
            place = place.before


def place_at(trail: tuple[tuple[str, str], ...]) -> Place | None:
    """Return the place to which a trail leads, anchors with addresses; None: an empty one."""
    place = None
    for anchor, url in trail:
        place = Place(anchor, url, place)
    return place


@lru_cache(maxsize=4096)
def shape(url: str) -> str:
    """Return what an address has in common with those that a program makes like it.

    Numbers and dates count as one another, and so do the values of a query, whatever their names
    and order; folders that come again in a path count once.
    """
    parts = urlsplit(key(url))
    plain = (_MADE.sub("0", _WORDS.sub("*", one)) for one in parts.path.split("/"))
    return f"{parts.netloc}{'/'.join(dict.fromkeys(plain))}{'?' if parts.query else ''}"


class Places:
    """The patience with all places of a portal."""

    def __init__(self) -> None:
        self._shapes: dict[int, Patience] = {}
        """By hashes, of which a portal without an end has many."""

    def ask(self, url: str, came: Place | None) -> None:
        """Note that an address is asked for, whose lead stood on a page; if there is a column,
        ``find`` will be told."""
        for one in self._of(url, came):
            one.dry += 1

    def find(self, url: str, came: Place | None) -> None:
        """Note that a column stands at an address: it speaks for all that led there, too."""
        way = list(came.way()) if came else []
        shapes = dict.fromkeys(shape(one) for one in (url, *(place.url for place in way)))
        for one in (*(place.patience for place in way), *map(self._of_shape, shapes)):
            one.dry = 0
            one.finds += 1

    def weariness(self, url: str, came: Place | None) -> int:
        """Return by how many ranks a lead is followed later than others of its kind."""
        return sum(one.weariness for one in self._of(url, came))

    def are_left(self, url: str, came: Place | None) -> bool:
        """Tell whether a lead belongs to a place in which nothing is to be expected any more."""
        return any(one.is_over for one in self._of(url, came))

    def _of(self, url: str, came: Place | None) -> tuple[Patience, ...]:
        like_it = self._of_shape(shape(url))
        # What the first page is worth, the portal's allowance says.
        return (like_it, came.patience) if came and came.before else (like_it,)

    def _of_shape(self, name: str) -> Patience:
        if len(self._shapes) >= MOST_SHAPES:
            self._shapes.clear()
        return self._shapes.setdefault(hash(name), Patience())
