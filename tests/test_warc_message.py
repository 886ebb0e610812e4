"""Cutting a response as it came over the wire; and that nothing of it is lost."""

import gzip
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.warc.coding import CodingError, decode
from archive.warc.message import content_length, cut, media_type, parse_headers, redact

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "wire",
    [b"", b"\x16\x03", b"ICY 200 OK\r\n\r\n", b"HTTP/1.1 20", b"HTTP/1.1 2000 x\r\n\r\n", OK],
)
def test_bytes_without_a_whole_head_are_no_message(wire: bytes) -> None:
    assert cut(wire) is None


def test_a_head_ends_where_readers_of_warc_files_find_its_end() -> None:
    parts = cut(OK + b"A: 1\r\r\n\r\r\nbody")
    assert parts is not None
    assert parts.body == b"body"


def test_folded_fields_are_joined_and_lines_without_colon_passed_over() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-A: one\r\n\ttwo\r\nnonsense\r\nX-B :\r\n\r\n"
    assert parse_headers(head) == (("X-A", "one two"), ("X-B", ""))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("text/HTML; charset=gbk", "text/html"), ("", None), (" ;x", None)],
)
def test_media_type(value: str, expected: str | None) -> None:
    assert media_type((("content-type", value),)) == expected


@pytest.mark.parametrize("value", ["-1", "1, 2", "abc", "", "1" * 30, "１"])
def test_a_length_that_makes_no_sense_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="makes no sense"):
        content_length((("Content-Length", value),))


def test_the_same_length_twice_is_one() -> None:
    assert content_length((("Content-Length", "5, 5"), ("content-length", "5"))) == 5


@pytest.mark.parametrize(
    ("framed", "truncated"),
    [
        (b"5\r\nab", "disconnect"),
        (b"5\r\nabcde", "disconnect"),
        (b"5\r\nabcde\r", "disconnect"),
        (b"5\r\nabcde\r\n", "disconnect"),
        (b"5\r\nabcde\r\n0\r\n", "disconnect"),
        (b"5\r\nabcde\r\n0\r\nX: 1\r\n", "disconnect"),
        (b"", "disconnect"),
        (b"5", "disconnect"),
        (b"5\nabcde\n0\n\n", "unspecified"),
        (b"5\r\nabcdefg\r\n0\r\n\r\n", "unspecified"),
        (b"-5\r\nabcde\r\n0\r\n\r\n", "unspecified"),
        (b"0x5\r\nabcde\r\n0\r\n\r\n", "unspecified"),
        (b"f" * 40 + b"\r\nabcde", "unspecified"),
    ],
)
def test_chunks_that_cannot_be_undone_stay_as_they_are(framed: bytes, truncated: str) -> None:
    parts = cut(OK + b"Transfer-Encoding: chunked\r\n\r\n" + framed)
    assert parts is not None
    assert (parts.body, parts.truncated) == (framed, truncated)
    again = cut(parts.head + parts.body)
    assert again is not None
    assert again.body == framed


def test_other_transfer_codings_cannot_be_undone() -> None:
    parts = cut(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")
    assert parts is not None
    assert (parts.body, parts.truncated) == (b"0\r\n\r\n", "unspecified")


@given(st.lists(st.binary(min_size=1), max_size=5), st.binary(max_size=20))
def test_chunks_are_undone(chunks: list[bytes], stray: bytes) -> None:
    framed = b"".join(b"%X\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    parts = cut(OK + b"TRANSFER-ENCODING : Chunked\r\n\r\n" + framed + b"0\r\n\r\n" + stray)
    assert parts is not None
    assert (parts.body, parts.excess, parts.truncated) == (b"".join(chunks), stray, None)
    assert parts.head == OK + b"x-orig-transfer-encoding : Chunked\r\n\r\n"


@given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from(["GET", "HEAD"]))
@example(b"Content-Length: 3\r\n", b"abcdef", "GET")
@example(b"Content-Length: 3", b"", "GET")
def test_no_byte_is_lost_where_there_are_no_chunks(head: bytes, body: bytes, method: str) -> None:
    wire = OK + head + b"\r\n\r\n" + body
    parts = cut(wire, method=method)
    assert parts is not None
    assert parts.head + parts.body + parts.excess == wire


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_what_is_stored_is_cut_as_what_came(framing: bytes, body: bytes) -> None:
    parts = cut(OK + framing + b"\r\n\r\n" + body)
    assert parts is not None
    again = cut(parts.head + parts.body)
    assert again is not None
    assert (again.head, again.body, again.excess) == (parts.head, parts.body, b"")


@given(st.binary(max_size=200))
def test_redaction_leaves_a_request_without_secrets_alone(request: bytes) -> None:
    changed, names = redact(request)
    assert names or changed == request
    assert redact(changed)[0] == changed


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", gzip.compress(b"page", mtime=0)),
        ("X-GZIP", gzip.compress(b"pa", mtime=0) + gzip.compress(b"ge", mtime=0)),
        ("deflate", zlib.compress(b"page")),
        ("deflate", zlib.compress(b"page")[2:-4]),
        ("deflate, gzip", gzip.compress(zlib.compress(b"page"), mtime=0)),
        ("identity", b"page"),
        ("", b"page"),
        ("gzip", gzip.compress(b"page", mtime=0) + b"stray"),
    ],
)
def test_codings_are_removed(coding: str, coded: bytes) -> None:
    assert decode(coded, coding) == b"page"


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", b"page"),
        ("gzip", gzip.compress(b"page", mtime=0)[:-9]),
        ("compress", b"x"),
        ("br", b"page"),
    ],
)
def test_a_coding_that_is_not_there_is_told(coding: str, coded: bytes) -> None:
    with pytest.raises(CodingError):
        decode(coded, coding)
