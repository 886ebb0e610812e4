"""Documents in every format, made and saved, against the figures that stand in them."""

import re
from collections.abc import Callable
from pathlib import Path

import media_examples as examples
import pytest

from archive.records import Tables
from archive.report.article import page
from archive.report.article.lines import render, text_of
from archive.report.media import Unreadable, media_kind, to_html
from archive.report.tables.forms import forms
from archive.report.tables.reading import read_tables

PAGES = Path(__file__).parent / "pages" / "media"
MADE: dict[str, Callable[[], bytes]] = {
    "docx": examples.report_docx,
    "rtf": examples.report_rtf,
    "xlsx": examples.report_xlsx,
    "pdf": lambda: examples.pdf(examples.pressed().pages),
    "ofd": lambda: examples.ofd(examples.pressed().pages),
}
SAVED = sorted(path.name for path in PAGES.glob("report*"))


def html_of(content: bytes) -> str:
    """Return the document as HTML, which it must have."""
    kind = media_kind(content)
    assert kind is not None
    html = to_html(content, kind)
    assert isinstance(html, str), html
    return html


def read(html: str) -> tuple[Tables, str]:
    """Return the tables and the text that the reader finds in HTML."""
    tree = page.parse(html)
    assert tree is not None
    text = text_of(render(tree))
    return read_tables(tree, text)[0], text


def assert_is_the_report(tables: Tables) -> None:
    """All figures of the report, each in its place."""
    known = forms()
    assert dict(tables.status) == dict.fromkeys(tables.status, "read")
    assert tables.active_disclosure == examples.ACTIVE
    assert tables.requests == {
        row: dict(zip(known.applicant_ids, figures, strict=True))
        for row, figures in zip(known.request_rows_of("2021"), examples.FIGURES, strict=True)
    }
    assert tables.review_litigation is not None
    assert [
        tables.review_litigation[route][outcome]
        for route in known.route_ids
        for outcome in known.outcome_ids
    ] == list(examples.REVIEW)


@pytest.mark.parametrize("kind", MADE)
def test_a_made_document_is_of_its_kind_and_gives_every_cell(kind: str) -> None:
    content = MADE[kind]()

    assert media_kind(content) == kind
    assert_is_the_report(read(html_of(content))[0])


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_document_gives_every_cell(name: str) -> None:
    assert_is_the_report(read(html_of((PAGES / name).read_bytes()))[0])


@pytest.mark.parametrize("kind", ["docx", "rtf", "pdf", "ofd"])
def test_the_text_stands_in_its_order_a_paragraph_a_line(kind: str) -> None:
    _, text = read(html_of(MADE[kind]()))
    lines = [re.sub(r"\s", "", line) for line in text.splitlines()]

    told = [examples.TITLE, *examples.TEXTS]
    assert [line for line in lines if line in told] == told


def test_page_numbers_are_no_text() -> None:
    html = html_of(MADE["pdf"]())

    assert "— 1 —" not in html
    assert "— 2 —" not in html
    assert html.count("<table>") == 3


def test_a_docx_in_a_zip_with_its_picture_is_found() -> None:
    content = examples.zipped(
        {
            "说明.txt": "附件说明，见年报。",
            "图.png": b"\x89PNG\r\n\x1a\n",
            "年报.docx": MADE["docx"](),
        }
    )

    assert media_kind(content) == "zip"
    assert_is_the_report(read(html_of(content))[0])


def test_an_archive_in_an_archive_in_an_archive_is_not_followed_for_ever() -> None:
    content = MADE["docx"]()
    for _ in range(5):
        content = examples.zipped({"a.zip": content})

    result = to_html(content, "zip")

    assert isinstance(result, Unreadable)
    assert result.reason == "too_large"


def test_a_mime_page_named_doc_gives_its_html() -> None:
    table = to_html(MADE["docx"](), "docx")
    assert isinstance(table, str)
    content = (
        b"From: <Saved by Microsoft Internet Explorer>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
        b'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + __import__("base64").encodebytes(table.replace("utf-8", "gb2312").encode("gb18030"))
        + b"\r\n--x\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--x--\r\n"
    )

    assert media_kind(content) == "mhtml"
    assert_is_the_report(read(html_of(content))[0])


def test_word_2003_xml_is_read() -> None:
    body = "".join(
        examples.docx_p(part) if isinstance(part, str) else examples.docx_table(part)
        for part in examples.parts()
    ).replace("vMerge", "vmerge")
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">'
        f"<w:body><w:sect>{body}</w:sect></w:body></w:wordDocument>"
    ).encode()

    assert media_kind(content) == "wordml"
    assert_is_the_report(read(html_of(content))[0])
