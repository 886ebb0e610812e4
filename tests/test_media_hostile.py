"""Documents that are damaged or mean harm: an answer comes back, nothing is raised or unpacked."""

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

import media_examples as examples
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.report.media import Unreadable, media_kind, to_html
from archive.report.media import limits as limits_module

PAGES = Path(__file__).parent / "pages" / "media"
DOCUMENTS = {
    "docx": examples.report_docx(),
    "rtf": examples.report_rtf(),
    "xlsx": examples.report_xlsx(),
    "pdf": examples.pdf(examples.pressed().pages),
    "ofd": examples.ofd(examples.pressed().pages),
    "doc": (PAGES / "report.doc").read_bytes(),
    "xls": (PAGES / "report.xls").read_bytes(),
    "zip": examples.zipped({"a.docx": examples.report_docx()}),
    "mhtml": b"MIME-Version: 1.0\nContent-Type: text/html; charset=gbk\n\n<p>\xce\xde</p>",
}
KINDS = sorted(
    {*DOCUMENTS, "html", "text", "wordml", "ole", "rar", "7z", "image", "encrypted", "json", "ppt"}
)


def answer(content: bytes, kind: str) -> str | Unreadable:
    result = to_html(content, kind)
    assert isinstance(result, str | Unreadable)
    return result


def reason(content: bytes, kind: str) -> str:
    result = answer(content, kind)
    assert isinstance(result, Unreadable), result[:200]
    assert result.message
    return result.reason


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_cut_off_anywhere_gets_an_answer(kind: str) -> None:
    content = DOCUMENTS[kind]
    for i in range(40):
        cut = content[: len(content) * i // 40]
        media_kind(cut)
        answer(cut, kind)


@pytest.mark.parametrize("kind", DOCUMENTS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_document_gets_an_answer(kind: str, data: st.DataObject) -> None:
    content = bytearray(DOCUMENTS[kind])
    places = st.integers(0, len(content) - 1)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=12)):
        content[place] = byte
    media_kind(bytes(content))
    answer(bytes(content), kind)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(tail=st.binary(max_size=300))
def test_any_bytes_as_any_kind_get_an_answer(kind: str, tail: bytes) -> None:
    for head in (b"", DOCUMENTS.get(kind, b"")[:64]):
        answer(head + tail, kind)
        media_kind(head + tail)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", [b"", b"\0" * 5000], ids=["nothing", "NUL"])
def test_nothing_and_zeros_get_an_answer(kind: str, content: bytes) -> None:
    answer(content, kind)
    assert media_kind(content) is None


def test_a_part_that_grows_without_end_is_not_unpacked() -> None:
    bomb = examples.zipped({"word/document.xml": b" " * 20_000_000})

    assert len(bomb) < 100_000
    assert reason(bomb, "docx") == "too_large"
    assert reason(bomb, "zip") == "too_large"


def test_a_drawing_that_unpacks_to_more_than_any_page_holds_is_not_drawn() -> None:
    packed = zlib.compress(b"0 0 l " * 1_500_000)
    bomb = b"%PDF-1.4\n9 0 obj\n<</Filter/FlateDecode>>\nstream\n" + packed + b"\nendstream"

    assert len(bomb) < 100_000
    assert reason(bomb, "pdf") == "too_large"
    assert (
        reason(b"\x1f\x8b" + gzip.compress(bytes(70_000_000), mtime=0)[2:], "gzip") == "too_large"
    )


def test_a_document_that_becomes_too_much_html_is_refused() -> None:
    rows = b"\\trowd\\cellx100\\cellx200 1\\cell 2\\cell\\row" * 60_000

    assert reason(b"{\\rtf1" + rows + b"}", "rtf") == "too_large"


def test_a_picture_of_more_pixels_than_any_page_is_not_unpacked() -> None:
    png = bytearray(examples.picture(200, 200))
    png[16:24] = struct.pack(">II", 100_000, 100_000)
    png[29:33] = struct.pack(">I", zlib.crc32(bytes(png[12:29])))

    for content in (bytes(png), examples.picture(200, 200)[:60], examples.picture(5, 900)):
        assert reason(content, "image") in ("too_large", "broken", "image")


def test_many_parts_that_are_large_together_are_not_unpacked() -> None:
    noise = bytes(range(256)) * 4096
    bomb = examples.zipped({f"{i}.txt": noise for i in range(260)})

    assert reason(bomb, "zip") == "too_large"


def test_more_parts_than_any_document_has_are_refused() -> None:
    content = b"PK\x01\x02" * (limits_module.MEMBERS + 1)

    assert reason(content, "zip") == "too_large"


def test_a_document_larger_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "INPUT", 100)

    assert reason(b"a" * 101, "text") == "too_large"


def test_a_document_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module.Budget.__init__, "__defaults__", (-1.0,))

    for kind in ("pdf", "ofd", "xlsx", "rtf", "zip"):
        assert reason(DOCUMENTS[kind], kind) == "too_large"


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
SECRET = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [LAUGHS, SECRET], ids=["a billion laughs", "a file"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", ["docx", "xlsx", "ofd", "wordml"])
def test_xml_with_entities_is_not_read(kind: str, encoding: str, declared: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>{declared}'
    match kind:
        case "docx":
            body = f"{head}<document><body><p><r><t>&i;</t></r></p></body></document>"
            content = examples.zipped({"word/document.xml": body.encode(encoding)})
        case "xlsx":
            parts = _members(DOCUMENTS["xlsx"])
            sheet = parts["xl/worksheets/sheet1.xml"].decode()
            parts["xl/worksheets/sheet1.xml"] = (head + sheet.partition("?>")[2]).encode(encoding)
            content = examples.zipped(dict(parts))
        case "ofd":
            content = examples.zipped(
                {
                    "OFD.xml": f"{head}<OFD><DocBody><DocRoot>&i;</DocRoot></DocBody></OFD>".encode(
                        encoding
                    )
                }
            )
        case _:
            content = (
                f"{head}<wordDocument><body><p><r><t>&i;</t></r></p></body></wordDocument>".encode(
                    encoding
                )
            )

    assert reason(content, kind) == "broken"


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_documents_with_a_password_say_so() -> None:
    locked = bytearray(DOCUMENTS["zip"])
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(mark) + place] |= 1
    doc = bytearray(DOCUMENTS["doc"])
    doc[doc.index(b"\xec\xa5") + 0x0B] |= 1

    assert reason((PAGES / "encrypted.pdf").read_bytes(), "pdf") == "encrypted"
    assert reason(bytes(locked), "zip") == "encrypted"
    assert reason(bytes(doc), "doc") == "encrypted"
    assert reason(b"", "encrypted") == "encrypted"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("rar", "unsupported"),
        ("7z", "unsupported"),
        ("emf", "unsupported"),
        ("no such", "unsupported"),
    ],
)
def test_what_is_not_read_says_so(kind: str, why: str) -> None:
    assert reason(b"x", kind) == why


def test_a_cell_that_spans_everything_costs_nothing() -> None:
    body = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr></w:tc></w:tr></w:tbl>'
    )
    content = examples.docx(body + examples.docx_p("文"))

    html = answer(content, "docx")

    assert isinstance(html, str)
    assert len(html) < 1000


def test_deep_nesting_gets_an_answer() -> None:
    deep = "<w:sdt>" * 5000 + "</w:sdt>" * 5000

    assert reason(examples.docx(deep), "docx") == "broken"
    answer(b"{" * 100_000 + b"\\par x", "rtf")


def test_a_sheet_with_one_cell_far_away_is_refused() -> None:
    parts = _members(DOCUMENTS["xlsx"])
    name = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[name] = parts[name].replace(b"</sheetData>", far)

    answer(examples.zipped(dict(parts)), "xlsx")
