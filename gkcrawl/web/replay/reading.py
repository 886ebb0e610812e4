"""Reading what replay shows from the WARC files."""

from pathlib import Path

from archive.records import StoredExchange
from archive.warc import locate, read_exchange
from archive.warc.compose import VIEW
from archive.warc.message import header_values
from archive.warc.record import bare_id
from archive.warc.scan import records
from gkcrawl.web.replay.addresses import absolute
from gkcrawl.web.replay.captures import Capture

LIMIT = 128 * 1024 * 1024
"""Bytes of a record's member; of a larger one a visitor is told where it stands."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class TooLarge(Exception):
    """A record is larger than a page may read; the message says where it stands."""


def read(folder: Path, capture: Capture) -> StoredExchange:
    """Return a capture with its content, that of a revisit taken from its original.

    Raises TooLarge, FileNotFoundError where its WARC file is not in ``folder``, and DamagedRecord.
    """
    if (capture["length"] or 0) > LIMIT:
        raise TooLarge(f"{capture['warc']}, {capture['offset']} + {capture['length']}")
    return read_exchange(locate(folder, _plain(capture["warc"])), capture["offset"])


def screenshot(folder: Path, capture: Capture) -> bytes | None:
    """Return the picture (PNG) that a browser took of a rendered page; None: there is none.

    Raises as ``read``.
    """
    main = None
    for record in records(locate(folder, _plain(capture["warc"])), capture["offset"]):
        concurrent = bare_id(record.get("WARC-Concurrent-To") or "")
        if main is None:
            main = record
        elif concurrent != main.id:
            return None
        elif (record.get("WARC-Target-URI") or "").startswith(VIEW):
            return record.block
    return None


def redirect_of(stored: StoredExchange) -> str | None:
    """Return the address that a capture redirects to; None: it does not."""
    values = header_values(stored.headers, "location")
    if stored.capture.status not in REDIRECTS or not values:
        return None
    said = values[0].encode("latin-1", "replace").decode("utf-8", "replace")
    return absolute(stored.capture.url, said)


def _plain(name: str) -> str:
    """Return the name of a file of the archive; the catalog holds no paths, whoever made it."""
    if Path(name).name != name:
        raise FileNotFoundError(f"{name!r} is no name of a file")
    return name
