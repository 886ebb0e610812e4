"""A crawl that is answered from the archive of another comes to the same, without a network."""

import re
from pathlib import Path
from typing import Any

import pytest
from test_crawl_faults import FAULTS, GUANDU, Broken, crawl, demand_whole
from test_recorder_wire import ANSWERS
from wire_crawl import crawl as crawl_wire
from wire_server import WireServer

from archive.catalog import Catalog
from archive.records import Exchange
from gkcrawl.crawl.replay import error_of
from gkcrawl.demo.proxy import serve_world

BROKEN = {
    "www.kmgd.gov.cn/zfxxgk/zfxxgkzn/": "too large",
    "www.kmgd.gov.cn/zfxxgk/zfxxgknb/ljjd/": "nothing",
    "www.kmgd.gov.cn/zfxxgk/zfxxgknb/gsjd/": "no gzip",
    "www.kmgd.gov.cn/zfxxgk/zfxxgknb/": "no HTTP",
}


def content(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the catalog says, but for ids and times."""
    told = {
        "captures": "url, status, media_type, payload_digest, kind, outcome",
        "failures": "url, error, message",
        "reports": "id, title, year, url, trust, status, text, cells_digest",
        "sources": "report_id, url, kind, trust",
        "checks": "report_id, check_id, status, left, right",
    }
    with Catalog(home / "catalog.db") as catalog:
        return {
            table: sorted(catalog.db.execute(f"select {columns} from {table}"), key=repr)
            for table, columns in told.items()
        }


@pytest.fixture(scope="module", params=["whole", "broken"])
def first(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a crawl over the demo world."""
    home = tmp_path_factory.mktemp("first")
    faults = {place: FAULTS[fault] for place, fault in BROKEN.items()}
    with serve_world(Broken(faults if request.param == "broken" else {})) as proxy:
        status, log = crawl(home, proxy, GUANDU)
    assert status == 0, log
    return home


def test_a_crawl_from_an_archive_gives_an_equal_catalog(first: Path, tmp_path: Path) -> None:
    status, log = crawl(tmp_path, "", GUANDU, f"-sGKCRAWL_REPLAY={first}")
    assert status == 0, log
    assert content(tmp_path) == content(first)
    assert content(tmp_path)["captures"]
    demand_whole(tmp_path)


def test_what_the_archive_has_not_fails_by_name(first: Path, tmp_path: Path) -> None:
    [path] = (first / "warc").glob("*.warc.gz")
    status, log = crawl(tmp_path, "", "-aonly=532301", f"-sGKCRAWL_REPLAY={path}")
    assert status == 0, log
    failures = content(tmp_path)["failures"]
    assert {error for _, error, _ in failures} == {"NotInArchiveError"}
    assert all(str(path) in message for _, _, message in failures)


@pytest.fixture(scope="module")
def wires(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """A crawl of all kinds of messages, and the same from its archive."""
    folders = [tmp_path_factory.mktemp(name) for name in ("asked", "replayed")]
    with WireServer(ANSWERS) as server:
        requests = [{"url": server.url(path)} for path in ANSWERS]
        asked = crawl_wire(folders[0], requests)
    return asked, crawl_wire(folders[1], requests, GKCRAWL_REPLAY=str(asked["home"]))


def test_every_message_and_every_failure_comes_again(wires: Any) -> None:
    asked, replayed = wires
    key = [(one["url"], one.get("status"), one.get("body"), kind(one)) for one in asked["seen"]]
    assert key == [
        (one["url"], one.get("status"), one.get("body"), kind(one)) for one in replayed["seen"]
    ]
    assert [told(*one) for one in asked["exchanges"]] == [
        told(*one) for one in replayed["exchanges"]
    ]


def kind(seen: dict[str, Any]) -> str:
    """Return the class of the error that a callback saw."""
    return re.match(r"\w*", seen.get("error", ""))[0]  # type: ignore[index]


def told(exchange: Exchange, kept: Any) -> tuple[Any, ...]:
    """Return what must not differ; chunks may be cut differently, so of the wire no more than
    what was kept of it."""
    digest = getattr(kept, "payload_digest", None)
    status, media_type = getattr(kept, "status", None), getattr(kept, "media_type", None)
    failed = exchange.failure and exchange.failure.partition(": ")
    # Where nothing was received, no address is archived.
    address = exchange.response and exchange.ip_address
    return exchange.url, exchange.truncated, failed, digest, status, media_type, address


@pytest.mark.parametrize(
    ("failure", "base"),
    [
        ("DownloadTimeoutError: took longer", "DownloadTimeoutError"),
        ("ResponseNeverReceived: []", "ResponseFailed"),
        ("ForbiddenAddressError: 10.0.0.1", "ForbiddenAddressError"),
        ("NobodyKnowsIt: at all", "Exception"),
    ],
)
def test_an_error_is_raised_again_by_its_class(failure: str, base: str) -> None:
    error = error_of(failure)
    assert f"{type(error).__name__}: {error}" == failure
    assert base in {one.__name__ for one in type(error).__mro__}
