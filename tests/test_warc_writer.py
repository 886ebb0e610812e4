"""Every kind of exchange is written, read back, and accepted by the tools that others use."""

import dataclasses
import errno
import gzip
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from warc_examples import (
    GZIPPED,
    PAGE,
    RESPONSES,
    RUN,
    START,
    URL,
    exchange,
    rendered,
    run,
    tool,
    writer,
)

from archive.records import Capture, Exchange, Failure, RunEnd, StoredExchange, timestamp
from archive.warc import (
    index_lines,
    iter_exchanges,
    locate,
    read_exchange,
    verify_archive,
    warc_files,
)
from archive.warc.record import Record, mapped, walk


def write(home: Path, *exchanges: Exchange) -> list[Capture | Failure]:
    warc = writer(home)
    rows = [warc.write(each) for each in exchanges]
    warc.close()
    return rows


def records(home: Path) -> list[Record]:
    (path,) = warc_files(home / "warc")
    with mapped(path) as data:
        return list(walk(data))


@pytest.mark.parametrize("name", RESPONSES)
def test_each_response_is_stored_and_read_back(tmp_path: Path, name: str) -> None:
    wire, status, payload, truncated = RESPONSES[name]
    sent = exchange(wire)
    (row,) = write(tmp_path, sent)
    assert isinstance(row, Capture)
    stored = read_exchange(locate(tmp_path / "warc", row.warc), row.offset)
    assert stored.capture == row
    assert (row.url, row.status, row.kind, row.run_id) == (sent.url, status, "article", RUN.id)
    assert row.captured_at == "2026-11-22T00:20:34.123456Z"
    assert stored.content == (PAGE if payload == GZIPPED else payload)
    assert (stored.truncated, stored.via, stored.hints) == (truncated, sent.via, sent.hints)
    assert stored.failure is None
    assert verify_archive(tmp_path, [row]) == []


@pytest.mark.parametrize("name", [name for name in RESPONSES if name != "stray-bytes"])
def test_what_is_stored_is_what_came_but_for_chunks_and_interim_heads(
    tmp_path: Path, name: str
) -> None:
    wire, _, payload, _ = RESPONSES[name]
    write(tmp_path, exchange(wire))
    block = records(tmp_path)[1].block
    renamed = re.sub(rb"(?i)\btransfer-encoding", b"x-orig-transfer-encoding", wire)
    renamed = renamed[renamed.rfind(b"HTTP/1") :] if b"103" in wire else renamed
    head = renamed[: renamed.find(b"\r\n\r\n") + 4] if b"chunked" in wire else None
    assert block == (head + payload if head else renamed)


def test_the_records_of_an_exchange_refer_to_one_another(tmp_path: Path) -> None:
    write(tmp_path, exchange(RESPONSES["stray-bytes"][0]))
    info, response, stray, request, told = records(tmp_path)
    assert [r.type for r in (info, response, stray, request, told)] == [
        "warcinfo",
        "response",
        "resource",
        "request",
        "metadata",
    ]
    assert stray.block == b"HTTP/1.1 200 OK"
    assert stray.get("WARC-Target-URI") == f"urn:wire:{URL}?n=0"
    for record in (stray, request, told):
        assert record.get("WARC-Concurrent-To") == response.get("WARC-Record-ID")
        assert record.get("WARC-Date") == response.get("WARC-Date")
    assert all(r.get("WARC-Warcinfo-ID") == info.get("WARC-Record-ID") for r in (response, told))
    assert response.get("WARC-IP-Address") == "192.0.2.7"


def test_the_metadata_tells_what_no_other_record_holds(tmp_path: Path) -> None:
    hinted = RESPONSES["early-hints"][0]
    write(
        tmp_path,
        exchange(RESPONSES["chunked-gzip-trailers"][0]),
        exchange(hinted, n=1, retries=2, duration_ms=None),
    )
    first, second = (r.block.decode() for r in records(tmp_path) if r.type == "metadata")
    assert 'trailers: "X-Sum: 1\\r\\n"\r\n' in first
    assert 'hint-anchor: "2024\\u5e74\\n\\u5e74\\u5ea6\\u62a5\\u544a"\r\n' in first
    assert "fetchTimeMs: 12\r\npage-class: article\r\nhint-portal: 530800\r\n" in first
    assert 'informational: "HTTP/1.1 103 Early Hints\\r\\nLink: </a.css>\\r\\n\\r\\n"\r\n' in second
    assert f"wire-length: {len(hinted)}\r\n" in second
    assert "retries: 2\r\n" in second
    assert "fetchTimeMs" not in second


def test_secrets_are_not_stored_and_the_metadata_says_so(tmp_path: Path) -> None:
    request = (
        b"GET / HTTP/1.1\r\nHost: x\r\ncookie: id=1;\r\n more=2\r\nAuthorization: Basic eA==\r\n"
        b"Accept: */*\r\n\r\nCookie: in a body"
    )
    write(tmp_path, exchange(RESPONSES["plain"][0], request=request))
    _, _, stored, told = records(tmp_path)
    assert stored.block == (
        b"GET / HTTP/1.1\r\nHost: x\r\ncookie: redacted\r\nAuthorization: redacted\r\n"
        b"Accept: */*\r\n\r\nCookie: in a body"
    )
    assert b"redacted: cookie, Authorization\r\n" in told.block


def test_a_try_without_an_answer_is_a_failure(tmp_path: Path) -> None:
    (row,) = write(tmp_path, exchange(b"", failure="DownloadTimeoutError: took longer: 180 s"))
    assert isinstance(row, Failure)
    assert (row.error, row.message) == ("DownloadTimeoutError", "took longer: 180 s")
    assert row.capture_id is None
    (path,) = warc_files(tmp_path / "warc")
    assert list(iter_exchanges(path)) == [RUN, row]
    assert [r.type for r in records(tmp_path)] == ["warcinfo", "request", "metadata"]
    assert verify_archive(tmp_path, [], [row]) == []


def test_a_server_that_says_nothing_is_a_failure_too(tmp_path: Path) -> None:
    (row,) = write(tmp_path, exchange(b"", request=b""))
    assert isinstance(row, Failure)
    assert row.error == "NoResponse"


def test_what_came_before_a_failure_is_a_capture_with_the_failure(tmp_path: Path) -> None:
    wire = RESPONSES["short-body"][0]
    (row,) = write(tmp_path, exchange(wire, failure="ResponseFailed: lost", truncated="time"))
    assert isinstance(row, Capture)
    (path,) = warc_files(tmp_path / "warc")
    _, stored = iter_exchanges(path)
    assert isinstance(stored, StoredExchange)
    assert stored.truncated == "time"
    assert stored.failure is not None
    assert (stored.failure.error, stored.failure.capture_id) == ("ResponseFailed", row.id)
    assert verify_archive(tmp_path, [row], [stored.failure]) == []


def test_an_answer_to_head_has_no_body_whatever_its_length_says(tmp_path: Path) -> None:
    wire = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
    (row,) = write(tmp_path, exchange(wire, request=b"HEAD / HTTP/1.1\r\n\r\n"))
    assert isinstance(row, Capture)
    assert read_exchange(locate(tmp_path / "warc", row.warc), row.offset).truncated is None
    assert verify_archive(tmp_path, [row]) == []


def test_a_rendered_page_is_kept_with_its_screenshot(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    row = warc.write_rendered(rendered())
    warc.close()
    stored = read_exchange(locate(tmp_path / "warc", row.warc), row.offset)
    assert stored.capture == row
    assert (row.kind, row.status, row.media_type, row.url) == ("rendered", 200, "text/html", URL)
    assert stored.content == "<html>渲染&#55357;</html>".encode()
    assert stored.hints == {"portal": "530800", "page_class": "listing"}
    assert stored.via == "https://www.puershi.gov.cn/"
    _, dom, shot, told = records(tmp_path)
    assert (dom.type, dom.get("WARC-Target-URI")) == ("resource", URL)
    assert (shot.type, shot.get("WARC-Target-URI")) == ("resource", f"urn:view:{URL}")
    assert b"browser: Chromium 140\r\n" in told.block
    assert verify_archive(tmp_path, [row]) == []


def test_a_run_and_its_end_are_given_back(tmp_path: Path) -> None:
    end = RunEnd(RUN.id, "2026-11-22T01:00:00.000000Z", "finished", {"gk/exchanges": 3, "条": 1})
    warc = writer(tmp_path)
    warc.write_run_end(end)
    warc.close()
    (path,) = warc_files(tmp_path / "warc")
    assert list(iter_exchanges(path)) == [RUN, end]
    assert verify_archive(tmp_path, []) == []


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=4000)
    rows = [warc.write(exchange(RESPONSES["plain"][0], n=n)) for n in range(8)]
    warc.close()
    paths = warc_files(tmp_path / "warc")
    assert len(paths) > 1
    assert [p.name.split("-")[2] for p in paths] == [f"{n:05}" for n in range(1, len(paths) + 1)]
    read = [each for path in paths for each in iter_exchanges(path)]
    assert [each.capture for each in read if isinstance(each, StoredExchange)] == rows
    assert [each for each in read if not isinstance(each, StoredExchange)] == [RUN] * len(paths)


def test_a_growing_file_is_open_and_can_be_read(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    row = warc.write(exchange(RESPONSES["plain"][0]))
    assert isinstance(row, Capture)
    path = locate(tmp_path / "warc", row.warc)
    assert path.name == row.warc + ".open"
    assert read_exchange(path, row.offset).capture == row
    (growing,) = (tmp_path / "warc").glob("*.cdxj.open")
    assert growing.read_text().splitlines(keepends=True) == index_lines(path)
    warc.close()
    assert {p.name.partition(".")[2] for p in (tmp_path / "warc").iterdir()} == {
        "warc.gz",
        "cdxj",
        "sha256",
    }


def test_dates_in_a_file_never_step_back_and_the_true_one_is_told(tmp_path: Path) -> None:
    earlier = exchange(RESPONSES["plain"][0], n=1, started_at=START - timedelta(days=1))
    first, second = write(tmp_path, exchange(RESPONSES["plain"][0]), earlier)
    assert isinstance(first, Capture)
    assert isinstance(second, Capture)
    assert second.captured_at == first.captured_at == timestamp(START)
    assert b"began: 2026-11-21T00:20:34.123456Z\r\n" in records(tmp_path)[-1].block
    assert b"began" not in records(tmp_path)[3].block


def test_a_full_disk_leaves_nothing_of_the_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warc = writer(tmp_path)
    first = warc.write(exchange(RESPONSES["plain"][0]))
    sync = os.fsync

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        warc.write(exchange(RESPONSES["plain"][0], n=1))
    monkeypatch.setattr(os, "fsync", sync)
    third = warc.write(exchange(RESPONSES["plain"][0], n=2))
    warc.close()
    rows = [row for row in (first, third) if isinstance(row, Capture)]
    assert verify_archive(tmp_path, rows) == []


def test_what_could_not_be_cut_off_is_cut_off_before_the_next_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network disk that is away for a while: half is written, and then nothing works."""
    warc = writer(tmp_path)
    first = warc.write(exchange(RESPONSES["plain"][0]))
    write_through = os.write

    def torn(handle: int, data: bytes) -> int:
        write_through(handle, data[:10])
        raise OSError(errno.EIO, "Input/output error")

    def away(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", torn)
        disk.setattr(os, "ftruncate", away)
        for n in (1, 2):
            with pytest.raises(OSError, match="Input/output"):
                warc.write(exchange(RESPONSES["plain"][0], n=n))
    third = warc.write(exchange(RESPONSES["plain"][0], n=3))
    warc.close()
    rows = [row for row in (first, third) if isinstance(row, Capture)]
    assert verify_archive(tmp_path, rows) == []


@pytest.mark.parametrize("url", ["http://x/ y", "http://x/年报", "http://x/\r\nWARC-Type: x", ""])
def test_a_url_that_is_not_printable_ascii_is_refused(tmp_path: Path, url: str) -> None:
    refused = dataclasses.replace(exchange(b"x"), url=url)
    with pytest.raises(ValueError, match="not printable ASCII"):
        write(tmp_path, refused)


def test_two_writers_of_one_run_and_moment_do_not_meet(tmp_path: Path) -> None:
    one, two = writer(tmp_path), writer(tmp_path)
    rows = [each.write(exchange(RESPONSES["plain"][0])) for each in (one, two)]
    one.close()
    two.close()
    assert verify_archive(tmp_path, [row for row in rows if isinstance(row, Capture)]) == []


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    warc = writer(home)
    for n, (wire, *_) in enumerate(RESPONSES.values()):
        warc.write(exchange(wire, n=n))
    warc.write(exchange(b"", n=98, failure="DNSLookupError: no such host"))
    warc.write_rendered(rendered(99))
    warc.write_run_end(RunEnd(RUN.id, "2026-11-22T01:00:00.000000Z", "finished", {}))
    warc.close()
    (path,) = warc_files(home / "warc")
    return path


def test_gzip_accepts_the_file(every_kind: Path) -> None:
    run("gzip", "-t", every_kind)
    assert gzip.decompress(every_kind.read_bytes()).startswith(b"WARC/1.1\r\nWARC-Type: warcinfo")


def test_warcio_accepts_the_file(every_kind: Path) -> None:
    said = run(tool("warcio"), "check", "-v", every_kind)
    assert said.count("digest pass") == len(RESPONSES) * 3 + 1 + 2 + 3 + 2


def test_fastwarc_accepts_the_file(every_kind: Path) -> None:
    run(tool("fastwarc"), "check", "-q", every_kind)


def test_the_index_is_the_one_that_cdxj_indexer_makes(every_kind: Path) -> None:
    theirs = run(tool("cdxj-indexer"), "--sort", every_kind)
    ours = every_kind.with_name(every_kind.name.replace(".warc.gz", ".cdxj"))
    assert ours.read_text().splitlines() == theirs.splitlines()


def test_the_checksum_is_one_that_sha256sum_reads(every_kind: Path) -> None:
    name = every_kind.name.replace(".warc.gz", ".sha256")
    run("sh", "-c", f"cd {every_kind.parent} && sha256sum -c {name}")
