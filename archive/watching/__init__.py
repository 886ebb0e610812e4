"""What became of pages after they were first seen: states, confirmed changes, removals, outages.

Pure functions: every try at the pages of a host goes in, the state of each page and the events that
a person acts on come out. They follow from the set of tries alone, never from the order in which
these arrived, so that a crawl, a rebuild and a merge of several archives say the same. Nothing here
knows of the catalog, which calls it with what it holds.
"""

from archive.watching.events import Event
from archive.watching.hosts import watched
from archive.watching.material import Differing, Host, Place, Read, State, Try

__all__ = ["Differing", "Event", "Host", "Place", "Read", "State", "Try", "watched"]
