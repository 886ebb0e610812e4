"""Pages as crawls bring them, in WARC files: what is read in the measures of index and Dask.

Of portals: reports of the test bed's form of 2021, 2019 and before, other papers, lists, in menus,
scripts and styles that make pages of 30 to 130 KB; every second one compressed by its server. Of
the whole web: pages in English and Chinese that have nothing to do with it, and news of portals.
"""

import gzip
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.records import Exchange, Run
from archive.warc import WarcWriter
from bench.testbed import chrome, pages, portals, prose
from bench.testbed.articles import body_of, tables_of
from bench.testbed.markup import quirks
from bench.testbed.model import document
from bench.testbed.negatives import PAPERS, Prose

BEGIN = datetime(2026, 2, 1, tzinfo=UTC)
_FORMS = ("2021", "2021", "2021", "2019", "pre2019")
_ENGLISH = (
    "The committee met on Tuesday to review the plans for the new library and its gardens.",
    "Shipping is free above 40 € – that’s all – and returns are accepted for thirty days.",
    "In the second half both sides had chances, but the keepers were in excellent form.",
    "Melt the butter, add the onions, and stir until they are soft and slightly brown.",
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a crawl."""

    url: str
    content: bytes
    kind: str
    """report, paper, list, english, chinese, news."""


def portal_page(seed: int) -> Page:
    """Return a page of a portal: of twenty, twelve are reports, six other papers, two lists."""
    rng = random.Random(f"index {seed}")
    kind = ("report",) * 12 + ("paper",) * 6 + ("list",) * 2
    return _of_portal(seed, rng, kind[seed % 20])


def web_page(seed: int) -> Page:
    """Return a page of the whole web that is no report.

    Of a hundred, ninety are in English, nine in Chinese, one is news of a portal.
    """
    rng = random.Random(f"web {seed}")
    kind = {0: "news"}.get(seed % 100, "chinese" if seed % 11 == 0 else "english")
    return _of_portal(seed, rng, kind) if kind == "news" else _of_web(seed, rng, kind)


def _of_portal(seed: int, rng: random.Random, kind: str) -> Page:
    doc = document(seed, rng.choice(_FORMS) if kind == "report" else "2021", salt=f"index-{kind}")
    setting = pages.setting_of(doc, rng)
    writer = Prose(rng)
    if kind == "report":
        parts = [doc.title, *doc.introduction]
        if doc.figures is None:
            for heading, paragraphs in doc.sections.items():
                parts += [heading, *paragraphs]
            body = "".join(map(writer.paragraph, parts))
        else:
            body = body_of(doc, rng, tables_of(doc, rng, quirks(rng)))
    elif kind == "list":
        setting.title = "政府信息公开年报"
        body = "".join(
            f'<li><a href="./t{k}.html">{t}</a></li>' for k, t in enumerate(_titles(rng))
        )
    elif kind == "news":
        setting.title = f"我县召开{rng.choice(prose.FIELDS)}工作推进会"
        setting.related = [f"我县推进{rng.choice(prose.FIELDS)}" for _ in range(5)]
        body = "".join(map(writer.paragraph, _chinese(rng)))
    else:
        setting.title, paragraphs = PAPERS[rng.choice(sorted(PAPERS))](rng, doc)
        body = "".join(p if p.startswith("<") else writer.paragraph(p) for p in paragraphs)
    html = portals.page(rng, setting, body, weight=rng.randint(20, 70)).html
    codec = rng.choice(("utf-8", "utf-8", "gb18030"))
    html = html.replace("charset=utf-8", f"charset={codec}", 1)
    return Page(pages.url_of(doc), html.encode(codec, "xmlcharrefreplace"), kind)


def _titles(rng: random.Random) -> list[str]:
    years = rng.sample(range(2008, 2026), 12)
    return [f"云水县人民政府{year}年政府信息公开工作年度报告" for year in sorted(years)]


def _of_web(seed: int, rng: random.Random, kind: str) -> Page:
    texts = _chinese(rng) if kind == "chinese" else rng.choices(_ENGLISH, k=rng.randint(20, 60))
    doc = document(seed % 50)
    builder = chrome.Builder(rng, pages.setting_of(doc, rng), rng.randint(20, 70))
    ballast = builder._ballast(builder.weight)
    items = "".join(
        f'<li class="i{n}"><a href="/p/{n}"><span>{t[:20]}</span></a> <em>{n}</em></li>'
        for n, t in enumerate(texts * 4)
    )
    body = "".join(f'<p class="x">{text}</p>' for text in texts)
    html = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{texts[0]}</title>{ballast}'
        f"</head><body><ul>{items}</ul><article><h1>{texts[0]}</h1>{body}</article></body></html>"
    )
    return Page(f"https://www.site{seed}.example/{seed}.html", html.encode(), kind)


def _chinese(rng: random.Random) -> list[str]:
    """Return paragraphs of news without a word of the disclosure of information."""
    return [
        f"{rng.choice(prose.FIELDS)}工作推进会在县城召开，{rng.choice(prose.FIELDS)}等{n}个项目开工，"
        f"总投资{rng.randint(1, 90)}亿元。与会人员实地察看了{rng.choice(prose.FIELDS)}现场。"
        for n in range(2, rng.randint(12, 40))
    ]


def write_crawl(directory: Path, found: Iterator[Page], *, files: int = 1) -> None:
    """Write pages into ``files`` WARC files of ours under ``directory/warc``."""
    every = list(found)
    for n in range(files):
        run = Run(f"{n:032x}", "yunnan", f"2026-02-01T{n % 24:02}:00:00.000000Z", "gkcrawl/bench")
        writer = WarcWriter(directory / "warc", run, clock=lambda n=n: BEGIN + timedelta(minutes=n))
        for k, page in enumerate(every[n::files]):
            writer.write(
                _exchange(page, BEGIN + timedelta(minutes=n, milliseconds=k), zipped=k % 2)
            )
        writer.close()


def _exchange(page: Page, at: datetime, zipped: int) -> Exchange:
    body = gzip.compress(page.content, 6, mtime=0) if zipped else page.content
    coding = b"Content-Encoding: gzip\r\n" if zipped else b""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%sContent-Length: %d\r\n\r\n"
    request = f"GET {page.url} HTTP/1.1\r\n\r\n".encode()
    response = head % (coding, len(body)) + body
    return Exchange(page.url, at, request, response, page_class="article", duration_ms=80)


def write_foreign(path: Path, found: Iterator[Page]) -> None:
    """Write pages into a WARC file as other crawlers make them: their own words, no metadata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(record("warcinfo", "", b"software: some crawler\r\n", "application/warc-fields"))
        for n, page in enumerate(found):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
            block = head % len(page.content) + page.content
            file.write(record("response", page.url, block, "application/http; msgtype=response", n))


def record(kind: str, url: str, block: bytes, media_type: str, second: int = 0) -> bytes:
    """Return a record of WARC/1.0 as a gzip member."""
    moment = BEGIN + timedelta(seconds=second)
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {url} {second}")
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{name}>",
        "WARC-Date": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Target-URI": url,
        "Content-Type": media_type,
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{key}: {value}\r\n" for key, value in fields.items() if value)
    return gzip.compress(
        b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n", 6, mtime=0
    )
