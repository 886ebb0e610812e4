"""Documents that are no annual report, though they look or sound like one."""

import random
from collections.abc import Callable
from pathlib import Path

import yaml

from bench.testbed import chrome, forms, grids, portals, prose
from bench.testbed.articles import Prose, body_of, tables_of
from bench.testbed.issuers import organ
from bench.testbed.markup import Quirks, TableWriter
from bench.testbed.model import Document, document
from bench.testbed.pages import url_of
from bench.testbed.samples import Sample

Maker = Callable[[random.Random, Document], tuple[str, list[str]]]
"""Returns title and paragraphs (markup where a paragraph begins with ``<``)."""
_PAPERS: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "papers.yml").read_text(encoding="utf-8")
)


_STUBS = (
    "<html><body><script>document.cookie='__jsl_clearance='+(function(){return 1})();"
    "location.href=location.pathname</script></body></html>",
    "<html><head><title>网站防火墙</title></head><body>您的请求带有不合法参数，"
    "已被网站管理员设置拦截！</body></html>",
    "<!DOCTYPE html><html><head><meta content='x' id='9DhefwqGPrzGxEp9hPaoag'><script>"
    "$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script></head><body></body></html>",
    "<html><head><title>访问被拦截</title></head><body><h1>访问被拒绝</h1>"
    "<p>您的访问行为存在安全威胁，事件编号123</p></body></html>",
    "<html><body></body></html>",
    "",
)
_GONE = (
    "您访问的页面不存在或已删除！",
    "404 很抱歉，您要访问的页面找不到了",
    "该信息已被删除，请返回首页",
    "抱歉，该栏目不存在！",
)


def _paper(kind: str) -> Maker:
    """Return the maker of a paper of the stock."""
    stock = _PAPERS[kind]

    def make(rng: random.Random, doc: Document) -> tuple[str, list[str]]:
        organ = doc.organ
        writer = prose.Writer(rng, organ.name, organ.short, doc.year, organ.province)
        title = rng.choice(stock["titles"]).format(o=organ.name, y=doc.year, n=doc.year + 1)
        body = [writer.fill(s) for s in stock["sentences"]]
        if kind != "notice" and rng.random() < 0.5:
            body += [writer.some(prose.STOCK[key], 1, 2) for key in ("active", "improvements")]
        return title, body

    return make


def _template(rng: random.Random, doc: Document) -> tuple[str, list[str]]:
    name = rng.choice(("XX单位", "×××人民政府", "（单位名称）", "＿＿＿局"))
    title = rng.choice(
        (
            f"{name}20XX年政府信息公开工作年度报告",
            f"{doc.year}年政府信息公开工作年度报告（模板）",
            "政府信息公开工作年度报告格式",
            f"{name}{doc.year}年政府信息公开工作年度报告（范文）",
        )
    )
    for rows in (doc.figures.active, doc.figures.requests, doc.figures.review):
        for cells in rows.values():
            cells.update(dict.fromkeys(cells))
    tables = tables_of(doc, rng, Quirks(cell="p"))
    out = []
    for key, heading in doc.headings.items():
        out.append(heading)
        if key in tables:
            out.append(tables[key])
        elif key == "other_matters":
            out.append("（收取信息处理费情况在此处报告）")
        else:
            out.append(
                "（一）主动公开。×××年，××局……（填写具体情况）" if key == "overview" else "……"
            )
    return title, out


PAPERS: dict[str, Maker] = {kind: _paper(kind) for kind in _PAPERS} | {"template": _template}


def paper(kind: str, seed: int) -> Sample:
    """Return another paper as a page, or as plain text in a quarter of the cases."""
    rng = random.Random(f"negative {kind} {seed}")
    doc = document(seed, rng.choice(("2021", "2021", "2019")), salt=kind)
    doc.figures.broken = False
    title, paragraphs = PAPERS[kind](rng, doc)
    if rng.random() < 0.25 and not any(p.startswith("<") for p in paragraphs):
        content = "\n".join([title, *paragraphs]).encode()
        return _negative(kind, seed, content, None, "text/plain", ".txt")
    writer = Prose(rng)
    parts = [p if p.startswith("<") else writer.paragraph(p) for p in paragraphs]
    if rng.random() < 0.5:
        parts.insert(0, writer.title(title))
    return _page(kind, seed, doc, rng, title, "\n".join(parts))


def _page(kind, seed, doc, rng, title, body) -> Sample:
    related = chrome.related_titles(rng, doc.organ.name, doc.year)
    setting = chrome.Setting(
        title, doc.organ.site, doc.organ.name, doc.published, "530000", related
    )
    page = portals.page(rng, setting, body, weight=rng.randint(4, 14))
    return _negative(kind, seed, page.html.encode(), url_of(doc), "text/html", ".html")


def _negative(kind, seed, content, url, media_type, suffix) -> Sample:
    return Sample(f"not-{kind}", seed, content, url, None, media_type, suffix, kind=kind)


def listing(seed: int) -> Sample:
    """Return a column of reports."""
    rng = random.Random(f"listing {seed}")
    doc = document(seed)
    titles = [
        f"{organ(rng, 2023).name}{doc.year - k % 3}年政府信息公开工作年度报告"
        for k in range(rng.randint(3, 25))
    ]
    items = "".join(
        f'<li><a href="./t{k}.html" title="{title}">{title}</a>'
        f"<span>{doc.year + 1}-01-{k % 27 + 1:02}</span></li>"
        for k, title in enumerate(titles)
    )
    pager = "<p>共12条 首页 上一页 1 2 3 下一页 尾页</p>"
    title = rng.choice(
        ("政府信息公开年报", "政府信息公开工作年度报告", f"{doc.organ.name}政府信息公开年报")
    )
    return _page("listing", seed, doc, rng, title, f"<ul class=list>{items}</ul>{pager}")


def gone(seed: int) -> Sample:
    """Return a page that says, with status 200, that there is no page."""
    rng = random.Random(f"gone {seed}")
    text = rng.choice(_GONE)
    doc = document(seed)
    if rng.random() < 0.5:
        content = (
            "<html><head><meta charset=utf-8><title>提示信息</title></head><body>"
            "<div class=err><h2>"
            f"{text}</h2><p>3秒后自动返回<a href=/>首页</a></p></div></body></html>"
        ).encode()
        return _negative("gone", seed, content, url_of(doc), "text/html", ".html")
    title = rng.choice(("404", "错误提示", doc.title))
    return _page("gone", seed, doc, rng, title, f"<div class=e404><p>{text}</p></div>")


def stub(seed: int) -> Sample:
    """Return what firewalls send instead of a page."""
    rng = random.Random(f"stub {seed}")
    content = rng.choice(_STUBS)
    return _negative(
        "stub", seed, content.encode(), "http://www.a.gov.cn/1.html", "text/html", ".html"
    )


def excerpt(seed: int) -> Sample:
    """Return an article about one section's subject with a table of its own: no report."""
    rng = random.Random(f"excerpt {seed}")
    doc = document(seed)
    rows = [
        ["序号", "申请事项", "答复日期"],
        *([str(k), rng.choice(prose.FIELDS), doc.published] for k in range(1, 9)),
    ]
    table = TableWriter(rng, Quirks()).table([[grids.Cell(c) for c in row] for row in rows])
    body = (
        f"<p>现将{doc.year}年政府信息公开申请办理台账公示如下：</p>{table}"
        f"<p>{forms.HEADINGS['requests'][0]}将在年度报告中公布。</p>"
    )
    title = f"{doc.organ.name}{doc.year}年依申请公开办理台账"
    return _page("ledger", seed, doc, rng, title, body)


def disguised(seed: int) -> Sample:
    """Return a notice that carries the blank form with all its tables as an annex."""
    rng = random.Random(f"disguised {seed}")
    doc = document(seed)
    title, paragraphs = PAPERS["notice"](rng, doc)
    for rows in (doc.figures.active, doc.figures.requests, doc.figures.review):
        for cells in rows.values():
            cells.update(dict.fromkeys(cells))
    for key in doc.sections:
        doc.sections[key] = []
    doc.introduction, doc.titled = ["附件：政府信息公开工作年度报告格式"], False
    writer = Prose(rng)
    body = "".join(map(writer.paragraph, paragraphs))
    body += body_of(doc, rng, tables_of(doc, rng, Quirks()))
    return _page("notice-with-form", seed, doc, rng, title, body)


NEGATIVES: dict[str, Callable[[int], Sample]] = {
    f"not-{kind}": (lambda seed, kind=kind: paper(kind, seed)) for kind in PAPERS
} | {
    "not-listing": listing,
    "not-gone": gone,
    "not-stub": stub,
    "not-ledger": excerpt,
    "not-notice-with-form": disguised,
}
