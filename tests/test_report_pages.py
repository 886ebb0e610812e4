"""Saved pages of each family of sites, read whole: page -> expected values."""

import json
from pathlib import Path
from typing import Any

import pytest

from archive.records import NotAReport, Report
from archive.report import read

PAGES = Path(__file__).parent / "pages" / "reading"
SLUGS = sorted(path.name for path in PAGES.iterdir())


@pytest.fixture(scope="module", params=SLUGS)
def page(request: pytest.FixtureRequest) -> tuple[Report, dict[str, Any]]:
    folder = PAGES / request.param
    facts = json.loads((folder / "page.json").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    report = read((folder / "page.html").read_bytes(), url=facts["url"], hints=facts.get("hints"))
    assert isinstance(report, Report)
    return report, expected


FIELDS = ("title", "year", "form", "form_source", "trust", "published", "published_source")


@pytest.mark.parametrize("field", FIELDS)
def test_fields_of_the_report(page: tuple[Report, dict[str, Any]], field: str) -> None:
    report, expected = page
    assert getattr(report, field) == expected[field]


def test_the_issuer(page: tuple[Report, dict[str, Any]]) -> None:
    report, expected = page
    found = {key: getattr(report.issuer, key) for key in expected["issuer"]}
    assert found == expected["issuer"]


def test_all_sentences_of_the_report_stand_in_its_text(page: tuple[Report, dict[str, Any]]) -> None:
    report, expected = page
    assert [s for s in expected["contains"] if s not in report.text] == []


def test_nothing_of_the_page_around_it_stands_in_its_text(
    page: tuple[Report, dict[str, Any]],
) -> None:
    report, expected = page
    assert [s for s in expected["lacks"] if s in report.text] == []


def test_sections_have_their_text_without_the_tables(page: tuple[Report, dict[str, Any]]) -> None:
    report, expected = page
    assert len(report.sections) == 6
    assert "信息内容" not in "".join(report.sections.values())
    for key, text in expected["section_heads"].items():
        assert report.sections[key] == text


def test_attachments_are_absolute(page: tuple[Report, dict[str, Any]]) -> None:
    report, expected = page
    assert list(report.attachments) == expected["attachments"]


@pytest.mark.parametrize("name", ["report.pdf", "report.doc"])
def test_a_document_that_is_not_html_is_read_by_the_same_call(name: str) -> None:
    found = read((PAGES.parent / "media" / name).read_bytes(), url=None)
    assert isinstance(found, Report)
    assert (found.issuer.name, found.year) == ("青川市人民政府办公室", 2024)
    assert set(found.tables.status.values()) == {"read"}
    assert {check.status for check in found.checks} == {"hold"}


ONE = PAGES / SLUGS[0]


def test_a_template_that_closes_the_document_in_its_head_hides_nothing() -> None:
    """Browsers show what follows ``</html>``."""
    whole = (ONE / "page.html").read_text(encoding="utf-8")
    head = "<html><head><title>网站</title></head><body>首页</body></html>\n"
    url = json.loads((ONE / "page.json").read_text(encoding="utf-8"))["url"]
    wrapped = read((head + whole).encode(), url=url)
    plain = read(whole.encode(), url=url)
    assert isinstance(wrapped, Report)
    assert isinstance(plain, Report)
    assert wrapped.tables == plain.tables
    assert wrapped.title == plain.title


def test_a_document_that_a_service_gives_as_json_is_read() -> None:
    """Some systems build the page of an article by a request (大汉 jpaas)."""
    whole = (ONE / "page.html").read_text(encoding="utf-8")
    url = json.loads((ONE / "page.json").read_text(encoding="utf-8"))["url"]
    answer = json.dumps({"success": True, "data": {"html": whole}}, ensure_ascii=False)
    carried = read(answer.encode(), url=url, media_type="application/json")
    plain = read(whole.encode(), url=url)
    assert isinstance(carried, Report)
    assert isinstance(plain, Report)
    assert carried.tables == plain.tables


@pytest.mark.parametrize("data", [["<p>a</p>" * 50, "<p>b</p>" * 50], "<p>短</p>", None, {}])
def test_an_answer_that_holds_several_documents_or_none_is_no_report(data: object) -> None:
    answer = json.dumps({"data": data}, ensure_ascii=False)
    found = read(
        answer.encode(), url="http://www.example.gov.cn/list", media_type="application/json"
    )
    assert isinstance(found, NotAReport)
