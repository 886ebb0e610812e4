"""What goes wrong on a crawl of the embedded world, and that nothing of it is lost or invented."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import forked
import pytest

from archive.catalog import Catalog
from archive.index import index_archive
from archive.warc import verify_archive
from gkcrawl.demo.proxy import serve_world
from gkcrawl.demo.wire import Page, Response, encode
from gkcrawl.demo.world import World
from gkcrawl.portals import all_portal_rows

ROOT = Path(__file__).parent.parent
GUANDU = "-aonly=530111"
# The portals that the world has; the shipped file lists all there are.
YUNNAN = f"-aportals={ROOT / 'gkcrawl/demo/data/config/portals/yunnan.yml'}"


@dataclass
class Broken:
    """The world, but for some pages (host and path); and what was asked for."""

    faults: Mapping[str, Response] = field(default_factory=dict)
    world: World = field(default_factory=World)
    asked: set[str] = field(default_factory=set)

    def hosts(self) -> tuple[str, ...]:
        return self.world.hosts()

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        self.asked.add(url)
        parts = urlsplit(url)
        fault = self.faults.get((parts.hostname or "") + parts.path)
        return fault or self.world.respond(method, url, headers)


@dataclass(frozen=True)
class Raw(Response):
    """Bytes that are no message of HTTP."""

    def raw(self) -> bytes:
        return self.body


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    with serve_world(World()) as url:
        yield url


def start(
    home: Path,
    proxy: str,
    *options: str,
    spider: str = "yunnan",
    preexec_fn: Callable[[], None] | None = None,
    through: Sequence[object] = (),
) -> subprocess.Popen[str]:
    """Start ``scrapy crawl`` over the world, in a session of its own as in a terminal.

    ``through``: a program of this folder that crawls and makes trouble, and what it is to do.
    """
    program, *arguments = command(options, spider, through)
    return subprocess.Popen(
        [sys.executable, *(["-m"] if program == "scrapy" else []), program, *arguments],
        cwd=ROOT,
        env=environment(home, proxy),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=preexec_fn,
    )


def command(options: Sequence[str], spider: str, through: Sequence[object]) -> list[str]:
    """Return a crawl as a program and its arguments."""
    settings = {"DOWNLOAD_DELAY": "0.001", "RETRY_TIMES": "0", "DOWNLOAD_MAXSIZE": str(2**20)}
    program = ["scrapy", "crawl"]
    if through:
        program = [str(Path(__file__).parent / str(through[0])), *map(str, through[1:])]
    return [*program, spider, *options, *(f"-s{name}={value}" for name, value in settings.items())]


def environment(home: Path, proxy: str) -> dict[str, str]:
    own = {"GKCRAWL_HOME": str(home), "GKCRAWL_PROXY": proxy, "PYTHONPATH": str(ROOT)}
    return os.environ | own


def crawl(
    home: Path,
    proxy: str,
    *options: str,
    spider: str = "yunnan",
    through: Sequence[object] = (),
) -> tuple[int, str]:
    """Return exit status and log of a crawl."""
    done = forked.run(*command(options, spider, through), env=environment(home, proxy))
    return done.returncode, done.stderr


def stop(process: subprocess.Popen[str], *signals: int, at: Path, size: int) -> tuple[int, str]:
    """Send signals to the crawl's process group once its growing file has ``size`` bytes."""
    while process.poll() is None and grown(at) < size:
        time.sleep(0.001)
    for number in signals:
        os.killpg(process.pid, number)
        time.sleep(0.05)
    log = process.communicate()[1]
    return process.returncode, log


def grown(home: Path) -> int:
    """Return the size of the file that is being written; -1: there is none."""
    try:
        return max((file.stat().st_size for file in home.glob("warc/*.gz.open")), default=-1)
    except FileNotFoundError:
        return -1


def demand_whole(home: Path) -> None:
    """Assert that files and catalog agree and that the files alone give the same catalog."""
    with Catalog(home / "catalog.db") as catalog, Catalog(home / "again.db") as again:
        assert verify_archive(home, catalog.captures(), catalog.failures()) == []
        index_archive(home, again, jobs=0, portals=all_portal_rows())
        assert list(again.dump()) == list(catalog.dump())
        assert catalog.pending() == []
    (home / "again.db").unlink()


def reports(home: Path) -> list[tuple[Any, ...]]:
    with Catalog(home / "catalog.db") as catalog:
        sql = "select id, title, year, url, trust, status, text, cells_digest from reports"
        return sorted(catalog.db.execute(sql).fetchall())


@pytest.fixture(scope="module")
def undisturbed(proxy: str, made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The archive of one portal, crawled in peace."""

    def in_peace(home: Path) -> None:
        status, log = crawl(home, proxy, GUANDU)
        assert status == 0, log
        assert reports(home)

    return made_once("undisturbed", in_peace)


def test_a_crawl_that_is_killed_goes_on_and_comes_to_the_same(
    proxy: str, undisturbed: Path, tmp_path: Path
) -> None:
    kills = [
        ("half of a write", 11),
        ("before commit", 9),
        ("after lookup", 2),
        ("after rename", 1),
    ]
    killed = kill_and_finish(tmp_path, proxy, undisturbed, kills)
    assert killed == [step for step, _ in kills]


def exchanges(home: Path) -> int:
    """Return how many captures an archive has."""
    with Catalog(home / "catalog.db") as catalog:
        return len(list(catalog.captures()))


def kill_and_finish(
    home: Path, proxy: str, undisturbed: Path, kills: list[tuple[str, int]], *options: str
) -> list[str]:
    """Kill the crawl at each point, let it finish, and demand that nothing is missing.

    Returns at which steps it was killed; one that had not so much left to do ends in peace.
    """
    kept: set[str] = set()
    killed = []
    for kill in kills:
        status, log = crawl(home, proxy, GUANDU, *options, through=("killing.py", *kill))
        assert status in (0, -signal.SIGKILL), log
        killed += [kill[0]] if status else []
        if (home / "catalog.db").exists():
            with Catalog(home / "catalog.db") as catalog:
                kept |= {capture.id for capture in catalog.captures()}
    status, log = crawl(home, proxy, GUANDU, *options)
    assert status == 0, log
    demand_whole(home)
    assert reports(home) == reports(undisturbed)
    with Catalog(home / "catalog.db") as catalog:
        assert kept <= {capture.id for capture in catalog.captures()}
    return killed


@pytest.mark.parametrize(
    "signals",
    [[signal.SIGTERM], [signal.SIGINT], [signal.SIGINT, signal.SIGINT]],
    ids=["SIGTERM", "Ctrl-C", "Ctrl-C twice"],
)
def test_a_crawl_that_is_stopped_closes_its_files(
    proxy: str, tmp_path: Path, signals: list[int]
) -> None:
    """The signal reaches all processes of the crawl, as from a terminal or a supervisor."""
    status, log = stop(start(tmp_path, proxy, GUANDU), *signals, at=tmp_path, size=5_000)
    assert status == 130, log
    with Catalog(tmp_path / "catalog.db") as catalog:
        assert verify_archive(tmp_path, catalog.captures(), catalog.failures()) == []
        outcomes = catalog.status()["captures"]
    assert "unreadable" not in outcomes, log[-3000:]
    assert not list(tmp_path.glob("warc/*.open"))


NOISE = bytes(range(0xFF, 0x7F, -1)) * 12
FAULTS: dict[str, Response] = {
    "404": encode(Page("<h1>404</h1>", status=404)),
    "empty": encode(Page("")),
    "noise": encode(Page(data=NOISE)),
    "no HTTP": Raw(200, "", (), b"\x00\x01 SSH-2.0\r\n\r\n", "close"),
    "nothing": Raw(200, "", (), b"", "close"),
    "circle": encode(Page(status=302, location="/")),
    "home network": encode(Page(status=302, location="http://127.0.0.1:1/")),
    "too large": encode(Page("x" * 2**21)),
    "no URL": encode(Page(status=302, location="http://[bad")),
    "no gzip": Raw(
        200,
        "OK",
        (),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno",
        "close",
    ),
}


HOMES = {
    "www.puershi.gov.cn/": "home network",
    "www.kmgd.gov.cn/": "circle",
    "www.kmgd.gov.cn/zfxxgk/zfxxgkzn/": "too large",
    "www.kmgd.gov.cn/zfxxgk/zfxxgknb/ljjd/": "no URL",
    "www.kmgd.gov.cn/zfxxgk/zfxxgknb/gsjd/": "no gzip",
    "www.cxs.gov.cn/": "no HTTP",
}
COLUMNS = {
    "www.puershi.gov.cn/zwgk/zfxxgk2/zfxxgknb.htm": "404",
    "www.kmgd.gov.cn/zfxxgk/zfxxgknb/": "noise",
    "www.cxs.gov.cn/robots.txt": "nothing",
    "www.cxs.gov.cn/zfxxgk/zfxxgknb.htm": "empty",
}


def test_home_pages_that_are_broken_stop_nobody(tmp_path: Path, undisturbed: Path) -> None:
    """The columns are then found where portals of their families have them."""
    web = Broken({place: FAULTS[fault] for place, fault in HOMES.items()})
    with serve_world(web) as proxy:
        assert crawl(tmp_path, proxy, YUNNAN)[0] == 0
    demand_all_kept(tmp_path, web)
    found = reports(tmp_path)
    assert {urlsplit(row[3]).hostname for row in found} == {
        place.partition("/")[0] for place in HOMES
    }
    of_guandu = [row for row in found if "kmgd" in row[3]]
    assert set(of_guandu) < set(reports(undisturbed))


def test_columns_that_are_broken_give_no_report(tmp_path: Path) -> None:
    web = Broken({place: FAULTS[fault] for place, fault in COLUMNS.items()})
    with serve_world(web) as proxy:
        assert crawl(tmp_path, proxy, YUNNAN)[0] == 0
    demand_all_kept(tmp_path, web)
    assert reports(tmp_path) == []


def demand_all_kept(home: Path, web: Broken) -> None:
    """Assert that everything that was asked for is in the archive, answered or not."""
    demand_whole(home)
    with Catalog(home / "catalog.db") as catalog:
        known = {one.url for one in (*catalog.captures(), *catalog.failures())}
    assert web.asked <= known


PORTAL = 'province: "530000"\nname: 云南省\nportals:\n  - {code: "530111", %s}\n'


@pytest.mark.parametrize(
    ("options", "file", "message"),
    [
        (["-ayear=24年"], "", "year=24年: expected a year such as 2024"),
        (["-aonly=110000"], "", "only=110000: no such portal"),
        ([], PORTAL % "name: 官渡区, url: 'http://a.cn/', family: trss", "one of the known famil"),
        ([], PORTAL % "url: 'http://a.cn/'", "field 'name' is missing"),
        ([], "portals: [", "not valid YAML"),
        (["-aportals=/no/such/file.yml"], "", "/no/such/file.yml: cannot be read"),
    ],
    ids=["year", "only", "family", "field", "YAML", "file"],
)
def test_a_wrong_argument_is_told_in_one_line(
    tmp_path: Path, options: list[str], file: str, message: str
) -> None:
    if file:
        (tmp_path / "portals.yml").write_text(file, "utf-8")
        options = [f"-aportals={tmp_path / 'portals.yml'}"]
    status, log = crawl(tmp_path / "home", "", *options)
    assert status == 1
    [line] = [line for line in log.splitlines() if "ERROR" in line]
    assert message in line
    assert "Traceback" not in log


def test_a_spider_that_there_is_not_is_told_in_one_line(tmp_path: Path) -> None:
    status, log = crawl(tmp_path, "", spider="beijin")
    assert status == 1
    assert "ERROR: Spider not found: beijin" in log
    assert "Traceback" not in log


def test_a_catalog_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_bytes(b"no database" * 100)
    status, log = crawl(tmp_path, "")
    assert status == 1
    assert "is no SQLite database" in log
    assert "Traceback" not in log
