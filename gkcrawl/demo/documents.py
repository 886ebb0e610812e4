"""What the embedded world publishes: reports, and pages that only look like reports."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from archive.records import Table
from gkcrawl.demo.figures import complete
from gkcrawl.demo.forms import headings, read_data

_CITATIONS = {
    "2021": "《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）",
    "2019": "《政府信息公开工作年度报告格式（试行）》（国办公开办函〔2019〕60号）",
    "pre2019": "《政府信息公开情况统计制度》（国办发〔2014〕32号）",
}
_UNTITLED = "政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report of the world."""

    issuer: str
    kind: str
    scope: str
    division_code: str
    year: int
    form: str
    tables: str
    """How the tables stand on the page: ``text``, ``picture``, ``flat`` or ``none``."""
    township_code: str | None = None
    figures: Mapping[str, Table] = field(default_factory=dict)
    """Completed tables; empty where the page does not tell them."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    indicators: Sequence[Sequence[Any]] = ()
    """Rows (indicator, unit, value) of the statistics form of 2014 to 2018."""
    introduction: Sequence[str] = ()
    sections: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=headings)


@dataclass(frozen=True, slots=True)
class Article:
    """One document's page on one site."""

    site: str
    column: str
    path: str
    title: str
    published: str
    style: str = "plain"
    """Markup of the body: ``plain``, ``trs``, ``word``, ``inline`` or ``flat``."""
    outcome: str = "report"
    anchor: str | None = None
    """How listings name it; None: by its title."""
    titled: bool = False
    """The body repeats the title as its first line."""
    followed: bool = True
    """False: already its title says that it is no report."""
    answer: str = "page"
    """How the server answers: ``page`` or one of the faults in `Portal.article`."""
    paragraphs: Sequence[str] = ()
    report: Report | None = None
    document: str | None = None
    """Name of the seed document that can stand in place of the body."""
    lines: Sequence[str] | None = None
    """Its lines, where it does."""
    note: str = ""
    """What on the page is invented, as the page says itself."""

    @property
    def listed_as(self) -> str:
        """Return the text of its link in a listing."""
        return self.anchor or self.title


def load_articles(documents: Path | None = None) -> tuple[Article, ...]:
    """Return all articles; files ``<document>.txt`` in ``documents`` replace the bodies they name.

    Raises NotADirectoryError when ``documents`` is no folder.
    """
    if documents is not None and not documents.is_dir():
        raise NotADirectoryError(f"{documents} is no folder")
    return tuple(_replaced(article, documents) for article in _articles())


def _articles() -> Iterator[Article]:
    for data in read_data("seeds.yml"):
        note = "机关、年度和数字取自已公布的年度报告，文字与发布日期为演示另拟"
        yield _article(data, _seed_report(data), note)
    for data in read_data("reports.yml"):
        copy = data.pop("copy", None)
        article = _article(data, _invented_report(data), "本报告的文字和数字均为虚构")
        yield article
        if copy:
            yield replace(article, style="flat", **copy)
    for data in read_data("pages.yml"):
        yield _article(data, None, "本页内容为虚构")


def _article(data: Mapping[str, Any], report: Report | None, note: str) -> Article:
    own = {k: v for k, v in data.items() if k not in ("report", "figures", "shown", "indicators")}
    return Article(**own, report=report, note=note)


def _seed_report(data: Mapping[str, Any]) -> Report:
    facts = dict(data["report"])
    facts["headings"] = {**headings(), **facts.get("headings", {})}
    figures = complete(facts["form"], data["figures"]) if "figures" in data else {}
    return Report(**facts, figures=figures, shown=data.get("shown", {}))


def _invented_report(data: Mapping[str, Any]) -> Report:
    """Give an invented report its prose, which tells the figures of its own table."""
    facts = data["report"]
    figures = complete(facts["form"], data["figures"]) if "figures" in data else {}
    counts = figures.get("requests", {})
    variant = "government" if facts["kind"].startswith("government") else "department"
    prose = read_data("prose.yml")[variant]
    context = {
        "issuer": facts["issuer"],
        "year": facts["year"],
        "citation": _CITATIONS[facts["form"]],
        **{
            name: counts[row]["total"] if counts else "若干"
            for name, row in (
                ("received", "new_requests"),
                ("carried", "carried_over_in"),
                ("handled", "handled_total"),
            )
        },
    }
    jinja = Environment(undefined=StrictUndefined, autoescape=False)
    written = {
        key: [jinja.from_string(text).render(context) for text in texts]
        for key, texts in prose.items()
    }
    return Report(
        **facts,
        figures=figures,
        indicators=data.get("indicators", ()),
        introduction=written.pop("introduction"),
        sections=written,
    )


def _replaced(article: Article, documents: Path | None) -> Article:
    """Put the text of a document in place of the body, and let nothing around contradict it."""
    if documents is None or article.document is None or article.report is None:
        return article
    path = documents / f"{article.document}.txt"
    if not path.exists():
        return article
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    own = _own_title(lines)
    known = own == article.title if own else _is_of(article.report, lines)
    return replace(
        article,
        title=article.title if known else own or _UNTITLED,
        report=article.report if known else None,
        lines=lines,
        note=f"正文取自 {path.name}",
    )


def _own_title(lines: Sequence[str]) -> str | None:
    """Return the first short line that names a report; None: the document has no title."""
    for line in lines[:10]:
        text = line.strip(" |\u3000").removesuffix(".docx")
        if len(text) <= 60 and text.endswith(("年度报告", "年报")):
            return text
    return None


def _is_of(report: Report, lines: Sequence[str]) -> bool:
    """Tell whether an untitled document is of the organ and the year of ``report``.

    The year that a report speaks of is the one that it names most often.
    """
    text = "".join("".join(lines).split())
    years = Counter(re.findall(r"20\d\d(?=年)", text)).most_common(1)
    return report.issuer in text and [int(year) for year, _ in years] == [report.year]
