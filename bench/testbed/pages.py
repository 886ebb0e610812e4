"""Reports as web pages."""

import random

from bench.testbed import chrome, forms, grids, portals
from bench.testbed.articles import Prose, body_of, reference, tables_of
from bench.testbed.markup import Quirks, TableWriter, div_grid, quirks
from bench.testbed.model import Document, document
from bench.testbed.samples import Sample


def setting_of(doc: Document, rng: random.Random, charset: str = "utf-8") -> chrome.Setting:
    """Return what the page says beside the article."""
    code = min(doc.organ.codes, default="100000")[:6]
    return chrome.Setting(
        title=doc.title,
        site=doc.organ.site,
        organ=doc.organ.name,
        date=doc.published,
        code=code,
        related=chrome.related_titles(rng, doc.organ.name, doc.year),
        charset=charset,
    )


def url_of(doc: Document, host: str = "") -> str:
    """Return an address as TRS makes them; the host tells nothing."""
    day = doc.published.replace("-", "")
    host = host or f"www.bed{doc.seed % 997}.gov.cn"
    return f"http://{host}/zfxxgk/zfxxgknb/{day[:6]}/t{day}_{1000000 + doc.seed}.html"


_CHARSETS = (("utf-8", "utf-8"), ("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gbk", "gb18030"))


def _sample(
    name: str, seed: int, doc: Document, rng: random.Random, body: str, **options: object
) -> Sample:
    declared, codec = rng.choice(_CHARSETS)
    setting = setting_of(doc, rng, declared)
    page = portals.page(rng, setting, body, options.pop("family", None), options.pop("weight", 12))
    plain = reference(doc)
    squeezed = "".join(plain.split())
    return Sample(
        rendering=name,
        seed=seed,
        content=page.html.encode(codec, "xmlcharrefreplace"),
        url=url_of(doc),
        doc=doc,
        media_type="text/html",
        codec=codec,
        chrome=[text for text in page.chrome if text not in squeezed],
        sentences=doc.paragraphs(),
        reference=plain,
        **options,
    )


def html_page(seed: int) -> Sample:
    """Return a report on a page of any family, its tables with any faults."""
    rng = random.Random(f"html {seed}")
    doc = document(seed, salt="html")
    tables = tables_of(doc, rng, quirks(rng), split=rng.random() < 0.15)
    return _sample("html", seed, doc, rng, body_of(doc, rng, tables))


def html_broken(seed: int) -> Sample:
    """Return a report whose office broke identities."""
    rng = random.Random(f"html-broken {seed}")
    doc = document(seed, broken=True, salt="html-broken")
    return _sample(
        "html-broken", seed, doc, rng, body_of(doc, rng, tables_of(doc, rng, quirks(rng)))
    )


def html_word(seed: int) -> Sample:
    """Return a page pasted from Word: labels and digits cut by spans."""
    rng = random.Random(f"html-word {seed}")
    doc = document(seed, salt="html-word")
    how = Quirks(
        cell="word", split_numbers=True, split_labels=True, letters=rng.random() < 0.4,
        breaks=True, spans=rng.choice(("right", "right", "wrong")),
    )  # fmt: skip
    return _sample("html-word", seed, doc, rng, body_of(doc, rng, tables_of(doc, rng, how)))


def html_split(seed: int) -> Sample:
    """Return a page whose Table III runs over two, the header repeated or not."""
    rng = random.Random(f"html-split {seed}")
    doc = document(seed, salt="html-split")
    body = body_of(doc, rng, tables_of(doc, rng, quirks(rng), split=True))
    return _sample("html-split", seed, doc, rng, body)


def html_layout(seed: int) -> Sample:
    """Return a page of nested layout tables."""
    rng = random.Random(f"html-layout {seed}")
    doc = document(seed, salt="html-layout")
    tables = tables_of(doc, rng, quirks(rng))
    wrapped = {k: f"<table><tr><td>{t}</td></tr></table>" for k, t in tables.items()}
    body = body_of(doc, rng, wrapped if rng.random() < 0.4 else tables)
    return _sample("html-layout", seed, doc, rng, body, family="layout")


def html_divgrid(seed: int) -> Sample:
    """Return a page whose tables are rows of <div>."""
    rng = random.Random(f"html-divgrid {seed}")
    doc = document(seed, salt="html-divgrid")
    tables = {
        "active_disclosure": div_grid(rng, grids.active(doc)),
        "requests": div_grid(rng, [grids.requests(doc)]),
        "review_litigation": div_grid(rng, [grids.review(doc)]),
    }
    return _sample("html-divgrid", seed, doc, rng, body_of(doc, rng, tables))


def html_bare(seed: int) -> Sample:
    """Return a page without tables: they were pictures, or the office left them out."""
    rng = random.Random(f"html-bare {seed}")
    doc = document(seed, salt="html-bare")
    picture = '<p><img src="./W020250120.png" alt=""></p>'
    tables = dict.fromkeys(forms.TABLES, picture if rng.random() < 0.5 else "")
    body = body_of(doc, rng, tables)
    sample = _sample("html-bare", seed, doc, rng, body, tables=())
    text = [doc.title, *doc.introduction]
    for key, paragraphs in doc.sections.items():
        text += [doc.headings[key], *paragraphs]
    sample.reference = "\n".join(text)
    return sample


def html_old(seed: int) -> Sample:
    """Return a report of 2008–2018, some with the 统计表 of 2014."""
    rng = random.Random(f"html-old {seed}")
    doc = document(seed, "pre2019", salt="html-old")
    prose = Prose(rng)
    out = [prose.title(doc.title)] if doc.titled else []
    out += [prose.paragraph(p) for p in doc.introduction]
    for heading, paragraphs in doc.sections.items():
        out += [prose.heading(heading), *(prose.paragraph(p) for p in paragraphs)]
    if doc.indicators:
        rows = [("统 计 指 标", "单位", "统计数"), *doc.indicators]
        writer = TableWriter(rng, quirks(rng))
        out.append(writer.table([[grids.Cell(c) for c in row] for row in rows]))
    return _sample("html-old", seed, doc, rng, "\n".join(out), tables=(), sections=False)


# Simplified to traditional, for the characters that the bed prints most.
_TRADITIONAL = str.maketrans(
    "总体况动开请理处县区镇乡乱务办厅问题进与复议诉讼关报项规范审单达维补结转继续对应条约数据总计当业机构组织会法律许发废现强罚费办强制书简责级给编实时训网访",
    "總體況動開請理處縣區鎮鄉亂務辦廳問題進與復議訴訟關報項規範審單達維補結轉繼續對應條約數據總計當業機構組織會法律許發廢現強罰費辦強制書簡責級給編實時訓網訪",
)


def html_hijacked(seed: int) -> Sample:
    """Return a copy on a foreign host, turned into traditional characters."""
    rng = random.Random(f"html-hijacked {seed}")
    doc = document(seed, salt="html-hijacked")
    body = body_of(doc, rng, tables_of(doc, rng, quirks(rng))).translate(_TRADITIONAL)
    sample = _sample("html-hijacked", seed, doc, rng, body)
    sample.url = url_of(doc, f"www.{seed % 900}bkk.com")
    sample.sentences = sample.reference = None
    sample.sections = False
    sample.chrome = []
    return sample


def html_timing(seed: int) -> Sample:
    """Return a page of 30–80 KB of an ordinary family, for the measure of time."""
    rng = random.Random(f"html-timing {seed}")
    doc = document(seed, salt="html-timing")
    body = body_of(doc, rng, tables_of(doc, rng, quirks(rng)))
    return _sample("html-timing", seed, doc, rng, body, weight=rng.randint(8, 30))
