"""Second crawls: what has not changed is stored once, and shown and read as if it stood twice."""

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from foreign_archives import COPY, DATE, URL, chunked, record, report_page, sha1, zipped
from loopback import served
from needed import missing
from replayweb import replaying, shown
from test_browser import CHROMIUM, FLAGS
from test_wacz import PYWB, VIEWER, replayed
from warc_examples import RUN, exchange, run, tool
from wire_crawl import crawl as crawl_wire

from archive.catalog import Catalog
from archive.index import index_archive
from archive.records import Capture, StoredExchange
from archive.warc import (
    WarcWriter,
    iter_exchanges,
    locate,
    read_exchange,
    verify_archive,
    warc_files,
)
from archive.warc.importing import import_file
from archive.warc.merged import lookup, merge_index
from archive.warc.wacz import Page, check_wacz, write_wacz
from gkcrawl.crawl.history import ArchiveHistory, KnownCaptures

PAGE = report_page() + b"<!-- one of our pages is longer -->" * 30
ETAG = '"65a-1"'
CONDITIONAL = {
    "GKCRAWL_CONDITIONAL": True,
    "DOWNLOADER_MIDDLEWARES": {"gkcrawl.crawl.conditional.Conditional": 950},
}
ASKED: list[tuple[str, str | None]] = []


class _Portal(BaseHTTPRequestHandler):
    """Answers every address with one page; asked about its version, that nothing was modified."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        condition = self.headers.get("If-None-Match")
        ASKED.append((self.path, condition))
        if self.path == "/moved.htm":
            self.send_response(302)
            self.send_header("Location", "/1.htm")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif condition == ETAG:
            self.send_response(304)
            self.send_header("ETag", ETAG)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("ETag", ETAG)
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def portal() -> Iterator[str]:
    ASKED.clear()
    with served(_Portal) as address:
        yield address


def crawl(folder: Path, requests: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
    """Crawl as ``wire_crawl`` does; the provinces' spiders are not needed for it."""
    return crawl_wire(folder, requests, SPIDER_MODULES=[], **settings)


def plan(*urls: str) -> list[dict[str, Any]]:
    return [{"url": url, "meta": {"page_class": "article"}} for url in urls]


def rows(home: Path) -> list[Capture]:
    with Catalog(home / "catalog.db") as catalog:
        return sorted(catalog.captures(), key=lambda row: row.captured_at)


def read_all(home: Path) -> None:
    with Catalog(home / "catalog.db") as catalog:
        index_archive(home, catalog, jobs=0)


def demand_equal_rebuild(home: Path) -> dict[str, str | None]:
    """Demand that files and catalog agree, and that a rebuild gives the same; return outcomes."""
    with Catalog(home / "catalog.db") as catalog:
        index_archive(home, catalog, jobs=0)
        assert verify_archive(home, list(catalog.captures()), list(catalog.failures())) == []
        before = list(catalog.dump())
        index_archive(home, catalog, rebuild=True, jobs=0)
        assert list(catalog.dump()) == before
        return {row.id: catalog.outcome(row.id) for row in catalog.captures()}


def test_a_second_crawl_stores_what_has_not_changed_as_revisits(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with portal() as address:
        wanted = plan(f"{address}/1.htm", f"{address}/2.htm")
        for _ in range(2):
            done = crawl(tmp_path, wanted)
            assert [one["body"] for one in done["seen"]] == [PAGE, PAGE]
    first, *others = rows(home)
    assert [row.refers_to for row in others] == [first.id] * 3
    assert done["stats"]["gk/revisits"] == 2
    for row in others:
        stored = read_exchange(locate(home / "warc", row.warc), row.offset)
        assert (stored.content, stored.capture) == (PAGE, row)
    outcomes = demand_equal_rebuild(home)
    assert set(outcomes.values()) == {"report"}
    with Catalog(home / "catalog.db") as catalog:
        assert [row["n"] for row in catalog.db.query("select n from versions")] == [1]
        sources = {row["capture_id"] for row in catalog.db.query("select * from sources")}
        assert sources == {row.id for row in others[1:]}


def test_a_run_whose_files_must_stand_alone_refers_to_no_other(tmp_path: Path) -> None:
    with portal() as address:
        wanted = plan(f"{address}/1.htm", f"{address}/2.htm")
        for _ in range(2):
            crawl(tmp_path, wanted, GKCRAWL_SELF_CONTAINED=True, **CONDITIONAL)
    found = rows(tmp_path / "home")
    assert [row.refers_to for row in found] == [None, found[0].id, None, found[2].id]
    assert {condition for _, condition in ASKED} == {None}


def test_a_conditional_crawl_goes_on_with_the_archived_page(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with portal() as address:
        wanted = plan(f"{address}/1.htm", f"{address}/moved.htm")
        crawl(tmp_path, wanted, **CONDITIONAL)
        read_all(home)
        done = crawl(tmp_path, wanted, **CONDITIONAL)
        read_all(home)
        again = crawl(tmp_path, plan(f"{address}/1.htm"), **CONDITIONAL)
    assert {condition for _, condition in ASKED[:3]} == {None}
    assert ASKED[3:] == [
        ("/1.htm", ETAG),
        ("/moved.htm", None),
        ("/1.htm", ETAG),  # where the redirect leads
        ("/1.htm", ETAG),
    ]
    for one in (*done["seen"], *again["seen"]):
        assert (one["status"], one["body"]) == (200, PAGE)
    found = rows(home)
    assert [row.status for row in found] == [200, 302, 200, 304, 302, 304, 304]
    assert [row.refers_to for row in found if row.status == 304] == [found[0].id] * 3
    assert again["seen"][0]["capture_id"] == found[-1].id
    assert done["stats"]["gk/not_modified"] == 2
    replay = {"GKCRAWL_REPLAY": str(home), "GKCRAWL_HOME": str(tmp_path / "replayed")}
    replayed_ones = crawl(tmp_path, wanted * 2, **replay)["seen"]
    assert [(one["status"], one["body"]) for one in replayed_ones] == [(200, PAGE)] * 4
    outcomes = demand_equal_rebuild(home)
    assert [outcomes[row.id] for row in found if row.status == 304] == ["not_modified"] * 3
    # Left out of the index for replay; in the file and in the catalog all the same.
    entries = lookup(home, f"{address}/1.htm")
    assert {entry.status for entry in entries} == {200}
    with Catalog(home / "catalog.db") as catalog:
        history = ArchiveHistory(catalog, home / "warc")
        stored = history.stored(f"{address}/1.htm")
        assert stored is not None
        assert (stored.capture.status, stored.content) == (200, PAGE)
        assert history.last_capture(f"{address}/1.htm") == (found[-1].captured_at, "not_modified")


# What other makers write -> which fields their revisit has, and what its original is like.
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
FRAMED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Answer: 2\r\n\r\n"
PROFILE = "http://netpreserve.org/warc/1.0/revisit/"
REFERS = {"WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": DATE}
FOREIGN: dict[str, tuple[dict[str, str], bytes, bytes]] = {
    "address and date": (REFERS | {"WARC-Payload-Digest": sha1(PAGE)}, HEAD, PLAIN + PAGE),
    "no digest": (REFERS, HEAD, PLAIN + PAGE),
    "digest alone": ({"WARC-Payload-Digest": sha1(PAGE)}, HEAD, PLAIN + PAGE),
    "no head": (REFERS | {"WARC-Payload-Digest": sha1(PAGE)}, b"", PLAIN + PAGE),
    "called truncated": (REFERS | {"WARC-Truncated": "length"}, HEAD, PLAIN + PAGE),
    "framed": (REFERS | {"WARC-Payload-Digest": sha1(PAGE)}, HEAD, FRAMED + chunked(PAGE)),
    "framed, digest too": (
        REFERS | {"WARC-Payload-Digest": sha1(chunked(PAGE))},
        HEAD,
        FRAMED + chunked(PAGE),
    ),
}


def foreign(name: str) -> tuple[bytes, bytes]:
    """Return an original and its revisit as another crawler writes them."""
    fields, head, block = FOREIGN[name]
    at = URL if name == "digest alone" else COPY
    told = {"WARC-Profile": PROFILE + "identical-payload-digest", **fields}
    kind = {"Content-Type": "application/http;msgtype=response"}
    return (
        record("response", {"WARC-Date": DATE, "WARC-Target-URI": URL, **kind}, block),
        record(
            "revisit",
            {"WARC-Date": "2026-01-21T08:00:00Z", "WARC-Target-URI": at, **told, **kind},
            head,
        ),
    )


def stored_in(path: Path) -> list[StoredExchange]:
    return [item for item in iter_exchanges(path) if isinstance(item, StoredExchange)]


@pytest.mark.parametrize("name", FOREIGN)
def test_others_revisits_are_read_with_the_payload_of_their_original(
    tmp_path: Path, name: str
) -> None:
    file = tmp_path / "theirs.warc.gz"
    file.write_bytes(zipped(*foreign(name)))
    _, revisit = stored_in(file)
    assert (revisit.content, revisit.missing, revisit.truncated) == (PAGE, False, None)
    assert (("X-Answer", "2") in revisit.headers) == bool(FOREIGN[name][1])
    plain = tmp_path / "theirs.warc"
    plain.write_bytes(b"".join(foreign(name)))
    assert [one.content for one in stored_in(plain)] == [PAGE, PAGE]


def test_an_archive_of_others_revisits_is_whole_and_made_again_alike(tmp_path: Path) -> None:
    for n, name in enumerate(FOREIGN):
        (tmp_path / f"{n}.warc.gz").write_bytes(zipped(*foreign(name)))
        list(import_file(tmp_path / "home", tmp_path / f"{n}.warc.gz"))
    outcomes = demand_equal_rebuild(tmp_path / "home")
    assert list(outcomes.values()) == ["report"] * 2 * len(FOREIGN)


@pytest.mark.parametrize("order", [("day1", "day2"), ("day2", "day1")])
def test_a_revisit_is_read_when_its_original_is_there_at_last(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    original, revisit = foreign("no head")
    for name, one in (("day1", original), ("day2", revisit)):
        (tmp_path / f"{name}.warc.gz").write_bytes(zipped(one))
    home, seen = tmp_path / "home", []
    for name in order:
        (done,) = import_file(home, tmp_path / f"{name}.warc.gz")
        with Catalog(home / "catalog.db") as catalog:
            index_archive(home, catalog, jobs=0, warcs=[done.warc])
        with Catalog(home / "catalog.db") as catalog:
            seen.append({row.url: catalog.outcome(row.id) for row in catalog.captures()})
    assert seen == [
        {URL: "report"} if order[0] == "day1" else {COPY: "original_missing"},
        {URL: "report", COPY: "report"},
    ]
    demand_equal_rebuild(home)


def test_a_revisit_whose_original_says_something_else_is_not_believed(tmp_path: Path) -> None:
    fields = {"WARC-Payload-Digest": sha1(b"something else"), **REFERS}
    FOREIGN["wrong"] = (fields, HEAD, PLAIN + PAGE)
    (tmp_path / "theirs.warc.gz").write_bytes(zipped(*foreign("wrong")))
    del FOREIGN["wrong"]
    _, revisit = stored_in(tmp_path / "theirs.warc.gz")
    assert (revisit.content, revisit.missing) == (b"", True)


def test_others_answers_304_are_read_as_not_modified(tmp_path: Path) -> None:
    head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    FOREIGN["304"] = ({"WARC-Payload-Digest": sha1(b"")}, head, PLAIN + PAGE)
    original, revisit = foreign("304")
    del FOREIGN["304"]
    revisit = revisit.replace(b"identical-payload-digest", b"server-not-modified").replace(
        COPY.encode(), URL.encode()
    )
    file = tmp_path / "theirs.warc.gz"
    file.write_bytes(zipped(original, revisit))
    _, answer = stored_in(file)
    assert (answer.capture.status, answer.content) == (304, PAGE)
    home = tmp_path / "home"
    list(import_file(home, file))
    assert sorted(map(str, demand_equal_rebuild(home).values())) == ["not_modified", "report"]
    assert [entry.status for entry in lookup(home, URL)] == [200]


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Capture]]:
    """A page of GB18030, and on the second day, in another file, it again and at another address;
    then 304."""
    home, found = tmp_path_factory.mktemp("two") / "home", []
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: {ETAG}\r\n\r\n".encode()
    unmodified = f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode()
    asked = f"GET / HTTP/1.1\r\nIf-None-Match: {ETAG}\r\n\r\n".encode()
    days = (
        [exchange(head + PAGE, url=URL)],
        [
            exchange(head + PAGE, url=URL, n=86400),
            exchange(head + PAGE, url=COPY, n=86401),
            exchange(unmodified, url=URL, n=86402, request=asked),
        ],
    )
    home.mkdir()
    with Catalog(home / "catalog.db") as catalog:
        for day, exchanges in enumerate(days):
            warc = WarcWriter(
                home / "warc",
                dataclasses.replace(RUN, id=str(day) * 32),
                known=KnownCaptures(catalog),
            )
            for each in exchanges:
                row = warc.write(each)
                assert isinstance(row, Capture)
                catalog.add_capture(row)
                found.append(row)
            warc.close()
        index_archive(home, catalog, jobs=0)
    assert [row.refers_to for row in found] == [None, *[found[0].id] * 3]
    return home, found


@pytest.mark.parametrize(
    ("outcome", "settled"), [("report", True), ("empty", False), (None, False)]
)
def test_what_is_to_be_asked_for_again_soon_is_asked_for_in_full(
    two_days: tuple[Path, list[Capture]], tmp_path: Path, outcome: str | None, settled: bool
) -> None:
    home = Path(shutil.copytree(two_days[0], tmp_path / "home"))
    with Catalog(home / "catalog.db") as catalog:
        with catalog.batch():
            catalog.db.execute("update captures set outcome = ?", [outcome])
        found = ArchiveHistory(catalog, home / "warc").settled(URL)
    assert (found is not None) == settled


def stamp(row: Capture) -> str:
    return "".join(c for c in row.captured_at if c.isdigit())[:14]


@pytest.fixture(scope="module")
def second_day(two_days: tuple[Path, list[Capture]], tmp_path_factory: Any) -> Path:
    """A WACZ file of the second day's page only."""
    home, found = two_days
    out: Path = tmp_path_factory.mktemp("out") / "day2.wacz"
    page = Page("copy", COPY, found[2].captured_at, found[2].warc, "年报")
    written = write_wacz(home, out, [page], whole=False, software="gkcrawl/test")
    assert written.warcs == tuple(sorted({row.warc for row in found}))
    return out


def test_a_package_of_the_second_day_has_the_originals_of_the_first(second_day: Path) -> None:
    assert check_wacz(second_day) == []
    assert "is valid" in run(tool("wacz"), "validate", "-f", second_day)


@pytest.mark.parametrize("how", ["merged index", "unpacked"])
def test_pywb_shows_revisits_with_their_page(
    two_days: tuple[Path, list[Capture]], second_day: Path, tmp_path: Path, how: str
) -> None:
    if not PYWB.exists():
        missing(f"{PYWB} (make tools)")
    home, found = two_days
    collection = tmp_path / "collections" / "gk"
    if how == "unpacked":
        manager = PYWB / "bin" / "wb-manager"
        run("sh", "-c", f"cd {tmp_path} && {manager} init gk >/dev/null 2>&1")
        run("sh", "-c", f"cd {tmp_path} && {manager} add --unpack-wacz gk {second_day} 2>/dev/null")
    else:
        merge_index(home)
        shutil.copytree(home / "warc", collection / "archive")
        shutil.copytree(home / "index", collection / "indexes")
    answers = replayed(tmp_path, [f"/gk/{stamp(row)}id_/{row.url}" for row in found])
    # Of the answer 304 there is no line: the closest capture is shown, which is the page.
    assert answers == [(200, PAGE)] * 4


def test_replayweb_page_shows_revisits_with_their_page(
    two_days: tuple[Path, list[Capture]], second_day: Path, tmp_path: Path
) -> None:
    if not (VIEWER / "ui.js").exists():
        missing(f"{VIEWER} (make tools)")
    if not CHROMIUM.exists():
        missing(str(CHROMIUM))
    from playwright.sync_api import sync_playwright

    _, found = two_days
    with (
        sync_playwright() as playwright,
        replaying(tmp_path, VIEWER, second_day) as address,
    ):
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        page = browser.new_page()
        for row in found[1:3]:
            text = shown(page, tmp_path, address, second_day.name, row.url, stamp(row))
            assert "普洱市财政局2024年认真贯彻" in text
        browser.close()


def test_the_index_of_both_days_is_cdxj_indexers_but_for_the_304(
    two_days: tuple[Path, list[Capture]],
) -> None:
    home, _ = two_days
    theirs = run(tool("cdxj-indexer"), "--sort", *warc_files(home / "warc")).splitlines()
    ours = merge_index(home).read_text("utf-8").splitlines()
    assert ours == [line for line in theirs if '"status": "304"' not in line]
    assert sum('"warc/revisit"' in line for line in ours) == 2
