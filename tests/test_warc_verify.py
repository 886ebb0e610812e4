"""Whatever is not as it was written is found."""

import dataclasses
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from warc_examples import RESPONSES, RUN, exchange, rendered, writer

from archive.records import Capture, Failure
from archive.warc import Problem, verify_archive, warc_files, write_sidecars
from archive.warc.group import make_record
from archive.warc.record import Record, mapped, pack, walk
from archive.warc.runs import warcinfo

Rows = tuple[list[Capture], list[Failure]]


def fill(home: Path) -> Rows:
    warc = writer(home)
    captures = [warc.write(exchange(RESPONSES[name][0])) for name in ("plain", "chunked")]
    captures.append(warc.write_rendered(rendered(1)))
    failures = [warc.write(exchange(b"", n=2, failure="DNSLookupError: no such host"))]
    warc.close()
    return (
        [row for row in captures if isinstance(row, Capture)],
        [row for row in failures if isinstance(row, Failure)],
    )


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows]:
    home = tmp_path_factory.mktemp("home")
    return home, fill(home)


def test_a_whole_archive_has_no_problems(archived: tuple[Path, Rows]) -> None:
    home, rows = archived
    assert verify_archive(home, *rows) == []


@pytest.mark.parametrize("bits", [range(1), range(8)])
def test_every_changed_byte_is_found(tmp_path: Path, bits: range) -> None:
    warc = writer(tmp_path)
    row = warc.write(exchange(RESPONSES["redirect"][0], request=b"", hints={}))
    warc.close()
    assert isinstance(row, Capture)
    (path,) = warc_files(tmp_path / "warc")
    data = path.read_bytes()
    for place in range(len(data)):
        changed = bytearray(data)
        # All bits of the byte, or one.
        changed[place] ^= 0xFF if len(bits) == 1 else 1 << bits[place % 8]
        path.write_bytes(changed)
        problems = verify_archive(tmp_path, [row])
        assert problems, f"byte {place} was changed"
        assert all(problem.message and problem.remedy for problem in problems)


def test_damage_is_placed_and_the_rest_of_the_file_still_checked(
    archived: tuple[Path, Rows], tmp_path: Path
) -> None:
    home = shutil.copytree(archived[0], tmp_path / "home")
    (path,) = warc_files(home / "warc")
    captures, failures = archived[1]
    data = bytearray(path.read_bytes())
    middle = captures[0].offset + captures[0].length // 2
    data[middle] ^= 0xFF
    path.write_bytes(data)
    problems = verify_archive(home, captures, failures)
    assert problems[0].offset == captures[0].offset
    assert problems[0].file == path.name
    missing = {p.record_id for p in problems if "catalog" in p.message}
    assert missing == {captures[0].id}


def test_each_changed_byte_of_index_and_checksum_is_found(
    archived: tuple[Path, Rows], tmp_path: Path
) -> None:
    home = shutil.copytree(archived[0], tmp_path / "home")
    for sidecar in (*(home / "warc").glob("*.cdxj"), *(home / "warc").glob("*.sha256")):
        data = sidecar.read_bytes()
        changed = bytearray(data)
        changed[random.Random(0).randrange(len(data))] ^= 1
        sidecar.write_bytes(changed)
        (problem,) = verify_archive(home, *archived[1])
        assert problem.file == sidecar.name
        sidecar.write_bytes(data)


def test_a_file_that_is_gone_is_missed(archived: tuple[Path, Rows], tmp_path: Path) -> None:
    home = shutil.copytree(archived[0], tmp_path / "home")
    warc_files(home / "warc")[0].unlink()
    problems = verify_archive(home, *archived[1])
    assert sum("catalog" in p.message for p in problems) == 4
    assert sum(p.message.endswith("is gone") for p in problems) == 2


def test_catalog_and_files_are_held_against_each_other(archived: tuple[Path, Rows]) -> None:
    home, (captures, failures) = archived
    other = dataclasses.replace(captures[0], offset=captures[0].offset + 1)
    stray = dataclasses.replace(captures[0], id="f" * 36)
    problems = verify_archive(home, [other, stray, *captures[2:]], [])
    assert {problem.record_id: problem.remedy for problem in problems} == {
        other.id: "run: gkcrawl verify --repair",
        stray.id: "restore the file from a copy; what is lost is fetched again when it is due; "
        "else run: gkcrawl index --rebuild",
        captures[1].id: "run: gkcrawl index",
        failures[0].id: "run: gkcrawl index",
    }


def test_a_file_left_open_is_told(archived: tuple[Path, Rows], tmp_path: Path) -> None:
    home = shutil.copytree(archived[0], tmp_path / "home")
    (path,) = warc_files(home / "warc")
    path.rename(path.with_name(path.name + ".open"))
    (problem,) = verify_archive(home, *archived[1])
    assert problem.remedy == "run: gkcrawl verify --repair"


def test_the_same_file_twice_is_told(archived: tuple[Path, Rows], tmp_path: Path) -> None:
    home = shutil.copytree(archived[0], tmp_path / "home")
    (path,) = warc_files(home / "warc")
    twin = shutil.copy(path, path.with_name("a.warc.gz"))
    write_sidecars(Path(twin))
    problems = verify_archive(home, *archived[1])
    assert all("record id is also in" in p.message or "catalog" in p.message for p in problems)
    assert problems


DATE = "2026-11-22T00:20:34.123456Z"
INFO = "00000000-0000-4000-8000-000000000001"
SOME = "00000000-0000-4000-8000-000000000002"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def response(block: bytes = HTTP, **named: str | None) -> Record:
    fields = {"WARC-Warcinfo-ID": f"<urn:uuid:{INFO}>"} | {
        name.replace("_", "-"): value for name, value in named.items()
    }
    kind = "application/http; msgtype=response"
    return make_record("response", SOME, DATE, "http://x/", block, kind, tuple(fields.items()))


def info() -> Record:
    block = warcinfo(RUN, DATE, "x.warc.gz").block
    return make_record("warcinfo", INFO, DATE, None, block, "application/warc-fields")


def without(record: Record, name: str) -> Record:
    kept = tuple((key, value) for key, value in record.headers if key != name)
    return dataclasses.replace(record, headers=kept)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (response(), ""),
        (response(b"no http"), "the block is no HTTP response"),
        (
            response(HTTP.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")),
            "the chunks of the body make no sense",
        ),
        (response(HTTP + b"!"), "the body is longer than its Content-Length"),
        (response(HTTP[:-1]), "Content-Length says 2, the body has 1 bytes"),
        (response(HTTP[:-1], WARC_Truncated="disconnect"), ""),
        (
            response(WARC_Payload_Digest="sha1:AAAA"),
            "WARC-Payload-Digest is not that of what is there",
        ),
        (response(WARC_Payload_Digest="sha1:PKC7I5SLXVW26HBVIXX3X4HSPGTNYC7L"), ""),
        (without(response(), "WARC-Target-URI"), "WARC-Target-URI is missing"),
        (without(response(), "WARC-Date"), "WARC-Date is missing"),
        (
            response(WARC_Warcinfo_ID=None),
            "WARC-Warcinfo-ID does not name the file's warcinfo",
        ),
        (
            response(WARC_Refers_To=f"<urn:uuid:{INFO[:-1]}9>"),
            f"WARC-Refers-To names {INFO[:-1]}9, which is in no file",
        ),
    ],
)
def test_each_fault_of_a_record_is_named(tmp_path: Path, record: Record, message: str) -> None:
    messages = problems_of(tmp_path, pack(info()) + pack(record))
    assert (message in messages) if message else messages == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data + b"\0",
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: b"text",
        lambda data: data + pack(response())[:20],
    ],
)
def test_what_is_no_sequence_of_records_is_told(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    assert problems_of(tmp_path, spoil(pack(info())))


def problems_of(home: Path, data: bytes) -> list[str]:
    (home / "warc").mkdir(parents=True)
    (home / "warc" / "x.warc.gz").write_bytes(data)
    no_row = "the capture has no row in the catalog"
    found: list[Problem] = verify_archive(home, [])
    return [p.message for p in found if p.message not in (no_row, "is missing")]


def test_a_record_in_two_members_or_two_in_one_is_no_record(archived: tuple[Path, Rows]) -> None:
    (path,) = warc_files(archived[0] / "warc")
    with mapped(path) as data:
        assert len(list(walk(data))) == 1 + 3 + 3 + 3 + 2
