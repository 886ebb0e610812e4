"""A payload that the archive has is stored once: revisits are written, read and checked."""

import dataclasses
import gzip
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warc_examples import (
    RUN,
    START,
    URL,
    Remembered,
    answer,
    exchange,
    page_of,
    run,
    tool,
    writer,
)

from archive.reading import read_stored
from archive.records import Capture, Exchange, StoredExchange
from archive.warc import (
    WarcWriter,
    index_lines,
    iter_exchanges,
    locate,
    read_exchange,
    recover,
    verify_archive,
    warc_files,
    write_sidecars,
)
from archive.warc.group import make_record
from archive.warc.record import Record, mapped, pack, walk
from archive.warc.repeats import LEAST
from archive.warc.revisits import Claim, Target, disagreement
from archive.warc.tries import tries_of

PAGE = page_of(3000)
OTHER = "https://www.puershi.gov.cn/copy.htm"
ETAG, SINCE = b'"65a-1"', b"Mon, 05 Jan 2026 08:00:00 GMT"
DAY_TWO = dataclasses.replace(RUN, id="f" * 32)


def archived(home: Path, *exchanges: Exchange, known: Remembered, **given: object) -> list[Capture]:
    """Write exchanges in a run of their own and return their rows."""
    warc = writer(home, known=known, **given)
    rows = write(warc, known, *exchanges)
    warc.close()
    return rows


def write(warc: WarcWriter, known: Remembered, *exchanges: Exchange) -> list[Capture]:
    rows = []
    for each in exchanges:
        row = warc.write(each)
        assert isinstance(row, Capture)
        known.rows.append(row)
        rows.append(row)
    return rows


def record_of(home: Path, row: Capture) -> Record:
    with mapped(locate(home / "warc", row.warc)) as data:
        return next(walk(data, row.offset))


def stored(home: Path, row: Capture) -> StoredExchange:
    return read_exchange(locate(home / "warc", row.warc), row.offset)


def test_the_second_answer_names_the_first_and_keeps_its_own_head(tmp_path: Path) -> None:
    known = Remembered()
    first, second = archived(
        tmp_path,
        exchange(answer(PAGE, b"X-Answer: 1")),
        exchange(answer(PAGE, b"X-Answer: 2"), n=1, url=OTHER),
        known=known,
    )
    original, revisit = record_of(tmp_path, first), record_of(tmp_path, second)
    assert (original.type, revisit.type) == ("response", "revisit")
    assert revisit.block == answer(PAGE, b"X-Answer: 2")[: -len(PAGE)]
    named = {name: value for name, value in revisit.headers if "Refers" in name or "Prof" in name}
    assert named == {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": f"<urn:uuid:{first.id}>",
        "WARC-Refers-To-Target-URI": f"{URL}?n=0",
        "WARC-Refers-To-Date": "2026-11-22T00:20:34.123456Z",
        "WARC-Refers-To-Filename": first.warc,
        "WARC-Refers-To-File-Offset": str(first.offset),
    }
    assert revisit.get("WARC-Payload-Digest") == original.get("WARC-Payload-Digest")
    assert (first.refers_to, second.refers_to) == (None, first.id)
    again = stored(tmp_path, second)
    assert (again.content, again.revisit, again.missing) == (
        PAGE,
        "identical-payload-digest",
        False,
    )
    assert ("X-Answer", "2") in again.headers
    assert again.capture == second
    assert verify_archive(tmp_path, [first, second]) == []


def test_a_third_answer_names_the_first_too_and_never_a_revisit(tmp_path: Path) -> None:
    known = Remembered()
    rows = archived(tmp_path, *(exchange(answer(PAGE), n=n) for n in range(3)), known=known)
    assert [row.refers_to for row in rows] == [None, rows[0].id, rows[0].id]


def test_another_run_refers_to_the_finished_file(tmp_path: Path) -> None:
    known = Remembered()
    (first,) = archived(tmp_path, exchange(answer(PAGE)), known=known)
    (second,) = archived(tmp_path, exchange(answer(PAGE), n=1), known=known)
    assert first.warc != second.warc
    assert second.refers_to == first.id
    assert stored(tmp_path, second).content == PAGE
    assert verify_archive(tmp_path, [first, second]) == []


SAME_PAGE = exchange(answer(PAGE), n=1)
# What is stored in full although the archive has the payload.
IN_FULL: dict[str, Exchange] = {
    "it is short": exchange(answer(page_of(LEAST - 1)), n=1),
    "it is no 200": exchange(answer(PAGE, status=b"404 Not Found"), n=1),
    "it is cut": exchange(answer(PAGE), n=1, truncated="time"),
    "it failed": exchange(answer(PAGE), n=1, failure="ResponseFailed: lost"),
    "it answers a form": exchange(answer(PAGE), n=1, request=b"POST / HTTP/1.1\r\n\r\n"),
    "it says that it is coded": exchange(answer(PAGE, b"Content-Encoding: br"), n=1),
}


@pytest.mark.parametrize("why", IN_FULL)
def test_what_is_stored_in_full(tmp_path: Path, why: str) -> None:
    known, sent = Remembered(), IN_FULL[why]
    whole = dataclasses.replace(sent, truncated=None, failure=None, request=SAME_PAGE.request)
    if why in ("it is no 200", "it says that it is coded"):
        whole = SAME_PAGE
    (first,) = archived(tmp_path, whole, known=known)
    (second,) = archived(tmp_path, sent, known=known)
    assert second.payload_digest == first.payload_digest
    assert second.refers_to is None


def test_what_was_no_200_is_no_original(tmp_path: Path) -> None:
    known = Remembered()
    (first,) = archived(tmp_path, IN_FULL["it is no 200"], known=known)
    (second,) = archived(tmp_path, SAME_PAGE, known=known)
    assert second.payload_digest == first.payload_digest
    assert second.refers_to is None


def spoil(path: Path, row: Capture) -> None:
    data = bytearray(path.read_bytes())
    data[row.offset + row.length // 2] ^= 0xFF
    path.write_bytes(data)


def belie(path: Path, row: Capture) -> None:
    """Let the record state a digest that is not that of its payload."""
    with mapped(path) as data:
        records = list(walk(data))
    changed = [dataclasses.replace(one, block=one.block.replace(b"<p>", b"<b>")) for one in records]
    path.write_bytes(b"".join(map(pack, changed)))


UNFIT: dict[str, Callable[[Path, Capture], object]] = {
    "its file is gone": lambda path, row: path.unlink(),
    "its bytes are spoilt": spoil,
    "it is not what it says": belie,
    "its file is cut": lambda path, row: path.write_bytes(path.read_bytes()[: row.offset + 9]),
    "another record stands there": lambda path, row: shutil.copy(
        archived_elsewhere(path.parent.parent), path
    ),
}


def archived_elsewhere(home: Path) -> Path:
    other = home / "other"
    (row,) = archived(other, exchange(answer(PAGE), n=7), known=Remembered())
    return other / "warc" / row.warc


@pytest.mark.parametrize("why", UNFIT)
def test_what_is_no_original_any_more_is_stored_again(tmp_path: Path, why: str) -> None:
    known = Remembered()
    (first,) = archived(tmp_path, exchange(answer(PAGE)), known=known)
    UNFIT[why](tmp_path / "warc" / first.warc, first)
    (second,) = archived(tmp_path, SAME_PAGE, known=known)
    assert second.refers_to is None
    assert stored(tmp_path, second).content == PAGE


def test_the_growing_file_of_another_run_is_not_referred_to(tmp_path: Path) -> None:
    known = Remembered()
    one = writer(tmp_path, known=known)
    two = WarcWriter(tmp_path / "warc", DAY_TWO, clock=lambda: START, known=known)
    (first,) = write(one, known, exchange(answer(PAGE)))
    (second,) = write(two, known, exchange(answer(PAGE), n=1))
    (third,) = write(two, known, exchange(answer(PAGE), n=2))
    one.close()
    two.close()
    assert second.refers_to is None
    assert third.refers_to == second.id
    assert verify_archive(tmp_path, [first, second, third]) == []


@pytest.mark.parametrize("framed", ["original", "revisit"])
def test_framed_bodies_are_neither_originals_nor_revisits(tmp_path: Path, framed: str) -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks += b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    known = Remembered()
    (first,) = archived(tmp_path, exchange(chunks), known=known, wire_framing=framed == "original")
    (second,) = archived(
        tmp_path, exchange(chunks, n=1), known=known, wire_framing=framed == "revisit"
    )
    assert second.payload_digest == first.payload_digest
    assert second.refers_to is None


def test_chunks_that_were_joined_are_no_hindrance(tmp_path: Path) -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks += b"%x\r\n%b\r\n0\r\nX-Sum: 1\r\n\r\n" % (len(PAGE), PAGE)
    known = Remembered()
    first, second = archived(tmp_path, exchange(answer(PAGE)), exchange(chunks, n=1), known=known)
    assert second.refers_to == first.id
    assert b"x-orig-transfer-encoding: chunked" in record_of(tmp_path, second).block.lower()
    assert stored(tmp_path, second).content == PAGE


def unmodified(n: int, *headers: bytes, asked: bytes = b"", **given: object) -> Exchange:
    """Return a conditional request that was answered 304."""
    asked = asked or b"If-None-Match: " + ETAG
    request = b"GET / HTTP/1.1\r\nHost: x\r\n" + asked + b"\r\n\r\n"
    wire = b"\r\n".join((b"HTTP/1.1 304 Not Modified", b"ETag: " + ETAG, *headers, b"", b""))
    return exchange(wire, n=n, url=URL, request=request, **given)


def first_answer(*headers: bytes) -> Exchange:
    return exchange(answer(PAGE, *(headers or (b"ETag: " + ETAG,))), url=URL)


def test_an_answer_that_nothing_was_modified_is_a_revisit_too(tmp_path: Path) -> None:
    known = Remembered()
    first, second = archived(tmp_path, first_answer(), unmodified(1, b"Date: x"), known=known)
    record = record_of(tmp_path, second)
    assert record.get("WARC-Profile") == (
        "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    )
    assert record.get("WARC-Refers-To-Date") == first.captured_at
    assert record.block == b'HTTP/1.1 304 Not Modified\r\nETag: "65a-1"\r\nDate: x\r\n\r\n'
    assert (second.status, second.payload_digest, second.refers_to) == (
        304,
        first.payload_digest,
        first.id,
    )
    again = stored(tmp_path, second)
    assert (again.content, again.revisit, again.capture) == (PAGE, "server-not-modified", second)
    assert read_stored(again).outcome == "not_modified"
    assert verify_archive(tmp_path, [first, second]) == []


def test_the_page_that_was_not_modified_is_decoded_as_it_was_coded(tmp_path: Path) -> None:
    page = page_of(9000)
    coded = gzip.compress(page, mtime=0)
    sent = answer(coded, b"Content-Encoding: gzip", b"ETag: " + ETAG)
    known = Remembered()
    rows = archived(
        tmp_path, exchange(sent, url=URL), unmodified(1), exchange(sent, n=2), known=known
    )
    assert [stored(tmp_path, row).content for row in rows] == [page] * 3
    assert [row.refers_to for row in rows] == [None, rows[0].id, rows[0].id]


def test_what_was_not_modified_may_be_a_revisit_itself(tmp_path: Path) -> None:
    known = Remembered()
    rows = archived(
        tmp_path,
        exchange(answer(PAGE), url=OTHER),
        dataclasses.replace(first_answer(), started_at=START),
        unmodified(2),
        known=known,
    )
    assert [row.refers_to for row in rows] == [None, rows[0].id, rows[0].id]
    assert verify_archive(tmp_path, rows) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (first_answer(), unmodified(1, asked=b"Accept: */*")),  # nobody asked
        (first_answer(b'ETag: "another"'), unmodified(1)),
        (first_answer(b"X: y"), unmodified(1)),
        (
            first_answer(b"Last-Modified: " + SINCE),
            unmodified(1, asked=b"If-Modified-Since: " + SINCE + b"\r\nIf-None-Match: " + ETAG),
        ),
    ],
)
def test_a_304_of_which_it_is_not_known_what_it_means_is_stored_as_it_is(
    tmp_path: Path, before: Exchange, after: Exchange
) -> None:
    known = Remembered()
    rows = archived(tmp_path, before, after, known=known)
    assert record_of(tmp_path, rows[1]).type == "response"
    assert read_stored(stored(tmp_path, rows[1])).outcome == "not_modified"
    assert verify_archive(tmp_path, rows) == []


@pytest.mark.parametrize("gone", [False, True])
def test_a_replay_gives_the_whole_answer(tmp_path: Path, gone: bool) -> None:
    known = Remembered()
    rows = archived(tmp_path, first_answer(), known=known)
    rows += archived(
        tmp_path, exchange(answer(PAGE, b"X: 2"), n=1, url=OTHER), unmodified(2), known=known
    )
    if gone:
        (tmp_path / "warc" / rows[0].warc).unlink()
    tries = [one for _, one in tries_of(tmp_path)]
    if gone:
        assert {str(one.failure).partition(":")[0] for one in tries} == {"OriginalMissingError"}
    else:
        assert [one.read() for one in tries] == [
            first_answer().response,
            answer(PAGE, b"X: 2"),
            first_answer().response,
        ]
        assert {one.failure for one in tries} == {None}


CLAIM = Claim("1", "http://x/", "2026-01-01T00:00:00Z", "sha256:ab")
TARGET = Target("1", "response", *CLAIM[1:])


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (TARGET, None),
        (TARGET._replace(type="revisit"), "names 1, a revisit record, which is no original"),
        (TARGET._replace(type="truncated"), "names 1, a truncated record, which is no original"),
        (TARGET._replace(url="http://y/"), "WARC-Refers-To-Target-URI says http://x/"),
        (TARGET._replace(date="2026-01-01T00:00:00.000001Z"), "WARC-Refers-To-Date says"),
        (TARGET._replace(digest="sha256:ac"), "WARC-Payload-Digest says sha256:ab"),
    ],
)
def test_what_a_revisit_says_of_its_original_is_held_against_it(
    target: Target, message: str | None
) -> None:
    found = disagreement(CLAIM, target)
    assert (message in found) if message and found else found is message


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Capture]]:
    """A small file with an original and both kinds of revisits."""
    home, known = tmp_path_factory.mktemp("three"), Remembered()
    page = b"<p>%s</p>" % (b"0" * LEAST)
    small = {"request": b"GET / HTTP/1.1\r\n\r\n", "hints": {}}
    first = exchange(answer(page, b"ETag: " + ETAG), url=URL, **small)
    second = exchange(answer(page), n=1, url=OTHER, **small)
    return home, archived(home, first, second, unmodified(2, hints={}), known=known)


def test_every_changed_byte_of_a_revisit_is_found(
    three: tuple[Path, list[Capture]], tmp_path: Path
) -> None:
    home, rows = shutil.copytree(three[0], tmp_path / "home"), three[1]
    (path,) = warc_files(home / "warc")
    data = path.read_bytes()
    for row in rows[1:]:
        for place in range(row.offset, row.offset + row.length, 3):
            path.write_bytes(data[:place] + bytes([data[place] ^ 0x02]) + data[place + 1 :])
            assert verify_archive(home, rows), f"byte {place} was changed"


def test_wherever_a_file_is_cut_a_revisit_that_stays_has_its_original(
    three: tuple[Path, list[Capture]], tmp_path: Path
) -> None:
    """As a kill or a power cut leaves it: at any byte."""
    (whole,) = warc_files(three[0] / "warc")
    data = whole.read_bytes()
    counts = set()
    with mapped(whole) as members:
        edges = {record.offset + near for record in walk(members) for near in (-1, 0, 1)}
    for end in sorted({*edges, *range(0, len(data), 31), len(data)} - {-1}):
        home = tmp_path / "home"
        (home / "warc").mkdir(parents=True)
        (home / "warc" / (whole.name + ".open")).write_bytes(data[:end])
        recover(home)
        there = [
            item
            for path in warc_files(home / "warc")
            for item in iter_exchanges(path)
            if isinstance(item, StoredExchange)
        ]
        assert not any(item.missing for item in there)
        assert [item.capture for item in there] == three[1][: len(there)]
        counts.add(len(there))
        shutil.rmtree(home)
    assert counts == {0, 1, 2, 3}


def test_the_index_is_cdxj_indexers_but_for_what_was_not_modified(
    three: tuple[Path, list[Capture]],
) -> None:
    (path,) = warc_files(three[0] / "warc")
    theirs = run(tool("cdxj-indexer"), "--sort", path).splitlines(keepends=True)
    assert index_lines(path, whole=True) == theirs
    assert index_lines(path) == [line for line in theirs if '"status": "304"' not in line]
    assert sum('"mime": "warc/revisit"' in line for line in index_lines(path)) == 1
    assert path.with_name(path.name.replace(".warc.gz", ".cdxj")).read_text().splitlines(
        keepends=True
    ) == index_lines(path)


def test_files_of_the_first_version_are_still_whole(tmp_path: Path) -> None:
    """Their members say in their header that they were packed with the best level."""
    (row,) = archived(tmp_path, exchange(answer(PAGE)), known=Remembered())
    (path,) = warc_files(tmp_path / "warc")
    data = bytearray(path.read_bytes())
    with mapped(path) as members:
        starts = [record.offset for record in walk(members)]
    for start in starts:
        assert data[start + 8] == 0
        data[start + 8] = 2
    path.write_bytes(data)
    for sidecar in path.parent.glob("*.sha256"):
        sidecar.unlink()
    recover(tmp_path)
    assert verify_archive(tmp_path, [row]) == []
    data[starts[1] + 8] = 0
    path.write_bytes(data)
    assert any("gzip header" in problem.message for problem in verify_archive(tmp_path, [row]))


BODIES = [page_of(LEAST + 7 * n, b"%d" % n) for n in range(4)] + [page_of(100), b""]


@st.composite
def runs(draw: st.DrawFn) -> list[list[Exchange]]:
    """Runs of exchanges, over few addresses, with few bodies, in all forms they come in."""
    made = []
    for _ in range(draw(st.integers(1, 3))):
        exchanges = []
        for n in range(draw(st.integers(1, 6))):
            url = f"http://x/{draw(st.integers(0, 2))}"
            wire = draw(wires())
            cut = draw(st.sampled_from((None, None, None, "time")))
            request = b"GET / HTTP/1.1\r\nIf-None-Match: " + ETAG + b"\r\n\r\n"
            exchanges.append(exchange(wire, n=n, url=url, request=request, truncated=cut))
        made.append(exchanges)
    return made


@st.composite
def wires(draw: st.DrawFn) -> bytes:
    form = draw(st.sampled_from(("plain", "plain", "plain", "tagged", "chunks", "gzip", "304")))
    body = draw(st.sampled_from(BODIES))
    if form == "304":
        return b"HTTP/1.1 304 Not Modified\r\nETag: " + ETAG + b"\r\n\r\n"
    if form == "chunks":
        size = max(1, len(body) // draw(st.integers(1, 3)))
        parts = [body[n : n + size] for n in range(0, len(body), size)]
        framed = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n"
    if form == "gzip":
        return answer(gzip.compress(body, mtime=0), b"Content-Encoding: gzip")
    return answer(body, *((b"ETag: " + ETAG,) if form == "tagged" else ()))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(runs(), st.integers(0, 2**32))
def test_whatever_is_repeated_is_read_back_as_it_came(
    tmp_path_factory: pytest.TempPathFactory, made: list[list[Exchange]], seed: int
) -> None:
    chance, known = random.Random(seed), Remembered()
    home, alone = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("alone")
    in_full: list[Capture] = []
    for exchanges in made:
        archived(home, *exchanges, known=known, max_bytes=chance.choice((10**9, 3000)))
        in_full += archived(alone, *exchanges, known=Remembered())
    assert verify_archive(home, known.rows) == []
    for row, other, sent in zip(
        known.rows, in_full, [e for some in made for e in some], strict=True
    ):
        again, whole = stored(home, row), stored(alone, other)
        assert again.capture == row
        assert (again.headers, again.truncated) == (whole.headers, whole.truncated)
        if row.status == 304:
            continue
        assert (again.content, again.revisit is None) == (whole.content, row.refers_to is None)
        assert row.payload_digest == other.payload_digest
        assert sent.url == row.url
    for path in warc_files(home / "warc"):
        rows = [item.capture for item in iter_exchanges(path) if isinstance(item, StoredExchange)]
        assert rows == [row for row in known.rows if row.warc == path.name]


def test_other_makers_tools_accept_a_deduplicated_archive(tmp_path: Path) -> None:
    known, chance = Remembered(), random.Random(0)
    for _ in range(3):
        exchanges = [
            exchange(answer(chance.choice(BODIES), b"ETag: " + ETAG), n=n, url=f"http://x/{n % 3}")
            for n in range(12)
        ]
        archived(tmp_path, *exchanges, unmodified(13), known=known, max_bytes=9000)
    kinds = [record_of(tmp_path, row).type for row in known.rows]
    assert kinds.count("revisit") > 10
    paths = warc_files(tmp_path / "warc")
    assert len(paths) > 3
    run("gzip", "-t", *paths)
    run(tool("warcio"), "check", *paths)
    for path in paths:
        run(tool("fastwarc"), "check", "-q", path)


ODD = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300
    ),
    st.sampled_from(
        (
            "9" * 30,
            "-1",
            "../x.warc.gz",
            "x.warc.gz",
            "2026-13-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
        )
    ),
    st.sampled_from(("sha1:", "sha256:zz", "md5", f"{URL}?n=0", "http://[", "<urn:uuid:>", "<>")),
)
FIELDS = ("", "-Target-URI", "-Date", "-Filename", "-File-Offset")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from(FIELDS), ODD), ODD, ODD, st.booleans(), st.binary())
def test_whatever_a_revisit_says_it_is_read_or_its_original_is_missing(
    three: tuple[Path, list[Capture]],
    tmp_path_factory: pytest.TempPathFactory,
    said: dict[str, str],
    profile: str,
    checksum: str,
    indexed: bool,
    block: bytes,
) -> None:
    (whole,) = warc_files(three[0] / "warc")
    fields = {f"WARC-Refers-To{name}": value.strip() for name, value in said.items()}
    fields |= {"WARC-Profile": profile.strip(), "WARC-Payload-Digest": checksum.strip()}
    odd = make_record("revisit", "odd", "2026-11-23T00:00:00Z", URL, block, "x", fields.items())
    path = tmp_path_factory.mktemp("odd") / "warc" / "x.warc.gz"
    path.parent.mkdir()
    path.write_bytes(whole.read_bytes() + pack(odd))
    if indexed:
        write_sidecars(path)
    *others, last = (one for one in iter_exchanges(path) if isinstance(one, StoredExchange))
    assert [one.capture.id for one in others] == [row.id for row in three[1]]
    assert last.missing == (last.content == b"")
    assert read_exchange(path, last.capture.offset) == last
    list(tries_of(path))
