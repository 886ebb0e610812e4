"""One sorted index over all WARC files of an archive, and finding captures in it by URL and time.

``HOME/index/index.cdxj`` is what ``LC_ALL=C sort -m`` makes of the indexes beside the WARC files,
which never change once they are there; pywb takes the folder as a collection's ``indexes``.
``HOME/index/merged.json`` says which of them are in it. A search also asks those that are not,
and the growing ones, so it never needs the merged index: that only makes it fast.
"""

import heapq
import json
import mmap
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive.warc.names import CDXJ, OPEN
from archive.warc.publish import UNFINISHED, alone, publish
from archive.warc.record import mapped
from archive.warc.surt import url_key

FOLDER, NAME = "index", "index.cdxj"
REVISIT = "warc/revisit"
LIST = "merged.json"
_WORK = "merge-"
# Older versions left the system's own name for it.
_STEPS, _STEP = re.compile(rf"(?:{_WORK}|tmp)\w{{8}}"), re.compile(r"[0-9]+-[0-9]+")
# Files that are open at a time; common limits begin at 256.
_AT_ONCE = 128

Stamps = dict[str, list[int]]
"""Name of an index -> its size and time of change (ns)."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One line of an index: a capture and where it stands."""

    url: str
    timestamp: str
    """14 digits, UTC."""
    warc: str
    """Name of the file, without folder."""
    offset: int
    length: int
    mime: str | None = None
    """``warc/revisit`` for a revisit record."""
    status: int | None = None
    digest: str | None = None
    """Of the payload, ``algorithm:value``."""


def merge_index(home: Path, *, anew: bool = False) -> Path:
    """Bring the merged index up to the indexes under ``home/warc`` and return its path.

    What is new is merged into what is there; everything anew where an index has changed or is
    gone, or where it is asked for. The index is replaced by one rename; a crash leaves the old one,
    and what else it leaves is removed by the next call.
    """
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        for path in left_by_kills(folder):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return _merge_into(folder, home, {} if anew else _known(folder))


def left_by_kills(folder: Path) -> list[Path]:
    """Return what merges have left in the folder of the index that were killed.

    To be asked under its lock (``publish.alone``), since a living merge has the same.
    """
    unfinished = {NAME + UNFINISHED, LIST + UNFINISHED}
    return [
        path
        for path in sorted(folder.iterdir())
        if (path.is_file() and path.name in unfinished) or (path.is_dir() and _holds_steps(path))
    ]


def listed(folder: Path) -> list[str] | None:
    """Return the names of the indexes that are said to be in the merged one; None: it is not told,
    or makes no sense."""
    try:
        merged = json.loads((folder / LIST).read_text())["merged"]
        return sorted(map(str, merged))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _holds_steps(folder: Path) -> bool:
    """Return whether a folder is one in which files are merged step by step, and nothing else."""
    names = (path.name.removesuffix(UNFINISHED) for path in folder.iterdir())
    return bool(_STEPS.fullmatch(folder.name)) and all(map(_STEP.fullmatch, names))


def _merge_into(folder: Path, home: Path, known: Stamps) -> Path:
    target, wanted = folder / NAME, _stamps(home)
    if known == wanted and target.exists():
        return target
    standing = {name: wanted.get(name) for name in known} == known
    names = sorted(wanted.keys() - known.keys() if standing else wanted)
    sources = [target] if standing and known else []
    merge_sorted(sources + [home / "warc" / name for name in names], target)
    listed = {"index": _stamp(target), "merged": wanted}
    publish(folder / LIST, [json.dumps(listed).encode()])
    return target


def lookup(
    home: Path, url: str, timestamp: str | None = None, *, limit: int = 100
) -> list[IndexEntry]:
    """Return the captures of ``url``, the closest to ``timestamp`` first, else the newest.

    ``timestamp``: up to 14 digits, or ISO 8601. URLs are equal where their keys are (``url_key``);
    of captures of one second those of exactly this URL come first. Revisits are among them.
    """
    key = url_key(url).encode() + b" "
    folder = home / FOLDER
    merged = _known(folder)
    entries: list[IndexEntry] = []
    if merged:
        entries += map(parse_line, _search(folder / NAME, key))
    for name, stamp in _stamps(home).items():
        if merged.get(name) != stamp:
            entries += map(parse_line, _search(home / "warc" / name, key))
    for path in sorted((home / "warc").glob("*" + CDXJ + OPEN)):
        lines = path.read_bytes().splitlines(keepends=True)
        # The last one may be in the making.
        entries += [
            parse_line(line) for line in lines if line.startswith(key) and line[-1:] == b"\n"
        ]
    return sorted(set(entries), key=_distance(url, timestamp))[:limit]


def parse_line(line: bytes) -> IndexEntry:
    """Return what a line of an index says. Raises ValueError where it is no line of CDXJ."""
    _, stamp, fields = line.decode().split(" ", 2)
    told: dict[str, Any] = json.loads(fields)
    status = str(told.get("status", ""))
    return IndexEntry(
        url=told["url"],
        timestamp=stamp,
        warc=told["filename"],
        offset=int(told["offset"]),
        length=int(told["length"]),
        mime=told.get("mime"),
        status=int(status) if status.isdigit() else None,
        digest=told.get("digest"),
    )


def merge_sorted(sources: Sequence[Path], target: Path) -> None:
    """Write the lines of sorted files into ``target``, sorted as ``LC_ALL=C sort -m`` does.

    Lines that occur twice stay twice. ``target`` may be one of the sources.
    """
    with TemporaryDirectory(dir=target.parent, prefix=_WORK) as steps:
        level = 0
        while len(sources) > _AT_ONCE:
            level += 1
            groups = [sources[n : n + _AT_ONCE] for n in range(0, len(sources), _AT_ONCE)]
            # Called as ``left_by_kills`` knows them.
            sources = [Path(steps, f"{level}-{n}") for n in range(len(groups))]
            for group, step in zip(groups, sources, strict=True):
                _merge(group, step)
        _merge(sources, target)


def first_not_less(data: mmap.mmap | bytes, key: bytes) -> int:
    """Return where in sorted lines the first one begins that is not less than ``key``."""
    low, high = 0, len(data)
    while low < high:
        middle = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = data.find(b"\n", middle) + 1 or len(data)
        if data[middle:end] < key:
            low = end
        else:
            high = middle
    return low


def _merge(sources: Sequence[Path], target: Path) -> None:
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in sources]
        # Without its end a line is compared as sort does it.
        lines = heapq.merge(*(map(_bare, file) for file in files))
        publish(target, (line + b"\n" for line in lines))


def _bare(line: bytes) -> bytes:
    return line.rstrip(b"\n")


def _search(path: Path, key: bytes) -> Iterator[bytes]:
    with mapped(path) as data:
        start = first_not_less(data, key)
        while data[start : start + len(key)] == key:
            end = data.find(b"\n", start) + 1 or len(data)
            yield data[start:end]
            start = end


def _distance(url: str, timestamp: str | None) -> Callable[[IndexEntry], tuple[float, bool, str]]:
    wanted = _moment(timestamp) if timestamp else None

    def distance(entry: IndexEntry) -> tuple[float, bool, str]:
        moment = _moment(entry.timestamp)
        seconds = -moment if wanted is None else abs(moment - wanted)
        return seconds, entry.url != url, f"{entry.warc} {entry.offset:020}"

    return distance


def _moment(timestamp: str) -> float:
    """Return the seconds since 1970 of digits that may be cut short (2026 is its first second)."""
    digits = re.sub(r"\D", "", timestamp)[:14]
    if len(digits) < 4:
        raise ValueError(f"{timestamp!r} is no time: expected YYYYMMDDhhmmss, or a part of it")
    whole = digits + "00000101000000"[len(digits) :]
    return datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()


def _stamps(home: Path) -> Stamps:
    return {path.name: _stamp(path) for path in sorted((home / "warc").glob("*" + CDXJ))}


def _stamp(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_size, state.st_mtime_ns]


def _known(folder: Path) -> Stamps:
    """Return what the merged index holds; nothing where it is not the one that was written."""
    try:
        told = json.loads((folder / LIST).read_text())
        whole: bool = told["index"] == _stamp(folder / NAME)
        merged: Stamps = dict(told["merged"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}  # it can be made again, so its damage is no matter
    return merged if whole else {}
