"""Two crawls into one home: of two spiders side by side, of one spider only one at a time."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from test_crawl_faults import (  # noqa: F401  # proxy is a fixture
    GUANDU,
    crawl,
    demand_whole,
    grown,
    proxy,
    start,
)

from archive.catalog import Catalog
from gkcrawl.crawl.sole import RunningError, hold


def test_two_spiders_at_once_share_an_archive(proxy: str, tmp_path: Path) -> None:  # noqa: F811
    other = start(tmp_path, proxy, "-aonly=445300", spider="guangdong")
    assert crawl(tmp_path, proxy, GUANDU)[0] == 0
    other.communicate()
    assert other.returncode == 0
    demand_whole(tmp_path)
    assert len(list(tmp_path.glob("warc/*.warc.gz"))) == 2


def test_a_second_crawl_of_a_spider_is_refused_by_name(proxy: str, tmp_path: Path) -> None:  # noqa: F811
    """And begins when the first has ended, were it by a kill."""
    with halted_crawl(tmp_path, proxy) as first:
        status, log = crawl(tmp_path, proxy, GUANDU)
    [line] = [line for line in log.splitlines() if "ERROR" in line]
    assert (status, "Traceback" in log) == (1, False)
    assert f"spider yunnan already runs in {tmp_path}: process {first.pid} on " in line
    assert ", since 20" in line
    assert crawl(tmp_path, proxy, GUANDU)[0] == 0
    demand_whole(tmp_path)
    with Catalog(tmp_path / "catalog.db") as catalog:
        spiders = [row["spider"] for row in catalog.db["runs"].rows]
    assert spiders == ["yunnan", "yunnan"]


def test_a_lock_is_held_until_it_is_closed_and_names_its_owner(tmp_path: Path) -> None:
    lock = tmp_path / "locks" / "yunnan.lock"
    with held(lock, tmp_path):
        with pytest.raises(RunningError, match=f"process {os.getpid()} on .*, since 20"):
            hold(lock, "spider yunnan", tmp_path)
        with held(lock.with_name("wenku.lock"), tmp_path):
            pass
    lock.write_text("process 1 on elsewhere, since long ago, whose name was a long one")
    with held(lock, tmp_path):
        assert lock.read_text("utf-8").startswith(f"process {os.getpid()} on ")
        assert lock.read_text("utf-8").count("\n") == 1


@contextmanager
def halted_crawl(home: Path, proxy: str) -> Iterator[subprocess.Popen[str]]:  # noqa: F811
    """Give a crawl that has kept an exchange and does not go on; killed afterwards."""
    crawling = start(home, proxy, GUANDU)
    begun = 0  # the file's size with nothing but its warcinfo, of which no run is told
    while not 0 < begun < grown(home) and crawling.poll() is None:
        begun = begun or max(grown(home), 0)
        time.sleep(0.01)
    os.kill(crawling.pid, signal.SIGSTOP)
    try:
        yield crawling
    finally:
        os.kill(crawling.pid, signal.SIGKILL)
        crawling.communicate()


@contextmanager
def held(lock: Path, home: Path) -> Iterator[None]:
    handle = hold(lock, "spider yunnan", home)
    yield
    os.close(handle)
