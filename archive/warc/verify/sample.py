"""A part of an archive that is too large to be read whole, chosen by chance.

Every capture that the catalog knows has the same chance. From each that is chosen the file is read
up to the next capture, held against index and catalog, and whatever it refers to is looked up. Of
the files in which these stand, and of as many that are chosen by themselves, the catalog must have
every capture that the index has. That all files have index and checksum is looked at anyway.
"""

import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from archive.records import Capture, Failure
from archive.warc.errors import DamagedRecord
from archive.warc.names import OPEN, WARC, cdxj_path, checksum_path, locate, warc_files
from archive.warc.record import Record, bare_id, mapped, walk
from archive.warc.recover import is_abandoned
from archive.warc.revisits import claim_of, disagreement, target_of
from archive.warc.verify.excerpt import Excerpts, check_excerpts
from archive.warc.verify.leftovers import leftovers
from archive.warc.verify.problems import IMPORT, INDEX, REBUILD, REPAIR, RESTORE, Problem
from archive.warc.verify.rows import FAILURES, differences, values_of


@dataclass(frozen=True, slots=True)
class Looked:
    """What a sample found, and how much was looked at."""

    problems: tuple[Problem, ...]
    seed: int
    """Chooses the same again, of the same archive."""
    captures: int
    of_captures: int
    files: int
    of_files: int
    size: int
    """Bytes of the files that were read."""
    of_size: int


def verify_sample(
    home: Path,
    captures: Callable[[], Iterable[Capture]],
    failures: Callable[[], Iterable[Failure]],
    *,
    share: float,
    seed: int,
) -> Looked:
    """Return what is wrong with a part of the archive, and how large a part that is.

    ``captures`` and ``failures`` give all rows of the catalog, those in the order of the archive,
    and are asked several times. ``share``: a part of all captures where it is less than 1 (at least
    one capture), else how many.
    """
    chance = random.Random(seed)
    total = sum(1 for _ in captures())
    number = min(total, math.ceil(share * total) if share < 1 else int(share))
    chosen = set(chance.sample(range(total), number))
    paths = warc_files(home / "warc")
    names = sorted(path.name.removesuffix(OPEN) for path in paths)
    some = math.ceil(len(names) * (number / total if total else 1.0))
    wanted = set(chance.sample(names, some))
    found = Excerpts([*leftovers(home), *(problem for path in paths for problem in _outside(path))])
    touched = set()
    for name, group in groupby(enumerate(captures()), key=lambda pair: pair[1].warc):
        rows, picked = {}, set()
        for place, row in group:
            rows[row.offset] = row
            if place in chosen:
                picked.add(row.offset)
        if picked or name in wanted:
            touched.add(name)
            _look(home / "warc", name, rows, picked, found)
    for name in sorted(wanted - touched):
        _look(home / "warc", name, {}, set(), found)
    found.problems += _unresolved(home / "warc", found, captures)
    found.problems += _untold(found, failures)
    return Looked(
        problems=tuple(found.problems),
        seed=seed,
        captures=number,
        of_captures=total,
        files=len(touched | wanted),
        of_files=len(names),
        size=found.size,
        of_size=sum(path.stat().st_size for path in paths if path.exists()),
    )


def _outside(path: Path) -> Iterator[Problem]:
    """Yield what can be seen of a file without reading it."""
    if path.name.endswith(OPEN):
        if is_abandoned(path):
            yield Problem(path.name, None, None, "was left open by an interrupted run", REPAIR)
    elif not path.name.endswith(WARC):
        yield Problem(path.name, None, None, "is not compressed record by record", IMPORT)
    else:
        for sidecar in (cdxj_path(path), checksum_path(path)):
            if not sidecar.exists():
                yield Problem(sidecar.name, None, None, "is missing", REPAIR)


def _look(
    directory: Path, name: str, rows: dict[int, Capture], picked: set[int], found: Excerpts
) -> None:
    try:
        path = locate(directory, name)
    except FileNotFoundError:
        message = "the catalog has this capture, the file is gone"
        found.problems += [
            Problem(name, offset, rows[offset].id, message, f"{RESTORE}; else {REBUILD}")
            for offset in sorted(picked)
        ]
        return
    if name.endswith(WARC):  # others are told of already
        check_excerpts(path, rows, picked, found)


def _unresolved(
    directory: Path, found: Excerpts, captures: Callable[[], Iterable[Capture]]
) -> Iterator[Problem]:
    """Yield the references that name no capture, or one that is not what they say."""
    named = {bare_id(record.get("WARC-Refers-To") or "") for _, record in found.references}
    rows = {row.id: row for row in captures() if row.id in named} if named else {}
    for name, record in found.references:
        target = bare_id(record.get("WARC-Refers-To") or "")
        row = rows.get(target)
        message = (
            f"WARC-Refers-To names {target}, which the catalog does not know"
            if row is None
            else _disagreement(directory, record, row)
        )
        if message:
            yield Problem(name, record.offset, record.id, message, RESTORE)


def _disagreement(directory: Path, record: Record, row: Capture) -> str | None:
    try:
        with mapped(locate(directory, row.warc)) as data:
            there = next(walk(data, row.offset), None)
    except (FileNotFoundError, DamagedRecord) as error:
        return f"WARC-Refers-To names {row.id}, which cannot be read: {error}"
    if there is None or there.id != row.id:
        return f"WARC-Refers-To names {row.id}, which is not where the catalog says"
    claim = claim_of(record)
    return disagreement(claim, target_of(there)) if claim else None


def _untold(found: Excerpts, failures: Callable[[], Iterable[Failure]]) -> Iterator[Problem]:
    """Yield the failures that the catalog does not have, or has in other words."""
    told = found.failures
    known = {row.id: row for row in failures() if row.id in told} if told else {}
    for record_id, (name, offset, failure) in told.items():
        row = known.get(record_id)
        if row is None:
            message = "the failure has no row in the catalog"
            yield Problem(name, offset, record_id, message, INDEX)
        elif message := differences(FAILURES, values_of(row), values_of(failure)):
            yield Problem(name, offset, record_id, message, REPAIR)
