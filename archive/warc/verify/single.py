"""One file by itself, of whatever maker, wherever it lies."""

from pathlib import Path
from zipfile import is_zipfile

from archive.warc.cdxj import index_line
from archive.warc.digests import checksum_of
from archive.warc.names import WARC
from archive.warc.verify.files import Advance, check_records, check_sidecars
from archive.warc.verify.problems import IMPORT, RESTORE, Problem
from archive.warc.wacz.check import check_wacz


def verify_file(path: Path, advance: Advance = lambda size: None) -> list[Problem]:
    """Return everything that is wrong with a WARC or WACZ file; an empty list: it is whole.

    Of a WARC file every record, the uniqueness of their ids, and index and checksum if they lie
    beside it. What it refers to in other files is not looked for.
    """
    if is_zipfile(path) or path.suffix == ".wacz":
        return [Problem(path.name, None, None, told, RESTORE) for told in check_wacz(path)]
    if not path.name.endswith(WARC):
        return [Problem(path.name, None, None, "is not compressed record by record", IMPORT)]
    problems: list[Problem] = []
    ids: dict[str, int] = {}
    lines: list[str] = []
    for found in check_records(path):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        record, told = found
        messages = list(told.problems)
        if (first := ids.setdefault(record.id, record.offset)) != record.offset:
            messages.append(f"the record id is also at offset {first}")
        problems += [Problem(path.name, record.offset, record.id, m, RESTORE) for m in messages]
        lines.append(index_line(record, path.name) or "")
        advance(record.length)
    return [*problems, *check_sidecars(path, lines, checksum_of(path), needed=False)]
