"""Documents are opened in a process that may die, and that nobody else ends or leaves behind."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from warc_examples import exchange, writer

from archive import report, worker
from archive.reading import read_at
from archive.records import Capture, Reading, StoredExchange
from archive.report.media.limits import make_room
from archive.warc import iter_exchanges
from archive.worker import (
    MEMORY,
    MEMORY_FOR_PICTURES,
    Confined,
    ContentReader,
    DocumentReader,
    OutOfBounds,
)

PAGE_URL = "http://www.x.gov.cn/a.html"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>"
# Reads one capture, tells of its child, and waits to be killed.
READER = """
import sys, time
from pathlib import Path
from archive.records import Capture
from archive.worker import DocumentReader
if __name__ == "__main__":
    reader = DocumentReader(Path(sys.argv[1]))
    fields = {"captured_at": "", "status": 200, "media_type": None, "payload_digest": None}
    reader.read(Capture("", "", warc=sys.argv[2], offset=int(sys.argv[3]), length=0, kind="other",
                        run_id="", **fields))
    print(*reader._pool._processes, reader._folder.name, flush=True)
    time.sleep(1000)
"""


@pytest.fixture
def capture(tmp_path: Path) -> Capture:
    """The one page of an archive."""
    warc = writer(tmp_path)
    kept = warc.write(exchange(PAGE))
    warc.close()
    assert isinstance(kept, Capture)
    return kept


def test_what_takes_too_long_is_unreadable_and_the_next_is_read(
    tmp_path: Path, capture: Capture
) -> None:
    reader = DocumentReader(tmp_path / "warc", seconds=0)
    reading = reader.read(capture)
    assert (reading.outcome, reading.message) == ("unreadable", "not read within 0 s")
    reader._seconds = 100
    assert reader.read(capture).outcome != "unreadable"
    reader.close()


def test_what_takes_too_much_memory_is_unreadable(
    tmp_path: Path, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(report, "read", out_of_memory)
    reading = read_at(tmp_path / "warc" / capture.warc, capture.offset)
    assert (reading.outcome, "memory" in reading.message) == ("unreadable", True)


def read_or_die(path: Path, offset: int) -> Reading:
    """Read, but for the first capture of a file, of which the process dies."""
    if offset == min(each.offset for each in captures_of(path)):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_at(path, offset)


def captures_of(path: Path) -> list[Capture]:
    return [one.capture for one in iter_exchanges(path) if isinstance(one, StoredExchange)]


def test_of_captures_that_are_read_together_only_the_one_that_breaks_a_limit_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warc = writer(tmp_path)
    kept = [warc.write(exchange(PAGE, url=f"{PAGE_URL}?{n}")) for n in range(3)]
    warc.close()
    captures = [one for one in kept if isinstance(one, Capture)]
    monkeypatch.setattr(worker, "read_at", read_or_die)
    reader = DocumentReader(tmp_path / "warc")

    readings = reader.read_all(captures)
    reader.close()

    assert [one.stored.capture.id for one in readings] == [one.id for one in captures]
    assert [one.outcome == "unreadable" for one in readings] == [True, False, False]
    assert "died" in readings[0].message


def work_for_ever() -> None:
    while True:
        pass


def fill_the_memory() -> int:
    return len([bytearray(2**20) for _ in range(4096)])


def test_work_without_end_is_ended_by_the_time_it_takes() -> None:
    confined = Confined(cpu_seconds=1)
    with pytest.raises(OutOfBounds, match="1 s of CPU time"):
        confined.run(work_for_ever)
    assert confined.run(len, "ab") == 2
    confined.close()


def test_work_that_fills_the_memory_is_told_so() -> None:
    confined = Confined(memory=2**30)
    with pytest.raises(MemoryError):
        confined.run(fill_the_memory)
    confined.close()


@pytest.mark.parametrize("piece", [b"<p>", b"<tr><td>1<td>2"])
def test_a_page_of_nothing_but_markup_takes_less_than_500_mb(piece: bytes) -> None:
    size = 16 * 2**20
    reader = ContentReader()
    found = reader.read(b"<html><body><table>" + piece * (size // len(piece)), url=PAGE_URL)
    assert (found.is_report, bool(found.title)) == (False, False)
    assert reader._pool is not None
    [child] = reader._pool._processes
    status = Path(f"/proc/{child}/status").read_text()
    [peak] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    assert int(peak) * 1024 < 500_000_000
    # The next document is read by the same process.
    assert reader.read(b"<html><p>ab", url=PAGE_URL).reason == "empty"
    reader.close()


def limit() -> int:
    return resource.getrlimit(resource.RLIMIT_DATA)[0]


def limit_for_pictures() -> int:
    make_room()
    return limit()


def test_a_picture_gets_more_room_and_what_comes_after_it_does_not() -> None:
    confined = Confined()
    assert confined.run(limit) == MEMORY
    assert confined.run(limit_for_pictures) == MEMORY_FOR_PICTURES
    assert confined.run(limit) == MEMORY
    confined.close()


def start_a_program(folder: Path) -> int:
    """Start what goes on for ever, and write a temporary file."""
    script = f"touch {tempfile.mkstemp()[1]}; exec sleep 1000"
    process = subprocess.Popen(["sh", "-c", script], process_group=0)
    (folder / "child").write_text(f"{process.pid} {tempfile.gettempdir()}")
    while True:
        pass


def test_what_the_child_started_and_wrote_goes_with_it(tmp_path: Path) -> None:
    confined = Confined(cpu_seconds=1)
    with pytest.raises(OutOfBounds):
        confined.run(start_a_program, tmp_path)
    process, folder = (tmp_path / "child").read_text().split()
    while is_running(int(process)):
        time.sleep(0.01)
    assert not Path(folder).exists()


def test_a_document_in_memory_is_read_in_the_child(tmp_path: Path) -> None:
    reader = ContentReader()
    found = reader.read(b"<p>", url="http://www.x.gov.cn/a.html")
    assert (found.is_report, found.url) == (False, "http://www.x.gov.cn/a.html")
    reader.close()


def test_ctrl_c_in_the_terminal_is_for_the_parent(tmp_path: Path, capture: Capture) -> None:
    reader = DocumentReader(tmp_path / "warc")
    first = reader.read(capture)
    assert reader._pool is not None
    [child] = reader._pool._processes
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(child, number)
    assert reader.read(capture).outcome == first.outcome != "unreadable"
    assert list(reader._pool._processes) == [child]
    reader.close()


def test_a_child_does_not_outlive_a_parent_that_was_killed(
    tmp_path: Path, capture: Capture
) -> None:
    script = tmp_path / "reader.py"
    script.write_text(READER)
    arguments = [str(tmp_path / "warc"), capture.warc, str(capture.offset)]
    with subprocess.Popen(
        [sys.executable, script, *arguments], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child, folder = parent.stdout.readline().split()
        parent.kill()
    while is_running(int(child)):
        time.sleep(0.01)
    assert not Path(folder).exists()


def is_running(process: int) -> bool:
    """Return whether a process lives; one that ended and was not asked for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
