"""Bytes -> text: encodings, types, and what cannot be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import NotAReport, Report
from archive.report import read
from archive.report.article.decode import Decoded, decode, decode_text

SENTENCE = "一、总体情况。官渡区财政局公开信息三十条，螅镇公开信息两条。"


def text_of(content: bytes, **said: str) -> str:
    found = decode(content, **said)  # type: ignore[arg-type]
    assert isinstance(found, Decoded)
    return found.text


@pytest.mark.parametrize(
    "content",
    [
        SENTENCE.encode("utf-8"),
        SENTENCE.encode("utf-8-sig"),
        SENTENCE.encode("utf-16"),
        SENTENCE.encode("gb18030"),
    ],
    ids=["utf-8", "utf-8 with its mark", "utf-16", "gb18030"],
)
def test_text_in_the_usual_encodings(content: bytes) -> None:
    assert text_of(content) == SENTENCE


def test_a_page_that_says_gb2312_may_hold_characters_of_gb18030() -> None:
    page = f'<html><meta charset="gb2312"><p>{SENTENCE}㐀</p></html>'
    assert "螅镇" in text_of(page.encode("gb18030"))
    assert "㐀" in text_of(page.encode("gb18030"))


@pytest.mark.parametrize(
    "name", ["undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "x"]
)
def test_a_declared_codec_that_no_page_is_written_in_counts_as_not_said(name: str) -> None:
    page = f'<html><meta charset="{name}"><p>{SENTENCE}</p></html>'
    for encoding in ("utf-8", "gb18030"):
        assert SENTENCE in text_of(page.encode(encoding))


def test_a_wrong_declaration_is_not_believed() -> None:
    page = f'<html><meta charset="gb2312"><p>{SENTENCE}</p></html>'
    assert SENTENCE in text_of(page.encode("utf-8"))


def test_the_default_charset_of_servers_is_not_believed() -> None:
    said = {"Content-Type": "text/html; charset=iso-8859-1"}
    found = decode(f"<p>{SENTENCE}</p>".encode("gb18030"), "text/html", said)
    assert isinstance(found, Decoded)
    assert SENTENCE in found.text


def test_lost_bytes_are_counted() -> None:
    found = decode((SENTENCE * 20).encode("utf-8") + b"\xff\xfe")
    assert isinstance(found, Decoded)
    assert found.encoding == "utf-8"
    assert found.warnings == ("2 characters could not be decoded from utf-8",)


def test_a_page_in_utf8_that_was_cut_inside_a_character_stays_utf8() -> None:
    page = f'<html><meta charset="gb2312"><p>{SENTENCE * 4}</p>'.encode()
    found = decode(page[:-6])
    assert isinstance(found, Decoded)
    assert (found.encoding, SENTENCE in found.text) == ("utf-8", True)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_markup_in_utf16_without_its_mark(encoding: str) -> None:
    assert SENTENCE in text_of(f"<html><body><p>{SENTENCE}</p></body></html>".encode(encoding))


@pytest.mark.parametrize("misread", ["gb18030", "latin-1"])
def test_text_that_was_decoded_wrongly_before_it_was_saved_is_mended(misread: str) -> None:
    right = "政府信息政府信息"
    found = decode(right.encode().decode(misread).encode())
    assert isinstance(found, Decoded)
    assert found.text == right
    assert found.warnings == (f"text in UTF-8 had been read as {misread}: undone",)


def test_characters_lost_before_the_page_was_saved_are_counted() -> None:
    found = decode(("政府信息公开" + SENTENCE + "锟斤拷锟斤拷").encode())
    assert isinstance(found, Decoded)
    assert found.warnings == ("about 2 characters were lost before it was saved: 锟斤拷",)


def test_readings_behind_characters_are_left_out() -> None:
    spelt = "主(zhu)动(dong)公(gong)开(kai)政(zheng)府(fu)信(xin)息(xi)"
    assert text_of(spelt.encode()) == "主动公开政府信息"
    assert text_of("开通客户端(app)".encode()) == "开通客户端(app)"


@pytest.mark.parametrize(
    ("content", "reason", "name"),
    [
        (b"%PDF-1.7 ...", "unreadable", "pdf"),
        (b"PK\x03\x04...word/document.xml", "unreadable", "docx"),
        (b"PK\x03\x04...OFD.xml", "unreadable", "ofd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "unreadable", "ole"),
        (b"\x89PNG\r\n\x1a\n", "unreadable", "image"),
        (b"Rar!\x1a\x07\x00", "unsupported", "rar"),
        (b'{"title": "x"}', "unsupported", "JSON"),
        (b'<?xml version="1.0"?><datastore/>', "unsupported", "XML"),
    ],
)
def test_what_cannot_be_opened_is_named(content: bytes, reason: str, name: str) -> None:
    found = read(content, url=None, media_type="text/html")
    assert isinstance(found, NotAReport)
    assert found.reason == reason
    assert name in found.message


def test_angle_brackets_do_not_make_a_text_a_page() -> None:
    found = decode("印发<2020年度政府信息公开考核制度>的通知".encode())
    assert isinstance(found, Decoded)
    assert found.kind == "text"


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\x00\x00", "\ufeff".encode()])
def test_nothing_is_empty(content: bytes) -> None:
    found = read(content, url=None)
    assert isinstance(found, NotAReport)
    assert found.reason == "empty"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"a": "年报"}'.encode(), "json"),
        ('\ufeff [{"a": "年报"}]'.encode(), "json"),
        ("{年报}".encode(), "text"),
        ('<?xml version="1.0"?><datastore><record>年报</record></datastore>'.encode(), "xml"),
        ("<p>年报</p>".encode("gb18030"), "html"),
        ("年报，二〇二三年度的报告".encode("gb18030"), "text"),
        (b"", "text"),
    ],
)
def test_any_text_is_decoded_and_its_kind_told(content: bytes, kind: str) -> None:
    found = decode_text(content)
    assert (found.kind, found.warnings) == (kind, ())
    assert "年报" in found.text or not content


def test_noise_is_unreadable() -> None:
    found = read(bytes(range(1, 32)) * 20 + bytes(range(128, 256)) * 9, url=None)
    assert isinstance(found, NotAReport)
    assert found.reason == "unreadable"


@given(st.binary(max_size=600))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    assert isinstance(read(content, url=None), NotAReport)


PIECES = st.sampled_from(
    [
        *("<table>", "<tr><td>", "</td>", "<p>", "</div>", "<div class='TRS_Editor'>", "<form>"),
        *(
            "一、总体情况",
            "六、其他需要报告的事项",
            "第二十条第（一）项",
            "2024年政府信息公开工作年度报告",
        ),
        *("<!--<$[信息内容]>begin-->", "<base href='http://[::1'>", "<a href='http://[x'>附件</a>"),
        *("|", "\x0b", "\n", "。", "0"),
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from([None, "http://[::1", "x", ""]))
def test_no_markup_makes_it_raise(markup: str, url: str | None) -> None:
    assert isinstance(read(markup.encode(), url=url), (Report, NotAReport))


def test_deep_nesting_is_read() -> None:
    page = "<html><body>" + "<div>" * 5000 + SENTENCE + "</div>" * 5000
    assert isinstance(read(page.encode(), url=None), NotAReport)


BEFORE = "<html><body><p>" + SENTENCE + "</p>"
HOSTILE = {
    "attributes": BEFORE + "<div " + " ".join(f"a{n}='>'" for n in range(20_000)) + ">",
    "quotes": BEFORE + '<a x="' * 20_000,
    "deep blocks": "<html><body>" + "<div>" * 20_000 + SENTENCE,
    "deep tables": "<html><body>" + "<table><tr><td>" * 5_000 + SENTENCE,
    "deep spans": "<html><body>" + "<span class=share>" * 20_000 + SENTENCE,
    "hidden in hidden": BEFORE + "<div style='display:none'>x" * 1_900,
    "open brackets": BEFORE + "<" * 300_000,
    "entities": "<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + BEFORE + "&b;" * 9_000,
    "stray ends": BEFORE + "</div></td>" * 50_000,
    "breaks": BEFORE + "<br>" * 50_000,
    "titles": BEFORE + "<div class=title>" * 1_000,
}


@pytest.mark.parametrize("page", HOSTILE)
def test_hostile_markup_is_read_to_an_end(page: str) -> None:
    found = read(HOSTILE[page].encode(), url="http://www.gangu.gov.cn/a.htm")
    assert isinstance(found, NotAReport)


@pytest.mark.parametrize("page", ["attributes", "deep blocks", "deep tables", "deep spans"])
def test_what_hostile_markup_says_is_not_lost(page: str) -> None:
    found = read(HOSTILE[page].encode(), url="http://www.gangu.gov.cn/a.htm")
    assert isinstance(found, NotAReport)
    assert "no text" not in found.message


def test_endless_blanks_are_cut_short() -> None:
    blanks = " \t\u3000" * 100_000
    assert len(text_of(f"{SENTENCE}{blanks}{SENTENCE}".encode())) < 1000
