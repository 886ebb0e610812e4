"""WACZ files: whole, signed, and shown by the tools of those who made the format."""

import base64
import dataclasses
import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from conftest import DemoArchive
from foreign_archives import COPY, URL, by_warcio, report_page
from needed import demand_module, missing
from replayweb import replaying, shown, verification
from test_browser import CHROMIUM, FLAGS
from warc_examples import RESPONSES, RUN, exchange, run, tool, writer

from archive.records import Capture
from archive.warc import WarcError, WarcWriter, read_exchange
from archive.warc.importing import import_file
from archive.warc.merged import merge_index
from archive.warc.wacz import Page, check_wacz, write_wacz
from archive.warc.wacz.signing import is_signed, signed_data, signing_key
from archive.warc.wacz.zipnum import LINES, ZipNum

CREATED = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
ROOT = Path(__file__).parent.parent
PYWB = Path(os.environ.get("GKCRAWL_PYWB", ROOT / ".venv-pywb"))
VIEWER = Path(os.environ.get("GKCRAWL_REPLAYWEB", ROOT / ".replayweb" / "package"))


def pages_of(home: Path) -> list[Page]:
    """Return the pages that the command lists: a report each."""
    sql = """select r.id, r.url, c.captured_at, c.warc, r.title, r.text
        from reports r join captures c on c.id = r.capture_id order by r.id"""
    db = sqlite3.connect(home / "catalog.db")
    try:
        return [Page(*row) for row in db.execute(sql)]
    finally:
        db.close()


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, list[Page]]:
    """An archive of two files, with a page in each and a log."""
    home = tmp_path / "home"
    pages = []
    for n, name in enumerate(("a", "b")):
        run_of_it = dataclasses.replace(RUN, id=str(n) * 32, spider=name)
        warc = WarcWriter(home / "warc", run_of_it, clock=lambda: CREATED)
        row = warc.write(exchange(RESPONSES["plain"][0], n=n))
        assert isinstance(row, Capture)
        warc.close()
        pages.append(Page(f"page-{n}", row.url, row.captured_at, row.warc, "年报"))
    (home / "logs").mkdir()
    (home / "logs" / "demo.log").write_text("said\n")
    return home, pages


@pytest.fixture(scope="module")
def world(
    demo_archive: DemoArchive, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, list[Page]]:
    """The demo's archive with a foreign file that holds a revisit, and its WACZ file."""
    folder = tmp_path_factory.mktemp("world")
    home = Path(shutil.copytree(demo_archive.home, folder / "home"))
    list(import_file(home, by_warcio(folder / "foreign.warc.gz")))
    merge_index(home)
    pages = pages_of(home)
    write_wacz(home, folder / "world.wacz", pages, software="gkcrawl/test")
    return home, folder / "world.wacz", pages


def test_everything_is_in_it_and_listed(small: tuple[Path, list[Page]], tmp_path: Path) -> None:
    home, pages = small
    gone = Page("gone", "http://www.a.gov.cn/", "2026-01-01T00:00:00Z", "gone.warc.gz")
    out = tmp_path / "out" / "x.wacz"
    written = write_wacz(home, out, [*pages, gone], created=CREATED, software="gkcrawl/1")
    assert (written.pages, written.left_out) == (2, (gone.url,))
    assert written.warcs == tuple(page.warc for page in pages)
    assert check_wacz(out) == []
    with ZipFile(out) as archive:
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
        package = json.loads(archive.read("datapackage.json"))
        header, *listed = map(json.loads, archive.read("pages/pages.jsonl").splitlines())
        manifest = archive.read("manifest/manifest-sha256.txt").decode()
        for name in (f"archive/{page.warc}" for page in pages):
            assert kinds[name] == ZIP_STORED
            assert archive.read(name) == (home / "warc" / Path(name).name).read_bytes()
        for line in manifest.splitlines():
            digest, _, name = line.partition("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert kinds["indexes/index.cdx.gz"] == ZIP_STORED
    assert kinds["logs/demo.log"] == ZIP_DEFLATED
    assert list(kinds)[-2:] == ["datapackage.json", "datapackage-digest.json"]
    assert (package["wacz_version"], package["created"]) == ("1.1.1", "2026-11-22T01:02:03Z")
    assert header["format"] == "json-pages-1.0"
    assert listed[0] == {
        "id": "page-0",
        "url": pages[0].url,
        "ts": pages[0].timestamp,
        "title": "年报",
    }
    assert sorted(path.name for path in out.parent.iterdir()) == ["x.wacz"]


def test_the_same_archive_at_the_same_time_gives_the_same_files(
    small: tuple[Path, list[Page]], tmp_path: Path
) -> None:
    contents = []
    for name in ("1.wacz", "2.wacz"):
        write_wacz(*small[:1], tmp_path / name, small[1], created=CREATED)
        with ZipFile(tmp_path / name) as archive:
            contents.append({file: archive.read(file) for file in archive.namelist()})
    # A signature has a random part.
    signatures = [json.loads(one.pop("datapackage-digest.json")) for one in contents]
    assert contents[0] == contents[1]
    assert signatures[0]["hash"] == signatures[1]["hash"]


def test_a_selection_takes_the_files_that_hold_it(
    small: tuple[Path, list[Page]], tmp_path: Path
) -> None:
    home, pages = small
    out = tmp_path / "part.wacz"
    written = write_wacz(home, out, pages[1:], whole=False)
    assert written.warcs == (pages[1].warc,)
    assert check_wacz(out) == []


def test_a_selection_takes_the_originals_of_its_revisits_along(tmp_path: Path) -> None:
    """The crawl of one day that is deduplicated against another's cannot be replayed alone."""
    home = tmp_path / "home"
    (both,) = import_file(home, by_warcio(tmp_path / "both.warc.gz"))
    lines = (home / "warc" / "both.cdxj").read_text("utf-8").splitlines()
    parts = {json.loads(line.split(" ", 2)[2])["mime"]: line for line in lines}
    data = both.warc.read_bytes()
    names = {"text/html": "day1.warc.gz", "warc/revisit": "day2.warc.gz"}
    for mime, name in names.items():
        told = json.loads(parts[mime].split(" ", 2)[2])
        start, length = int(told["offset"]), int(told["length"])
        (tmp_path / name).write_bytes(data[start : start + length])
    other = tmp_path / "other"
    for name in names.values():
        list(import_file(other, tmp_path / name))
    page = Page("copy", COPY, "2026-01-21T08:00:00Z", "day2.warc.gz")
    written = write_wacz(other, tmp_path / "x.wacz", [page], whole=False)
    assert written.warcs == ("day1.warc.gz", "day2.warc.gz")


def test_a_file_that_grows_is_left_out(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    row = warc.write(exchange(RESPONSES["plain"][0]))
    assert isinstance(row, Capture)
    page = Page("x", row.url, row.captured_at, row.warc)
    written = write_wacz(tmp_path, tmp_path / "x.wacz", [page])
    warc.abandon()
    assert (written.warcs, written.pages, written.left_out) == ((), 0, (row.url,))


@pytest.mark.parametrize("damage", ["warc", "index"])
def test_a_damaged_archive_gives_none(
    small: tuple[Path, list[Page]], tmp_path: Path, damage: str
) -> None:
    home, pages = small
    warc = home / "warc" / pages[0].warc
    if damage == "warc":
        warc.write_bytes(warc.read_bytes()[:-1] + b"x")
    else:
        warc.with_name(warc.name.removesuffix(".warc.gz") + ".cdxj").unlink()
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(WarcError, match="gkcrawl verify"):
        write_wacz(home, out / "x.wacz", pages)
    assert list(out.iterdir()) == []


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Return a copy whose files are what ``change`` makes of them; None leaves one out."""
    copy = path.with_name("changed.wacz")
    with ZipFile(path) as source, ZipFile(copy, "w") as target:
        for info in source.infolist():
            content = change(info.filename, source.read(info))
            if content is not None:
                target.writestr(info, content)
    return copy


def dropped(wanted: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, content: None if name == wanted else content


def replaced(wanted: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes | None]:
    return lambda name, content: content.replace(old, new) if name == wanted else content


CHANGES = {
    "no pages": (dropped("pages/pages.jsonl"), "pages/pages.jsonl is listed and not there"),
    "no index": (dropped("indexes/index.cdx.gz"), "there is no index"),
    "no package": (dropped("datapackage.json"), "datapackage.json is missing"),
    "no digest": (dropped("datapackage-digest.json"), "datapackage-digest.json is missing"),
    "a page": (
        replaced("pages/pages.jsonl", b"n=0", b"n=7"),
        "the page https://www.puershi.gov.cn/zfxxgknb.htm?n=7 is not in the index",
    ),
    "the package": (
        replaced("datapackage.json", b'"title"', b'"caption"'),
        "datapackage.json is not what datapackage-digest.json says",
    ),
    "the signature": (
        lambda name, content: (
            json.dumps(json.loads(content) | {"signedData": OTHERS}).encode()
            if name == "datapackage-digest.json"
            else content
        ),
        "the signature is not that of this package",
    ),
    "the form of the signature": (
        replaced("datapackage-digest.json", b'"publicKey": "', b'"publicKey": "!'),
        "datapackage-digest.json makes no sense",
    ),
    "a log": (replaced("logs/demo.log", b"said", b"sang"), "logs/demo.log is not what"),
    "an index of other files": (
        lambda name, content: (
            gzip.compress(
                gzip.decompress(content).replace(b'"offset": "', b'"offset": "1'), mtime=0
            )
            if name == "indexes/index.cdx.gz"
            else content
        ),
        "is not in the index",
    ),
}
OTHERS = dict.fromkeys(("hash", "created", "software", "version"), "x")


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_is_found(
    small: tuple[Path, list[Page]], tmp_path: Path, name: str
) -> None:
    home, pages = small
    out, key = tmp_path / "x.wacz", signing_key(tmp_path / "other.pem")
    OTHERS.update(signed_data(key, "sha256:0", created="x", software="x"))
    write_wacz(home, out, pages, created=CREATED)
    change, message = CHANGES[name]
    problems = check_wacz(rewritten(out, change))
    assert any(message in problem for problem in problems), problems


def test_every_cut_of_a_package_is_found(small: tuple[Path, list[Page]], tmp_path: Path) -> None:
    home, pages = small
    out = tmp_path / "x.wacz"
    write_wacz(home, out, pages)
    data = out.read_bytes()
    for end in range(0, len(data), 97):
        out.write_bytes(data[:end])
        assert check_wacz(out) != []


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "wacz.pem"
    key = signing_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_key(path).private_numbers() == key.private_numbers()
    signed = signed_data(key, "sha256:ab", created="now", software="x")
    assert is_signed(signed, "sha256:ab")
    assert not is_signed(signed, "sha256:ac")
    assert not is_signed(signed | {"hash": "sha256:ac"}, "sha256:ac")
    path.write_text("no key")
    with pytest.raises(WarcError, match="expected a private key"):
        signing_key(path)


def test_an_index_in_blocks_is_the_whole_index() -> None:
    lines = [b"cn,gov)/%06d 20260101000000 {}\n" % n for n in range(2 * LINES + 1)]
    zipnum = ZipNum("index.cdx.gz")
    data = b"".join(zipnum.members(lines))
    assert gzip.decompress(data) == b"".join(lines)
    header, *entries = list(zipnum.listing())
    assert header == b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'
    for number, entry in enumerate(entries):
        key, stamp, told = entry.split(b" ", 2)
        place = json.loads(told)
        member = data[place["offset"] : place["offset"] + place["length"]]
        block = lines[number * LINES : (number + 1) * LINES]
        assert gzip.decompress(member) == b"".join(block)
        assert block[0].startswith(key + b" " + stamp)
        assert place["digest"] == "sha256:" + hashlib.sha256(member).hexdigest()


def test_the_tool_of_the_formats_makers_finds_it_valid(
    world: tuple[Path, Path, list[Page]],
) -> None:
    _, out, _ = world
    assert check_wacz(out) == []
    assert "is valid" in run(tool("wacz"), "validate", "-f", out)


def replayed(collection: Path, paths: list[str]) -> list[tuple[int, bytes]]:
    """Return pywb's answers, status and body."""
    program = PYWB / "bin" / "python"
    done = run(program, ROOT / "tests" / "pywb_replay.py", collection, json.dumps(paths))
    answers = json.loads(done.splitlines()[-1])
    return [(answer["status"], base64.b64decode(answer["body"])) for answer in answers]


def pages_and_paths(home: Path, pages: list[Page]) -> Iterator[tuple[bytes, str]]:
    """Yield what pywb has to answer: the payload of each page and the path that asks for it."""
    db = sqlite3.connect(home / "catalog.db")
    for page in pages:
        sql = "select offset from captures where url = ? and captured_at = ?"
        (offset,) = db.execute(sql, [page.url, page.timestamp]).fetchone()
        stored = read_exchange(home / "warc" / page.warc, offset)
        stamp = "".join(c for c in page.timestamp if c.isdigit())[:14]
        yield stored.content, f"/gk/{stamp}id_/{page.url}"
    db.close()
    yield report_page(), f"/gk/20260120080000id_/{URL}"
    yield report_page(), f"/gk/20260121080000id_/{COPY}"


@pytest.mark.parametrize("how", ["merged index", "unpacked"])
def test_pywb_replays_the_archive(
    world: tuple[Path, Path, list[Page]], tmp_path: Path, how: str
) -> None:
    if not PYWB.exists():
        missing(str(PYWB))
    home, out, pages = world
    collection = tmp_path / "collections" / "gk"
    if how == "unpacked":
        manager = PYWB / "bin" / "wb-manager"
        for command in (["init", "gk"], ["add", "--unpack-wacz", "gk", str(out)]):
            subprocess.run([manager, *command], cwd=tmp_path, check=True, capture_output=True)
    else:
        shutil.copytree(home / "warc", collection / "archive")
        shutil.copytree(home / "index", collection / "indexes")
    wanted = list(pages_and_paths(home, pages))
    rewritten_page = f"/gk/20260120080000mp_/{URL}"
    *answers, shown_page = replayed(tmp_path, [*(path for _, path in wanted), rewritten_page])
    for (content, path), (status, body) in zip(wanted, answers, strict=True):
        assert (status, body) == (200, content), path
    assert shown_page[0] == 200
    assert "没有其他需要报告的事项".encode("gb18030") in shown_page[1]


def test_replayweb_shows_the_archive_and_finds_its_signature_good(
    world: tuple[Path, Path, list[Page]], tmp_path: Path
) -> None:
    if not VIEWER.exists():
        missing(str(VIEWER))
    if not CHROMIUM.exists():
        missing(str(CHROMIUM))
    demand_module("playwright")
    from playwright.sync_api import sync_playwright

    _, out, pages = world
    page = next(one for one in pages if "cxs.gov.cn" in one.url)
    wanted = [
        (page.url, page.timestamp, page.title or ""),
        (URL, "20260120080000", "没有其他需要报告的事项"),
        (COPY, "20260121080000", "没有其他需要报告的事项"),
    ]
    elsewhere: list[str] = []
    folder = tmp_path / "served"
    folder.mkdir()
    with replaying(folder, VIEWER, out) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        tab: Any = chromium.new_page()

        def note(request: Any) -> None:
            if not request.url.startswith((address, "blob:", "data:")):
                elsewhere.append(request.url)

        tab.on("request", note)
        for url, timestamp, text in wanted:
            stamp = "".join(c for c in timestamp if c.isdigit())[:14]
            assert text in shown(tab, folder, address, out.name, url, stamp)
        told = verification(tab)
        chromium.close()
    assert told["signature"] is True
    assert elsewhere == []
