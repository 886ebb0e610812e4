"""``gkcrawl crawl --due`` over the embedded world."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT

from archive.catalog import Catalog
from gkcrawl import duecrawl
from gkcrawl.cli import main
from gkcrawl.crawl.sole import hold
from gkcrawl.demo.proxy import serve_world
from gkcrawl.demo.world import World

GUANDU = "http://www.kmgd.gov.cn/"

pytestmark = pytest.mark.usefixtures("quick_spiders")


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    with serve_world(World()) as url:
        yield url


@pytest.fixture(autouse=True)
def _world(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GKCRAWL_PROXY", proxy)
    monkeypatch.setenv("GKCRAWL_CONFIG", str(ROOT / "gkcrawl" / "demo" / "data" / "config"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(ROOT)


def crawl_due(home: Path, *options: str) -> Result:
    arguments = ["crawl", "--due", *options, "-sDOWNLOAD_DELAY=0.001"]
    return CliRunner(env={"GKCRAWL_HOME": str(home)}).invoke(main, arguments)


def age(home: Path, where: str = "true") -> None:
    """Make captures eight days older, which is longer than lists are left alone."""
    with Catalog(home / "catalog.db") as catalog, catalog.batch():
        older = "strftime('%Y-%m-%dT%H:%M:%f000Z', captured_at, '-8 days')"
        catalog.db.conn.execute(f"update captures set captured_at = {older} where {where}")


def hosts_of_the_last_run(home: Path) -> set[str]:
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        sql = """select distinct url from captures
            where run_id = (select id from runs order by started_at desc limit 1)"""
        return {"/".join(url.split("/")[:3]) + "/" for (url,) in catalog.db.execute(sql)}


def last_reason(home: Path) -> str | None:
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        sql = "select reason from runs order by started_at desc limit 1"
        return str(catalog.db.execute(sql).fetchone()[0])


def test_nothing_is_due_after_a_crawl_and_that_is_no_failure(demo_copy: Path) -> None:
    done = crawl_due(demo_copy, "yunnan", "wenku")
    assert (done.exit_code, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first.startswith("yunnan: not due until 20")
    assert second.startswith("wenku: not due until 20")
    told = json.loads(crawl_due(demo_copy, "yunnan", "--json").stdout)
    assert told["spiders"] == {}


def test_only_the_portals_that_are_due_are_visited(demo_copy: Path) -> None:
    age(demo_copy, f"url like '{GUANDU}%'")
    done = crawl_due(demo_copy, "yunnan", "guangdong")
    assert done.exit_code == 0, done.output
    assert "yunnan: 1 of 3 hosts due, about " in done.stdout
    assert "guangdong: not due until 20" in done.stdout
    assert hosts_of_the_last_run(demo_copy) == {GUANDU}
    assert "yunnan: not due until 20" in crawl_due(demo_copy, "yunnan").stdout


def test_a_budget_ends_the_crawl_and_the_next_one_goes_on(tmp_path: Path) -> None:
    """From the first scheduled crawl on, which needs no catalog."""
    done = crawl_due(tmp_path, "yunnan", "-sCLOSESPIDER_PAGECOUNT=8")
    assert done.exit_code == 0, done.output
    assert "yunnan: 3 of 3 hosts due, about 180 requests (www." in done.stdout
    assert last_reason(tmp_path) == "closespider_pagecount"
    done = crawl_due(tmp_path, "yunnan", "--json")
    assert "yunnan: 3 of 3 hosts due" in done.stderr
    assert "made up for at once" in done.stderr
    assert json.loads(done.stdout)["new"]["reports"] > 0
    assert last_reason(tmp_path) == "finished"
    assert "yunnan: not due until" in crawl_due(tmp_path, "yunnan").stdout


def test_a_second_one_is_refused_or_waits(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = hold(demo_copy / "locks" / "due.lock", "the scheduled crawl", demo_copy)
    done = crawl_due(demo_copy, "yunnan")
    assert done.exit_code == 1
    refusal = f"the scheduled crawl already runs in {demo_copy}: process {os.getpid()} on"
    assert f"Error: {refusal}" in done.stderr
    monkeypatch.setattr(duecrawl, "_pause", lambda: os.close(handle))
    done = crawl_due(demo_copy, "yunnan", "--wait")
    assert done.exit_code == 0
    assert done.stderr.startswith(f"waiting: {refusal}")
    assert done.stdout.startswith("yunnan: not due until 20")


def test_a_spider_that_runs_already_is_refused_by_its_own_lock(
    demo_copy: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    age(demo_copy)
    handle = hold(demo_copy / "locks" / "yunnan.lock", "spider yunnan", demo_copy)
    try:
        done = crawl_due(demo_copy, "yunnan")
    finally:
        os.close(handle)
    assert done.exit_code == 1
    assert (
        f"spider yunnan already runs in {demo_copy}: process {os.getpid()}" in capfd.readouterr()[1]
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--only", "530111"], "--due chooses the portals"),
        (["yunan"], "no spider 'yunan'"),
    ],
)
def test_wrong_usage_is_told(tmp_path: Path, options: list[str], told: str) -> None:
    done = crawl_due(tmp_path, *options)
    assert (done.exit_code, told in done.stderr) == (2, True)
