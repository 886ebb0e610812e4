"""The catalog's rows and the merged index, held against the files; what is repaired of them."""

import dataclasses
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from foreign_archives import DATE, record, zipped
from test_warc_verify import info, response
from verified import problems
from warc_examples import RESPONSES, RUN, exchange, rendered, writer

from archive.catalog import Catalog
from archive.index import index_archive
from archive.records import Capture, Failure, Monitor, Notice, RunEnd
from archive.warc import Problem, WarcWriter, recover, verify_archive, warc_files
from archive.warc.merged import merge_index
from archive.warc.record import pack
from archive.warc.verify import repair_files, repair_merged_index, verify_sample
from gkcrawl.cli import main

END = RunEnd(
    RUN.id,
    "2026-11-22T01:00:00.000000Z",
    "finished",
    {"responses": 3},
    (
        Notice("column_gone", "530800", "http://www.puershi.gov.cn/nb/", "404"),
        Notice("monitor", "530800", "", "fewer reports than expected"),
    ),
    (
        Monitor("errors", "", "ok", 0.25, "<= 0.5", "1 of 4"),
        Monitor("reports", "530800", "failed", 3, ">= 12", "3 reports"),
    ),
)
# What is compared, table by table; ``outcome`` and ``message`` of a capture are the reader's.
COLUMNS = {
    "captures": "id url captured_at status media_type payload_digest warc offset length kind "
    "run_id refers_to",
    "failures": "id run_id url failed_at error message capture_id",
    "runs": "id spider started_at ended_at reason counts software user_agent contact settings",
    "notices": "run_id n kind portal url message",
    "monitors": "run_id n name portal status measured expected message",
}
KEYS = {("captures", "id"), ("failures", "id"), ("runs", "id")}
KEYS |= {(table, key) for table in ("notices", "monitors") for key in ("run_id", "n")}
REPAIR_IT, INDEX_IT = "run: gkcrawl verify --repair", "run: gkcrawl index"
RESTORE_IT = (
    "restore the file from a copy; what is lost is fetched again when it is due; "
    "else run: gkcrawl index --rebuild"
)


def fill(home: Path) -> None:
    warc = writer(home)
    page, *_ = RESPONSES["plain"]
    warc.write(exchange(page))
    warc.write(exchange(page[:-5], n=1, truncated="disconnect", failure="ConnectionLost: gone"))
    warc.write_rendered(rendered(2))
    warc.write(exchange(b"", n=3, failure="DNSLookupError: no such host"))
    warc.write_run_end(END)
    warc.close()
    with Catalog(home / "catalog.db") as catalog:
        index_archive(home, catalog, jobs=0)
    merge_index(home)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    fill(home)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "home")


def change(home: Path, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(home / "catalog.db")) as db:
        assert db.execute(sql, values).rowcount > 0
        db.commit()


def dump(home: Path) -> list[str]:
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        # The portals are those of the configuration, which were not loaded before.
        return [line for line in catalog.dump() if not line.startswith('["portals"')]


def repaired(home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("GKCRAWL_HOME", str(home))
    done = CliRunner().invoke(main, ["verify", "--repair"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


def test_nothing_is_wrong_with_what_was_just_written(home: Path) -> None:
    assert problems(home) == []


def rows(home: Path) -> dict[str, list[dict[str, Any]]]:
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        return {table: list(catalog.db.query(f"select * from {table}")) for table in COLUMNS}


def held(home: Path, told: Mapping[str, Iterable[dict[str, Any]]]) -> list[Problem]:
    """Return what is wrong with rows that a catalog might have."""

    def made(kind: Any) -> list[Any]:
        table = f"{kind.__name__.lower()}s"
        names = [field.name for field in dataclasses.fields(kind)]
        return [kind(**{name: row[name] for name in names}) for row in told[table]]

    by_run = {table: told[table] for table in ("runs", "notices", "monitors")}
    return verify_archive(home, made(Capture), made(Failure), **by_run)


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("value", ["7", None])
def test_each_changed_column_is_named_with_both_values(
    made: Path, table: str, value: str | None
) -> None:
    (path,) = warc_files(made / "warc")
    for column in COLUMNS[table].split():
        told = rows(made)
        row = told[table][-1]
        before, row[column] = row[column], value
        found = held(made, told)
        if before == value:
            assert found == []
            continue
        if (table, column) in KEYS:
            assert {problem.remedy for problem in found} == {INDEX_IT, RESTORE_IT}
            continue
        (problem,) = found
        assert (problem.file, problem.remedy) == (path.name, REPAIR_IT)
        assert problem.offset is not None
        assert problem.record_id
        assert f"{column}: the catalog says {value!r}, the record " in problem.message
        assert problem.message.count("the catalog says") == 1


@pytest.mark.parametrize("table", COLUMNS)
def test_rows_that_are_missing_or_of_nothing_are_told(made: Path, table: str) -> None:
    told = rows(made)
    row = told[table].pop()
    found = held(made, told)
    assert {problem.remedy for problem in found} == {INDEX_IT}
    assert all("has no row in the catalog" in problem.message for problem in found)
    told[table] += [row, row | {"id": "x", "run_id": "x"}]
    (*_, problem) = held(made, told)
    assert problem.remedy == RESTORE_IT


def test_what_was_changed_deleted_or_spoilt_is_as_before_after_repair(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(home)
    last = "(select max(rowid) from {table})"
    for table, columns in COLUMNS.items():
        if table != "runs":
            change(home, f"delete from {table} where rowid = {last}".format(table=table))
        for column in columns.split():
            if (table, column) not in KEYS:
                change(home, f'update {table} set "{column}" = 7')
    index = home / "index" / "index.cdxj"
    index.write_bytes(index.read_bytes()[:-40])
    assert repaired(home, monkeypatch) == (0, "")
    assert dump(home) == before
    assert problems(home) == []


def test_damaged_metadata_are_not_held_against_the_catalog(home: Path) -> None:
    (path,) = warc_files(home / "warc")
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        row = next(row for row in catalog.captures() if row.kind == "rendered")
        later = catalog.db.execute(
            "select count(*) from captures where offset > ?", [row.offset]
        ).fetchone()
    assert later == (0,)
    data = bytearray(path.read_bytes())
    # The last member of the group of three: its metadata.
    offset = row.offset
    for _ in range(2):
        offset = data.index(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", offset + 1)
    data[offset + 40] ^= 0xFF
    path.write_bytes(data)
    told = [problem for problem in problems(home) if problem.file == path.name]
    assert [problem.offset for problem in told if problem.offset] == [offset]


def test_a_run_that_writes_is_left_alone(home: Path) -> None:
    warc = WarcWriter(home / "warc", RUN.__class__(id="a" * 32, spider="x", started_at="now"))
    warc.write(exchange(b"", n=9, failure="DNSLookupError: no"))
    # Neither the row of its run nor that of the failure has come yet.
    assert problems(home) == []
    warc.close()
    assert [problem.remedy for problem in problems(home)] == ["run: gkcrawl index"] * 2


def test_a_run_that_began_and_ended_meanwhile_is_left_alone(home: Path) -> None:
    told = rows(home)

    def crawled_on() -> Iterator[dict[str, Any]]:
        run = RUN.__class__(id="c" * 32, spider="x", started_at="now")
        warc = WarcWriter(home / "warc", run)
        warc.write(exchange(b"", n=9, failure="DNSLookupError: no"))
        warc.close()
        yield from told["runs"]
        yield told["runs"][0] | {"id": run.id, "spider": "x", "started_at": "now"}

    assert held(home, told | {"runs": crawled_on()}) == []
    (problem, *_) = held(home, told)  # the next time
    assert problem.message == "the failure has no row in the catalog"


def test_what_stands_behind_damage_is_not_said_to_be_indexed_by_the_command(home: Path) -> None:
    (path,) = warc_files(home / "warc")
    data = bytearray(path.read_bytes())
    told = rows(home)
    *_, last = sorted(told["captures"], key=lambda row: row["offset"])
    data[min(row["offset"] for row in told["captures"]) + 40] ^= 0xFF
    path.write_bytes(data)
    told["captures"].remove(last)
    (problem,) = [one for one in held(home, told) if one.record_id == last["id"]]
    assert problem.remedy.startswith("restore the file from a copy")


def test_a_changed_row_is_found_by_a_sample(home: Path) -> None:
    for table, column in (("captures", "kind"), ("failures", "message")):
        change(home, f"update {table} set {column} = 'x'")
        with Catalog(home / "catalog.db", readonly=True) as catalog:
            looked = verify_sample(home, catalog.captures, catalog.failures, share=100.0, seed=0)
        assert any(f"{column}: the catalog says 'x'" in p.message for p in looked.problems)


def test_an_odd_word_in_other_peoples_metadata_is_no_row(tmp_path: Path) -> None:
    for block in (
        b"event: run-end\r\n",
        b"event: failure\r\n",
        b"event: rendered\r\nstatus: x\r\n",
    ):
        home = tmp_path / block[7:10].decode()
        (home / "warc").mkdir(parents=True)
        page = pack(info()) + pack(response())
        odd = record("metadata", {"WARC-Date": DATE, "WARC-Target-URI": "http://x/"}, block)
        (home / "warc" / "x.warc.gz").write_bytes(page + zipped(odd))
        with Catalog(home / "catalog.db") as catalog:
            index_archive(home, catalog, jobs=0)
        merge_index(home)
        assert not any("catalog" in problem.message for problem in problems(home))


def spoil(text: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], object]:
    def act(home: Path) -> None:
        index = home / "index" / "index.cdxj"
        index.write_bytes(b"".join(text(index.read_bytes().splitlines(keepends=True))))

    return act


def put(name: str) -> Callable[[Path], object]:
    def act(home: Path) -> None:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(b"x")

    return act


INDEX = {
    "a line dropped": (spoil(lambda lines: lines[1:]), "lacks the line: "),
    "a line too many": (spoil(lambda lines: [*lines, b"zz) 2026 {}\n"]), "has a line too many: "),
    "a line twice": (spoil(lambda lines: [*lines, lines[-1]]), "has a line too many: "),
    "reversed": (spoil(lambda lines: lines[::-1]), "is not sorted: lines 2"),
    "emptied": (spoil(lambda lines: []), "lacks the line: "),
    "cut": (spoil(lambda lines: [*lines[:-1], lines[-1][:-1]]), "lacks the line: "),
    "gone": (lambda home: (home / "index/index.cdxj").unlink(), "is missing"),
    "list gone": (lambda home: (home / "index/merged.json").unlink(), "is missing, or makes"),
    "list spoilt": (put("index/merged.json"), "is missing, or makes no sense"),
    "killed": (put("index/index.cdxj.tmp"), "is left from an interrupted merge"),
    "killed early": (put("index/merge-abcd_123/1-0"), "is left from an interrupted merge"),
    "killed long ago": (put("index/tmpabcd_123/2-11.tmp"), "is left from an interrupted merge"),
}


@pytest.mark.parametrize("name", INDEX)
def test_the_merged_index_is_held_against_the_others_and_merged_anew(home: Path, name: str) -> None:
    act, message = INDEX[name]
    right = (home / "index" / "index.cdxj").read_bytes()
    act(home)
    found = problems(home)
    assert any(problem.message.startswith(message) for problem in found)
    assert {problem.remedy for problem in found} == {"run: gkcrawl verify --repair"}
    assert {problem.file.partition("/")[0] for problem in found} == {"index"}
    assert list(repair_merged_index(home)) == ["the merged index was made anew"]
    assert list(repair_merged_index(home)) == []
    assert (home / "index" / "index.cdxj").read_bytes() == right
    assert len(list((home / "index").iterdir())) == 2


def test_of_many_wrong_lines_the_first_are_named(home: Path) -> None:
    spoil(lambda lines: [*lines, *(b"zz) %03d {}\n" % n for n in range(30))])(home)
    found = [problem.message for problem in problems(home)]
    assert len(found) == 11
    assert found[-1] == "has a line too many, 20 times more"


def test_an_index_that_is_not_merged_yet_is_no_fault_and_none_at_all_neither(home: Path) -> None:
    merged = json.loads((home / "index" / "merged.json").read_text())
    (name,) = merged["merged"]
    (home / "index" / "merged.json").write_text(json.dumps(merged | {"merged": {}}))
    (home / "index" / "index.cdxj").write_text("")
    assert name.endswith(".cdxj")
    assert problems(home) == []
    shutil.rmtree(home / "index")
    assert problems(home) == []


STRANGE = {
    "warc/x.warc.gz.tmp": True,
    "warc/x.cdxj.tmp": True,
    "warc/x.sha256.tmp": True,
    "warc/x.cdxj.open": True,
    "import-abcdefgh/member": True,
    "warc/notes.txt": False,
    "warc/folder/x.warc.gz": False,
    "index/other.cdxj": False,
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_does_not_belong_there_is_told_and_removed_only_where_it_is_ours(
    home: Path, name: str
) -> None:
    put(name)(home)
    assert len(problems(home)) == 1
    recover(home)
    list(repair_files(home))
    assert (home / name).exists() is not STRANGE[name]


def test_what_a_living_process_is_about_to_name_is_left_alone(home: Path) -> None:
    (home / "warc" / ".DS_Store").write_bytes(b"x")
    warc = WarcWriter(home / "warc", RUN.__class__(id="b" * 32, spider="x", started_at="now"))
    warc.write(exchange(b"", n=9, failure="DNSLookupError: no"))
    growing = next((home / "warc").glob("*.warc.gz.open"))
    (home / "warc" / (growing.name.removesuffix(".warc.gz.open") + ".cdxj.tmp")).write_bytes(b"x")
    assert problems(home) == []
    warc.close()
