"""Crawls that are held against what is expected: exit status, rows, notices to people, logs."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT
from small_web import SmallWeb, html, report, row, small_web

from archive.catalog import Catalog, monitors
from archive.index import index_archive
from archive.records import Monitor, Run, RunEnd
from gkcrawl.cli import main
from gkcrawl.crawl.monitors import strangers, torn_of
from gkcrawl.crawl.runner import Summary
from gkcrawl.notifying import told_of

HOST = "http://www.puershi.gov.cn"
QUICK = ("-sDOWNLOAD_DELAY=0.001", "-sAUTOTHROTTLE_ENABLED=0", "-sRETRY_ENABLED=0")
PORTALS = f"""
province: "530000"
name: 云南省
portals:
  - code: "530800"
    name: 普洱市
    url: {HOST}/
    columns: ["{HOST}/nb/"]
    expect: {{reports: {{min: 5}}}}
"""


def pages(years: range) -> dict[str, Any]:
    rows = [row(f"/nb/{year}.html", f"普洱市{year}年政府信息公开工作年度报告") for year in years]
    found: dict[str, Any] = {f"{HOST}/": html("普洱市"), f"{HOST}/nb/": html(*rows)}
    return found | {f"{HOST}/nb/{year}.html": report("普洱市人民政府", year) for year in years}


@pytest.fixture(scope="module")
def web() -> Iterator[SmallWeb]:
    with small_web(pages(range(2017, 2023))) as web:
        yield web


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("monitored")


def crawl(web: SmallWeb, folder: Path, *options: str, **environment: str) -> Result:
    portals = folder / "portals.yml"
    portals.write_text(PORTALS, "utf-8")
    env = {"GKCRAWL_HOME": str(folder / "home"), "GKCRAWL_PROXY": web.proxy, **environment}
    env["PYTHONPATH"] = str(ROOT)
    arguments = ["crawl", "yunnan", f"--portals={portals}", *QUICK, *options]
    return CliRunner(env=env).invoke(main, arguments)


def rows(home: Path) -> list[dict[str, Any]]:
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        return list(catalog.db.query("select * from monitors order by run_id, n"))


def tell_into(file: Path) -> str:
    copy = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"
    return f'"{sys.executable}" -c "{copy}" "{file}"'


@dataclass(frozen=True)
class Judged:
    """Two crawls: the second finds a column with fewer reports, and its log is JSON."""

    home: Path
    well: Result
    badly: Result
    was_told: bool
    """Whether somebody was told of the first."""
    told: dict[str, Any]
    log: str


@pytest.fixture(scope="module")
def kept() -> dict[str, Judged]:
    return {}


@pytest.fixture
def judged(quick_spiders: None, web: SmallWeb, folder: Path, kept: dict[str, Judged]) -> Judged:
    if not kept:
        kept["judged"] = crawl_twice(web, folder)
    return kept["judged"]


def crawl_twice(web: SmallWeb, folder: Path) -> Judged:
    told, log = folder / "told.json", folder / "log.jsonl"
    hook = {"GKCRAWL_NOTIFY_COMMAND": tell_into(told)}
    well = crawl(web, folder, **hook)
    was_told = told.exists()
    web.pages |= pages(range(2019, 2022))
    options = (f"-sLOG_FILE={log}", "-sGKCRAWL_LOG_FORMAT=json")
    badly = crawl(web, folder, *options, **hook)
    notice = json.loads(told.read_text("utf-8"))
    return Judged(folder / "home", well, badly, was_told, notice, log.read_text("utf-8"))


def test_a_crawl_that_goes_well_and_one_that_does_not(judged: Judged) -> None:
    assert (judged.well.exit_code, judged.badly.exit_code) == (0, 3), judged.badly.output
    assert not judged.was_told
    said = judged.badly.stderr
    assert "monitor failed: least_reports (1)" in said
    assert "yunnan 530800: 3, expected >= 5 (普洱市 (www.puershi.gov.cn) lists 3" in said
    failed = [one for one in rows(judged.home) if one["status"] == "failed"]
    assert {(one["name"], one["portal"], one["measured"], one["expected"]) for one in failed} == {
        ("least_reports", "530800", 3, ">= 5"),
        ("fewer_reports", "530800", 3, ">= 5"),
    }
    assert judged.told["exit_code"] == 3
    assert [one["new"] for one in judged.told["monitors"]] == [True, True]
    assert judged.told["runs"][0]["id"] == failed[0]["run_id"]


def test_the_log_is_json_from_the_first_line_to_the_last(judged: Judged) -> None:
    lines = [json.loads(line) for line in judged.log.splitlines()]
    assert lines[0]["message"].startswith("Scrapy ")
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert {line["spider"] for line in lines} == {"yunnan"}
    assert lines[-1]["run"] == judged.told["runs"][0]["id"]
    assert any("monitor failed: least_reports" in line["message"] for line in lines)


def test_the_archive_tells_what_a_run_was_held_against(judged: Judged, tmp_path: Path) -> None:
    home = Path(shutil.copytree(judged.home, tmp_path / "home"))
    with Catalog(home / "catalog.db") as catalog:
        index_archive(home, catalog, rebuild=True, jobs=0)
    assert rows(home) == rows(judged.home)


def test_what_the_catalog_does_not_know_is_found(judged: Judged) -> None:
    """Files of its runs where it was lost, and runs that never ended."""
    directory = judged.home / "warc"
    with Catalog(judged.home / "catalog.db", readonly=True) as catalog:
        known = monitors.run_ids(catalog.db)
    assert strangers(directory, known) == []
    assert len(strangers(directory, set())) == 2
    (directory / "other-people.warc.gz").touch()
    assert len(strangers(directory, set())) == 2


def test_runs_that_were_killed_since_the_last_that_was_judged(tmp_path: Path) -> None:
    def run(day: int, spider: str = "yunnan", *, end: str = "") -> str:
        made = Run(f"{day}{spider}", spider, f"2026-05-0{day}T00:00:00.000000Z")
        catalog.add_run(made)
        if end:
            told = (Monitor("unfinished", "", "ok", 0, "<= 0", ""),) if end == "finished" else ()
            catalog.end_run(RunEnd(made.id, made.started_at, end, monitors=told))
        return made.id

    with Catalog(tmp_path / "catalog.db") as catalog:
        first = run(1)
        run(2, end="finished")
        run(3, "guizhou")
        run(4)
        run(5)
        run(6, end="shutdown")
        now = run(7)
        assert monitors.killed(catalog.db, "yunnan", first) == {}
        found = monitors.killed(catalog.db, "yunnan", now)
        assert {run: moment[:10] for run, moment in found.items()} == {
            "4yunnan": "2026-05-04",
            "5yunnan": "2026-05-05",
        }
        assert (monitors.newest_moment(catalog.db, now) or "")[:10] == "2026-05-06"


def test_what_was_cut_off_the_files_of_runs_is_told_by_their_names(tmp_path: Path) -> None:
    name = "yunnan-20260201183013994-00001-0f8f6994-vm.warc.gz.torn-at-14611"
    (tmp_path / name).write_bytes(bytes(290))
    (tmp_path / name.replace("0f8f6994", "8364c954")).write_bytes(bytes(5))

    assert torn_of(tmp_path, ["0f8f6994aa", "1c38feab00"]) == {name: 290}
    assert torn_of(tmp_path / "none", ["0f8f6994aa"]) == {}


def test_a_hook_that_fails_and_a_crawl_that_cannot_be_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GKCRAWL_NOTIFY_COMMAND", "/no/such/program")
    with told_of(tmp_path) as come:
        come(Summary({"yunnan": 1}, {}, {}))
    assert "nobody was told: /no/such/program: FileNotFoundError" in capsys.readouterr().err
    told = tmp_path / "told.json"
    monkeypatch.setenv("GKCRAWL_NOTIFY_COMMAND", tell_into(told))
    with pytest.raises(OSError, match="no room"), told_of(tmp_path):
        raise OSError("no room")
    assert json.loads(told.read_text("utf-8"))["error"] == "OSError: no room"


def test_a_wrong_file_of_rules_is_told_before_anything_is_fetched(
    web: SmallWeb, tmp_path: Path
) -> None:
    (tmp_path / "monitors.yml").write_text("rules: {}\n", "utf-8")
    web.asked.clear()
    done = crawl(web, tmp_path, GKCRAWL_CONFIG=str(tmp_path))
    assert done.exit_code == 1
    assert "monitors.yml, rules: 'unread' is missing" in done.stderr
    assert web.asked == []


def test_a_log_format_that_is_none_is_told(web: SmallWeb, tmp_path: Path) -> None:
    done = crawl(web, tmp_path, GKCRAWL_LOG_FORMAT="xml")
    assert done.exit_code == 1
    assert "GKCRAWL_LOG_FORMAT=xml: expected json or text" in done.stderr
    assert not (tmp_path / "home" / "warc").exists()
    assert os.environ.get("GKCRAWL_LOG_FORMAT") != "xml"
