"""The reports of the land, made when a page is asked for: figures from the seed, few words."""

import random
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup

from gkcrawl.demo.documents import Article, Report
from gkcrawl.demo.figures import complete
from gkcrawl.demo.forms import read_data
from gkcrawl.demo.land.records import Doc, Organ
from gkcrawl.demo.rendering import body_context, render

_CITATIONS = {
    "2021": "《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）",
    "2019": "《政府信息公开工作年度报告格式（试行）》（国办公开办函〔2019〕60号）",
    "pre2019": "《中华人民共和国政府信息公开条例》",
}
_STYLES = ("plain", "trs", "word")


def form_of(year: int) -> str:
    """Return the form that reports on ``year`` follow."""
    if year >= 2021:
        return "2021"
    return "2019" if year >= 2019 else "pre2019"


@lru_cache(maxsize=256)
def report_of(doc: Doc) -> Report:
    """Return what the report ``doc`` says; ValueError where ``doc`` is none."""
    if doc.organ is None or doc.year is None:
        raise ValueError(f"{doc.title} is no report")
    chance = random.Random(f"{doc.id} {doc.title}")
    form = form_of(doc.year)
    received = chance.choice((0, 0, 1, 2, 5, 11, 38, 120))
    figures = {} if form == "pre2019" else complete(form, _figures(form, received, chance))
    values = {"issuer": doc.organ.name, "year": doc.year, "received": received}
    prose: dict[str, Any] = _texts()["prose"]
    sections = {
        key: [text.format(citation=_CITATIONS[form], **values) for text in texts]
        for key, texts in prose.items()
    }
    return Report(
        issuer=doc.organ.name,
        kind=doc.organ.kind,
        scope="own",
        division_code="",
        year=doc.year,
        form=form,
        tables="text" if figures else "none",
        figures=figures,
        indicators=_indicators(received, chance) if form == "pre2019" else (),
        introduction=sections.pop("introduction"),
        sections=sections,
    )


def body_of(doc: Doc, style: str = "") -> Markup:
    """Return the body of a document's page; ``style`` as in `documents.Article`."""
    report = report_of(doc) if doc.label == "report" else None
    chance = random.Random(f"{doc.id} style")
    article = Article(
        site="",
        column="",
        path="",
        title=doc.title,
        published=doc.published,
        style=style or chance.choice(_STYLES),
        report=report,
        paragraphs=() if report else _others()[doc.label],
    )
    return render("report/body.html", **body_context(article, {}))


def _others() -> dict[str, list[str]]:
    paragraphs: dict[str, list[str]] = _texts()["paragraphs"]
    return paragraphs


@cache
def _texts() -> Any:
    return read_data("land.yml")


def _figures(form: str, received: int, chance: random.Random) -> dict[str, Any]:
    """Return the figures that `figures.complete` needs, with sums that hold."""
    people = [received, received // 4, 0, 0, received // 9, 0]
    granted = [n // 2 for n in people]
    held = [n // 4 for n in people]
    rest = [n - a - b for n, a, b in zip(people, granted, held, strict=True)]
    other = "other_other" if form == "2021" else "other_total"
    if form == "2021":
        active = {
            "normative_docs": [chance.randrange(9), chance.randrange(3), chance.randrange(60)],
            "admin_licensing": [chance.randrange(4000)],
            "admin_penalty": [chance.randrange(900)],
        }
    else:
        active = {"admin_licensing": [chance.randrange(200), 0, chance.randrange(4000)]}
    return {
        "active_disclosure": active,
        "requests": {
            "new_requests": people,
            "granted": granted,
            "unavailable_not_held": held,
            other: rest,
        },
        "review_litigation": {"review": [chance.randrange(3), 0, 0, 0]},
    }


def _indicators(received: int, chance: random.Random) -> tuple[tuple[str, str, int], ...]:
    return (
        ("主动公开政府信息数", "条", chance.randrange(20, 5000)),
        ("收到申请数", "件", received),
        ("申请办结数", "件", received),
    )


def organ_line(organ: Organ | None, name: str) -> str:
    """Return who published a page: the organ, else the portal's office."""
    return organ.name if organ else f"{name}办公室"
