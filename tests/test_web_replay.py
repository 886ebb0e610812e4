"""Replay without scripts: what is found, how it is written anew, and with which headers."""

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from replayed_site import HOST, PAGE, PDF, make_site

from gkcrawl.web.replay.addresses import absolute, asked_url, replay_path, variants, wanted
from gkcrawl.web.replay.css import LIMIT, Styles
from gkcrawl.web.replay.drawing import clean_drawing
from gkcrawl.web.replay.kinds import kind_of
from gkcrawl.web.replay.links import Links
from gkcrawl.web.replay.markup import clean
from gkcrawl.web.replay.memento import accepted
from gkcrawl.web.security import archived_headers
from gkcrawl.web.serve import build_datasette

AT = "20260120080000"
NB = f"{HOST}/zfxxgk/nb"
LINKS = Links(f"{NB}/a.html", AT, lambda path: f"/gk{path}", "gb18030")


class Site:
    """The pages of one archive."""

    def __init__(self, home: Path, **options: Any) -> None:
        self.datasette = build_datasette(home, **options)

    def get(self, path: str, **headers: str) -> Any:
        """Return the answer to a GET, redirects not followed."""
        named = {"host": "gk.example.cn:81", **headers}
        return asyncio.run(self.datasette.client.get(path, headers=named, follow_redirects=False))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site") / "home")


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[Site]:
    site = Site(home)
    yield site
    site.datasette.databases["catalog"].close()


def tree_of(answer: Any) -> lxml.html.HtmlElement:
    assert answer.status_code == 200, answer.text[:500]
    return lxml.html.document_fromstring(answer.content)


# ---------------------------------------------------------------------------------- a page


def test_a_page_is_shown_with_what_it_loads(site: Site) -> None:
    tree = tree_of(site.get(f"/-/replay/{AT}/{PAGE}"))
    loads = {element.get("id"): element for element in tree.xpath("//*[@id]")}
    assert tree.xpath("//link/@href") == [f"/-/replay/{AT}cs_/{NB}/css/main.css"]
    assert loads["chart"].get("src") == f"/-/replay/{AT}rs_/{NB}/img/chart.png"
    assert loads["lazy"].get("src") == f"/-/replay/{AT}rs_/{NB}/img/late.png"
    assert loads["pdf"].get("href") == f"/-/replay/{AT}/{NB}/P020260120.pdf"
    assert loads["top"].get("href") == "#top"
    # A query string is written in the encoding of the page, as browsers do.
    next_page = f"/-/replay/{AT}/{NB}/t20260120_2.html?q=%C4%EA%B1%A8&p=1#a"
    assert loads["next"].get("href") == next_page
    assert 'url("/-/replay/20260120080000rs_/' in tree.xpath("//p/@style")[0]
    assert tree.xpath("//span/a/@href") == [f"/-/replay/{AT}/http://www.example.gov.cn/inner.html"]


def test_the_encoding_is_that_of_the_bytes_whatever_the_header_says(site: Site) -> None:
    answer = site.get(f"/-/replay/{AT}/{PAGE}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    tree = tree_of(answer)
    assert "本年度共收到申请㐂件" in tree.text_content()
    assert tree.xpath("//title/text()") == ["某区政府信息公开工作年度报告"]
    assert answer.text.startswith('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"')


def test_nothing_of_a_page_runs_or_sends(site: Site) -> None:
    tree = tree_of(site.get(f"/-/replay/{AT}/{PAGE}"))
    assert not tree.xpath("//script | //iframe | //form | //base | //meta[@http-equiv]")
    assert not tree.xpath("//@onload | //@action | //@srcdoc | //@formaction")
    assert tree.xpath("//input/@disabled") == ["disabled"] * 2


def test_the_banner_says_what_this_is(site: Site) -> None:
    said = tree_of(site.get(f"/-/replay/{AT}/{PAGE}")).xpath("//body/div[1]")[0]
    text = said.text_content()
    for fact in ("存档副本", "2026-01-20 08:00:00 UTC", PAGE, "sha256:", "未运行任何脚本"):
        assert fact in text
    english = site.get(f"/-/replay/{AT}/{PAGE}", cookie="gk_lang=en")
    assert "no script was run" in english.text


def test_the_headers_are_ours_alone(site: Site) -> None:
    headers = site.get(f"/-/replay/{AT}/{PAGE}").headers
    assert headers["content-security-policy"] == (
        "sandbox; default-src 'none'; img-src http://gk.example.cn:81 data:; "
        "style-src http://gk.example.cn:81 'unsafe-inline'; "
        "font-src http://gk.example.cn:81 data:; "
        "media-src http://gk.example.cn:81; script-src 'none'; object-src 'none'; "
        "frame-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, noarchive"
    assert not {"set-cookie", "refresh", "cross-origin-resource-policy"} & set(headers)
    assert "evil" not in str(headers)


@pytest.mark.parametrize("host", ["", "a b", "x; script-src *", "a,b", "[::1", "x'y", "é"])
def test_a_host_that_is_none_does_not_enter_the_policy(host: str) -> None:
    policy = archived_headers(host)["Content-Security-Policy"]
    assert "http:" not in policy
    assert "media-src 'none'; script-src 'none'" in policy


def test_a_prefix_stands_before_every_address(home: Path) -> None:
    answer = Site(home, base_url="/gk").get(f"/-/replay/{AT}/{PAGE}")
    tree = tree_of(answer)
    led = [a for a in tree.xpath("//@href | //@src") if not a.startswith(("#", "data:"))]
    assert led
    assert all(address.startswith("/gk/") for address in led)


# ----------------------------------------------------------------------------- other documents


@pytest.mark.parametrize(
    ("path", "content_type", "attachment"),
    [
        (f"{AT}cs_/{NB}/css/main.css", "text/css; charset=utf-8", False),
        (f"{AT}rs_/{NB}/img/chart.png", "image/png", False),
        (f"{AT}rs_/{NB}/img/chart.svg", "image/svg+xml", False),
        (f"{AT}/{NB}/P020260120.pdf", "application/pdf", False),
        (f"{AT}/{NB}/%E5%B9%B4.doc", "application/octet-stream", True),
        (f"{AT}/{HOST}/js/all.js", "text/plain; charset=utf-8", False),
        (f"{AT}/{HOST}/data.json", "text/plain; charset=utf-8", False),
        (f"{AT}id_/{PAGE}", "application/octet-stream", True),
    ],
)
def test_as_what_a_document_is_sent(
    site: Site, path: str, content_type: str, attachment: bool
) -> None:
    answer = site.get(f"/-/replay/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert ("content-disposition" in answer.headers) is attachment
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_style_sheet_leads_on(site: Site) -> None:
    sheet = site.get(f"/-/replay/{AT}cs_/{NB}/css/main.css").text
    assert f'@import url("/-/replay/{AT}cs_/{NB}/css/base.css")' in sheet
    assert f'url("/-/replay/{AT}rs_/{NB}/img/bg.png")' in sheet
    assert "charset" not in sheet


def test_a_drawing_keeps_what_draws(site: Site) -> None:
    drawing = site.get(f"/-/replay/{AT}rs_/{NB}/img/chart.svg").text
    assert "<rect" in drawing
    assert "script" not in drawing
    assert "onload" not in drawing


def test_the_bytes_are_those_received(site: Site) -> None:
    assert site.get(f"/-/replay/{AT}id_/{NB}/P020260120.pdf").content == PDF


def test_a_rendered_page_has_its_screenshot(site: Site) -> None:
    tree = tree_of(site.get(f"/-/replay/{AT}/{HOST}/app"))
    assert "由脚本生成" in tree.text_content()
    (path,) = [href for href in tree.xpath("//a/@href") if href.endswith("/screenshot")]
    picture = site.get(path)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


# --------------------------------------------------------------------------------- by time


@pytest.mark.parametrize(
    ("asked", "year"),
    [
        ("2021", "2022"),
        ("2023", "2023"),
        ("202307", "2023"),
        ("20230722", "2024"),
        ("2030", "2025"),
    ],
)
def test_the_closest_capture_is_led_to(site: Site, asked: str, year: str) -> None:
    answer = site.get(f"/-/replay/{asked}/{HOST}/")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"/-/replay/{year}0120080000/{HOST}/"


def test_a_revisit_is_shown_with_its_original(site: Site) -> None:
    tree = tree_of(site.get(f"/-/replay/20250120080000/{HOST}/"))
    assert "2024" in tree.xpath("//p")[0].text_content()
    assert "内容与先前一次采集相同" in tree.text_content()


def test_scheme_port_and_escapes_of_an_address(site: Site) -> None:
    found = site.get(f"/-/replay/{AT}/{HOST}:8080/p?x=1")
    assert found.status_code == 200
    assert site.get(f"/-/replay/{AT}/{HOST}:8080/p?x=2").status_code == 404
    secure = PAGE.replace("http:", "https:")
    assert site.get(f"/-/replay/2026/{secure}").headers["location"].endswith(PAGE)
    merged = PAGE.replace("//", "/", 1)
    assert site.get(f"/-/replay/{AT}/{merged}").status_code == 200


def test_redirects_stay_in_replay(site: Site) -> None:
    answer = site.get(f"/-/replay/{AT}/{HOST}/old")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/-/replay/{AT}/{PAGE}")
    assert "memento-datetime" in answer.headers
    gone = site.get(f"/-/replay/{AT}/{HOST}/gone")
    assert gone.status_code == 404
    assert "当时转到 http://elsewhere.example/" in gone.text
    assert "又转了回来" in site.get(f"/-/replay/{AT}/{HOST}/ring1").text


def test_an_archived_error_is_one_in_replay(site: Site) -> None:
    answer = site.get(f"/-/replay/{AT}/{HOST}/missing")
    assert answer.status_code == 404
    assert "memento-datetime" in answer.headers
    assert "原站应答 404" in answer.text


def test_what_is_not_archived_says_so(site: Site) -> None:
    page = site.get(f"/-/replay/{AT}/{HOST}/none")
    assert page.status_code == 404
    assert "没有存档" in page.text
    assert "memento-datetime" not in page.headers
    loaded = site.get(f"/-/replay/{AT}rs_/{HOST}/none.png")
    assert (loaded.status_code, loaded.headers["content-type"]) == (
        404,
        "text/plain; charset=utf-8",
    )


@pytest.mark.parametrize(
    "path",
    [
        "2026/javascript:alert(1)",
        "99999999/http://a.cn/",
        "2026/http://",
        f"2026/http://{'a' * 9000}",
    ],
)
def test_what_is_no_address_is_not_found(site: Site, path: str) -> None:
    assert site.get(f"/-/replay/{path}").status_code == 404


def test_a_damaged_or_missing_file_says_so(home: Path, tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_bytes((home / "catalog.db").read_bytes())
    answer = Site(tmp_path).get(f"/-/replay/{AT}/{PAGE}")
    assert answer.status_code == 404
    assert "不在这台机器上" in answer.text
    (tmp_path / "warc").mkdir()
    for file in (home / "warc").glob("*.warc.gz"):
        (tmp_path / "warc" / file.name).write_bytes(b"\x1f\x8b" + b"x" * 10_000)
    assert "已损坏" in Site(tmp_path).get(f"/-/replay/{AT}/{PAGE}").text


# ------------------------------------------------------------------------------------ memento


def test_memento_headers(site: Site) -> None:
    headers = site.get(f"/-/replay/20230120080000/{HOST}/").headers
    assert headers["memento-datetime"] == "Fri, 20 Jan 2023 08:00:00 GMT"
    ours = "http://gk.example.cn:81/-"
    for link in (
        f'<{HOST}/>; rel="original"',
        f'<{ours}/timemap/link/{HOST}/>; rel="timemap"; type="application/link-format"',
        f'<{ours}/replay/{HOST}/>; rel="timegate"',
        f'<{ours}/replay/20220120080000/{HOST}/>; rel="first prev memento"; '
        'datetime="Thu, 20 Jan 2022 08:00:00 GMT"',
        f'<{ours}/replay/20240120080000/{HOST}/>; rel="next memento"',
    ):
        assert link in headers["link"]


def test_the_timegate_chooses_by_the_header(site: Site) -> None:
    newest = site.get(f"/-/replay/{HOST}/")
    assert newest.headers["location"] == f"/-/replay/20250120080000/{HOST}/"
    then = {"accept-datetime": "Thu, 20 Jan 2022 10:00:00 GMT"}
    asked = site.get(f"/-/replay/{HOST}/", **then)
    assert asked.headers["location"] == f"/-/replay/20220120080000/{HOST}/"
    assert "accept-datetime" in asked.headers["vary"].lower()
    assert accepted("yesterday") is None


def test_timemaps(site: Site) -> None:
    linked = site.get(f"/-/timemap/link/{HOST}/")
    assert linked.headers["content-type"] == "application/link-format"
    assert linked.text.count("memento") == 4
    assert 'rel="first memento"' in linked.text
    told = site.get(f"/-/timemap/json/{HOST}/").json()
    assert [row["captured_at"][:4] for row in told["rows"]] == ["2025", "2024", "2023", "2022"]
    lines = list(csv.reader(io.StringIO(site.get(f"/-/timemap/csv/{HOST}/").text.lstrip("\ufeff"))))
    assert lines[0] == told["columns"]
    assert len(lines) == 5
    assert site.get(f"/-/timemap/link/{HOST}/none").status_code == 404


def test_the_list_of_captures(site: Site) -> None:
    tree = tree_of(site.get(f"/-/replay/*/{HOST}/"))
    links = tree.xpath("//td[1]/a/@href")
    assert links[0] == f"/-/replay/20250120080000/{HOST}/"
    assert len(links) == 4
    assert "与前次相同" in tree.text_content()
    assert tree.xpath("//table[@class='captured']/tbody/tr[1]/td[1]")[0].text_content() == "● 1"
    english = site.get(f"/-/replay/*/{HOST}/?lang=en")
    assert "captures" in english.text
    assert len(lxml.html.document_fromstring(english.content).xpath("//td[1]/a")) == 4


# ------------------------------------------------------------------------------- small parts


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("a.htm", f"{NB}/a.htm"),
        ("../../../x", f"{HOST}/x"),
        ("//e.cn/x", "http://e.cn/x"),
        ("http:\\\\e.cn\\x", "http://e.cn/x"),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://h.cn/../../..//-/x", "http://h.cn//-/x"),
        ("http://h.cn/%2e%2e/%2E./a/./", "http://h.cn/a/"),
        ("?q=中文", f"{NB}/a.html?q=%D6%D0%CE%C4"),
        ("http://中国.cn/路?x=1#f", "http://xn--fiqs8s.cn/%E8%B7%AF?x=1#f"),
        ("http://[bad", None),
        ("http://user:secret@h.cn/x", "http://h.cn/x"),
    ],
)
def test_where_a_link_leads(href: str, found: str | None) -> None:
    assert absolute(LINKS.base, href, "gb18030") == found


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_link_leaves_replay(href: str) -> None:
    for led in (LINKS.page(href), LINKS.resource(href), LINKS.style(href)):
        assert led is None or led.startswith((f"/gk/-/replay/{AT}", "#", "data:"))
        assert led is None or "/../" not in led.partition("?")[0]


def test_an_address_comes_back_from_ours() -> None:
    url = "http://www.a.gov.cn:81/x%E4/中?q=a b&c=%C4#f"
    path, _, query = replay_path(url, AT).removeprefix(f"/-/replay/{AT}/").partition("?")
    assert asked_url(path, query.partition("#")[0]) in {v.partition("#")[0] for v in variants(url)}


@pytest.mark.parametrize("digits", ["", "202", "2026013", "20261301", "2026010199", "x"])
def test_digits_that_are_no_time(digits: str) -> None:
    assert wanted(digits) is None or digits == "2026013"


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("a{color:red}", "a{color:red}"),
        ("a{background:\\75rl(//evil/x)}", 'a{background:url("/R")}'),
        ("a{width:expression(alert(1))}", "a{width:none}"),
        ("a{background:image-set('x' 1x)}", "a{background:none}"),
        (
            'p::after{content:"</style><img src=x>"}',
            'p::after{content:"\\3c /style>\\3c img src=x>"}',
        ),
        ("@media (width < 600px){a{b:c}}", "@media (width < 600px){a{b:c}}"),
        ("@import 'x' screen;a{}", '@import url("/S") screen;a{}'),
        ("<!-- a{color:red} -->", "a{color:red}"),
        ("a{b:" + "(" * 100, ""),
        ("x" * (LIMIT + 1), ""),
    ],
)
def test_styles(style: str, kept: str) -> None:
    assert Styles(lambda _: "/R", lambda _: "/S").sheet(style) == kept


@pytest.mark.parametrize(
    "odd", ["\x1b", "\x01", "\x0b", "\x0c", "\ufffe", "&#1;", "&#x1b;", "\\1 "]
)
@pytest.mark.parametrize(
    "markup",
    ["{}$B<p>x</p>", "<title>a{}b</title><p>x</p>", "<img src='{0}.gif' alt='{0}'><p>x</p>",
     "<p title='{}'>x</p>", "<p style='font-family:\"{}\"'>x</p>",
     "<textarea>{}</textarea><p>x</p>",
     "<style>p::after{{content:'{}'}}</style><p>x</p>", "<iframe src='http://a.cn/{}'></iframe><p>x",
     "<svg><text fill='{0}' style='font:\"{0}\"'>{0}</text></svg><p>x</p>",
     "<a href='/{}'>y</a><p>x",
     "{}", "<frameset><frame src='/{}'></frameset><p>x</p>", "{}<frameset></frameset><p>x</p>"],
)  # fmt: skip
def test_characters_that_no_tree_may_hold_are_left_out(markup: str, odd: str) -> None:
    above = lxml.html.Element("div")
    made = clean(f"<html><body>{markup.format(odd)}", LINKS, above).decode()
    assert "x</p>" in made or markup == "{}" or "frameset" in markup


def test_an_escaped_control_in_the_styles_of_a_drawing_does_no_harm() -> None:
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><text style='font:\"\\1 \"'>x</text></svg>"
    assert b">x</text>" in (clean_drawing(drawing, Styles(str, str)) or b"")


@given(
    st.text(
        alphabet="<>/!-=\"'` \x00\x01\x0c\x1b\ufffe\\1abcsvgtylemhximgonr&;#(){}:@", max_size=120
    )
)
@settings(max_examples=400, deadline=None)
def test_any_markup_is_written_anew(markup: str) -> None:
    made = clean(markup, LINKS)
    tree = lxml.html.document_fromstring(made)
    assert not tree.xpath("//script | //frame | //iframe | //form | //object | //embed | //base")
    assert not [name for element in tree.iter() for name in element.attrib if name[:2] == "on"]
    assert len(tree.xpath("//head/meta[@charset]")) == 1


@pytest.mark.parametrize(
    "markup",
    ["<div>" * 50_000, "<b>" * 50_000, "<" * 100_000, "<svg>" + "<g>" * 20_000,
     "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">", "<table><tr><td>" * 5_000],
    ids=["deep", "inline", "brackets", "drawing", "attributes", "tables"],
)  # fmt: skip
def test_pages_beyond_reason_end(markup: str) -> None:
    assert b"</body></html>" in clean(markup, LINKS)


@pytest.mark.parametrize(
    ("content", "media_type", "kind"),
    [
        (b"%PDF-1.7\n", "text/html", "application/pdf"),
        (b"<html><p>x</p></html>", "image/png", "html"),
        (b"GIF89a<script>", "text/html", "image/gif"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "text/xml", "svg"),
        (b"PK\x03\x04word/", "text/html", None),
        (b"wOF2" + b"\0" * 9, None, "font/woff2"),
        (b"", "text/html", None),
    ],
)
def test_kinds_go_by_the_bytes(content: bytes, media_type: str | None, kind: str | None) -> None:
    assert kind_of(content, media_type, "http://a.cn/x") == kind
