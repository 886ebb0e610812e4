"""Documents are opened in a process that may die, and that nobody else ends or leaves behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from warc_examples import exchange, writer

from archive.records import Capture
from archive.worker import DocumentReader

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
    print(*reader._pool._processes, flush=True)
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


def test_what_takes_too_much_memory_is_unreadable(tmp_path: Path, capture: Capture) -> None:
    reader = DocumentReader(tmp_path / "warc", memory=2**20)
    reading = reader.read(capture)
    assert (reading.outcome, "limit 1 MiB" in reading.message) == ("unreadable", True)
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
        child = int(parent.stdout.readline())
        parent.kill()
    while is_running(child):
        time.sleep(0.01)


def is_running(process: int) -> bool:
    """Return whether a process lives; one that ended and was not asked for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
