"""What is written is read back as it was, whatever it is; and what others wrote is read too."""

import gzip
import random
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_examples import PAGE, RESPONSES, RUN, URL, exchange, run, tool, writer
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.records import Capture, Failure, Run, StoredExchange
from archive.warc import (
    DamagedRecord,
    WarcWriter,
    index_lines,
    iter_exchanges,
    read_exchange,
    url_key,
    verify_archive,
    warc_files,
)
from archive.warc.fields import decode_fields, encode_fields, prefixed, unprefixed
from archive.warc.message import cut

ANY_TEXT = st.text(max_size=30)
HINTS = st.dictionaries(st.text(min_size=1, max_size=8), ANY_TEXT, max_size=3)


@given(
    head=st.binary(max_size=80),
    body=st.binary(max_size=200),
    hints=HINTS,
    via=st.none() | ANY_TEXT,
    failure=st.none() | st.text(min_size=1, max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    head: bytes,
    body: bytes,
    hints: dict[str, str],
    via: str | None,
    failure: str | None,
) -> None:
    home = tmp_path_factory.mktemp("home")
    wire = b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body
    warc = writer(home)
    row = warc.write(exchange(wire, hints=hints, via=via, failure=failure))
    warc.close()
    parts = cut(wire)
    assert parts is not None
    assert isinstance(row, Capture)
    (path,) = warc_files(home / "warc")
    given_run, stored = iter_exchanges(path)
    assert given_run == RUN
    assert isinstance(stored, StoredExchange)
    assert stored == read_exchange(path, row.offset)
    assert stored.capture == row
    assert (stored.headers, stored.truncated) == (parts.headers, parts.truncated)
    assert (stored.hints, stored.via) == (hints, via)
    told = stored.failure
    assert (told is None) == (failure is None)
    assert verify_archive(home, [row], [told] if told else []) == []


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_kept(tmp_path_factory: pytest.TempPathFactory, wire: bytes) -> None:
    home = tmp_path_factory.mktemp("home")
    warc = writer(home)
    row = warc.write(exchange(wire))
    warc.close()
    (path,) = warc_files(home / "warc")
    _, stored = iter_exchanges(path)
    if isinstance(row, Failure):
        assert stored == row
        assert not wire
    elif cut(wire) is None:
        assert isinstance(stored, StoredExchange)
        assert (stored.content, stored.capture) == (wire, row)


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_fields_hold_any_text(values: dict[str, str]) -> None:
    fields = decode_fields(encode_fields(prefixed("hint-", values.items())))
    assert unprefixed("hint-", fields) == values


def test_a_run_without_anything_to_say_is_given_back(tmp_path: Path) -> None:
    bare = Run(id="f" * 32, spider="import", started_at="2026-11-22T00:00:00.000000Z")
    warc = WarcWriter(tmp_path / "warc", bare)
    warc.write(exchange(RESPONSES["plain"][0]))
    warc.close()
    (path,) = warc_files(tmp_path / "warc")
    assert next(iter_exchanges(path)) == bare


def test_a_large_body_is_read_back(tmp_path: Path) -> None:
    body = random.Random(0).randbytes(3_000_000)
    warc = writer(tmp_path)
    row = warc.write(exchange(b"HTTP/1.1 200 OK\r\n\r\n" + body))
    warc.close()
    assert isinstance(row, Capture)
    (path,) = warc_files(tmp_path / "warc")
    assert read_exchange(path, row.offset).content == body
    assert verify_archive(tmp_path, [row]) == []


def test_damage_is_told_after_what_comes_before_it(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    rows = [warc.write(exchange(RESPONSES["plain"][0], n=n)) for n in range(3)]
    warc.close()
    (path,) = warc_files(tmp_path / "warc")
    data = bytearray(path.read_bytes())
    middle = rows[1]
    assert isinstance(middle, Capture)
    data[middle.offset + 40] ^= 0xFF
    path.write_bytes(data)
    read = iter_exchanges(path)
    assert next(read) == RUN
    first = next(read)
    assert isinstance(first, StoredExchange)
    assert first.capture == rows[0]
    with pytest.raises(DamagedRecord):
        list(read)
    last = rows[2]
    assert isinstance(last, Capture)
    assert read_exchange(path, last.offset).capture == last


def test_an_offset_where_no_capture_begins_is_refused(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.write(exchange(RESPONSES["plain"][0]))
    warc.close()
    (path,) = warc_files(tmp_path / "warc")
    for offset in (0, 1, path.stat().st_size, path.stat().st_size + 1):
        with pytest.raises(DamagedRecord):
            read_exchange(path, offset)


@pytest.mark.parametrize("compressed", [True, False])
def test_the_file_of_another_crawler_is_read(tmp_path: Path, compressed: bool) -> None:
    path = tmp_path / ("other.warc.gz" if compressed else "other.warc")
    chunked = b"5\r\nabcde\r\n0\r\n\r\n"
    with path.open("wb") as file:
        other = WARCWriter(file, gzip=compressed, warc_version="1.0")
        other.write_record(other.create_warcinfo_record(path.name, {"software": "wget"}))
        sent = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        other.write_record(other.create_warc_record(URL, "request", http_headers=sent))
        for headers, body in (
            (
                [("Content-Type", "text/html"), ("Content-Encoding", "gzip")],
                gzip.compress(PAGE, mtime=0),
            ),
            ([("Transfer-Encoding", "chunked")], chunked),
        ):
            came = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            record = other.create_warc_record(
                URL, "response", payload=BytesIO(body), length=len(body), http_headers=came
            )
            other.write_record(record)
        other.write_record(other.create_revisit_record(URL, "sha1:X", URL, "2026-01-01T00:00:00Z"))
    their_run, page, second, again = iter_exchanges(path)
    assert isinstance(their_run, Run)
    assert (their_run.spider, their_run.software, len(their_run.id)) == ("", "wget", 32)
    assert isinstance(page, StoredExchange)
    assert isinstance(second, StoredExchange)
    assert (page.content, page.capture.media_type) == (PAGE, "text/html")
    assert (second.content, second.capture.status) == (b"abcde", 200)
    assert second.capture.payload_digest == (
        "sha256:36bbe50ed96841d10443bcb670d6554f0a34b761be67ec9c4a8ad2c0c44ca42c"
    )
    assert (page.hints, page.via, page.capture.kind) == ({}, None, "other")
    assert read_exchange(path, second.capture.offset) == second
    # Of a page that is in no file here.
    assert isinstance(again, StoredExchange)
    assert (again.missing, again.content, again.capture.status) == (True, b"", None)


@pytest.mark.parametrize("data", [b"", b"no warc", b"\x1f\x8b\x08\x00"])
def test_what_is_no_warc_file_is_refused_or_empty(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(data)
    if data:
        with pytest.raises(DamagedRecord):
            list(iter_exchanges(path))
    else:
        assert list(iter_exchanges(path)) == []


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.puershi.gov.cn/", "cn,gov,puershi)/"),
        ("http://WWW2.Example.com:80/A/../b//C/?B=2&a=1#x", "com,example)/b/c?a=1&b=2"),
        ("https://example.com:8443/x?", "com,example:8443)/x"),
        ("http://example.com/a.jsp?jsessionid=" + "0a" * 16, "com,example)/a.jsp"),
        ("urn:wire:http://example.com/X/", "urn:wire:http://example.com/x"),
        ("http://user:secret@127.0.0.1/%E5%B9%B4", "1,0,0,127)/%e5%b9%b4"),
        ("http://example.com:port/", "http://example.com:port/"),
    ],
)
def test_url_keys(url: str, key: str) -> None:
    assert url_key(url) == key


PIECES = r"""
/ // . .. ? & = ; : @ % %25 %2e %2F %3F %23 %E5%B9%B4 %zz + ~ [ ] ( ) | ^ \ { } ! a B index.htm
x.aspx www. www1. 80 443 sid=%s PHPSESSID=%s jsessionid=%s a=1 b=2 &&& (S(%s)) cfid=1&cftoken=2
"""
HOSTS = """
www.a.gov.cn WWW9.B.cn a..b. 127.0.0.1 2130706433 010.1.1.1 1.2 [::1] xn--fiqs8s a%2Eb www www.x
"""


def odd_urls(count: int) -> list[str]:
    chance = random.Random(0)
    urls = []
    for _ in range(count):
        pieces = chance.choices(PIECES.split(), k=chance.randrange(8))
        tail = "".join(pieces).replace("%s", chance.choice(("0aB1" * 8, "0aB1" * 6)))
        port = chance.choice(("", "", ":80", ":443", ":8080", ":", ":x", ":0", ":99999"))
        scheme = chance.choice(("http://", "https://", "http:////", "http://https://"))
        urls.append(scheme + chance.choice(HOSTS.split()) + port + chance.choice("/?") + tail)
    return urls


def odd_responses(count: int) -> list[bytes]:
    chance = random.Random(1)
    lines = [b"Content-Type: text/html; charset=gbk", b"content-type:", b"Content-Type : a/b c"]
    lines += [b"Content-Length: 3", b"Transfer-Encoding: chunked", b" folded", b"\tfolded", b"\r"]
    lines += [b"Content-Encoding: gzip", b"X: \xc4\xea", b"Y: \xe3\x80\x80", b"\xe3\x80\x80", b"x"]
    starts = [b"HTTP/1.1 200 OK", b"HTTP/1.0 404", b"HTTP/1.1 304 x", b"HTTP/2.0 200 OK"]
    starts += [b"HTTP/1.1  200 OK", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", b"junk"]
    made = []
    for _ in range(count):
        end = chance.choice((b"\r\n", b"\n"))
        head = [chance.choice(starts), *chance.choices(lines, k=chance.randrange(5))]
        body = chance.choice((b"", b"abc", b"3\r\nabc\r\n0\r\n\r\n", b"\r\n\r\n", b"\0" * 40))
        made.append(end.join(head) + end * chance.choice((1, 2, 2, 2)) + body)
    return made


def test_outside_tools_agree_on_odd_urls_and_odd_responses(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    pairs = zip(odd_urls(1500), odd_responses(1500), strict=True)
    rows = [warc.write(exchange(wire, n=n, url=url)) for n, (url, wire) in enumerate(pairs)]
    warc.close()
    (path,) = warc_files(tmp_path / "warc")
    assert verify_archive(tmp_path, [row for row in rows if isinstance(row, Capture)]) == []
    run("gzip", "-t", path)
    run(tool("warcio"), "check", path)
    run(tool("fastwarc"), "check", "-q", path)
    assert index_lines(path) == run(tool("cdxj-indexer"), "--sort", path).splitlines(keepends=True)
