"""What was read from a capture is kept beside its bytes, and replay never takes it for a page."""

import csv
import dataclasses
import json
import re
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from catalog_readings import REPORT, capture, stored
from conftest import DemoArchive
from needed import demand_module, missing
from replayweb import replaying, shown
from test_browser import CHROMIUM, FLAGS
from test_index import REPORT as PAGE
from test_index import answer
from test_wacz import PYWB, VIEWER, replayed
from warc_examples import RESPONSES, RUN, START, URL, exchange, rendered, run, tool, writer
from wire_crawl import crawl

from archive.catalog import Catalog
from archive.conversions import CELLS, READ_BY, config_digest, conversion_of
from archive.index import index_archive
from archive.reading import read_at
from archive.records import Capture, Conversion, Reading, StoredExchange
from archive.warc import WarcWriter, index_lines, iter_exchanges, verify_archive, warc_files
from archive.warc.converted import conversions_in
from archive.warc.merged import merge_index
from archive.warc.record import Record, mapped, walk
from archive.warc.wacz import Page, check_wacz, write_wacz
from gkcrawl import __version__

ROOT = Path(__file__).parent.parent
SOFTWARE = f"gkcrawl/{__version__}"
RECORDED_AND_READ = {
    "gkcrawl.crawl.recorder.Recorder": 0,
    "gkcrawl.crawl.indexing.Indexer": 10,
}


def conversion(of: str, url: str = URL) -> Conversion:
    """Return a conversion of the capture ``of``."""
    reading = Reading(stored(capture(of, url)), "report", REPORT)
    made = conversion_of(reading, "gkcrawl/1", "sha256:00")
    assert made is not None
    return made


def records(path: Path) -> list[Record]:
    with mapped(path) as data:
        return list(walk(data))


def converted(home: Path) -> dict[str, list[Record]]:
    """Return the conversion records of an archive by the id of the capture they name."""
    found: dict[str, list[Record]] = {}
    for path in warc_files(home / "warc"):
        for record in records(path):
            if record.type == "conversion":
                source = (record.get("WARC-Refers-To") or "")[len("<urn:uuid:") : -1]
                found.setdefault(source, []).append(record)
    return found


def test_a_report_is_text_json_and_a_line_for_each_cell() -> None:
    made = conversion("x")
    assert made.text.decode() == REPORT.text
    assert json.loads(made.report) == json.loads(json.dumps(REPORT.as_dict()))
    header, *rows = csv.reader(StringIO(made.cells.decode()))
    assert tuple(header) == CELLS
    assert rows == [
        ["active_disclosure", "regulations", "issued", "0", "", "read"],
        ["active_disclosure", "regulations", "repealed", "0", "", "read"],
        ["active_disclosure", "regulations", "valid", "0", "", "read"],
        ["active_disclosure", "admin_coercion", "decisions", "", "/", "read"],
        ["active_disclosure", "admin_fees", "amount_10k_cny", "25.1", "", "read"],
        ["requests", "new_requests", "natural_person", "1", "", "read"],
        ["requests", "new_requests", "other_org", "", "", "read"],
        ["requests", "new_requests", "total", "1", "", "read"],
        ["review_litigation", "review", "upheld", "0", "", "read"],
        ["review_litigation", "review", "total", "0", "", "read"],
    ]


def test_what_is_no_report_is_not_kept() -> None:
    assert conversion_of(Reading(stored(capture("x")), "notice"), "gkcrawl/1", "") is None


def test_half_of_a_surrogate_pair_does_not_stop_it() -> None:
    odd = dataclasses.replace(REPORT, text="年报\ud83d")
    made = conversion_of(Reading(stored(capture("x")), "report", odd), "gkcrawl/1", "")
    assert made is not None
    assert made.text.decode() == "年报?"
    assert json.loads(made.report)["text"] == "年报\ud83d"


def test_the_digest_is_of_every_file_that_the_reader_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "archive/report").rglob("*.py"))
    asked = set(re.findall(r'"([\w/]+\.(?:yml|csv|json|txt))"', code))
    assert asked == set(READ_BY)
    before = config_digest()
    own = tmp_path / "forms.yml"
    own.write_bytes((ROOT / "config/forms.yml").read_bytes() + b"\n")
    monkeypatch.setenv("GKCRAWL_CONFIG", str(tmp_path))
    assert config_digest() != before


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, Capture]:
    """An archive with a page, what was read from it, and a rendered page."""
    warc = writer(tmp_path)
    row = warc.write(exchange(RESPONSES["plain"][0], n=1))
    assert isinstance(row, Capture)
    warc.write_conversion(conversion(row.id, row.url))
    warc.write_rendered(rendered(2))
    warc.close()
    (path,) = warc_files(tmp_path / "warc")
    return path, row


def test_it_stands_in_a_group_of_its_own_under_urns(kept: tuple[Path, Capture]) -> None:
    path, row = kept
    group = records(path)[4:8]
    assert [(record.type, record.get("WARC-Target-URI")) for record in group] == [
        ("conversion", f"urn:text:{row.url}"),
        ("conversion", f"urn:x-gkcrawl:report:{row.url}"),
        ("conversion", f"urn:x-gkcrawl:cells:{row.url}"),
        ("metadata", row.url),
    ]
    assert {record.get("WARC-Refers-To") for record in group} == {f"<urn:uuid:{row.id}>"}
    assert b"software: gkcrawl/1\r\nconfig-digest: sha256:00\r\n" in group[-1].block
    assert list(conversions_in(path)) == [(row.id, "gkcrawl/1", "sha256:00")]
    # It is dated like the record before it, so that it makes no later exchange younger than it is.
    assert group[0].get("WARC-Date") == row.captured_at
    assert f"began: {START:%Y-%m-%dT%H:%M:%S.%fZ}\r\n".encode() in group[-1].block


def test_it_is_no_capture_and_in_no_index(kept: tuple[Path, Capture]) -> None:
    path, row = kept
    captures = [one.capture for one in iter_exchanges(path) if isinstance(one, StoredExchange)]
    assert [one.url for one in captures] == [row.url, URL]
    assert verify_archive(path.parent.parent, captures) == []
    assert not any("urn:text:" in line or "x-gkcrawl" in line for line in index_lines(path))


def test_other_makers_tools_agree(kept: tuple[Path, Capture]) -> None:
    path, _ = kept
    run(tool("warcio"), "check", path)
    run(tool("fastwarc"), "check", "-q", path)
    theirs = run(tool("cdxj-indexer"), "--sort", path)
    assert theirs == path.with_name(path.name.replace(".warc.gz", ".cdxj")).read_text()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("f" * 8 + "-ffff-4fff-8fff-" + "f" * 12, "which is in no file"),
        ("warcinfo", "which is no capture"),
    ],
)
def test_one_of_nothing_is_told(tmp_path: Path, source: str, message: str) -> None:
    warc = writer(tmp_path)
    row = warc.write(exchange(RESPONSES["plain"][0]))
    assert isinstance(row, Capture)
    if source == "warcinfo":
        source = records(warc_files(tmp_path / "warc")[0])[0].id
    warc.write_conversion(conversion(source))
    warc.close()
    problems = verify_archive(tmp_path, [row])
    assert len(problems) == 4  # three conversions and their metadata
    assert {problem.message for problem in problems} == {
        f"WARC-Refers-To names {source}, {message}"
    }


def test_a_source_in_another_file_is_found(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=1)
    row = warc.write(exchange(RESPONSES["plain"][0]))
    assert isinstance(row, Capture)
    warc.write_conversion(conversion(row.id))
    warc.close()
    assert len(warc_files(tmp_path / "warc")) == 2
    assert verify_archive(tmp_path, [row]) == []


def test_every_report_of_a_crawl_has_its_conversion_and_a_rebuild_is_equal(
    demo_archive: DemoArchive, tmp_path: Path
) -> None:
    home = demo_archive.home
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        found = catalog.db.execute(
            "select id, warc, offset from captures where outcome = 'report' and refers_to is null"
        ).fetchall()
        made = converted(home)
        assert made.keys() == {row[0] for row in found}
        for capture_id, warc, offset in found:
            text, told, cells = made[capture_id]
            report = read_at(home / "warc" / warc, offset).report
            assert report is not None
            assert text.block.decode() == report.text
            assert json.loads(told.block) == json.loads(json.dumps(report.as_dict()))
            assert cells.block.startswith(b"table,row,column,value,raw,status\r\n")
        with Catalog(tmp_path / "again.db") as again:
            index_archive(home, again, jobs=0)
            # The portals are from the configuration, not from the files.
            made_again, standing = (
                [line for line in one.dump() if not line.startswith('["portals"')]
                for one in (again, catalog)
            )
            assert made_again == standing


def read_again(home: Path, *before: tuple[dict[str, Any], ...], **settings: Any) -> list[int]:
    """Crawl nothing on a home whose last run was killed before the catalog heard of its readings.

    ``before``: for each page changes to what that run had kept of it, each once. Return how many
    conversion records there are of each page afterwards.
    """
    warc, rows = WarcWriter(home / "warc", RUN), []
    for number, changes in enumerate(before):
        page = answer(PAGE.replace("一百", f"{number}百"), "200 OK", "Content-Type: text/html")
        row = warc.write(exchange(page, n=number))
        assert isinstance(row, Capture)
        rows.append(row)
        for change in changes:
            own = dataclasses.replace(conversion(row.id), software=SOFTWARE, config=config_digest())
            warc.write_conversion(dataclasses.replace(own, **change))
    warc.close()
    with Catalog(home / "catalog.db") as catalog:
        catalog.add_run(RUN)
        for row in rows:
            catalog.add_capture(row)
    crawl(home.parent, [], EXTENSIONS=RECORDED_AND_READ, **settings)
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        assert [catalog.outcome(row.id) for row in rows] == ["report"] * len(rows)
        assert verify_archive(home, catalog.captures(), catalog.failures()) == []
    made = converted(home)
    return [len(made.get(row.id, ())) for row in rows]


def test_what_a_killed_run_had_not_kept_is_kept_by_the_next(tmp_path: Path) -> None:
    before: tuple[tuple[dict[str, Any], ...], ...] = (
        (),
        ({},),
        # What another reader made stays beside it.
        ({"software": "gkcrawl/0.0.1"},),
        ({"config": "sha256:00"},),
    )
    assert read_again(tmp_path / "home", *before) == [3, 3, 6, 6]


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    assert read_again(tmp_path / "home", (), GKCRAWL_CONVERSIONS=False) == [0]


@pytest.fixture
def replayable(tmp_path: Path) -> tuple[Path, Path, Capture]:
    """An archive with a rendered page and a report, and its WACZ file."""
    home = tmp_path / "home"
    warc = writer(home)
    page = warc.write(exchange(answer(PAGE, "200 OK", "Content-Type: text/html"), url=f"{URL}l"))
    assert isinstance(page, Capture)
    warc.write_conversion(conversion(page.id, page.url))
    row = warc.write_rendered(rendered(2))
    warc.write_conversion(conversion(row.id, row.url))
    warc.close()
    merge_index(home)
    pages = [Page(one.id, one.url, one.captured_at, one.warc, "年报") for one in (page, row)]
    write_wacz(home, tmp_path / "x.wacz", pages)
    return home, tmp_path / "x.wacz", row


def stamp(date: str) -> str:
    return re.sub(r"\D", "", date)[:14]


def test_pywb_shows_a_rendered_page_and_no_conversion(
    replayable: tuple[Path, Path, Capture], tmp_path: Path
) -> None:
    if not PYWB.exists():
        missing(str(PYWB))
    home, _, row = replayable
    collection = tmp_path / "collections" / "gk"
    shutil.copytree(home / "warc", collection / "archive")
    shutil.copytree(home / "index", collection / "indexes")
    when = stamp(row.captured_at)
    own = ("", "urn:text:", "urn:x-gkcrawl:report:", "urn:x-gkcrawl:cells:")
    page, *conversions = replayed(tmp_path, [f"/gk/{when}id_/{prefix}{URL}" for prefix in own])
    assert page == (200, "<html>渲染&#55357;</html>".encode())
    assert [status for status, _ in conversions] == [404, 404, 404]


def test_replayweb_shows_a_rendered_page(
    replayable: tuple[Path, Path, Capture], tmp_path: Path
) -> None:
    if not VIEWER.exists():
        missing(str(VIEWER))
    if not CHROMIUM.exists():
        missing(str(CHROMIUM))
    demand_module("playwright")
    from playwright.sync_api import sync_playwright

    _, out, row = replayable
    assert check_wacz(out) == []
    folder = tmp_path / "served"
    folder.mkdir()
    with replaying(folder, VIEWER, out) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        tab: Any = chromium.new_page()
        text = shown(tab, folder, address, out.name, row.url, stamp(row.captured_at))
        other = shown(tab, folder, address, out.name, f"{URL}l", stamp(row.captured_at))
        chromium.close()
    assert "渲染" in text
    assert "没有其他需要报告的事项" in other
