"""The merged index, held against the indexes that it was made of.

Whether it is sorted and has the same lines is asked of sums, in one pass; which lines they are is
looked for only where it is not so.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

from archive.warc.merged import FOLDER, LIST, NAME, left_by_kills, listed
from archive.warc.names import CDXJ
from archive.warc.publish import alone
from archive.warc.verify.problems import AWAY, REPAIR, Problem

_INDEX = f"{FOLDER}/{NAME}"
# Lines that are named one by one.
_MOST = 10
_WIDTH = 120
_DIFFERENT = """
    select line, sum(n) from lines group by line having sum(n) {sign} 0 order by line"""


def merged_index(home: Path) -> Iterator[Problem]:
    """Yield what is wrong with the merged index, and what does not belong into its folder.

    Where there is none nothing is: it only makes lookups fast. Waits for a merge that is under way.
    """
    folder = home / FOLDER
    if not folder.is_dir():
        return
    with alone(folder):
        left = left_by_kills(folder)
        for path in left:
            message = "is left from an interrupted merge of the indexes"
            yield Problem(f"{FOLDER}/{path.name}", None, None, message, REPAIR)
        for path in sorted(folder.iterdir()):
            if path not in left and path.name not in (NAME, LIST) and path.name[0] != ".":
                yield Problem(f"{FOLDER}/{path.name}", None, None, "does not belong here", AWAY)
        yield from _agreement(home, folder)


def _agreement(home: Path, folder: Path) -> Iterator[Problem]:
    index, names = folder / NAME, listed(folder)
    if names is None:
        if not index.exists() and not (folder / LIST).exists():
            return
        yield Problem(f"{FOLDER}/{LIST}", None, None, "is missing, or makes no sense", REPAIR)
        names = sorted(path.name for path in (home / "warc").glob("*" + CDXJ))
    if not index.is_file():
        yield Problem(_INDEX, None, None, "is missing", REPAIR)
        return
    sources = [path for name in names if (path := home / "warc" / name).is_file()]
    if unsorted := _unsorted(index):
        yield Problem(_INDEX, None, None, unsorted, REPAIR)
    if _sum(_lines([index])) != _sum(_lines(sources)):
        yield from _different(index, sources)


def _unsorted(index: Path) -> str | None:
    """Return where lines stand that are less than the one before; None: there are none."""
    places = []
    before = b""
    for number, line in enumerate(_lines([index]), 1):
        bare = line.rstrip(b"\n")
        if bare < before:
            places.append(number)
        before = bare
    if not places:
        return None
    more = f" and {len(places) - _MOST} more" if len(places) > _MOST else ""
    return f"is not sorted: lines {', '.join(map(str, places[:_MOST]))}{more}"


def _sum(lines: Iterable[bytes]) -> int:
    return sum(map(hash, lines))


def _different(index: Path, sources: list[Path]) -> Iterator[Problem]:
    with closing(sqlite3.connect("")) as db:  # on the disk where it becomes large
        db.execute("create table lines (line blob, n integer)")
        for paths, n in ((sources, 1), ([index], -1)):
            db.executemany(f"insert into lines values (?, {n})", ((one,) for one in _lines(paths)))
        for sign, what in ((">", "lacks the line"), ("<", "has a line too many")):
            found = db.execute(_DIFFERENT.format(sign=sign))
            for line, _ in islice(found, _MOST):
                shown = line.decode("utf-8", "replace").strip()[:_WIDTH]
                yield Problem(_INDEX, None, None, f"{what}: {shown}", REPAIR)
            if more := sum(1 for _ in found):
                yield Problem(_INDEX, None, None, f"{what}, {more} times more", REPAIR)


def _lines(paths: Iterable[Path]) -> Iterator[bytes]:
    return chain.from_iterable(map(_lines_of, paths))


def _lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file
