"""When a WARC file is finished and another begun, and what a kill in between leaves."""

import errno
import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_conversions import conversion
from warc_examples import RESPONSES, exchange, writer
from wire_crawl import crawl
from wire_server import Answer, WireServer, answer

from archive.catalog import Catalog
from archive.records import Capture, StoredExchange
from archive.warc import (
    WarcWriter,
    growing,
    iter_exchanges,
    locate,
    read_exchange,
    recover,
    verify_archive,
    warc_files,
)

PLAIN = RESPONSES["plain"][0]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def names(home: Path) -> list[str]:
    """Return the endings of the WARC files, in their order."""
    return [path.name.partition(".")[2] for path in warc_files(home / "warc")]


def write(warc: WarcWriter, n: int) -> Capture:
    row = warc.write(exchange(PLAIN, n=n))
    assert isinstance(row, Capture)
    return row


def test_a_file_is_followed_by_another_at_the_first_write_after_its_age(tmp_path: Path) -> None:
    clock = Clock()
    warc = writer(tmp_path, max_age=100.0, monotonic=clock)
    rows = [write(warc, 0)]
    clock.now = 99.9
    rows.append(write(warc, 1))
    clock.now = 500.0
    assert names(tmp_path) == ["warc.gz.open"]
    rows.append(write(warc, 2))
    assert names(tmp_path) == ["warc.gz", "warc.gz.open"]
    clock.now = 599.9  # its own age counts, not that of the run
    rows.append(write(warc, 3))
    warc.close()
    assert [row.warc == rows[0].warc for row in rows] == [True, True, False, False]
    assert rows[2].warc == rows[3].warc
    assert verify_archive(tmp_path, rows) == []


def test_an_idle_file_is_finished_and_never_written_again(tmp_path: Path) -> None:
    clock = Clock()
    warc = writer(tmp_path, max_idle=10.0, monotonic=clock)
    assert not warc.close_idle()  # there is none
    rows = [write(warc, 0)]
    clock.now = 9.0
    assert not warc.close_idle()
    warc.write_conversion(conversion(rows[0].id))
    clock.now = 18.9
    assert not warc.close_idle()
    clock.now = 19.0
    assert warc.close_idle()
    assert not warc.close_idle()
    assert names(tmp_path) == ["warc.gz"]
    assert verify_archive(tmp_path, rows) == []
    rows.append(write(warc, 1))
    warc.close()
    assert rows[0].warc != rows[1].warc
    assert verify_archive(tmp_path, rows) == []


@pytest.mark.parametrize("how", ["close", "age", "idle"])
def test_no_file_is_left_in_which_nothing_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    clock = Clock()
    warc = writer(tmp_path, max_age=10.0, max_idle=10.0, monotonic=clock)
    append = os.write
    left = [2]  # the warcinfo, and its line in the index

    def full(handle: int, data: bytes) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return append(handle, data)

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            write(warc, 0)
    assert names(tmp_path) == ["warc.gz.open"]
    clock.now = 10.0
    rows = [write(warc, 1)] if how == "age" else []
    if how == "idle":
        assert warc.close_idle()
    warc.close()
    assert len(list((tmp_path / "warc").iterdir())) == 3 * len(rows)
    assert verify_archive(tmp_path, rows) == []


def test_a_file_that_is_not_entered_yet_is_left_to_the_next_run(tmp_path: Path) -> None:
    asked: list[bool] = []

    def settled() -> bool:
        asked.append(True)
        return len(asked) > 1

    warc = writer(tmp_path, max_bytes=1, settled=settled)
    rows = [write(warc, n) for n in range(3)]
    assert names(tmp_path) == ["warc.gz.open", "warc.gz", "warc.gz.open"]
    warc.close()
    assert len(asked) == 3
    assert [done.file for done in recover(tmp_path)] == [rows[0].warc]
    assert verify_archive(tmp_path, rows) == []


STEPS = {
    "the growing index is removed": (Path, "unlink"),
    "it is emptied": (os, "ftruncate"),
    "the index is written": (growing, "write_index"),
    "the checksum is written": (growing, "write_checksum"),
    "a sidecar takes its name": (Path, "replace"),
    "the file takes its name": (Path, "rename"),
    "the folder is synced": (growing, "sync_directory"),
    "bytes are synced": (os, "fsync"),
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("time", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_what_a_kill_in_a_rotation_leaves_is_repaired(
    tmp_path: Path, step: str, time: int, when: str
) -> None:
    confirmed = killed_in_rotation(tmp_path, step, time, when)
    for _ in range(2):
        recover(tmp_path)
        found = [one for path in warc_files(tmp_path / "warc") for one in iter_exchanges(path)]
        captures = [one.capture for one in found if isinstance(one, StoredExchange)]
        assert [capture.id for capture in captures][: len(confirmed)] == confirmed
        assert verify_archive(tmp_path, captures) == []
    assert {path.suffix for path in (tmp_path / "warc").iterdir()} == {".gz", ".cdxj", ".sha256"}


def killed_in_rotation(home: Path, step: str, time: int, when: str) -> list[str]:
    """Let a child rotate and die at the ``time``-th call of a step; return what it confirmed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        with os.fdopen(reading) as lines:
            return lines.read().split()
    try:
        clock = Clock()
        warc = writer(home, max_age=1.0, monotonic=clock)
        ids = [write(warc, n).id for n in range(2)]
        os.write(writing, "".join(f"{one}\n" for one in ids).encode())
        warc.write_conversion(conversion(ids[0]))
        clock.now = 2.0
        arm(step, time, when)
        os.write(writing, f"{write(warc, 2).id}\n".encode())
        warc.close()
    finally:
        os._exit(1)


def arm(step: str, time: int, when: str) -> None:
    """Kill this process before or after the ``time``-th call of a step."""
    place, name = STEPS[step]
    call = getattr(place, name)
    called = itertools.count(1)

    def counted(*args: Any, **named: Any) -> Any:
        number = next(called)
        if (number, when) == (time, "before"):
            os.kill(os.getpid(), signal.SIGKILL)
        done = call(*args, **named)
        if number == time:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(place, name, counted)


def test_a_crawl_that_waits_has_whole_files_meanwhile(tmp_path: Path) -> None:
    directory = tmp_path / "home/warc"

    def until_finished() -> Iterator[bytes]:
        for _ in range(600):
            if any(path.suffix == ".gz" for path in warc_files(directory)):
                break
            yield b""
        yield OK

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            return until_finished()

    answers = {"/1": answer(OK), "/2": Answer(Pieces(), pause=0.05)}
    with WireServer(answers) as server:
        crawl(
            tmp_path,
            [{"url": server.url(path)} for path in answers],
            GKCRAWL_WARC_MAX_IDLE=0.1,
            CONCURRENT_REQUESTS_PER_DOMAIN=1,
        )
    files = warc_files(directory)
    assert len(files) >= 2
    with Catalog(tmp_path / "home/catalog.db", readonly=True) as catalog:
        rows = list(catalog.captures())
        assert [row.url.rpartition("/")[2] for row in rows] == ["1", "2"]
        assert rows[0].warc == files[0].name
        assert rows[1].warc != files[0].name
        assert verify_archive(tmp_path / "home", rows) == []


def test_a_file_that_gets_its_name_between_being_found_and_being_opened_is_read(
    tmp_path: Path,
) -> None:
    warc = writer(tmp_path)
    row = write(warc, 0)
    found = locate(tmp_path / "warc", row.warc)
    warc.close()
    assert not found.exists()
    assert read_exchange(found, row.offset).capture == row
    with pytest.raises(FileNotFoundError):
        read_exchange(found.with_name("gone.warc.gz.open"), row.offset)
