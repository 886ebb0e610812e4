"""What a killed run left is finished, nothing that was confirmed is lost."""

import contextlib
import errno
import fcntl
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from warc_examples import RESPONSES, exchange, rendered, writer

from archive.records import Capture, Failure, StoredExchange
from archive.warc import (
    Recovery,
    iter_exchanges,
    publish,
    recover,
    renew_indexes,
    verify_archive,
    warc_files,
)
from archive.warc.names import cdxj_path, checksum_path
from archive.warc.record import mapped, walk
from archive.warc.recover import is_abandoned


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    """Give the name and the bytes of an open file with two groups."""
    home = tmp_path_factory.mktemp("grown")
    warc = writer(home)
    warc.write(exchange(b"", request=b"", failure="ConnectionRefusedError: refused"))
    warc.write_rendered(rendered(1))
    (path,) = warc_files(home / "warc")
    grown = path.name, path.read_bytes()
    warc.close()
    return grown


def ends_of_groups(data: bytes) -> list[int]:
    groups = [r for r in walk(data) if r.type in ("warcinfo", "metadata")]
    return [0] + [record.offset + record.length for record in groups]


def test_a_file_cut_at_any_byte_is_finished_and_whole(
    growing: tuple[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # thousands of files, all short-lived
    name, data = growing
    ends = ends_of_groups(data)
    for size in range(len(data) + 1):
        home = tmp_path / str(size)
        (home / "warc").mkdir(parents=True)
        (home / "warc" / name).write_bytes(data[:size])
        kept = max(end for end in ends if end <= size)
        (done,) = recover(home)
        assert (done.kept, done.torn) == (kept, size - kept)
        left = done.quarantined.read_bytes() if done.quarantined else b""
        assert left == data[kept:size]
        assert [p.read_bytes() for p in warc_files(home / "warc")] == [data[:kept]] * bool(kept)
        items = [item for path in warc_files(home / "warc") for item in iter_exchanges(path)]
        captures = [item.capture for item in items if isinstance(item, StoredExchange)]
        failures = [item for item in items if isinstance(item, Failure)]
        assert len(captures) + len(failures) == max(ends.index(kept) - 1, 0)
        assert verify_archive(home, captures, failures) == []
        assert recover(home) == []


def test_zeros_after_a_power_cut_are_torn_bytes(growing: tuple[str, bytes], tmp_path: Path) -> None:
    name, data = growing
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / name).write_bytes(data + bytes(4096))
    (done,) = recover(tmp_path)
    assert (done.kept, done.torn) == (len(data), 4096)


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.write(exchange(RESPONSES["plain"][0]))
    (path,) = warc_files(tmp_path / "warc")
    assert not is_abandoned(path)
    assert recover(tmp_path) == []
    assert warc_files(tmp_path / "warc") == [path]
    row = warc.write(exchange(RESPONSES["plain"][0], n=1))
    warc.close()
    assert isinstance(row, Capture)
    assert row.id in {p.record_id for p in verify_archive(tmp_path, [])}


def test_an_archive_without_files_needs_nothing(tmp_path: Path) -> None:
    assert recover(tmp_path) == []
    assert verify_archive(tmp_path, []) == []


def test_missing_indexes_and_checksums_are_made_again(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    row = warc.write(exchange(RESPONSES["plain"][0]))
    warc.close()
    assert isinstance(row, Capture)
    for path in (*(tmp_path / "warc").glob("*.cdxj"), *(tmp_path / "warc").glob("*.sha256")):
        path.unlink()
    (tmp_path / "warc" / "gone.cdxj.open").touch()
    assert len(verify_archive(tmp_path, [row])) == 3
    assert recover(tmp_path) == []
    assert verify_archive(tmp_path, [row]) == []


CHILD = """
import sys
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
from warc_examples import RESPONSES, exchange, writer
warc = writer(Path(sys.argv[2]), max_bytes=20_000)
n = 0
while True:
    for wire, *_ in RESPONSES.values():
        sys.stdout.write(warc.write(exchange(wire, n=n)).id + "\\n")
        sys.stdout.flush()
        n += 1
"""


@pytest.mark.parametrize("seed", range(6))
def test_nothing_confirmed_is_lost_when_the_writer_is_killed(tmp_path: Path, seed: int) -> None:
    here = Path(__file__).parent
    command = [sys.executable, "-c", CHILD, str(here), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=here.parent) as child:
        assert child.stdout is not None
        confirmed = [next(child.stdout) for _ in range(random.Random(seed).randrange(1, 120))]
        child.send_signal(signal.SIGKILL)
        confirmed += child.stdout
    recover(tmp_path)
    items = [item for path in warc_files(tmp_path / "warc") for item in iter_exchanges(path)]
    captures = [item.capture for item in items if isinstance(item, StoredExchange)]
    # The last line may be cut, or its exchange be written and not yet told of.
    whole = [line.strip() for line in confirmed if line.endswith("\n")]
    assert [capture.id for capture in captures][: len(whole)] == whole
    assert verify_archive(tmp_path, captures) == []


def test_an_archive_can_be_verified_while_it_is_written(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    rows = [warc.write(exchange(RESPONSES["plain"][0]))]

    def rows_of_a_busy_catalog() -> Iterator[Capture]:
        rows.append(warc.write(exchange(RESPONSES["plain"][0], n=1)))
        yield from (row for row in rows if isinstance(row, Capture))

    assert verify_archive(tmp_path, rows_of_a_busy_catalog()) == []
    warc.close()


def test_two_recoveries_at_once_do_the_work_once(
    growing: tuple[str, bytes], tmp_path: Path
) -> None:
    name, data = growing
    path = tmp_path / "warc" / name
    path.parent.mkdir()
    path.write_bytes(data)
    handle = os.open(path, os.O_RDONLY)
    with contextlib.closing(os.fdopen(handle, "rb")):
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert recover(tmp_path) == []
    assert [type(each) for each in recover(tmp_path)] == [Recovery]
    with mapped(warc_files(tmp_path / "warc")[0]) as stored:
        assert stored[:] == data


def test_a_file_that_its_writer_let_go_of_is_finished(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    kept = warc.write(exchange(RESPONSES["plain"][0]))
    warc.abandon()
    warc.close()
    (done,) = recover(tmp_path)
    assert (done.torn, done.quarantined) == (0, None)
    assert isinstance(kept, Capture)
    assert verify_archive(tmp_path, [kept]) == []


def test_a_file_that_cannot_be_finished_is_let_go_of_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    warc = writer(tmp_path)
    kept = warc.write(exchange(RESPONSES["plain"][0]))
    with monkeypatch.context() as disk:
        disk.setattr("archive.warc.growing.write_index", full)
        with pytest.raises(OSError, match="No space"):
            warc.close()
    assert [done.torn for done in recover(tmp_path)] == [0]
    assert isinstance(kept, Capture)
    assert verify_archive(tmp_path, [kept]) == []


def test_what_a_killed_import_unpacked_is_told_and_removed(tmp_path: Path) -> None:
    with publish.unpacking(tmp_path) as living:
        living.write_bytes(b"x")
        dead = tmp_path / "import-abcdefgh"
        dead.mkdir()
        (dead / "member").write_bytes(b"x")
        own = tmp_path / "import-of-mine"
        own.mkdir()
        (own / "notes.txt").write_text("x")
        (problem,) = verify_archive(tmp_path, [])
        assert (problem.file, problem.remedy) == (dead.name, "run: gkcrawl verify --repair")
        assert recover(tmp_path) == []
        assert verify_archive(tmp_path, []) == []
        assert {path.name for path in tmp_path.iterdir()} == {own.name, living.parent.name}
        assert living.read_bytes() == b"x"
    assert [path.name for path in tmp_path.iterdir()] == [own.name]


IMPORTER = """
import sys
from pathlib import Path
from archive.warc.publish import unpacking
with unpacking(Path(sys.argv[1])) as copy:
    copy.write_bytes(b"x")
    print(copy, flush=True)
    sys.stdin.read()
"""


def test_it_is_told_by_whether_its_process_lives(tmp_path: Path) -> None:
    command = [sys.executable, "-c", IMPORTER, str(tmp_path)]
    root = Path(__file__).parent.parent
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": root}
    with subprocess.Popen(command, **pipes) as child:  # type: ignore[call-overload]
        copy = Path(child.stdout.readline().strip())
        recover(tmp_path)
        assert copy.read_bytes() == b"x"
        child.kill()
    assert publish.abandoned(tmp_path) == [copy.parent]
    recover(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [lambda text: "", lambda text: text[:-1], lambda text: text * 2])
def test_a_wrong_index_is_made_anew_where_its_file_is_as_it_was_written(
    tmp_path: Path, wrong: Callable[[str], str]
) -> None:
    warc = writer(tmp_path)
    captures = [warc.write(exchange(given[0])) for given in RESPONSES.values()]
    warc.close()
    (path,) = warc_files(tmp_path / "warc")
    index = cdxj_path(path)
    right = index.read_text()
    index.write_text(wrong(right))
    (problem,) = verify_archive(tmp_path, [c for c in captures if isinstance(c, Capture)])
    assert (problem.file, problem.remedy) == (index.name, "run: gkcrawl verify --repair")
    assert renew_indexes(path.parent) == [path.name]
    assert index.read_text() == right
    assert renew_indexes(path.parent) == []


def test_a_wrong_index_of_a_file_that_has_changed_is_evidence(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.write(exchange(next(iter(RESPONSES.values()))[0]))
    warc.close()
    (path,) = warc_files(tmp_path / "warc")
    cdxj_path(path).write_text("")
    checksum_path(path).write_text("0" * 64 + f"  {path.name}\n")
    assert renew_indexes(path.parent) == []
    assert cdxj_path(path).read_text() == ""
