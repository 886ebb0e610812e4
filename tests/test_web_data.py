"""The page of downloads, and the files themselves."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asked_pages import Site, text
from hypothesis import given
from hypothesis import strategies as st
from small_archive import make_home

from archive.catalog.schema import TABLES, VIEWS
from gkcrawl.exporting import offers
from gkcrawl.exporting.export import Asked, export
from gkcrawl.exporting.resources import RESOURCES
from gkcrawl.web.sending import asked_range
from gkcrawl.web.views.data import size

CSV = "annual-reports-csv.zip"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = make_home(tmp_path_factory.mktemp("home"))
    for asked in (Asked("csv", ("checks", "agencies"), where="year <> 2024"), Asked("jsonl")):
        path = offers.default_path(home, asked)
        offers.offer(asked, export(home / "catalog.db", asked, path))
    (home / offers.FOLDER / "secret.txt").write_text("not offered")
    with Site(home) as site:
        yield site


@pytest.fixture(scope="module")
def content(site: Site) -> bytes:
    return (folder(site) / CSV).read_bytes()


def folder(site: Site) -> Path:
    return Path(site.datasette.databases["catalog"].path).parent / offers.FOLDER


def test_downloads_with_size_rows_and_digest(site: Site, content: bytes) -> None:
    page = site.page("/data")
    first, second = site.rows("/data")

    assert first["file"] == CSV
    assert first["sha256"] == hashlib.sha256(content).hexdigest()
    assert first["bytes"] == len(content)
    assert first["where"] == "year <> 2024"
    assert second["rows"] == 5
    shown = text(page.xpath('//table[contains(@class, "offers")]')[0])
    assert first["sha256"] in shown
    assert "year <> 2024" in shown
    assert "2026-01-20" in shown
    assert page.xpath(f'//a[@href="/data/files/{CSV}"]')
    assert "secret.txt" not in text(page)


def test_in_english(site: Site) -> None:
    page = site.page("/data?lang=en")

    assert "Files to download" in text(page)
    assert "Natural persons" in text(page)


def test_columns_are_those_of_the_catalog(site: Site) -> None:
    rows = site.rows("/data/columns")

    assert {row["table"] for row in rows} == set(RESOURCES)
    assert set(RESOURCES) <= {*TABLES, *VIEWS}
    assert all(row["chinese"] and row["english"] for row in rows)
    assert not {"text", "docid"} & {row["column"] for row in rows if row["table"] == "reports"}
    assert site.get("/data/columns", 302).headers["location"] == "/data#columns"


def test_a_home_without_downloads_says_how(tmp_path: Path) -> None:
    with Site(make_home(tmp_path / "home")) as site:
        assert site.rows("/data") == []
        assert "gkcrawl export parquet" in text(site.page("/data"))


def test_links_keep_the_prefix(tmp_path: Path, site: Site) -> None:
    with Site(folder(site).parent, base_url="/gk/") as prefixed:
        page = prefixed.page("/data")

        assert page.xpath(f'//a[@href="/gk/data/files/{CSV}"]')


def test_a_file_as_it_is(site: Site, content: bytes) -> None:
    whole = site.get(f"/data/files/{CSV}")

    assert whole.content == content
    assert whole.headers["content-type"] == "application/zip"
    assert whole.headers["content-length"] == str(len(content))
    assert whole.headers["content-disposition"] == f'attachment; filename="{CSV}"'
    assert whole.headers["x-content-type-options"] == "nosniff"
    again = site.get(f"/data/files/{CSV}", 304, headers={"if-none-match": whole.headers["etag"]})
    assert again.content == b""


def test_only_the_head(site: Site, content: bytes) -> None:
    answer = asyncio.run(site.datasette.client.head(f"/data/files/{CSV}"))

    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(content))
    assert answer.content == b""


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=5-999999999", 5, None),
    ],
)
def test_a_part_of_a_file(
    site: Site, content: bytes, asked: str, first: int, last: int | None
) -> None:
    answer = site.get(f"/data/files/{CSV}", 206, headers={"range": asked})

    assert answer.content == content[first : None if last is None else last + 1]
    assert answer.headers["content-range"].endswith(f"/{len(content)}")


def test_a_download_goes_on_only_where_the_file_is_the_same(site: Site, content: bytes) -> None:
    headers = {"range": "bytes=5-", "if-range": '"another"'}

    assert site.get(f"/data/files/{CSV}", headers=headers).content == content
    beyond = site.get(f"/data/files/{CSV}", 416, headers={"range": f"bytes={len(content)}-"})
    assert beyond.headers["content-range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize(
    "name",
    [
        *("secret.txt", f"{CSV}.offer.json", "..", "../catalog.db", "%2e%2e%2fcatalog.db"),
        *(
            "..%2Fcatalog.db",
            "catalog.db",
            "%00",
            "a" * 300,
            f"{CSV}%00",
            f"./{CSV}",
            "~2E~2E~2Fcatalog~2Edb",
        ),
    ],
)
def test_no_name_leads_elsewhere(site: Site, name: str) -> None:
    answer = asyncio.run(site.datasette.client.get(f"/data/files/{name}"))

    assert answer.status_code in (200, 404)
    assert b"SQLite format 3" not in answer.content
    assert b"not offered" not in answer.content
    # A client may take the dots out of an address by itself.
    assert answer.status_code == 404 or answer.url.path in ("/data", f"/data/files/{CSV}")


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    asked = Asked("jsonl")
    path = offers.default_path(home, asked)
    offers.offer(asked, export(home / "catalog.db", asked, path))
    assert offers.find(home, path.name)

    moved = tmp_path / "elsewhere"
    path.rename(moved)
    path.symlink_to(moved)

    assert offers.find(home, path.name) is None


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", '{"parts": 1}', '{"parts": [], "file": 1}'])
def test_a_spoilt_note_offers_nothing(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a.zip").write_bytes(b"")
    (tmp_path / "exports" / "a.zip.offer.json").write_text(spoilt)

    assert list(offers.offers(tmp_path)) == []


def test_a_file_that_is_not_the_noted_one_is_not_offered(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    asked = Asked("jsonl")
    path = offers.default_path(home, asked)
    offers.offer(asked, export(home / "catalog.db", asked, path))

    path.write_bytes(path.read_bytes()[:-1])

    assert offers.find(home, path.name) is None


@given(st.text("bytes=-, 0123456789", max_size=24), st.integers(0, 10**6))
def test_any_range_stays_in_the_file(header: str, total: int) -> None:
    found: Any = asked_range(header, total)
    if found:
        assert 0 <= found[0] <= found[1] < total


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_999, "1.0 MB"), (5_273_608_192, "5.3 GB")],
)
def test_sizes(count: int, said: str) -> None:
    assert size(count) == said
