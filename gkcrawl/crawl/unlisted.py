"""What a visit asks for last: what no list names any more, and the neighbours of a change.

A document that is taken off its list is often taken off the site a little later, or at once; and
one that moved stands in the list under another address. Without a look at the old one neither
would ever be known. And where one report of a portal has changed, a look at some others tells
whether it was the report or the template of the whole site.
"""

from collections.abc import Iterator
from itertools import islice
from sqlite3 import Connection

from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Entry, Family, family
from gkcrawl.schedule import histories

MOST_NEIGHBOURS = 20
"""Documents of a portal that are looked at since another one has changed."""


def unlisted(connection: Connection, visit: Visit) -> Iterator[Entry]:
    """Yield the documents that the columns of a portal have listed, and did not name in this run;
    none where no list could be read, which says nothing of them."""
    if not visit.frontier.good:
        return
    reader = _reader(visit)
    for entry in _entries(connection, visit):
        if reader.identity(entry.url) not in visit.found:
            yield entry


def neighbours(connection: Connection, visit: Visit) -> Iterator[Entry]:
    """Yield some documents that the columns of a portal name, those listed last first."""
    reader = _reader(visit)
    listed = (e for e in _entries(connection, visit) if reader.identity(e.url) in visit.found)
    newest = sorted(listed, key=lambda entry: entry.date or "", reverse=True)
    return islice(newest, MOST_NEIGHBOURS)


def _reader(visit: Visit) -> Family:
    return family(visit.portal.family or visit.recognised or "static")


def _entries(connection: Connection, visit: Visit) -> Iterator[Entry]:
    columns = histories.columns_of(connection, [visit.portal.url])
    return (Entry(*row) for row in histories.entries(connection, columns))
