"""No report is lost: what the sieve refuses, the reader does not take for a report."""

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import prefilter
from archive.prefilter import may_be_report
from archive.reading import read_stored
from archive.records import Capture, StoredExchange
from archive.report import read
from bench import renderings
from bench.scale.index_pages import portal_page, web_page

PAGES = Path(__file__).parent / "pages"
SEEDS = range(3)
TITLE = "云水县财政局2024年政府信息公开工作年度报告"
BODY = (
    "现将本局主动公开政府信息、依申请公开政府信息的情况公布如下。本年度政府信息公开工作有序开展。"
    * 4
)
REPORT = (
    f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{BODY}</p></body></html>"
)


def test_no_saved_page_is_lost() -> None:
    looked_at = 0
    for path in sorted(PAGES.rglob("*")):
        if not path.is_file() or path.suffix in (".json", ".md", ".yml"):
            continue
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        if not may_be_report(content):
            looked_at += 1
            assert not read(content, url=None).is_report, path
    assert looked_at > 5


def test_no_rendering_of_the_test_bed_is_lost() -> None:
    names = [name for name in renderings.NAMES if name not in renderings.COSTLY]
    for sample in renderings.samples(names, list(SEEDS), []):
        if not may_be_report(sample.content, sample.media_type):
            result = read(sample.content, url=sample.url, media_type=sample.media_type)
            assert not result.is_report, sample.name


def test_no_seed_is_lost(seeds: Path) -> None:
    for path in seeds.glob("*.txt"):
        assert may_be_report(path.read_bytes()), path


def _entities(text: str) -> bytes:
    return "".join(c if c.isascii() else f"&#x{ord(c):X};" for c in text).encode()


@pytest.mark.parametrize(
    "content",
    [
        REPORT.encode(),
        REPORT.encode("gb18030"),
        REPORT.encode("utf-16"),
        REPORT.encode("utf-16-le"),
        REPORT.encode("ascii", "xmlcharrefreplace"),
        _entities(REPORT),
        _entities(REPORT).replace(b";", b""),
        re.sub("(?<=[公信政])", "<span> &nbsp;</span>\u200b", REPORT).encode(),
        REPORT.replace("公开", "公（gong）开（kai）").encode(),
        REPORT.replace("开", "開").replace("报", "報").encode(),
        REPORT.replace("<h1>", "<h1><a href='/1.html'>").replace("</h1>", "</a></h1>").encode(),
        REPORT.encode().decode("latin-1").encode(),
        json.dumps({"data": {"html": REPORT}}).encode(),
        ("<!-- saved -->" + REPORT).encode(),
        BODY.join((TITLE + "\n", "\n")).encode(),
        b"%PDF-1.4 " + bytes(range(256)),
        b"PK\x03\x04 anything",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_however_a_report_is_written_it_goes_to_the_reader(content: bytes) -> None:
    assert may_be_report(content)


def test_big5_that_is_declared_is_looked_into() -> None:
    page = (
        REPORT.replace("开", "開").replace("报", "報").replace("务", "務").encode("big5", "ignore")
    )
    page = page.replace(b"<head>", b'<head><meta charset="big5">')

    assert may_be_report(page) or not read(page, url=None).is_report


BROKEN = (BODY.encode("gb18030"), BODY.encode("big5", "ignore"), b"\xe9t\xe9", b"\xa3", b"\xc3\xa6")
OTHERS = (
    "<p>café – “crème” naïve €</p>",
    "ærlig",
    "Привет",
    "&#8217;&#038;&nbsp;",
    "&#x2019;",
    "かな",
)
WRITTEN = (
    *(BODY.encode(), _entities(BODY), _entities(BODY).replace(b";", b" ")),
    BODY.encode("ascii", "xmlcharrefreplace"),
    BODY.encode().decode("latin-1").encode(),
    BODY.encode().decode("cp1252", "ignore").encode(),
)
PIECES = st.sampled_from((*BROKEN, *WRITTEN, *(text.encode() for text in OTHERS)))


@given(st.lists(PIECES, max_size=4))
def test_a_page_without_chinese_characters_is_refused_as_if_it_were_looked_into(
    pieces: list[bytes],
) -> None:
    page = b"<html><head><title>a</title></head>" + b"".join(pieces) + b"</html>"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prefilter, "_is_without_han", lambda _: False)
        expected = may_be_report(page)

    assert may_be_report(page) == expected


def test_other_pages_are_refused() -> None:
    pages = [web_page(n) for n in range(40)]
    assert not [page.kind for page in pages if may_be_report(page.content)]
    reports = [page for page in map(portal_page, range(12)) if page.kind == "report"]
    assert all(may_be_report(page.content) for page in reports)


def _stored(content: bytes, status: int = 200) -> StoredExchange:
    capture = Capture("c", "http://a/", "", status, "text/html", None, "w", 0, 1, "other", "r")
    return StoredExchange(capture, (), content, None, None, {})


def test_only_sifted_pages_are_called_unrelated_for_their_words() -> None:
    page = _stored("<html><body>您访问的页面不存在或已删除！</body></html>".encode())

    assert read_stored(page).outcome == "soft_404"
    assert read_stored(page, sifted=True).outcome == "unrelated"
    assert read_stored(_stored(REPORT.encode()), sifted=True).outcome == "report"
    assert read_stored(_stored(b"", 404), sifted=True).outcome == "not_found"
