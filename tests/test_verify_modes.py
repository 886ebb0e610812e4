"""Verifying what is large: interrupted and resumed, by a sample, and one file by itself."""

import dataclasses
import gzip
import itertools
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import DemoArchive
from test_conversions import conversion
from test_warc_verify import DATE, INFO, SOME, info, response
from warc_examples import RESPONSES, RUN, START, exchange, rendered

from archive.catalog import Catalog
from archive.records import Capture, Failure, StoredExchange
from archive.warc import (
    WarcError,
    WarcWriter,
    iter_exchanges,
    verify_archive,
    warc_files,
    write_sidecars,
)
from archive.warc.group import make_record
from archive.warc.names import open_path
from archive.warc.record import Record, digest, pack, walk
from archive.warc.verify import (
    NOTES,
    Looked,
    interrupted,
    notes,
    verify_file,
    verify_sample,
    whole,
)
from archive.warc.verify.files import check_file
from archive.warc.wacz import write_wacz
from gkcrawl.cli import main

Rows = tuple[list[Capture], list[Failure]]


def fill(home: Path, files: int = 3, each: int = 4) -> Rows:
    """Write an archive of several files; return what a catalog would have of it."""
    captures: list[Capture] = []
    failures: list[Failure] = []
    number = itertools.count()
    for serial in range(files):
        run = dataclasses.replace(RUN, id=f"{serial:032x}", spider=f"s{serial}")
        warc = WarcWriter(home / "warc", run, clock=lambda: START)
        for _ in range(each):
            row = warc.write(exchange(RESPONSES["plain"][0], n=next(number)))
            assert isinstance(row, Capture)
            captures.append(row)
        warc.write_conversion(conversion(captures[0].id))
        captures.append(warc.write_rendered(rendered(next(number))))
        failed = warc.write(exchange(b"", n=next(number), failure="DNSLookupError: no"))
        assert isinstance(failed, Failure)
        failures.append(failed)
        warc.close()
    return captures, failures


@pytest.fixture
def home(tmp_path: Path) -> tuple[Path, Rows]:
    return tmp_path / "home", fill(tmp_path / "home")


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that verify reads, as it goes."""
    names: list[str] = []
    check = check_file

    def noted(path: Path, *rest: object) -> object:
        names.append(path.name)
        return check(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(whole, "check_file", noted)
    return names


class Interrupted(BaseException):
    """Stands for Ctrl-C."""


def stop_after(size: int) -> Callable[[int], None]:
    """Return what interrupts a verification when so many bytes are done."""
    left = [size]

    def advance(done: int) -> None:
        left[0] -= done
        if left[0] < 0:
            raise Interrupted

    return advance


def interrupt(home: Path, rows: Rows, files: int) -> Path:
    """Interrupt a verification in the file behind the first ``files``; return its notes."""
    size = sum(path.stat().st_size for path in warc_files(home / "warc")[:files])
    with pytest.raises(Interrupted):
        verify_archive(home, *rows, notes=home / NOTES, advance=stop_after(size + 10))
    return home / NOTES


def test_an_interrupted_verification_goes_on_where_it_was(
    home: tuple[Path, Rows], visited: list[str]
) -> None:
    place, rows = home
    names = [path.name for path in warc_files(place / "warc")]
    kept = interrupt(place, rows, files=2)
    assert visited == names
    assert interrupted(kept) == 2
    visited.clear()
    done: list[int] = []
    assert verify_archive(place, *rows, notes=kept, resume=True, advance=done.append) == []
    assert visited == names[2:]
    assert sum(done) == sum(path.stat().st_size for path in warc_files(place / "warc"))
    assert interrupted(kept) is None


def test_nothing_is_trusted_unless_it_is_asked_for(
    home: tuple[Path, Rows], visited: list[str]
) -> None:
    place, rows = home
    kept = interrupt(place, rows, files=2)
    visited.clear()
    assert verify_archive(place, *rows, notes=kept) == []
    assert len(visited) == 3
    # The other way round, what was verified to the end can be trusted.
    assert verify_archive(place, *rows, notes=kept, resume=True) == []
    assert len(visited) == 3


def test_what_was_found_before_the_interruption_is_told(home: tuple[Path, Rows]) -> None:
    place, rows = home
    path = warc_files(place / "warc")[0]
    data = bytearray(path.read_bytes())
    data[rows[0][1].offset + 30] ^= 1
    path.write_bytes(data)
    whole_story = verify_archive(place, *rows)
    assert whole_story
    kept = interrupt(place, rows, files=2)
    assert verify_archive(place, *rows, notes=kept, resume=True) == whole_story


@pytest.mark.parametrize("suffix", [".warc.gz", ".cdxj", ".sha256"])
def test_what_changed_meanwhile_is_looked_at_again(
    home: tuple[Path, Rows], visited: list[str], suffix: str
) -> None:
    place, rows = home
    path = warc_files(place / "warc")[0]
    kept = interrupt(place, rows, files=2)
    visited.clear()
    changed = path.with_name(path.name.replace(".warc.gz", suffix))
    data = bytearray(changed.read_bytes())
    data[len(data) // 2] ^= 1
    state = changed.stat()
    changed.write_bytes(data)
    # Somebody may even have put the time back.
    os.utime(changed, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    assert verify_archive(place, *rows, notes=kept, resume=True) != []
    assert path.name in visited


def test_a_file_that_went_and_one_that_came_are_seen(
    home: tuple[Path, Rows], visited: list[str]
) -> None:
    place, rows = home
    first, second, third = warc_files(place / "warc")
    kept = interrupt(place, rows, files=2)
    first.unlink()
    visited.clear()
    problems = verify_archive(place, *rows, notes=kept, resume=True)
    assert visited == [third.name]
    gone = {row.id for row in rows[0] if row.warc == first.name}
    assert gone <= {problem.record_id for problem in problems}
    assert second.name not in {problem.file for problem in problems if "is gone" in problem.message}


def test_a_growing_file_is_never_trusted(home: tuple[Path, Rows], visited: list[str]) -> None:
    place, (captures, failures) = home
    warc = WarcWriter(place / "warc", RUN, clock=lambda: START)
    row = warc.write(exchange(RESPONSES["plain"][0], n=100))
    assert isinstance(row, Capture)
    captures.append(row)
    assert verify_archive(place, captures, failures, notes=place / NOTES) == []
    visited.clear()
    assert verify_archive(place, captures, failures, notes=place / NOTES, resume=True) == []
    warc.close()
    assert [name.endswith(".open") for name in visited] == [True]


def test_files_that_are_begun_and_finished_meanwhile_are_no_problem(
    home: tuple[Path, Rows],
) -> None:
    place, (captures, failures) = home
    warc = WarcWriter(place / "warc", RUN, max_bytes=1)

    def crawl_on(done: int = 0) -> None:
        # Each time one file is finished and another begun.
        if len(captures) < 40:
            row = warc.write(exchange(RESPONSES["plain"][0], n=len(captures) + 100))
            assert isinstance(row, Capture)
            captures.append(row)

    def rows_of_a_busy_catalog() -> Iterator[Capture]:
        crawl_on()
        yield from captures

    crawl_on()
    assert verify_archive(place, rows_of_a_busy_catalog(), failures, advance=crawl_on) == []
    warc.close()
    assert len(warc_files(place / "warc")) > 20


def test_notes_that_are_spoilt_or_of_another_version_are_made_anew(
    home: tuple[Path, Rows], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, rows = home
    kept = interrupt(place, rows, files=2)
    kept.write_bytes(b"no database, but as long as one would be" * 100)
    assert interrupted(kept) is None
    assert verify_archive(place, *rows, notes=kept, resume=True) == []
    interrupt(place, rows, files=1)
    monkeypatch.setattr(notes, "VERSION", notes.VERSION + 1)
    assert interrupted(kept) is None


def test_two_at_once_do_not_mix(home: tuple[Path, Rows]) -> None:
    place, rows = home
    first = notes.Notes(place / NOTES, resume=False)
    with first, pytest.raises(WarcError, match="another gkcrawl verify"):
        verify_archive(place, *rows, notes=place / NOTES)
    assert verify_archive(place, *rows, notes=place / NOTES) == []


def sampled(home: Path, rows: Rows, share: float, seed: int = 0) -> Looked:
    captures = sorted(rows[0], key=lambda row: (row.warc, row.offset))
    return verify_sample(home, lambda: captures, lambda: rows[1], share=share, seed=seed)


def test_a_sample_says_how_much_it_is(home: tuple[Path, Rows]) -> None:
    place, rows = home
    looked = sampled(place, rows, 0.2)
    size = sum(path.stat().st_size for path in warc_files(place / "warc"))
    assert (looked.problems, looked.captures, looked.of_captures) == ((), 3, 15)
    assert (looked.of_files, looked.of_size) == (3, size)
    assert 0 < looked.size < size
    assert sampled(place, rows, 0.2) == looked
    everything = sampled(place, rows, 100.0)
    assert (everything.problems, everything.captures, everything.size) == ((), 15, size)


def test_a_sample_of_everything_finds_each_changed_byte(tmp_path: Path) -> None:
    rows = fill(tmp_path, files=1, each=1)
    (path,) = warc_files(tmp_path / "warc")
    data = path.read_bytes()
    for place in range(0, len(data), 11):
        changed = bytearray(data)
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        assert sampled(tmp_path, rows, 100.0).problems, f"byte {place} was changed"


def test_a_sample_finds_about_what_its_share_promises(tmp_path: Path) -> None:
    rows = fill(tmp_path, files=2, each=20)
    path = warc_files(tmp_path / "warc")[0]
    damaged = [row for row in rows[0] if row.warc == path.name][5]
    data = bytearray(path.read_bytes())
    data[damaged.offset + 40] ^= 1
    path.write_bytes(data)
    hits = sum(bool(sampled(tmp_path, rows, 0.25, seed).problems) for seed in range(40))
    # Of 40 those in which it is chosen or the one before it, which is read up to it: 7 in 16, give
    # or take three standard deviations.
    assert 8 <= hits <= 27


def first_file(home: Path) -> Path:
    return warc_files(home / "warc")[0]


def first_index(home: Path) -> Path:
    return min((home / "warc").glob("*.cdxj"))


SPOILT_ROWS: dict[str, Callable[[Rows], Rows]] = {
    "a row is wrong": lambda rows: (
        [dataclasses.replace(rows[0][0], payload_digest="sha256:0"), *rows[0][1:]],
        rows[1],
    ),
    "a row is missing": lambda rows: (rows[0][1:], rows[1]),
    "a failure is missing": lambda rows: (rows[0], rows[1][1:]),
    "a source is missing": lambda rows: (
        [dataclasses.replace(rows[0][0], id="x"), *rows[0][1:]],
        rows[1],
    ),
}
SPOILT_FILES: dict[str, Callable[[Path], object]] = {
    "a file is gone": lambda home: first_file(home).unlink(),
    "an index is gone": lambda home: first_index(home).unlink(),
    "an index is another's": lambda home: shutil.copy(
        *sorted((home / "warc").glob("*.cdxj"), reverse=True)[:2]
    ),
    "an index makes no sense": lambda home: first_index(home).write_text("no index\n"),
    "a file is not compressed": lambda home: (home / "warc/x.warc").write_text("WARC/1.0"),
    "a file was left open": lambda home: first_file(home).rename(open_path(first_file(home))),
    "an import was killed": lambda home: (home / "import-abcdefgh").mkdir(),
}


@pytest.mark.parametrize("name", [*SPOILT_ROWS, *SPOILT_FILES])
def test_a_sample_of_everything_finds_what_does_not_agree(
    home: tuple[Path, Rows], name: str
) -> None:
    place, rows = home
    if name in SPOILT_ROWS:
        rows = SPOILT_ROWS[name](rows)
    else:
        SPOILT_FILES[name](place)
    problems = sampled(place, rows, 100.0).problems
    assert problems
    assert all(problem.message and problem.remedy for problem in problems)


def test_the_command_samples_resumes_and_checks_files(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GKCRAWL_HOME", str(demo_copy))

    def verify(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(main, ["verify", *arguments])
        return done.exit_code, done.stdout, done.stderr

    status, out, told = verify("--sample", "10%", "--seed", "3")
    assert (status, out) == (0, "")
    assert "captures (1" in told
    assert "--seed 3" in told
    status, out, _ = verify("--sample", "5", "--json")
    assert (status, json.loads(out)["captures"], json.loads(out)["problems"]) == (0, 5, [])
    first, *_ = files = [str(path) for path in warc_files(demo_copy / "warc")]
    assert verify(*files)[0] == 0
    with Catalog(demo_copy / "catalog.db", readonly=True) as catalog:
        rows = list(catalog.captures()), list(catalog.failures())
    interrupt(demo_copy, rows, files=1)
    status, _, told = verify()
    assert (status, "going on behind 1 files" in told) == (0, True)
    interrupt(demo_copy, rows, files=1)
    status, _, told = verify("--no-resume")
    assert (status, "going on" in told) == (0, False)
    data = bytearray(Path(first).read_bytes())
    data[-20] ^= 1
    Path(first).write_bytes(data)
    assert verify(first)[0] == verify()[0] == verify("--resume")[0] == 1
    for wrong in (["--sample", "0%"], ["--sample", "x"], ["--seed", "1"], [first, "--repair"]):
        assert verify(*wrong)[0] == 2


def test_one_file_of_any_maker_is_checked_by_itself(
    demo_archive: DemoArchive, tmp_path: Path
) -> None:
    source = warc_files(demo_archive.home / "warc")[0]
    path = Path(shutil.copy(source, tmp_path))
    assert verify_file(path) == []  # with neither index nor checksum beside it
    path.with_name(source.name.replace(".warc.gz", ".sha256")).write_text("0  x\n")
    (problem,) = verify_file(path)
    assert problem.message == f"does not agree with {path.name}"
    out = tmp_path / "x.wacz"
    write_wacz(demo_archive.home, out, [])
    assert verify_file(out) == []
    out.write_bytes(out.read_bytes()[:-100])
    assert [problem.file for problem in verify_file(out)] == ["x.wacz"]
    plain = tmp_path / "x.warc"
    plain.write_bytes(b"WARC/1.0\r\n")
    assert [problem.remedy for problem in verify_file(plain)] != []


def test_two_records_of_one_id_in_a_file_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(pack(info()) + pack(response()) * 2)
    (problem,) = verify_file(path)
    assert problem.message == f"the record id is also at offset {len(pack(info()))}"


BODY = b"x" * 2000
MESSAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"
AGAIN = "00000000-0000-4000-8000-000000000003"


def revisit(**changed: str | None) -> Record:
    """Return a revisit of ``response(MESSAGE + BODY)`` with other fields."""
    fields = {
        "WARC-Warcinfo-ID": f"<urn:uuid:{INFO}>",
        "WARC-Payload-Digest": digest(BODY),
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": f"<urn:uuid:{SOME}>",
        "WARC-Refers-To-Target-URI": "http://x/",
        "WARC-Refers-To-Date": DATE,
    } | {name.replace("_", "-"): value for name, value in changed.items()}
    kind = "application/http; msgtype=response"
    return make_record("revisit", AGAIN, DATE, "http://x/2", MESSAGE, kind, fields.items())


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("WARC_Refers_To_Date", "2026-11-22T00:20:34.000000Z", "WARC-Refers-To-Date says"),
        ("WARC_Refers_To_Target_URI", "http://y/", "WARC-Refers-To-Target-URI says"),
        ("WARC_Payload_Digest", digest(b"y"), "WARC-Payload-Digest says"),
        ("WARC_Refers_To", f"<urn:uuid:{AGAIN}>", "which is no original"),
        ("WARC_Refers_To", f"<urn:uuid:{INFO}>", "which is no capture"),
        ("WARC_Refers_To", f"<urn:uuid:{INFO[:-1]}9>", "which is in no file"),
        ("WARC_Refers_To", f"<urn:uuid:{SOME}>", ""),
    ],
)
def test_a_revisit_that_is_none_is_told_whole_and_by_a_sample(
    tmp_path: Path, field: str, value: str, message: str
) -> None:
    path = tmp_path / "warc" / "x.warc.gz"
    path.parent.mkdir()
    original = response(MESSAGE + BODY, WARC_Payload_Digest=digest(BODY))
    path.write_bytes(b"".join(map(pack, (info(), original, revisit(**{field: value})))))
    write_sidecars(path)
    found = [one for one in iter_exchanges(path) if isinstance(one, StoredExchange)]
    rows = [one.capture for one in found], list[Failure]()
    messages = [problem.message for problem in verify_archive(tmp_path, *rows)]
    assert any(message in one for one in messages) if message else messages == []
    assert bool(sampled(tmp_path, rows, 100.0).problems) == bool(messages)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def zeros(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.randrange(1, 600))
    return data[:start] + bytes(end - start) + data[end:]


def double(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.sample(range(len(data) + 1), 2))
    return data[:end] + data[start:end] + data[end:]


def drop(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.sample(range(len(data) + 1), 2))
    return data[:start] + data[end:]


def swap_members(data: bytes, chance: random.Random) -> bytes:
    """Exchange two whole records, which leaves each of them as it was."""
    records = list(walk(data))
    one, other = sorted(chance.sample(records, 2), key=lambda record: record.offset)
    first, last = (data[r.offset : r.offset + r.length] for r in (one, other))
    between = data[one.offset + one.length : other.offset]
    return data[: one.offset] + last + between + first + data[other.offset + other.length :]


def repeat_member(data: bytes, chance: random.Random) -> bytes:
    record = chance.choice(list(walk(data)))
    end = record.offset + record.length
    return data[:end] + data[record.offset : end] + data[end:]


def recompress(data: bytes, chance: random.Random) -> bytes:
    """The same records by another program."""
    record = chance.choice(list(walk(data)))
    end = record.offset + record.length
    again = gzip.compress(gzip.decompress(data[record.offset : end]), 1, mtime=0)
    return data[: record.offset] + again + data[end:]


MUTATIONS = (cut, zeros, double, drop, swap_members, repeat_member, recompress)
ROUNDS = 4


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_whatever_is_done_to_a_file_is_found_and_nothing_breaks(
    home: tuple[Path, Rows], mutate: Callable[[bytes, random.Random], bytes]
) -> None:
    place, rows = home
    chance = random.Random(mutate.__name__)
    for _ in range(ROUNDS):
        path = chance.choice(warc_files(place / "warc"))
        data = path.read_bytes()
        while (changed := mutate(data, chance)) == data:
            pass
        path.write_bytes(changed)
        problems = verify_archive(place, *rows)
        assert problems
        assert all(problem.message and problem.remedy for problem in problems)
        looked = sampled(place, rows, 0.3, chance.randrange(100))
        assert looked.captures == 5
        verify_file(path)
        path.write_bytes(data)
    assert verify_archive(place, *rows) == []
