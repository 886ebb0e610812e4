"""The main job from end to end: the real spiders over the embedded world, and what came of it."""

import json
import sqlite3
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import DemoArchive, gkcrawl
from warc_examples import run, tool

from archive.catalog import Catalog
from archive.records import StoredExchange
from archive.warc import locate, read_exchange
from gkcrawl.cli import main
from gkcrawl.demo.world import World

FORM_TABLES = {"active_disclosure": "table_ii", "requests": "table_iii"}


def rows(home: Path, sql: str, *values: Any) -> list[dict[str, Any]]:
    db = sqlite3.connect(f"file:{home / 'catalog.db'}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in db.execute(sql, values)]
    finally:
        db.close()


def dump(home: Path) -> list[str]:
    catalog = Catalog(home / "catalog.db", readonly=True)
    try:
        return list(catalog.dump())
    finally:
        catalog.close()


def test_the_summary_equals_the_worlds_truth(demo_archive: DemoArchive) -> None:
    truth = World().truth()
    assert demo_archive.summary["new"]["reports"] == len(truth["reports"])
    found = demo_archive.summary["outcomes"]
    assert {name: found.get(name, 0) for name in truth["outcomes"]} == truth["outcomes"]


def test_every_report_of_the_world_is_in_the_catalog_as_it_is(demo_archive: DemoArchive) -> None:
    columns = ["title", "issuer", "issuer_kind", "division_code", "year", "form", "url", "trust"]
    found = rows(demo_archive.home, f"select {', '.join(columns)} from reports")
    wanted = [
        {**{name: report[name] for name in columns if name != "issuer_kind"}}
        | {"issuer_kind": report["kind"]}
        for report in World().truth()["reports"]
    ]

    def key(report: dict[str, Any]) -> str:
        return str(report["url"])

    assert sorted(found, key=key) == sorted(wanted, key=key)


def test_each_reports_capture_reads_back_at_the_offset_that_the_catalog_names(
    demo_archive: DemoArchive,
) -> None:
    named = rows(
        demo_archive.home,
        "select c.* from captures c join reports r on r.capture_id = c.id",
    )
    assert named
    for row in named:
        stored = read_exchange(locate(demo_archive.home / "warc", row["warc"]), row["offset"])
        assert isinstance(stored, StoredExchange)
        assert (stored.capture.url, stored.capture.id) == (row["url"], row["id"])
        assert stored.content


def demo(home: Path, *options: str) -> dict[str, Any]:
    """Return what the command says, called in this process."""
    env = {"GKCRAWL_HOME": str(home)}
    done = CliRunner(env=env).invoke(main, ["demo", "--json", *options])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


@pytest.mark.usefixtures("quick_spiders")
def test_a_second_crawl_finds_nothing_new(demo_copy: Path) -> None:
    again = demo(demo_copy)
    assert (again["new"]["reports"], again["new"]["versions"]) == (0, 0)
    assert "report" not in again["outcomes"]


def test_a_rebuild_from_the_warcs_alone_gives_the_same_catalog(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The catalog lists the portals of the files, and the tour has its own.
    monkeypatch.setenv("GKCRAWL_CONFIG", str(files("gkcrawl.demo") / "data" / "config"))
    before = dump(demo_copy)
    (demo_copy / "catalog.db").unlink()
    gkcrawl("index", "--rebuild", home=demo_copy)
    assert dump(demo_copy) == before


def test_verify_finds_that_all_agree(demo_archive: DemoArchive) -> None:
    assert json.loads(gkcrawl("verify", "--json", home=demo_archive.home).stdout) == []


@pytest.mark.parametrize("query", ["诉讼", "不予公开"])
def test_the_search_finds_words_of_any_length(demo_archive: DemoArchive, query: str) -> None:
    hits = json.loads(gkcrawl("search", query, "--json", home=demo_archive.home).stdout)
    assert hits
    assert all(query in hit["snippet"].replace("**", "") for hit in hits)


def test_other_makers_tools_accept_every_warc_and_make_our_index(
    demo_archive: DemoArchive,
) -> None:
    files = sorted((demo_archive.home / "warc").glob("*.warc.gz"))
    assert len(files) == len(demo_archive.summary["spiders"])
    for file in files:
        run(tool("warcio"), "check", file)
        run("gzip", "-t", file)
        run(tool("fastwarc"), "check", "-q", file)
        ours = file.with_name(file.name.removesuffix(".warc.gz") + ".cdxj")
        assert ours.read_text("utf-8") == run(tool("cdxj-indexer"), "--sort", file)


def cells_of(home: Path, report_id: str) -> dict[str, dict[str, Any]]:
    """Return table -> "row.column" -> value of a report as the catalog has it."""
    queries = {
        "active_disclosure": "select item a, measure b, value from active_disclosure",
        "requests": "select row a, applicant b, value from requests",
        "review_litigation": "select route a, outcome b, value from review_litigation",
    }
    return {
        name: {
            f"{row['a']}.{row['b']}": row["value"]
            for row in rows(home, f"{sql} where report_id = ?", report_id)
        }
        for name, sql in queries.items()
    }


def expected_cells(seed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the cells of an expected.json entry in the same shape; empty where all is lost."""
    tables: dict[str, dict[str, Any]] = {"review_litigation": {}}
    for name, key in FORM_TABLES.items():
        tables[name] = {
            f"{row}.{column}": value
            for row, cells in (seed[key] or {}).items()
            for column, value in cells.items()
            if column != "amount_raw"
        }
    for key, value in (seed["table_iv"] or {}).items():
        route, _, outcome = key.rpartition("_")
        tables["review_litigation"][f"{route}.{outcome}"] = value
    return {name: cells if any_value(cells) else {} for name, cells in tables.items()}


def any_value(cells: dict[str, Any]) -> bool:
    return any(value is not None for value in cells.values())


def assert_equals_the_seeds(home: Path, seeds: Path) -> None:
    expected = json.loads((seeds / "expected.json").read_text("utf-8"))["seeds"]
    for name, seed in expected.items():
        (report,) = rows(
            home,
            "select * from reports where issuer = ? and year = ?",
            seed["issuer"],
            seed["year"],
        )
        wanted = (seed["agency_kind"], seed["division"]["code"], seed["report_format"])
        assert (report["issuer_kind"], report["division_code"], report["form"]) == wanted, name
        assert report["level"] == seed["level"], name
        assert cells_of(home, report["id"]) == expected_cells(seed), name
        if seed["identities"]:
            statuses = Counter(check["status"] for check in seed["identities"].values())
            found = rows(home, "select status from checks where report_id = ?", report["id"])
            assert Counter(row["status"] for row in found) == statuses, name


def test_the_five_reports_of_the_world_as_shipped_have_the_seeds_values(
    demo_archive: DemoArchive, seeds: Path
) -> None:
    assert_equals_the_seeds(demo_archive.home, seeds)


def sentences(text: str) -> list[str]:
    return [s for s in "".join(text.split()).replace("|", "").split("。") if len(s) > 12]


@pytest.mark.usefixtures("quick_spiders")
def test_the_real_documents_in_the_worlds_pages_give_their_values_and_sentences(
    tmp_path: Path, seeds: Path
) -> None:
    demo(tmp_path, "--documents", str(seeds))
    assert_equals_the_seeds(tmp_path, seeds)
    expected = json.loads((seeds / "expected.json").read_text("utf-8"))["seeds"]
    for name in ("000", "001", "003", "004"):
        seed = expected[name]
        (report,) = rows(
            tmp_path,
            "select text from reports where issuer = ? and year = ?",
            seed["issuer"],
            seed["year"],
        )
        text = "".join(report["text"].split())
        overview = (seeds / f"{name}.txt").read_text("utf-8").split("二、主动公开")[0]
        assert [s for s in sentences(overview) if s not in text] == [], name
