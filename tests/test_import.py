"""Whatever others archived is taken over whole, read, and passes our own verify."""

import gzip
import hashlib
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import pytest
from foreign_archives import (
    COPY,
    DATE,
    URL,
    by_capture_http,
    by_common_crawl,
    by_scrapy_webarchive,
    by_warcio,
    by_wget,
    chunked,
    page_server,
    record,
    report_page,
    sha1,
    wacz,
    zipped,
)
from warc_examples import run, tool

from archive.catalog import Catalog
from archive.index import index_archive
from archive.records import StoredExchange
from archive.warc import (
    DamagedRecord,
    WarcError,
    iter_exchanges,
    read_exchange,
    recover,
    verify_archive,
    warc_files,
)
from archive.warc.errors import UnknownFormat
from archive.warc.fields import decode_fields
from archive.warc.importing import Imported, LocalDocument, import_documents, import_file
from archive.warc.merged import lookup, merge_index
from archive.warc.record import mapped, walk

TITLE = "普洱市财政局2024年政府信息公开工作年度报告"


def take_over(home: Path, *files: Path) -> list[Imported]:
    return [done for file in files for done in import_file(home, file)]


def index_and_verify(home: Path) -> Catalog:
    """Read the archive into its catalog, hold all against each other, and return the catalog."""
    catalog = Catalog(home / "catalog.db")
    index_archive(home, catalog, jobs=0)
    rows = {"runs": catalog.runs(), "notices": catalog.notices()}
    assert verify_archive(home, catalog.captures(), catalog.failures(), **rows) == []
    return catalog


def state(home: Path) -> dict[str, tuple[bytes, int]]:
    files = sorted((home / "warc").iterdir())
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


def whole_zip(path: Path) -> Path:
    plain = by_warcio(path.with_suffix(""), compressed=False)
    path.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    return path


def joined(path: Path) -> Path:
    """Write a file with one record in its first member and all others in the second."""
    plain = by_warcio(path.with_suffix(".x"), compressed=False).read_bytes()
    cut = plain.index(b"WARC/1.1", 8)
    path.write_bytes(gzip.compress(plain[:cut], mtime=0) + gzip.compress(plain[cut:], mtime=0))
    return path


BOTH = {URL, COPY}
MAKERS: dict[str, tuple[Callable[[Path], Path], bool]] = {
    # name of the file -> what writes it, and whether it is kept as it is
    "warcio.warc.gz": (by_warcio, True),
    "old.warc.gz": (lambda path: by_warcio(path, version="1.0"), True),
    "plain.warc": (lambda path: by_warcio(path, compressed=False), False),
    "misnamed.gz": (lambda path: by_warcio(path, compressed=False), False),
    "whole.warc.gz": (whole_zip, False),
    "joined.warc.gz": (joined, False),
    "cc.warc.gz": (by_common_crawl, True),
    "scrapy.wacz": (by_scrapy_webarchive, True),
}


@pytest.mark.parametrize("name", MAKERS)
def test_other_makers_files_are_read_and_verified_and_importing_twice_changes_nothing(
    tmp_path: Path, name: str
) -> None:
    make, kept = MAKERS[name]
    file, home = make(tmp_path / name), tmp_path / "home"
    (done,) = take_over(home, file)
    assert (done.known, done.rewritten) == (False, not kept)
    assert (done.damage, done.doubts) == ((), ())
    before = state(home)
    (again,) = take_over(home, file)
    assert (again.warc, again.known) == (done.warc, True)
    assert state(home) == before
    if kept and file.suffix != ".wacz":
        assert done.warc.name == file.name
        assert done.warc.read_bytes() == file.read_bytes()
    with index_and_verify(home) as catalog:
        (report,) = catalog.db.query("select title, year from reports")
        assert report == {"title": TITLE, "year": 2024}
        # warcio's files have a revisit of the page at another address.
        sources = {row["url"] for row in catalog.db.query("select url from sources")}
        assert sources == ({URL} if make in (by_common_crawl, by_scrapy_webarchive) else BOTH)


def test_outside_tools_accept_what_was_taken_over_and_make_our_index(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with page_server() as address:
        files = [fetch(tmp_path, address) for fetch, _ in FETCHERS.values()]
    files += [make(tmp_path / name) for name, (make, _) in MAKERS.items()]
    taken = [done.warc for done in take_over(home, *files)]
    assert len(set(taken)) == len(files)
    run("gzip", "-t", *taken)
    run(tool("warcio"), "check", *taken)
    together = tmp_path / "together.warc.gz"  # fastwarc takes one file at a time
    together.write_bytes(b"".join(file.read_bytes() for file in taken))
    run(tool("fastwarc"), "check", "-q", together)
    assert merge_index(home).read_text("utf-8") == run(tool("cdxj-indexer"), "--sort", *taken)


FETCHERS: dict[str, tuple[Callable[[Path, str], Path], bool]] = {
    "wget": (by_wget, True),
    "wget, not compressed": (partial(by_wget, compressed=False), False),
    "capture_http": (by_capture_http, True),
}


@pytest.mark.parametrize("name", FETCHERS)
def test_what_others_fetched_is_read_chunk_framing_and_all(tmp_path: Path, name: str) -> None:
    fetch, kept = FETCHERS[name]
    with page_server() as address:
        file = fetch(tmp_path, address)
    home = tmp_path / "home"
    (done,) = take_over(home, file)
    assert (done.rewritten, done.damage) == (not kept, ())
    stored = [item for item in iter_exchanges(done.warc) if isinstance(item, StoredExchange)]
    pages = {item.capture.url.removeprefix(address): item for item in stored}
    for path in ("/plain.htm", "/chunked.htm"):
        assert pages[path].content == report_page()
        assert pages[path].capture.payload_digest == (
            "sha256:" + hashlib.sha256(report_page()).hexdigest()
        )
    if "/moved.htm" in pages:
        assert pages["/moved.htm"].capture.status == 302
    assert lookup(home, f"{address}/chunked.htm")[0].warc == done.warc.name
    index_and_verify(home).close()


def test_records_are_rewritten_unchanged_and_a_last_one_says_what_from(tmp_path: Path) -> None:
    file = by_warcio(tmp_path / "普洱 市.warc", compressed=False)
    (done,) = take_over(tmp_path / "home", file)
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    assert done.warc.name == f"普洱_市-{checksum[:16]}.warc.gz"
    with mapped(done.warc) as data:
        *others, last = walk(data)
    kept = done.warc.read_bytes()[: last.offset]
    assert gzip.decompress(kept) == file.read_bytes()
    assert len(others) == 5
    assert dict(decode_fields(last.block)) == {
        "event": "import",
        "original": file.name,
        "original-sha256": checksum,
        "original-length": str(file.stat().st_size),
    }


def test_the_same_records_in_another_form_are_not_taken_over_again(tmp_path: Path) -> None:
    home, plain = tmp_path / "home", by_warcio(tmp_path / "a.warc", compressed=False)
    packed = tmp_path / "b.warc.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    package = wacz(tmp_path / "c.wacz", {"archive/data.warc.gz": packed.read_bytes()})
    first, second, third = take_over(home, plain, packed, package)
    assert (second.known, second.warc) == (True, first.warc)
    assert (third.known, third.warc) == (True, first.warc)
    assert third.source == f"{package}, archive/data.warc.gz"
    index_and_verify(home).close()


def test_other_files_of_one_name_lie_side_by_side(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
    one, two = take_over(home, *(by_warcio(folder / "data.warc.gz") for folder in folders))
    assert one.warc.name == "data.warc.gz"
    assert two.warc.name.startswith("data-")
    assert two.warc.read_bytes() == (folders[1] / "data.warc.gz").read_bytes()
    index_and_verify(home).close()


def test_a_package_of_packages_is_opened(tmp_path: Path) -> None:
    inner = by_scrapy_webarchive(tmp_path / "inner.wacz")
    outer = wacz(
        tmp_path / "outer.wacz", {"inner.wacz": inner.read_bytes()}, profile="multi-wacz-package"
    )
    (done,) = take_over(tmp_path / "home", outer)
    assert done.source == f"{outer}, inner.wacz, archive/example-00000.warc.gz"
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["warc"]


def test_a_package_whose_checksums_are_wrong_is_told_of(tmp_path: Path) -> None:
    good = by_scrapy_webarchive(tmp_path / "good.wacz")
    with ZipFile(good) as archive:
        package = archive.read("datapackage.json")
    other = by_warcio(tmp_path / "x.warc.gz")
    bad = tmp_path / "bad.wacz"
    with ZipFile(bad, "w") as archive:
        archive.write(other, "archive/example-00000.warc.gz")
        archive.writestr("datapackage.json", package)
    (done,) = take_over(tmp_path / "home", bad)
    assert done.doubts[0].startswith("is not what datapackage.json says (sha256:")
    assert done.damage == ()


def test_behind_damage_goes_on_what_is_compressed_record_by_record(tmp_path: Path) -> None:
    file, home = by_warcio(tmp_path / "spoilt.warc.gz"), tmp_path / "home"
    with mapped(file) as data:
        records = list(walk(data))
    spoilt = bytearray(file.read_bytes())
    spoilt[records[1].offset + 60] ^= 0xFF
    file.write_bytes(spoilt[:-9])
    (done,) = take_over(home, file)
    assert len(done.damage) == 2
    assert done.damage[0].startswith(f"offset {records[1].offset}: ")
    with mapped(done.warc) as data:
        kept = [one.id for one in walk(data)]
    assert kept[:-1] == [records[n].id for n in (0, 2, 3)]
    index_and_verify(home).close()


@pytest.mark.parametrize("form", ["plain", "whole", "record"])
def test_a_file_cut_anywhere_gives_all_that_is_whole_in_it(tmp_path: Path, form: str) -> None:
    records = [record("resource", {"WARC-Date": DATE}, b"%d" % n * 5) for n in range(3)]
    data = {
        "plain": b"".join(records),
        "whole": gzip.compress(b"".join(records), mtime=0),
        "record": zipped(*records),
    }[form]
    file = tmp_path / "cut.warc.gz"
    for end in range(6, len(data), 4):
        file.write_bytes(data[:end])
        home = tmp_path / str(end)
        try:
            (done,) = take_over(home, file)
        except DamagedRecord:
            assert list((home / "warc").iterdir()) == []
            continue
        with mapped(done.warc) as kept:
            found = [one.block for one in walk(kept) if one.type == "resource"]
        assert found == [b"%d" % n * 5 for n in range(len(found))]
        # Whole is what the record says that it is; line breaks behind it do not matter.
        wanted = [len(b"".join(records[:n])) - 4 for n in (1, 2, 3)]
        if form == "plain":
            assert len(found) == sum(end >= size for size in wanted)
        assert done.damage or len(found) in (1, 2, 3)


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"%PDF-1.7", b"\x28\xb5\x2f\xfd....", b"filedesc://x"]
)
def test_what_is_no_archive_file_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.warc.gz"
    file.write_bytes(data)
    with pytest.raises(UnknownFormat, match=r"x\.warc\.gz"):
        take_over(tmp_path / "home", file)


@pytest.mark.parametrize(
    "data",
    [
        b"WARC/1.0\r\nContent-Length: 999999999999999999\r\n\r\nx",
        b"\x1f\x8b\x08\x00",
        gzip.compress(b"no records", mtime=0),
        b"WARC/0.17\r\n\r\n",
        b"PK\x03\x04....",
    ],
)
def test_what_has_no_whole_record_leaves_nothing(tmp_path: Path, data: bytes) -> None:
    file, home = tmp_path / "x.warc.gz", tmp_path / "home"
    file.write_bytes(data)
    with pytest.raises(WarcError):
        take_over(home, file)
    assert list((home / "warc").iterdir()) == []


def test_seeded_damage_never_crashes_and_never_passes_in_silence(tmp_path: Path) -> None:
    chance = random.Random(4)
    good = by_warcio(tmp_path / "good.warc.gz").read_bytes()
    file = tmp_path / "bad.warc.gz"
    for n in range(40):
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 5))):
            place = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[place] ^= 1 << chance.randrange(8)
                case 1:
                    del data[place : place + chance.randrange(40)]
                case _:
                    data[place:place] = chance.randbytes(chance.randrange(40))
        file.write_bytes(data)
        home = tmp_path / str(n)
        try:
            (done,) = take_over(home, file)
        except WarcError:
            continue
        # Some bytes of a gzip header say nothing: the records are then all there.
        with mapped(done.warc) as kept:
            whole = len([one for one in walk(kept) if one.get("WARC-Target-URI")]) == 4
        assert done.damage or whole


ODD_KINDS = ["response", "response", "revisit", "resource", "conversion", "metadata", "request"]


def odd_record(chance: random.Random, ids: list[str]) -> bytes:
    """Return a record as somebody might write it: any kind, framing, order and reference."""
    kind = chance.choice(ODD_KINDS)
    body = chance.choice((report_page(), b"", b"\r\n\r\n", chance.randbytes(30)))
    head = chance.choice(
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb18030\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\nContent-Length: 3\r\n\r\n",
            b"HTTP/1.0 302\nLocation: /\n\n",
            b"HTTP/1.1 304 Not Modified\r\n\r\n",
            b"HTTP/2 200\r\ncontent-length: 9999\r\n\r\n",
            b"no HTTP at all\r\n\r\n",
        )
    )
    if b"chunked" in head and chance.random() < 0.8:
        body = chunked(body)
    block = head + body if kind in ("response", "revisit", "request") else body
    uri = chance.choice((URL, f"<{COPY}>", "http://a.cn/a b", "dns:a.cn", f"urn:view:{URL}"))
    payload = body if "http:" in uri[:6] else block
    fields = {
        "WARC-Date": chance.choice((DATE, "2026-01-20T08:00:00.123456Z", "2026-01-20")),
        "warc-target-uri": uri,
        "Content-Type": chance.choice(("application/http", "text/html", "application/warc-fields")),
        "WARC-Concurrent-To": f"<{chance.choice([*ids, 'urn:uuid:gone'])}>",
        "WARC-Warcinfo-ID": "<urn:uuid:gone>",
        "WARC-Block-Digest": sha1(block),
        "WARC-Payload-Digest": chance.choice((sha1(payload), "md99:x")),
        "WARC-Truncated": "length",
    }
    if kind == "revisit":
        del fields["WARC-Payload-Digest"]
    needed = ("WARC-Date", "warc-target-uri")
    kept = {
        name: value for name, value in fields.items() if name in needed or chance.random() < 0.6
    }
    made = record(kind, kept, block, chance.choice(("1.0", "1.1")))
    ids.append(made.partition(b"WARC-Record-ID: <")[2].partition(b">")[0].decode())
    return made


@pytest.mark.parametrize("seed", range(12))
def test_reader_index_and_verify_agree_on_whatever_others_may_write(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    ids: list[str] = []
    records = [odd_record(chance, ids) for _ in range(40)]
    file, home = tmp_path / "odd.warc.gz", tmp_path / "home"
    forms = zipped(*records), b"".join(records), gzip.compress(b"".join(records), mtime=0)
    form = chance.randrange(3)
    file.write_bytes(forms[form])
    (done,) = take_over(home, file)
    assert (done.rewritten, done.damage) == (form > 0, ())
    stored = [item for item in iter_exchanges(done.warc) if isinstance(item, StoredExchange)]
    assert verify_archive(home, [item.capture for item in stored]) == []
    for item in stored:
        assert read_exchange(done.warc, item.capture.offset).content == item.content
    cdxj = done.warc.with_name(done.warc.name.removesuffix(".warc.gz") + ".cdxj")
    assert cdxj.read_text("utf-8") == run(tool("cdxj-indexer"), "--sort", done.warc)


def test_a_killed_import_is_finished_by_the_next(tmp_path: Path) -> None:
    file, home = by_warcio(tmp_path / "data.warc.gz"), tmp_path / "home"
    (home / "warc").mkdir(parents=True)
    # Killed between giving the name and writing the index; and, before, while copying.
    (home / "warc" / "data.warc.gz").write_bytes(file.read_bytes())
    (home / "warc" / "other.warc.gz.tmp").write_bytes(b"half")
    (done,) = take_over(home, file)
    assert done.known
    names = sorted(path.name for path in (home / "warc").iterdir())
    assert names == ["data.cdxj", "data.sha256", "data.warc.gz"]
    assert recover(home) == []


def test_a_revisit_of_another_file_does_not_trouble_verify(tmp_path: Path) -> None:
    revisit = record(
        "revisit",
        {
            "WARC-Date": DATE,
            "WARC-Target-URI": f"<{COPY}>",
            "WARC-Refers-To": "<urn:uuid:c0ffee>",
            "WARC-Payload-Digest": sha1(b"elsewhere"),
            "WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
            "Content-Type": "application/http; msgtype=response",
        },
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
    )
    file = tmp_path / "revisits.warc.gz"
    file.write_bytes(zipped(revisit))
    take_over(tmp_path / "home", file)
    index_and_verify(tmp_path / "home").close()
    (entry,) = lookup(tmp_path / "home", COPY)
    assert (entry.mime, entry.status) == ("warc/revisit", 200)


def test_a_conversion_and_a_resource_are_read_as_documents(tmp_path: Path) -> None:
    common = {"WARC-Date": DATE, "WARC-Target-URI": URL}
    text = TITLE + report_page().decode("gb18030").partition("</h1>")[2].replace("</p>", "\n")
    converted = record("conversion", {**common, "Content-Type": "text/plain"}, text.encode())
    page = record("resource", {**common, "Content-Type": "text/html"}, report_page())
    file = tmp_path / "x.warc.gz"
    file.write_bytes(zipped(converted, page))
    take_over(tmp_path / "home", file)
    with index_and_verify(tmp_path / "home") as catalog:
        outcomes = list(catalog.db.query("select status, outcome from captures"))
    assert outcomes[1] == {"status": 200, "outcome": "report"}


def test_documents_are_kept_once_and_read(tmp_path: Path) -> None:
    home, page = tmp_path / "home", tmp_path / "年报.html"
    page.write_bytes(report_page())
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.4 no report")
    documents = [
        LocalDocument(page, URL),
        LocalDocument(other, COPY),
        LocalDocument(page, URL),
    ]
    first, second, third = import_documents(home, documents, software="test")
    assert first.warc == second.warc == third.warc
    assert [done.known for done in (first, second, third)] == [False, False, True]
    again = import_documents(home, documents)
    assert [done.known for done in again] == [True, True, True]
    assert len(warc_files(home / "warc")) == 1
    with index_and_verify(home) as catalog:
        (report,) = catalog.db.query("select title, url from reports")
        (run_row,) = catalog.db.query("select spider, reason from runs")
    assert report == {"title": TITLE, "url": URL}
    assert run_row == {"spider": "import", "reason": "finished"}
    run(tool("warcio"), "check", first.warc)


@pytest.mark.parametrize(
    "url", ["年报.html", "http://www.a.gov.cn/年报", "file:///x", "http://a b"]
)
def test_a_documents_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    (tmp_path / "x.html").write_bytes(b"x")
    with pytest.raises(WarcError, match="percent-encode"):
        import_documents(tmp_path / "home", [LocalDocument(tmp_path / "x.html", url)])
    assert not (tmp_path / "home").exists()
