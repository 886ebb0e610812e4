"""The page about the collection, and queries that take too long."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from asked_pages import Site, text
from small_archive import make_home

from gkcrawl import __version__
from gkcrawl.web import asking
from gkcrawl.web.views import checks_rows
from gkcrawl.web.views.about import contact_address, software


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(make_home(tmp_path_factory.mktemp("home"))) as site:
        yield site


def test_both_languages_say_the_same_things(site: Site) -> None:
    chinese, english = site.page("/about"), site.page("/about?lang=en")

    assert chinese.xpath("//h2/@id") == english.xpath("//h2/@id")
    assert len(chinese.xpath("//main//p")) == len(english.xpath("//main//p"))
    assert len(chinese.xpath("//main//li")) == len(english.xpath("//main//li"))
    assert len(chinese.xpath("//main//dt")) == len(english.xpath("//main//dt"))
    assert chinese.xpath("//main//a/@href") == english.xpath("//main//a/@href")


def test_citation_and_software(site: Site) -> None:
    tree = site.page("/about")

    (cited,) = tree.xpath('//p[@class="cite"]')
    assert text(cited).startswith("政府信息公开年报库[DB/OL]. (2026-01-20)[20")
    assert text(cited).endswith("]. http://localhost/.")
    assert f"gkcrawl {__version__}" in text(tree)
    assert [name for name, _ in software()] == ["gkcrawl", "Datasette", "SQLite", "Python"]


def test_contact(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GKCRAWL_CONTACT", raising=False)
    assert "没有填写联系方式" in text(site.page("/about"))
    monkeypatch.setenv("GKCRAWL_CONTACT", "archive@example.org")
    assert "mailto:archive@example.org" in site.page("/about").xpath("//a/@href")


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("a@example.org", "mailto:a@example.org"),
        ("javascript:alert(1)", None),
        ("javascript:a@example.org", None),
        ("某单位 010-1234", None),
        ("http:///a", None),
        ("", None),
    ],
)
def test_only_addresses_of_web_and_mail_are_linked(contact: str, address: str | None) -> None:
    assert contact_address(contact) == address


def test_a_query_that_takes_too_long_is_stopped_and_said_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(connection: sqlite3.Connection, *_: object) -> list[tuple[str, str, int]]:
        return connection.execute(
            "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n"
        ).fetchall()

    monkeypatch.setattr(asking, "_MOST_MS", 50)
    monkeypatch.setattr(checks_rows, "counts", endless)

    assert "用时过长" in text(site.page("/checks", status=503))
    assert site.get("/checks.json", status=503).json()["ok"] is False


def test_an_error_of_ours_is_no_slow_query(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(connection: sqlite3.Connection, *_: object) -> list[tuple[str, str, int]]:
        return connection.execute("select nothing").fetchall()

    monkeypatch.setattr(checks_rows, "counts", wrong)

    site.get("/checks", status=500)


def test_templates_of_both_languages_are_there() -> None:
    templates = Path(asking.__file__).parent / "templates"

    assert {file.name for file in templates.glob("gk_about_*.html")} == {
        "gk_about_en.html",
        "gk_about_zh.html",
    }
