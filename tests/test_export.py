"""Data out of the catalog: what is written is what the catalog holds, and other tools read it."""

import csv
import gzip
import hashlib
import io
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from small_archive import make_home

from archive.catalog import Catalog
from gkcrawl.cli import main
from gkcrawl.exporting import dictionary, formats, offers, site
from gkcrawl.exporting.dictionary import Column
from gkcrawl.exporting.export import Asked, BadRequest, export
from gkcrawl.exporting.places import Counted, Occupied
from gkcrawl.exporting.resources import RESOURCES, STANDARD
from gkcrawl.exporting.source import BadCondition, opened

ROOT = Path(__file__).parent.parent
FRICTIONLESS = ROOT / ".venv-tools" / "bin" / "frictionless"
STREET = "530111008-75083bf5"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def catalog(home: Path) -> Path:
    return home / "catalog.db"


@pytest.fixture(scope="module")
def folder(catalog: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that can be exported, as CSV."""
    out = tmp_path_factory.mktemp("csv") / "all"
    export(catalog, Asked("csv", tuple(RESOURCES)), out)
    return out


@pytest.fixture(scope="module")
def parquet(catalog: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("parquet") / "all"
    export(catalog, Asked("parquet", tuple(RESOURCES)), out)
    return out


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("GKCRAWL_HOME", str(home))
    return lambda *arguments: CliRunner().invoke(main, ["export", *map(str, arguments)])


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return found


def test_csv_says_what_the_catalog_says(folder: Path, catalog: Path) -> None:
    with closing(sqlite3.connect(catalog)) as connection:
        connection.row_factory = sqlite3.Row
        for name, resource in RESOURCES.items():
            order = ", ".join(resource.key)
            rows = [
                dict(row) for row in connection.execute(f"select * from {name} order by {order}")
            ]
            expected = [
                {
                    column: "" if value is None else str(value)
                    for column, value in row.items()
                    if column not in resource.without
                }
                for row in rows
            ]
            assert lines(folder / f"{name}.csv") == expected, name


def test_blank_is_empty_and_zero_is_zero(folder: Path) -> None:
    rows = {row["report_id"]: row for row in lines(folder / "requests_wide.csv")}
    panel = {row["report_id"]: row for row in lines(folder / "reports_panel.csv")}
    of_2023 = rows[f"{STREET}-2023"]

    assert of_2023["new_requests__natural_person"] == "12"
    assert of_2023["rejected_duplicate__other_org"] == ""
    assert of_2023["rejected_duplicate__total"] == "0"
    assert panel[f"{STREET}-2023"]["admin_coercion__decisions"] == ""
    assert panel[f"{STREET}-2023"]["admin_fees__amount_10k_cny"] == "13.5"
    assert panel[f"{STREET}-2023"]["failed_checks"] == "0"
    assert int(panel[f"{STREET}-2024"]["failed_checks"]) > 0
    assert panel[f"{STREET}-2024"]["requests_status"] == "inconsistent"


def test_the_panel_has_one_row_per_organ_and_year(folder: Path) -> None:
    rows = lines(folder / "reports_panel.csv")
    reports = lines(folder / "reports.csv")

    assert len({(row["agency_id"], row["year"]) for row in rows}) == len(rows)
    assert len(rows) == sum(bool(row["agency_id"] and row["year"]) for row in reports)


def test_the_package_describes_every_file_and_column(folder: Path) -> None:
    told = package(folder)

    assert {one["path"] for one in told["resources"]} == {f"{name}.csv" for name in RESOURCES}
    for one in told["resources"]:
        content = (folder / one["path"]).read_bytes()
        header = content.decode("utf-8").split("\r\n", 1)[0].split(",")
        fields = one["schema"]["fields"]
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert one["rows"] == len(lines(folder / one["path"]))
        assert [field["name"] for field in fields] == header
        assert set(one["schema"]["primaryKey"]) <= set(header)
        for field in fields:
            assert field["description"], (one["name"], field["name"])
            assert field["title"] != field["name"], (one["name"], field["name"])


def test_words_of_cells_come_from_the_form() -> None:
    fees = dictionary.column("reports_panel", "admin_fees__amount_10k_cny")
    total = dictionary.column("requests_wide", "granted__total")
    review = dictionary.column("reports_panel", "review__total")
    disclosed = dictionary.column("reports_panel", "regulations__total_disclosed")

    assert (fees.kind, fees.unit) == ("number", "万元")
    assert (total.kind, total.unit) == ("integer", "件")
    assert "予以公开" in total.title
    assert "总计" in total.title
    assert "Table III" in total.description
    assert "Granted" in total.description
    assert "Table IV" in review.description
    assert "Table II," in disclosed.description


@pytest.mark.skipif(not FRICTIONLESS.exists(), reason="frictionless comes with the tools")
@pytest.mark.parametrize("excel", [False, True])
def test_frictionless_finds_the_package_valid(catalog: Path, tmp_path: Path, excel: bool) -> None:
    export(catalog, Asked("csv", excel=excel), tmp_path / "out")

    done = subprocess.run(
        [FRICTIONLESS, "validate", "datapackage.json", "--json"],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=False,
    )

    report = json.loads(done.stdout)
    wrong = [(task["place"], task["errors"][:3]) for task in report["tasks"] if task["errors"]]
    assert (report["valid"], report["errors"], wrong) == (True, [], [])


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_the_same_catalog_gives_the_same_bytes(catalog: Path, tmp_path: Path, kind: Any) -> None:
    for name in ("a.zip", "b.zip"):
        export(catalog, Asked(kind), tmp_path / name)

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_parquet_has_types_and_words(parquet: Path) -> None:
    panel = pq.ParquetFile(parquet / "reports_panel.parquet")
    field = panel.schema_arrow.field("new_requests__total")

    assert str(field.type) == "int64"
    assert field.metadata[b"unit"] == "件".encode()
    assert "总计" in field.metadata[b"title"].decode()
    assert str(panel.schema_arrow.field("published").type) == "date32[day]"
    assert str(panel.schema_arrow.field("admin_fees__amount_10k_cny").type) == "double"
    assert panel.metadata.row_group(0).column(0).compression == "ZSTD"
    captured = pq.ParquetFile(parquet / "reports.parquet").schema_arrow.field("captured_at")
    assert str(captured.type) == "timestamp[us, tz=UTC]"


@pytest.mark.parametrize("name", RESOURCES)
def test_parquet_says_what_csv_says(parquet: Path, folder: Path, name: str) -> None:
    def plain(value: Any) -> str:
        if hasattr(value, "strftime"):
            return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if hasattr(value, "hour") else "%Y-%m-%d")
        return "" if value is None else str(value)

    columns = {one.name: one for one in dictionary.columns(name)}
    for typed, written in zip(
        pq.read_table(parquet / f"{name}.parquet").to_pylist(),
        lines(folder / f"{name}.csv"),
        strict=True,
    ):
        for column, value in typed.items():
            if columns[column].kind == "number" and value is not None:
                assert value == float(written[column])
            else:
                assert plain(value) == written[column], column


def test_one_line_in_pandas(folder: Path, parquet: Path) -> None:
    panel = pd.read_csv(folder / "reports_panel.csv", dtype_backend="numpy_nullable")
    typed = pd.read_parquet(parquet / "reports_panel.parquet", dtype_backend="numpy_nullable")

    assert str(panel["new_requests__total"].dtype) == "Int64"
    assert panel.set_index(["agency_id", "year"]).index.is_unique
    of_2023 = typed.set_index(["agency_id", "year"]).loc[(STREET, 2023)]
    assert of_2023["new_requests__total"] == 15
    assert pd.isna(of_2023["admin_coercion__decisions"])


def test_one_line_in_duckdb(folder: Path, parquet: Path) -> None:
    for ending, place in (("csv", folder), ("parquet", parquet)):
        sql = f"""select sum(p.new_requests__total), count(*)
            from '{place}/reports_panel.{ending}' p
            join '{place}/sections.{ending}' s using (report_id)
            where s.key = 'overview' and p.year = 2023"""
        assert duckdb.sql(sql).fetchall() == [(15, 1)]


def blocks(language: str) -> list[str]:
    """Return the code of docs/panel-data.md in a language."""
    text = (ROOT / "docs" / "panel-data.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def data(folder: Path, parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with ``data`` in it, as the docs have it."""
    (tmp_path / "data").mkdir()
    for path in (*folder.iterdir(), *parquet.iterdir()):
        (tmp_path / "data" / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("data")
def test_what_the_docs_show_runs_in_pandas() -> None:
    names: dict[str, Any] = {"pd": pd}

    for block in blocks("python"):
        exec(block, names)

    panel = names["panel"]
    assert list(panel.index) == [(STREET, 2023)]
    assert panel.loc[(STREET, 2023), "granted_share"] == 10 / 15
    assert panel.loc[(STREET, 2023), "overview"].startswith("本年度主动公开")


@pytest.mark.usefixtures("data")
def test_what_the_docs_show_runs_in_duckdb() -> None:
    statements = [sql for block in blocks("sql") for sql in block.split(";") if sql.strip()]

    rows = [duckdb.sql(sql).fetchall() for sql in statements]

    assert [len(found) for found in rows] == [3, 3, 3]


def test_every_standard_table_is_in_the_docs() -> None:
    text = (ROOT / "docs" / "panel-data.md").read_text("utf-8")

    assert [name for name in RESOURCES if f"`{name}`" not in text] == [
        *("warnings", "attachments"),
    ]


def test_jsonl_is_a_report_a_line(catalog: Path, tmp_path: Path) -> None:
    export(catalog, Asked("jsonl"), tmp_path / "all.jsonl.gz")
    export(catalog, Asked("jsonl", where="year = 2023"), tmp_path / "some.jsonl")

    reports = [
        json.loads(line)
        for line in gzip.decompress((tmp_path / "all.jsonl.gz").read_bytes()).splitlines()
    ]
    (one,) = (
        json.loads(line) for line in (tmp_path / "some.jsonl").read_text("utf-8").splitlines()
    )
    assert [found["id"] for found in reports] == sorted(found["id"] for found in reports)
    assert len(reports) == 5
    assert one["id"] == f"{STREET}-2023"
    assert one["agency_id"] == STREET
    assert one["is_report"] is True
    assert one["tables"]["requests"]["new_requests"]["natural_person"] == 12
    assert one["tables"]["active_disclosure"]["admin_coercion"]["decisions"] is None
    assert one["text"].endswith("更正：另有说明。")


def test_a_condition_chooses_reports_and_what_is_theirs(catalog: Path, tmp_path: Path) -> None:
    export(catalog, Asked("csv", where="year = 2024 -- the last"), tmp_path / "out")

    reports = {row["id"] for row in lines(tmp_path / "out" / "reports.csv")}
    assert len(reports) == 2
    for name in STANDARD:
        if RESOURCES[name].report:
            rows = lines(tmp_path / "out" / f"{name}.csv")
            assert {row[RESOURCES[name].report or ""] for row in rows} <= reports, name
    assert package(tmp_path / "out")["where"] == "year = 2024 -- the last"
    assert lines(tmp_path / "out" / "agencies.csv")


@pytest.mark.parametrize(
    "where",
    [
        "no_such_column = 1",
        "year = ",
        "",
        "1); delete from reports; --",
        "1); select (1",
        "load_extension('x')",
        "id in (select name from pragma_table_info('x')) and writefile('/tmp/x', 'y')",
        "'",
        "\x00",
    ],
)
def test_a_condition_that_does_more_is_refused(
    where: str, catalog: Path, tmp_path: Path, run: Callable[..., Any]
) -> None:
    with pytest.raises(BadCondition):
        export(catalog, Asked("csv", where=where), tmp_path / "out")

    done = run("csv", "--where", where, "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert "--where" in done.output
    assert list(tmp_path.iterdir()) == []


def test_one_table_in_one_file(catalog: Path, tmp_path: Path) -> None:
    export(catalog, Asked("csv", ("checks",)), tmp_path / "checks.csv")
    export(catalog, Asked("parquet", ("checks",)), tmp_path / "checks.parquet")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["checks.csv", "checks.parquet"]
    with pytest.raises(BadRequest, match="one file"):
        export(catalog, Asked("csv"), tmp_path / "all.csv")
    with pytest.raises(BadRequest, match="no table"):
        export(catalog, Asked("csv", ("readings",)), tmp_path / "out")


def test_a_zip_holds_the_same_files(catalog: Path, tmp_path: Path) -> None:
    export(catalog, Asked("csv"), tmp_path / "out")
    export(catalog, Asked("csv"), tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert packed.testzip() is None
        for path in (tmp_path / "out").iterdir():
            assert packed.read(path.name) == path.read_bytes()


def test_nothing_but_an_older_export_is_replaced(catalog: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")

    with pytest.raises(Occupied):
        export(catalog, Asked("csv", ("agencies",)), out)
    assert (out / "mine.txt").read_text() == "mine"

    (out / "mine.txt").unlink()
    export(catalog, Asked("csv", ("agencies",)), out)
    export(catalog, Asked("csv", ("divisions",)), out)
    assert sorted(path.name for path in out.iterdir()) == [
        *("README.md", "datapackage.json", "divisions.csv"),
    ]
    assert list(tmp_path.iterdir()) == [out]


def test_what_fails_leaves_what_was_there(
    catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.zip"
    export(catalog, Asked("csv", ("agencies",)), out)
    before = out.read_bytes()

    def fail(*_: object, **__: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(formats, "write_csv", fail)
    with pytest.raises(OSError, match="disk full"):
        export(catalog, Asked("csv"), out)

    assert out.read_bytes() == before
    assert list(tmp_path.iterdir()) == [out]


def test_parquet_names_what_to_install(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    done = run("parquet", "-o", tmp_path / "out")

    assert done.exit_code == 1
    assert "gkcrawl[parquet]" in done.output


CELLS = st.one_of(st.none(), st.text(max_size=20).filter(lambda text: text != ""))


@given(st.lists(st.tuples(CELLS, st.none() | st.integers(-(2**63), 2**63 - 1)), max_size=5))
def test_any_text_comes_back(rows: list[tuple[str | None, int | None]]) -> None:
    columns = [Column("a", "string", "", ""), Column("b", "integer", "", "")]
    # CSV has no sign for half of a pair, and the catalog holds none.
    kept = [(text.encode("utf-8", "replace").decode() if text else None, n) for text, n in rows]
    written = io.BytesIO()

    assert formats.write_csv(Counted(written), columns, [kept]) == len(rows)

    read = list(csv.reader(io.StringIO(written.getvalue().decode("utf-8"), newline="")))
    assert read[0] == ["a", "b"]
    assert read[1:] == [["" if value is None else str(value) for value in row] for row in kept]
    assert written.getvalue().endswith(b"\r\n")


def test_a_formula_is_text_for_a_spreadsheet() -> None:
    columns = [Column("a", "string", "", ""), Column("b", "integer", "", "")]
    written = io.BytesIO()

    formats.write_csv(
        Counted(written), columns, [[('=HYPERLINK("x")', -5), ("平", None)]], excel=True
    )

    text = written.getvalue().decode("utf-8")
    assert text == '\ufeffa,b\r\n"\'=HYPERLINK(""x"")",-5\r\n平,\r\n'


def test_a_count_beyond_64_bits_is_no_number() -> None:
    columns = [Column("a", "integer", "", "")]
    written = io.BytesIO()

    formats.write_csv(Counted(written), columns, [[(1e30,)]])

    assert written.getvalue() == b'a\r\n""\r\n'
    assert formats.write_parquet(Counted(io.BytesIO()), columns, [[(1e30,)]], "a") == 1


def test_memory_does_not_grow_with_rows() -> None:
    """A batch is written before the next is asked for."""
    columns = [Column("a", "integer", "", "")]
    written = Counted(io.BytesIO())
    lengths = []

    def batches() -> Iterator[list[tuple[int]]]:
        for _ in range(3):
            lengths.append(written.length)
            yield [(number,) for number in range(10_000)]

    formats.write_csv(written, columns, batches())

    assert lengths[0] < lengths[1] < lengths[2]


def test_exports_of_the_home_are_offered(home: Path, run: Callable[..., Any]) -> None:
    assert run("csv", "--table", "agencies").exit_code == 0
    found = json.loads(run("jsonl", "--where", "year = 2023", "--json").stdout)

    offered = {offer.file: offer for offer in offers.offers(home)}
    assert set(offered) == {"annual-reports-csv.zip", "annual-reports.jsonl.gz"}
    assert found["path"] == str(home / "exports" / "annual-reports.jsonl.gz")
    one = offered["annual-reports.jsonl.gz"]
    content = Path(found["path"]).read_bytes()
    assert (one.bytes, one.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (one.rows, one.where) == (1, "year = 2023")
    for path in (home / "exports").iterdir():
        path.unlink()


def test_a_site_stands_by_itself(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "catalog.db"
    copy.write_bytes((home / "catalog.db").read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        secret = "http://user:pass@proxy.example:8080"
        connection.execute(
            "update runs set settings = ?",
            (json.dumps({"HTTP_PROXY": secret, "RETRY_TIMES": "2"}),),
        )
        connection.execute(
            "insert into failures (id, url, message) values ('x', 'http://a/', ?)",
            (f"could not reach {secret}/ in time",),
        )
        connection.commit()
    out = tmp_path / "site"

    site.write_site(copy, out)

    assert b"user:pass" not in (out / "catalog.db").read_bytes()
    for line in (out / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert {offer.format for offer in offers.offers(out)} == {"csv", "excel", "parquet", "jsonl"}
    with Catalog(out / "catalog.db", readonly=True) as made, Catalog(copy, readonly=True) as old:
        (settings,) = made.db.execute("select settings from runs").fetchone()
        assert json.loads(settings) == {"HTTP_PROXY": "withheld", "RETRY_TIMES": "2"}
        assert made.db.execute("select message from failures").fetchone() == (
            "could not reach http://proxy.example:8080/ in time",
        )
        for table in ("reports", "requests", "readings", "captures"):
            sql = f"select * from {table} order by 1, 2, 3"
            assert made.db.execute(sql).fetchall() == old.db.execute(sql).fetchall()
        hits = "select rowid from report_fts where report_fts match '\"公开\"' order by 1"
        assert made.db.execute(hits).fetchall() == old.db.execute(hits).fetchall() != []
    inspected = json.loads((out / "inspect.json").read_text())["catalog"]
    assert inspected["tables"]["reports"] == {"count": 5}
    assert not list(out.glob("*-wal"))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "datasette", "serve", "--immutable", "catalog.db"),
            *("--inspect-file", "inspect.json", "--metadata", "metadata.yaml"),
            *("--get", "/data.json"),
        ],
        cwd=out,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["rows"]) == 4


def test_what_is_written_meanwhile_is_not_seen(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "catalog.db"
    copy.write_bytes((home / "catalog.db").read_bytes())

    with opened(copy, "year = 2023") as source, Catalog(copy) as catalog:
        catalog.db.execute("update reports set year = 1999")
        catalog.db.conn.commit()
        rows = [row for batch in source.rows(RESOURCES["reports"], 10) for row in batch]

    names = [column.name for column in RESOURCES["reports"].columns]
    assert [row[names.index("year")] for row in rows] == [2023]


def test_what_a_killed_export_left_is_taken_away(catalog: Path, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    left = tmp_path / f".out.{ended.pid}.partial"
    left.mkdir()
    working = tmp_path / ".out.1.partial"
    working.mkdir()

    export(catalog, Asked("csv", ("agencies",)), tmp_path / "out")

    assert not left.exists()
    assert working.exists()
