"""Which PDF files are shown, and what is said of the others."""

import asyncio
import zlib
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from replayed_site import HOST, Site

from gkcrawl.web.replay import inert
from gkcrawl.web.replay.inert import holds_no_action, is_inert
from gkcrawl.web.serve import build_datasette

AT = "20260120080000"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def pdf(catalog: bytes = b"", other: bytes = b"null") -> bytes:
    """Return a file of one page; ``other`` is its object 4."""
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R %b>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/MediaBox[0 0 99 99]/Parent 2 0 R>>endobj\n"
        b"4 0 obj %b endobj\ntrailer<</Root 1 0 R>>" % (catalog, other)
    )


def packed(catalog: bytes, other: bytes) -> bytes:
    """Return a file whose catalog and object 4 stand in a compressed object stream."""
    catalog = b"<</Type/Catalog/Pages 2 0 R %b>> " % catalog
    objects = zlib.compress(b"1 0 4 %3d " % len(catalog) + catalog + other)
    parts = {
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/MediaBox[0 0 99 99]/Parent 2 0 R>>",
        5: b"<</Type/ObjStm/N 2/First 10/Filter/FlateDecode/Length %d>>stream\n%b\nendstream"
        % (len(objects), objects),
    }
    made, at = b"%PDF-1.5\n", {}
    for n, body in parts.items():
        at[n] = len(made)
        made += b"%d 0 obj%b endobj\n" % (n, body)
    at[6] = len(made)
    rows = [(0, 0, 255), (2, 5, 0), (1, at[2], 0), (1, at[3], 0), (2, 5, 1), (1, at[5], 0),
            (1, at[6], 0)]  # fmt: skip
    table = b"".join(bytes([kind]) + n.to_bytes(3, "big") + bytes([g]) for kind, n, g in rows)
    made += b"6 0 obj<</Type/XRef/Size 7/W[1 3 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return made + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % at[6]


@pytest.mark.parametrize(
    ("catalog", "other"),
    [
        (b"", b"null"),
        (b"/OpenAction[3 0 R/FitH null]", b"null"),
        (b"/OpenAction 4 0 R", b"[3 0 R/FitH null]"),
        (b"/OpenAction 4 0 R", b"<</Type/Action/S/GoTo/D[3 0 R/XYZ null null 0]>>"),
        (b"/OpenAction<</S/GoTo/D(first)>>", b"null"),
        (b"/Title(/JS and /JavaScripting)", b"<</S/URI/URI(http://www.gov.cn/)>>"),
    ],
)
def test_what_is_shown(catalog: bytes, other: bytes) -> None:
    assert holds_no_action(pdf(catalog, other))
    assert holds_no_action(packed(catalog, other))


@pytest.mark.parametrize(
    ("catalog", "other"),
    [
        (b"/OpenAction " + SCRIPT, b"null"),
        (b"/OpenAction 4 0 R", SCRIPT),
        (b"/Open#41ction 4 0 R", b"<</S/Java#53cript/J#53<6170702e>>>"),
        (b"/OpenAction 4 0 R", b"<</S/URI/URI(http://e.example/)>>"),
        (b"/OpenAction 4 0 R", b"<</S/GoToR/F(other.pdf)/D[0/Fit]>>"),
        (b"/OpenAction 4 0 R", b"<</S/GoTo/D(x)/Next<</S/URI/URI(http://e.example/)>>>>"),
        (b"/OpenAction 4 0 R", b"<</D(/S/GoTo )/S/URI/URI(http://e.example/)>>"),
        (b"/OpenAction 9 0 R", b"null"),
        (b"/Names<</JavaScript 4 0 R>>", b"<</Names[(a)" + SCRIPT + b"]>>"),
        (b"/A#41<</WC 4 0 R>>", b"<</S/GoTo/D(x)>>"),
        (b"/X 4 0 R", b"<</S/Launch/F(x.exe)>>"),
        (b"/AcroForm<</XFA 4 0 R>>", b"(x)"),
    ],
)
def test_what_is_not(catalog: bytes, other: bytes) -> None:
    assert not holds_no_action(pdf(catalog, other))
    assert not holds_no_action(packed(catalog, other))


def test_what_cannot_be_looked_through_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    encrypted = Path(__file__).parent / "pages" / "media" / "encrypted.pdf"
    assert is_inert(pdf())
    assert not is_inert(b"%PDF-1.7 and nothing")
    assert not is_inert(encrypted.read_bytes())
    monkeypatch.setattr(inert, "LIMIT", 10)
    assert not is_inert(pdf(b"/Lang(zh)"))


def test_a_visitor_is_told_why_and_can_save_it(tmp_path: Path) -> None:
    made = Site(tmp_path / "home")
    kept = made.keep(f"{HOST}/a.pdf", pdf(b"/OpenAction 4 0 R", SCRIPT), "application/pdf")
    site = build_datasette(made.close())

    def get(path: str) -> Any:
        return asyncio.run(site.client.get(path, follow_redirects=False))

    told = get(f"/capture/{kept.id}/original")
    tree = lxml.html.document_fromstring(told.text)
    assert told.status_code == 200
    assert told.headers["content-type"] == "text/html; charset=utf-8"
    assert "内含脚本或自动动作" in tree.text_content()
    saved = get(tree.xpath("string(//main//a/@href)"))
    assert saved.content.startswith(b"%PDF-1.4")
    assert saved.headers["content-disposition"].startswith("attachment")
    loaded = get(f"/-/replay/{AT}rs_/{HOST}/a.pdf")
    assert loaded.headers["content-disposition"].startswith("attachment")
    english = asyncio.run(
        site.client.get(f"/capture/{kept.id}/original", cookies={"gk_lang": "en"})
    )
    assert "holds scripts or automatic actions" in english.text
    site.databases["catalog"].close()
