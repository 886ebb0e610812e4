"""Archives that older versions made: they verify, and their catalogs are brought up in place."""

import lzma
import os
import shutil
import signal
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verified import problems

from archive.catalog import Catalog, CatalogError, Question, migrations
from archive.catalog.reform import reform
from archive.catalog.schema import REPORT_PARTS, VERSION, VIEWS
from archive.index import index_archive

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = sorted(int(folder.name) for folder in GOLDEN.iterdir())
# Their reader found less: their captures are read again.
READ_AGAIN = (1, 2, 3)


@pytest.fixture(params=VERSIONS)
def old(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[int, Path]:
    """A version and a copy of the archive that it made."""
    return request.param, unpack(request.param, tmp_path / "home")


def unpack(version: int, home: Path) -> Path:
    shutil.copytree(GOLDEN / str(version) / "warc", home / "warc")
    packed = (GOLDEN / str(version) / "catalog.db.xz").read_bytes()
    (home / "catalog.db").write_bytes(lzma.decompress(packed))
    return home


def dump(path: Path) -> list[str]:
    with Catalog(path, readonly=True) as catalog:
        return [line for line in catalog.dump() if not line.startswith('["portals"')]


def indexed(home: Path, *, rebuild: bool = False) -> list[str]:
    with Catalog(home / "catalog.db") as catalog:
        index_archive(home, catalog, rebuild=rebuild, jobs=0)
    return dump(home / "catalog.db")


def test_there_is_an_archive_of_every_version_before_this() -> None:
    assert set(range(1, VERSION)) <= set(VERSIONS)
    assert set(migrations.STEPS) == set(range(1, VERSION))


def test_an_old_archive_verifies_and_is_brought_up_to_what_a_rebuild_makes(
    old: tuple[int, Path],
) -> None:
    version, home = old
    with Catalog(home / "catalog.db") as catalog:
        unread = len(list(catalog.pending()))
        assert bool(unread) == (version in READ_AGAIN)
        # What was read before stands until it is read again.
        assert len(catalog.search(Question("政府信息公开")).hits) == 4
        assert list(catalog.db.query("select * from reports_panel"))
    migrated = indexed(home)

    assert problems(home) == []
    assert migrated == indexed(home, rebuild=True)


def test_the_form_of_a_catalog_that_was_brought_up_is_that_of_a_new_one(
    old: tuple[int, Path], tmp_path: Path
) -> None:
    _, home = old
    Catalog(home / "catalog.db").close()
    Catalog(tmp_path / "new.db").close()

    assert statements(home / "catalog.db") == statements(tmp_path / "new.db")


def statements(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        sql = "select type, name, tbl_name, sql from sqlite_master order by type, name"
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        return connection.execute(sql).fetchall()


def test_reports_keep_their_address_in_the_index(tmp_path: Path) -> None:
    home = unpack(4, tmp_path)
    docids = "select id, docid from reports order by id"
    with closing(sqlite3.connect(home / "catalog.db")) as connection:
        before = connection.execute(docids).fetchall()
        connection.execute("drop table checks")  # so that all is derived anew
    with Catalog(home / "catalog.db") as catalog:
        assert catalog.db.execute(docids).fetchall() == before


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_a_catalog_of_which_tables_or_columns_are_missing_is_made_whole(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Tables came one by one while a version was made."""
    home = unpack(4, tmp_path_factory.mktemp("mid"))
    with closing(sqlite3.connect(home / "catalog.db")) as connection:
        wanted = Catalog(home / "catalog.db")
        whole = list(wanted.dump())
        wanted.close()
        for view in VIEWS:
            connection.execute(f"drop view {view}")
        derived = sorted({*REPORT_PARTS, "evaluations", "agencies", "totals", "sources"})
        for table in data.draw(st.sets(st.sampled_from(derived), max_size=4)):
            connection.execute(f"drop table {table}")
        for index in data.draw(st.sets(st.sampled_from(INDEXES), max_size=3)):
            connection.execute(f"drop index {index}")
        if data.draw(st.booleans()):
            connection.execute("create table of_my_own (a, b)")
        connection.execute("pragma user_version = 4")
        connection.commit()

    with Catalog(home / "catalog.db") as catalog:
        assert list(catalog.dump()) == whole
        assert len(catalog.search(Question("政府信息公开")).hits) == 4


INDEXES = ["idx_reports_docid", "idx_captures_run_id", "idx_readings_report_id_url_captured_at"]


@pytest.mark.parametrize("steps", [1, 30, 300, 1_000])
def test_a_process_that_is_killed_leaves_the_old_catalog(tmp_path: Path, steps: int) -> None:
    """SQLite tells of each so many of its own instructions; then the process is gone."""
    home = unpack(1, tmp_path)
    before = content(home / "catalog.db")

    child = os.fork()
    if child == 0:
        kill_after(steps)
        try:
            Catalog(home / "catalog.db")
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert content(home / "catalog.db") == before
    Catalog(home / "catalog.db").close()
    Catalog(home / "catalog.db", readonly=True).close()


def kill_after(steps: int) -> None:
    """Kill this process when the step from 1 on has taken so many times 100 instructions."""
    left = [steps]

    def count() -> int:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    def counted(connection: sqlite3.Connection) -> set[str]:
        connection.set_progress_handler(count, 100)
        return reform(connection)

    setattr(migrations, "reform", counted)  # noqa: B010


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_an_old_catalog_that_shall_only_be_read_says_what_to_do(tmp_path: Path) -> None:
    home = unpack(4, tmp_path)
    with pytest.raises(CatalogError, match=r"of version 4, .* works with 5: gkcrawl index brings"):
        Catalog(home / "catalog.db", readonly=True)


@pytest.mark.parametrize("readonly", [True, False])
@pytest.mark.parametrize(("version", "remedy"), [(VERSION + 1, "newer gkcrawl"), (0, "--rebuild")])
def test_a_catalog_of_the_future_or_of_nobody_is_refused(
    tmp_path: Path, version: int, remedy: str, readonly: bool
) -> None:
    path = tmp_path / "catalog.db"
    Catalog(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma user_version = {version}")
    before = content(path)

    with pytest.raises(CatalogError, match=remedy):
        Catalog(path, readonly=readonly)
    assert content(path) == before


def test_nothing_is_begun_without_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = unpack(3, tmp_path)
    before = content(home / "catalog.db")
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 9, 9))

    with pytest.raises(CatalogError, match="takes 1 MiB, and 0 MiB are free: make room"):
        Catalog(home / "catalog.db")
    assert content(home / "catalog.db") == before


def test_what_is_done_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    home = unpack(3, tmp_path)
    Catalog(home / "catalog.db").close()

    assert [record.getMessage().partition(" to ")[2] for record in caplog.records] == [
        "version 4: evaluations, sums and search by pairs of characters",
        "version 5: states, events and monitors",
        "be read again: gkcrawl index does it",
    ]
