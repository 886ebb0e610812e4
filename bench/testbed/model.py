"""One report: who, when, what it says, what it counts. All renderings print the same document."""

import random
from dataclasses import dataclass, field

from bench.testbed import figures as fig
from bench.testbed import forms, prose
from bench.testbed.issuers import Organ, organ

_NUMERALS = "一二三四五六七八"
_NUMBERINGS = (
    "{n}、{t}",
    "{n}、{t}",
    "{n}、{t}",
    "{n}、{t}",
    "{n}.{t}",
    "{n} 、{t}",
    "{n}、{t}：",
    "第{n}部分 {t}",
)
_TITLES = (
    "{o}{y}年政府信息公开工作年度报告",
    "{o}{y}年政府信息公开工作年度报告",
    "{o}{y}年政府信息公开工作年度报告",
    "{o}{y}年度政府信息公开工作年度报告",
    "{o}政府信息公开工作{y}年度报告",
    "{y}年{o}政府信息公开工作年度报告",
    "{y}年度{o}政府信息公开工作年度报告",
    "{o}{y}年政府信息公开年度报告",
    "{o}{y}年政府信息公开工作年报",
    "{o}关于{y}年度政府信息公开工作情况的报告",
    "{o}{y}年度政务公开工作年度报告",
)


@dataclass
class Document:
    """A report before it is printed."""

    seed: int
    organ: Organ
    year: int
    form: str
    """``2021``, ``2019`` or ``pre2019``."""
    title: str
    titled: bool
    """Whether the article begins with the title."""
    headings: dict[str, str]
    introduction: list[str]
    sections: dict[str, list[str]]
    figures: fig.Figures | None
    printing: fig.Printing
    published: str
    indicators: list[tuple[str, str, str]] = field(default_factory=list)
    """Rows (name, unit, value) of the 统计表 before 2019."""
    spellings: tuple[tuple[str, str], ...] = ()
    """How this office spells the labels of the form: what it writes for what."""

    def paragraphs(self) -> list[str]:
        """Return the prose in order, without title and headings."""
        return [*self.introduction, *(p for parts in self.sections.values() for p in parts)]

    def spelt(self, label: str) -> str:
        """Return a label of the form as this office writes it."""
        for plain, written in self.spellings:
            label = label.replace(plain, written)
        return label

    def cell(self, table: str, row: str, column: str) -> str:
        """Return a cell of the figures as printed."""
        assert self.figures is not None
        return fig.printed(self.figures.table(table)[row][column], column, self.printing)


def document(
    seed: int, form: str | None = None, *, broken: bool | None = None, salt: str = ""
) -> Document:
    """Return the report of ``seed``; ``form`` None: any; ``broken``: whether identities fail.

    ``salt``: another report for the same seed, so that renderings do not share theirs.
    """
    rng = random.Random(f"report {salt} {seed}")
    form = form or rng.choices(("2021", "2019"), weights=(70, 30))[0]
    year = _year(rng, form)
    who = organ(rng, year)
    kind = fig.taste(rng)
    if broken is not None:
        kind.breaks = rng.choice((1, 2, 3)) if broken else 0
    title = rng.choice(_TITLES).format(o=who.name, y=year)
    writer = prose.Writer(rng, who.name, who.short, year, who.province)
    common = {
        "seed": seed, "organ": who, "year": year, "form": form, "title": title,
        "titled": rng.random() < 0.75, "printing": fig.printing(rng),
        "spellings": _spellings(rng),
        "published": f"{year + 1}-{rng.randint(1, 3):02}-{rng.randint(3, 28):02}",
    }  # fmt: skip
    if form == "pre2019":
        return _old(rng, writer, common)
    numbers = fig.make(rng, form, kind)
    named = rng.random() < 0.5
    cited = prose.STOCK["cited"][form] if rng.random() < 0.7 else None
    overview = list(writer.overview())
    if rng.random() < 0.5:
        overview.insert(1, prose.told(rng, numbers.requests, year))
    empty = rng.choice(("", "", "详见下表。", "具体情况如下表："))
    tables = {key: [empty] if empty else [] for key in forms.TABLES}
    sections = {"overview": overview, **tables}
    sections |= {"problems_improvements": list(writer.problems())}
    sections |= {"other_matters": list(writer.others())}
    return Document(
        **common,
        headings=_headings(rng),
        introduction=writer.introduction(cited, named=named, titled=common["titled"]),
        sections=sections,
        figures=numbers,
    )


# What offices write for the words of the form, with how likely it is.
_SPELLINGS = (
    (0.12, (("（", "("), ("）", ")"))),
    (0.10, tuple((f"{n}.", f"{n}、") for n in range(1, 9))),
    (0.06, tuple((f"{n}.", f"{n}．") for n in range(1, 9))),
    (0.05, (("只计这一情形", "只计这一情况"),)),
    (0.04, (("三类内部事务信息", "三类内容事务信息"),)),
    (0.05, (("第二十条第", "第二十条 第"),)),
    (0.05, (("商业企业", "商业 企业"), ("科研机构", "科研 机构"))),
    (0.05, (("总计", "总 计"),)),
    (0.05, (("“三安全一稳定”", '"三安全一稳定"'),)),
    (0.04, (("、行政机关不再处理", "，行政机关不再处理"),)),
    (0.03, (("本年度办理结果", "本年度 办理结果"),)),
    (0.03, (("其他法律行政法规", "其他法律、行政法规"),)),
)


def _spellings(rng: random.Random) -> tuple[tuple[str, str], ...]:
    return tuple(pair for share, pairs in _SPELLINGS if rng.random() < share for pair in pairs)


def _year(rng: random.Random, form: str) -> int:
    if form == "pre2019":
        return rng.randint(2008, 2018)
    if form == "2019":
        return rng.choices((2019, 2020, 2022, 2023), weights=(45, 45, 5, 5))[0]
    return rng.choices((2020, 2021, 2022, 2023, 2024, 2025), weights=(2, 20, 20, 20, 20, 18))[0]


def _headings(rng: random.Random) -> dict[str, str]:
    numbering = rng.choice(_NUMBERINGS)
    plain = rng.random() < 0.6
    return {
        key: numbering.format(n=n, t=names[0] if plain else rng.choice(names))
        for n, (key, names) in zip(_NUMERALS, forms.HEADINGS.items(), strict=False)
    }


def _old(rng: random.Random, writer: prose.Writer, common: dict) -> Document:
    """Return a report of a year before the national form."""
    heads = rng.choice(prose.STOCK["old_headings"])
    named = ("openings", "active", "on_request", "old_fees", "old_review")
    sections: dict[str, list[str]] = {}
    for k, head in enumerate(heads):
        stock = prose.STOCK["problems" if "问题" in head else named[min(k, 4)]]
        sections[head] = [writer.some(stock, 1, 3)] if head != "六、附表" else []
    rows = []
    if common["year"] >= 2014 and (rng.random() < 0.6 or "六、附表" in heads):
        rows = [
            (name, unit, str(rng.choice((0, 0, rng.randint(1, 4000)))) if unit else "")
            for name, unit in prose.STOCK["indicators"]
        ]
    return Document(
        **common,
        headings={head: head for head in heads},
        introduction=writer.introduction(None, named=False, titled=common["titled"]),
        sections=sections,
        figures=None,
        indicators=rows,
    )
