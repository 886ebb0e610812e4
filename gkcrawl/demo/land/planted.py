"""Rows that the traps of a portal put into its columns."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gkcrawl.demo.land.organs import in_order
from gkcrawl.demo.land.records import Column, Doc, stable
from gkcrawl.demo.land.spec import Spec

PRIVATE = (
    "http://10.0.0.1/zfxxgknb/2012.html",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost/zfxxgknb/2012.html",
    "http://[::1]/zfxxgknb/2012.html",
)
"""Where the redirects of ``/go/<number>`` lead."""


def planted(spec: Spec, column: Column) -> Column:
    """Return a column with what the portal's traps put into it."""
    docs = list(column.docs)
    for name in sorted(spec.traps & _PLANTS.keys()):
        docs += _PLANTS[name](spec, column)
    return replace(column, docs=in_order(docs))


def _wechat(spec: Spec, column: Column) -> Iterator[Doc]:
    """An article of WeChat about the report, as rows of lists often are."""
    if column.organ:
        title = f"一图读懂{column.organ.name}2024年政府信息公开工作年度报告"
        link = f"https://mp.weixin.qq.com/s/{stable(title, least=10**6, most=10**7)}"
        yield _doc(title, "wechat", "2025-02-01", link)


def _private(spec: Spec, column: Column) -> Iterator[Doc]:
    """Rows that lead to addresses of private networks: at once, and by redirect."""
    if column.organ and not column.part:
        links = [*(f"/go/{n}" for n in range(len(PRIVATE))), "http://127.0.0.1/zfxxgknb/2011.html"]
        for n, link in enumerate(links):
            title = f"{column.organ.name}{2008 + n}年政府信息公开工作年度报告"
            yield _doc(title, "private", f"{2009 + n}-02-01", link)


def _gone(spec: Spec, column: Column) -> Iterator[Doc]:
    """A row whose page is no longer there."""
    if column.organ:
        title = f"{column.organ.name}2012年政府信息公开工作年度报告"
        link = f"/gone/{stable(title, least=10**6, most=10**7)}.html"
        yield _doc(title, "gone", "2013-02-01", link)


def _double(spec: Spec, column: Column) -> Iterator[Doc]:
    """Reports that an editor put up once more."""
    for doc in [doc for doc in column.docs if doc.label == "report"][:2]:
        yield replace(doc, id=doc.id + 17, published=f"{doc.published[:4]}-05-11")


_PLANTS: Mapping[str, Callable[[Spec, Column], Iterator[Doc]]] = {
    "double": _double,
    "wechat": _wechat,
    "private": _private,
    "gone": _gone,
}


def _doc(title: str, label: str, published: str, link: str) -> Doc:
    return Doc(stable(title, least=10**6, most=10**7), title, published, label, link=link)
