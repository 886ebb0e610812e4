"""Whether an archive has the records of a file already, compressed in another way or moved about.

The checksum of the whole file does not tell: the same crawl is handed on as WARC, recompressed,
cut into several files, or within a WACZ file.
"""

from collections.abc import Iterable
from pathlib import Path

from archive.warc.merged import IndexEntry, lookup, parse_line
from archive.warc.record import Record, mapped, walk


def twin(home: Path, path: Path, lines: Iterable[str]) -> Path | None:
    """Return a file under ``home/warc`` that holds the first capture of ``path``, where all its
    captures are in files there by their record ids; None: at least one is new, or it has none.

    ``lines``: the index of ``path``, which is not in ``home/warc`` yet.
    """
    holder: Path | None = None
    with mapped(path) as data:
        for entry in (parse_line(line.encode()) for line in lines):
            found = _holder(home, entry, next(walk(data, entry.offset)))
            if found is None:
                return None
            holder = holder or found
    return holder


def _holder(home: Path, wanted: IndexEntry, record: Record) -> Path | None:
    for entry in lookup(home, wanted.url, wanted.timestamp):
        if entry.timestamp != wanted.timestamp:
            break  # the closest come first
        path = home / "warc" / entry.warc
        # Careless tools make ids of address and second, whatever the content.
        if entry.digest == wanted.digest and path.is_file():
            with mapped(path) as data:
                there = next(walk(data, entry.offset))
                if (there.id, there.block) == (record.id, record.block):
                    return path
    return None
