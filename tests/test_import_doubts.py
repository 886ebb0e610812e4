"""What is taken in and is not as it says: told at once, by its name, and kept all the same."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from click.testing import CliRunner
from foreign_archives import DATE, URL, by_warcio, record, report_page, sha1, wacz, zipped
from test_import import index_and_verify, take_over

from archive.catalog import Catalog
from archive.warc import WarcError, iter_exchanges
from archive.warc.importing import Imported, import_file
from gkcrawl.cli import main

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb18030\r\n\r\n"


def response(**named: str) -> bytes:
    fields = {"WARC-Date": DATE, "WARC-Target-URI": URL, "Content-Type": "application/http"}
    named = {name.replace("_", "-"): value for name, value in named.items()}
    return record("response", fields | named, HEAD + report_page())


def warc(path: Path, *records: bytes) -> Path:
    path.write_bytes(zipped(*records))
    return path


def all_of(home: Path, path: Path) -> tuple[list[Imported], str]:
    """Return what was taken in, and what was said of the rest."""
    taken: list[Imported] = []
    try:
        for done in import_file(home, path):
            taken.append(done)
    except WarcError as error:
        return taken, str(error)
    return taken, ""


@pytest.mark.parametrize(
    ("bad", "content"),
    [
        ("archive/x.wacz", b"no ZIP at all"),
        ("archive/x.wacz", b"PK\x03\x04 and nothing more"),
        ("archive/j.warc.gz", b"junk"),
        ("archive/j.warc.gz", gzip.compress(b"no record", mtime=0)),
        ("archive/e.warc.gz", b""),
        ("archive/s.warc.gz", b"\x28\xb5\x2f\xfd...."),
    ],
)
def test_a_bad_file_in_a_package_does_not_keep_the_good_ones_out(
    tmp_path: Path, bad: str, content: bytes
) -> None:
    good = by_warcio(tmp_path / "good.warc.gz").read_bytes()
    package = wacz(tmp_path / "p.wacz", {bad: content, "archive/r.warc.gz": good})
    (done,), told = all_of(tmp_path / "home", package)
    assert done.source == f"{package}, archive/r.warc.gz"
    assert done.warc.read_bytes() == good
    assert told.startswith(f"{package}, {bad}")
    assert str(tmp_path / "home") not in told
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["warc"]


def test_a_member_that_the_zip_file_cannot_give_is_named(tmp_path: Path) -> None:
    files = {name: by_warcio(tmp_path / name).read_bytes() for name in ("a.warc.gz", "b.warc.gz")}
    package = tmp_path / "p.wacz"
    with ZipFile(package, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"archive/{name}", content)
        archive.writestr("datapackage.json", "{}")
    data = bytearray(package.read_bytes())
    data[200] ^= 0xFF
    package.write_bytes(data)
    (done,), told = all_of(tmp_path / "home", package)
    assert done.source.endswith("b.warc.gz")
    assert told.startswith(f"{package}, archive/a.warc.gz: ")


def test_a_package_without_any_archive_is_told_of(tmp_path: Path) -> None:
    package = wacz(tmp_path / "p.wacz", {"pages/pages.jsonl": b"{}"})
    assert all_of(tmp_path / "home", package) == ([], f"{package}: there is no WARC file in it")


@pytest.mark.parametrize("package_json", ["{", "[]", '{"resources": 1}', None])
def test_where_no_checksum_can_be_compared_that_is_said(
    tmp_path: Path, package_json: str | None
) -> None:
    package = tmp_path / "p.wacz"
    with ZipFile(package, "w") as archive:
        archive.writestr("archive/a.warc.gz", by_warcio(tmp_path / "a.warc.gz").read_bytes())
        if package_json is not None:
            archive.writestr("datapackage.json", package_json)
    (done,), told = all_of(tmp_path / "home", package)
    assert done.doubts == (
        "datapackage.json is missing, or makes no sense: no checksum was compared",
    )
    assert (done.damage, told) == ((), "")


BLOCK, PAYLOAD = (
    f"WARC-{what}-Digest is not that of what is there" for what in ("Block", "Payload")
)


@pytest.mark.parametrize("pack", [zipped, lambda *records: b"".join(records)])
def test_wrong_digests_are_counted_and_the_first_is_named(
    tmp_path: Path, pack: Callable[..., bytes]
) -> None:
    right = {"WARC_Block_Digest": sha1(HEAD + report_page())}
    records = [
        response(**right),
        response(WARC_Block_Digest=sha1(b"x"), WARC_Payload_Digest=sha1(report_page())),
        response(WARC_Payload_Digest=sha1(b"y")),
        response(WARC_Payload_Digest=sha1(b"z")),
    ]
    file = tmp_path / "x.warc.gz"
    file.write_bytes(pack(*records))
    (done,) = take_over(tmp_path / "home", file)
    offsets = [item.capture.offset for item in iter_exchanges(done.warc)]  # type: ignore[union-attr]
    assert done.doubts == (
        f"{BLOCK} (records: 1, the first at offset {offsets[1]})",
        f"{PAYLOAD} (records: 2, the first at offset {offsets[2]})",
    )
    assert done.damage == ()
    if pack is zipped:
        assert done.warc.read_bytes() == file.read_bytes()


def test_two_records_of_one_id_are_told_of(tmp_path: Path) -> None:
    twin = response()
    other = twin.replace(b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK")
    before = zipped(response(), twin)
    file = tmp_path / "x.warc.gz"
    file.write_bytes(before + zipped(other))
    (done,) = take_over(tmp_path / "home", file)
    (told,) = done.doubts
    assert told.startswith("the id is that of an earlier record (records: 1, the first at offset ")
    assert told.endswith(f"{len(before)})")
    # In two files of one package as well.
    parts = {f"archive/{n}.warc.gz": zipped(one) for n, one in enumerate((twin, other))}
    first, second = take_over(tmp_path / "other", wacz(tmp_path / "p.wacz", parts))
    assert (first.doubts, len(second.doubts)) == ((), 1)


def test_a_record_in_segments_is_never_read_as_whole(tmp_path: Path) -> None:
    block = HEAD + report_page()
    fields = {"WARC-Date": DATE, "WARC-Target-URI": URL, "Content-Type": "application/http"}
    payload = {"WARC-Payload-Digest": sha1(report_page())}
    first = record("response", fields | payload | {"WARC-Segment-Number": "1"}, block[:-9])
    name = first.partition(b"WARC-Record-ID: ")[2].partition(b"\r\n")[0].decode()
    rest = {
        "WARC-Date": DATE,
        "WARC-Target-URI": URL,
        "WARC-Segment-Number": "2",
        "WARC-Segment-Origin-ID": name,
        "WARC-Segment-Total-Length": str(len(block)),
    }
    file = warc(tmp_path / "x.warc.gz", first, record("continuation", rest, block[-9:]))
    (done,) = take_over(tmp_path / "home", file)
    assert done.doubts == ()
    with index_and_verify(tmp_path / "home") as catalog:
        (row,) = catalog.db.query("select status, outcome, message from captures")
        assert catalog.db["reports"].count == 0
    assert (row["status"], row["outcome"]) == (200, "segmented")
    assert "WARC-Segment-Number" in row["message"]


def test_the_command_tells_what_was_left_out_and_what_is_doubtful(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("GKCRAWL_HOME", str(home))
    bad = zipped(response(WARC_Block_Digest=sha1(b"x")))
    package = wacz(tmp_path / "p.wacz", {"archive/j.warc": b"junk", "archive/b.warc.gz": bad})
    done = CliRunner().invoke(main, ["import", str(package)])
    assert done.exit_code == 1
    assert f"taken in, but: {BLOCK} (records: 1, the first at offset 0)" in done.stderr
    assert "left out" not in done.stderr
    assert f"{package}, archive/j.warc is neither a WARC file nor a WACZ file" in done.stderr
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        assert [row["year"] for row in catalog.db.query("select year from reports")] == [2024]
    done = CliRunner().invoke(main, ["import", "--json", str(package)])
    (file,) = json.loads(done.stdout)["files"]
    assert (done.exit_code, file["known"], file["damage"]) == (1, True, [])
