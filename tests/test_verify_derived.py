"""Whatever is changed in a derived table is found, and derived anew."""

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from small_archive import RUN, add_to_home, make_home, reports

from archive.catalog import Catalog, Question, differences, mend
from archive.catalog.schema import TABLES
from archive.records import Finding, Indicator
from gkcrawl.cli import main

DERIVED = (
    *("agencies", "reports", "readings", "sources", "versions", "sections", "active_disclosure"),
    *("requests", "review_litigation", "tables_status", "checks", "findings", "evaluations"),
    *("indicators", "warnings", "attachments", "totals", "check_totals", "states"),
)
# A reading is read again from its page; of its row the page's own facts are all that is known.
AGAIN = {"readings"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of which every derived table has rows."""
    home = make_home(tmp_path_factory.mktemp("whole"))
    one = replace(
        reports()[1],
        year=2021,
        url="http://www.kmgd.gov.cn/zfxxgk/2021.html",
        findings=(Finding("text.new_requests", "conflict", "16 or 15", 16, 15, ("requests.a.b",)),),
        indicators=(Indicator(("一", "二"), "件", 7, "7", "21"),),
    )
    run = replace(RUN, id="1" * 32)
    return add_to_home(home, run, {datetime(2026, 2, 1, tzinfo=UTC): one})


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(whole, tmp_path / "home"))


def found(home: Path) -> list[str]:
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        return [one.table for one in differences(catalog.db)]


def dump(home: Path) -> list[str]:
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        hits = catalog.search(Question("政府信息公开")).hits
        return [*catalog.dump(), *sorted(hit.report_id for hit in hits)]


def changed(value: Any, chance: random.Random) -> Any:
    """Return another value of the same kind."""
    match value:
        case None:
            return "1"
        case int() | float():
            return value + chance.choice([1, -1, 1024])
        case bytes():
            place = chance.randrange(len(value))
            return (
                value[:place]
                + bytes([value[place] ^ 1 << chance.randrange(8)])
                + value[place + 1 :]
            )
        case str():
            place = chance.randrange(len(value) + 1)
            return (
                value[:place]
                + chance.choice([char for char in "0a数" if char != value[place : place + 1]])
                + value[place + 1 :]
            )
    raise TypeError(value)


def test_a_whole_catalog_differs_in_nothing(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalog.db")) as db:
        assert all(db.execute(f"select 1 from {table}").fetchone() for table in DERIVED)
    assert found(home) == []


@pytest.mark.parametrize("table", DERIVED)
def test_a_change_of_any_column_is_found(whole: Path, home: Path, table: str) -> None:
    chance = random.Random(table)
    for column in TABLES[table].columns:
        spoil(home, table, column, chance)
        assert found(home), column
        shutil.rmtree(home)
        shutil.copytree(whole, home)


@pytest.mark.parametrize("seed", range(6))
def test_what_was_changed_is_derived_anew(home: Path, seed: int) -> None:
    chance = random.Random(seed)
    before = dump(home)
    for table in chance.sample([name for name in DERIVED if name != "readings"], 4):
        spoil(home, table, chance.choice(list(TABLES[table].columns)), chance)

    with Catalog(home / "catalog.db") as catalog:
        assert mend(catalog.db)
    assert (found(home), dump(home)) == ([], before)


def spoil(home: Path, table: str, column: str, chance: random.Random) -> None:
    """Change one value."""
    with closing(sqlite3.connect(home / "catalog.db")) as db:
        key = TABLES[table].pk
        names = ", ".join(f'"{name}"' for name in (*key, column))
        *where, value = chance.choice(db.execute(f"select {names} from {table}").fetchall())
        same = " and ".join(f'"{name}" = ?' for name in key)
        new = changed(value, chance)
        db.execute(f'update or replace {table} set "{column}" = ? where {same}', [new, *where])
        db.commit()


@pytest.mark.parametrize("table", DERIVED)
def test_a_row_that_is_gone_is_found(home: Path, table: str) -> None:
    with closing(sqlite3.connect(home / "catalog.db")) as db:
        key = TABLES[table].pk[0]
        db.execute(f"delete from {table} where {key} = (select min({key}) from {table})")
        db.commit()
    assert found(home)


def test_a_report_that_the_index_of_words_lacks_is_found(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalog.db")) as db:
        db.execute("delete from report_fts_docsize where id = (select max(docid) from reports)")
        db.commit()
    assert found(home) == ["report_fts"]


def test_spoilt_readings_are_read_again(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalog.db")) as db:
        db.execute("update readings set document = substr(document, 1, 9) where rowid = 1")
        other = "(select capture_id from readings where rowid = 3)"
        db.execute(f"update captures set outcome = 'notice' where id = {other}")
        db.commit()
    with Catalog(home / "catalog.db") as catalog:
        assert {"captures", "readings"} <= {one.table for one in mend(catalog.db)}
        assert len(list(catalog.pending())) == 2
    assert found(home) == []


def test_verify_tells_and_repairs_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GKCRAWL_HOME", str(home))
    with closing(sqlite3.connect(home / "catalog.db")) as db:
        db.execute("update requests set value = value + 1 where applicant = 'total'")
        db.commit()

    told = CliRunner().invoke(main, ["verify"])
    assert told.exit_code == 1
    assert "catalog.db (" in told.stdout
    assert "requests: " in told.stdout
    assert "gkcrawl verify --repair" in told.stdout

    with Catalog(home / "catalog.db") as catalog:
        mend(catalog.db)
    told = CliRunner().invoke(main, ["verify"])
    assert "catalog.db" not in told.stdout
