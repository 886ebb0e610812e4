"""Records are what warcio finds, whoever reads them: heads of all kinds, damage, other makers."""

import gzip
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import foreign_archives as foreign
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc import DamagedRecord, scan
from archive.warc.record import Record

Told = tuple[list[Record], int | None]
"""The records, and where damage begins."""

NAMES = ("WARC-Type", "warc-type", "WARC-Record-ID", "WARC-Date", "WARC-Target-URI", "X-Other")
VALUES = (
    "response",
    "<urn:uuid:1>",
    "http://a.cn/1.htm",
    "<http://a.cn/2.htm>",
    "http://a.cn/a b",
    "http://a.cn/公开",
    " two  blanks \t",
    "folded\r\n on",
    "a\x00b\x7f",
    "",
)
FIELDS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)),
    max_size=6,
    # warcio mends the first address of a record, wherever a later one stands.
    unique_by=lambda field: field[0] == "WARC-Target-URI" or object(),
)


def told(path: Path) -> Told:
    found: list[Record] = []
    try:
        found.extend(scan.records(path))
    except DamagedRecord as error:
        return found, error.offset
    return found, None


def by_warcio(path: Path) -> Told:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_of_member", lambda *_: None)
        return told(path)


def record(fields: list[tuple[str, str]], block: bytes, form: str) -> bytes:
    """Return a record, in the form that is usual or in one that it should not have."""
    version = {"old": "WARC/0.18", "unknown": "WARC/9"}.get(form, "WARC/1.0")
    size = {"no length": "", "wrong length": "Content-Length: 99999\r\n"}.get(
        form, f"Content-Length: {len(block)}\r\n"
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    head = f"{version}\r\n{lines}{size}\r\n"
    end = {"no end": b"", "one end": b"\r\n", "more": b"\r\n\r\n\r\n"}.get(form, b"\r\n\r\n")
    whole = head.replace("\r\n", "\n") if form == "short lines" else head
    return whole.encode() + block + end


FORMS = ("usual",) * 6 + (
    *("old", "unknown", "no length", "wrong length"),
    *("no end", "one end", "more", "short lines"),
)
RECORDS = st.lists(
    st.tuples(FIELDS, st.binary(max_size=40), st.sampled_from(FORMS), st.sampled_from((1, 1, 1, 0)))
    | st.just(([], b"x" * 200_000, "usual", 1)),
    max_size=5,
)
TAILS = st.sampled_from((b"", b"\0" * 20, b"no record", b"\x1f\x8b"))


def members(parts: list[tuple[list[tuple[str, str]], bytes, str, int]]) -> bytes:
    """Return records as gzip members; a part may share its member with the next one."""
    done, waiting = b"", b""
    for fields, block, form, alone in parts:
        waiting += record(fields, block, form)
        if alone:
            done += gzip.compress(waiting, mtime=0)
            waiting = b""
    return done + (gzip.compress(waiting, mtime=0) if waiting else b"")


@given(RECORDS, TAILS)
def test_every_head_is_read_as_warcio_reads_it(
    parts: list[tuple[list[tuple[str, str]], bytes, str, int]], tail: bytes
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.warc.gz")
        path.write_bytes(members(parts) + tail)

        assert told(path) == by_warcio(path)


@given(st.data())
def test_nothing_of_a_spoilt_file_is_invented(data: st.DataObject) -> None:
    whole = members([([("WARC-Type", "response")], bytes(range(256)) * 300, "usual", 1)] * 3)
    at = data.draw(st.integers(0, len(whole) - 1))
    spoilt = data.draw(st.sampled_from((whole[:at], _flipped(whole, at))))
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.warc.gz")
        path.write_bytes(whole)
        records, _ = told(path)
        path.write_bytes(spoilt)
        found, damage = told(path)

    assert found == records[: len(found)]
    # Nothing is missed where the file ends between records, and in a byte of a member's head that
    # says nothing of its content.
    cut = whole.startswith(spoilt) and at in {0, *(one.offset + one.length for one in records)}
    assert damage is not None or cut or len(found) == len(records)


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes((content[at] ^ 0x10,)) + content[at + 1 :]


@pytest.mark.parametrize("make", [foreign.by_warcio, foreign.by_common_crawl])
def test_files_of_other_makers_are_read_as_warcio_reads_them(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = make(tmp_path / "a.warc.gz")

    assert told(path) == by_warcio(path)
    assert told(path)[0]


def test_a_file_that_is_one_member_is_not_held_as_a_whole(tmp_path: Path) -> None:
    one = record([("WARC-Type", "response")], random.Random(1).randbytes(100_000), "usual")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(one * 100, 1, mtime=0))
    tracemalloc.start()
    try:
        found, damage = told(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(found) == 1
    assert damage
    assert peak < len(one) * 20
