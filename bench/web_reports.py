"""What the reports of an organ say: made up, by the hundred thousand.

Sentences are those of the test bed with more that name places, people and things of the place, so
that words are as unequally frequent as in life. A report is made from its organ, year and seed.
"""

import random
from functools import cache
from typing import Any

from archive.records import Finding, Issuer, Report, Table, Tables
from archive.report.tables.checks import check_tables
from bench.testbed import figures
from bench.testbed.forms import HEADINGS
from bench.testbed.prose import STOCK, Writer
from bench.web_organs import Organ

_FIGURES = 400
"""Sets of figures that all reports of a form share."""

# {k}: a town of the county, {r}: a person, {e}: something in Latin letters, {q}: a rare character.
_LOCAL = (
    "在{k}、{l}设立政府信息查阅点{c}个，群众不出村即可查询{w}信息。",
    "{k}政务公开联络员{r}负责日常更新，全年上传文件{b}份。",
    "组织{k}、{l}、{m}等{c}个乡镇（街道）开展{w}专项自查，发现问题{c}个，已全部整改。",
    "依托“{e}”平台推送{w}信息{a}条，点击量{a}次。",
    "完成{e}系统与省级平台对接，{k}率先试点电子归档。",
    "“{m}杯”政务公开知识竞赛吸引{b}人参加，{r}等{c}人获奖。",
    "就{k}{q}河段治理、{l}棚户区改造召开听证会{c}次，{r}、{s}等代表发言。",
    "{w}领域新增事项{b}项，其中{k}{c}项、{l}{c}项；{v}领域调整{c}项。",
    "联系人：{r}；传真：0{b}-{t}；网址：http://www.{e}{a}.gov.cn/。",
    "申请人{r}{q}对{k}征地补偿安置方案提出申请，依法予以公开。",
    "当年收到信函申请{c}件、网络申请{b}件，平均办理时限{c}.{c}个工作日。",
    "对{l}{v}项目的{c}份批复文件依申请转主动公开。",
)  # fmt: skip
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文志国海斌宇浩然梓涵欣怡"
    "子轩雨桐思远嘉诚佳琪晓东春梅振兴立新翠莲淑珍德胜永康凤鸣凯旋博睿婧晗璐瑶锦程皓月"
    "骁翊煜祺铭泽"
)
_RARE = "淯濉灞涪沅澧潇滹沱洮湟滦潮汨浈溱洧洱澜沧岷嘉陵郧阆鄄垣涿蠡邯郸邛崃犍沐珙筠郫郓莒昃亳鄢灵"
_LATIN = ("APP", "OA", "12345", "GIS", "PDF", "Wi-Fi", "COVID-19", "H5", "VR", "IPv6", "ISO9001",
          "zwgk", "xxgk", "WPS", "AI", "5G", "EPC", "PPP", "QQ", "CA")  # fmt: skip


def fields(organ: Organ, year: int, url: str, seed: int, length: int) -> dict[str, Any]:
    """Return a report in the shape of ``Report.as_dict`` with some ``length`` characters of text,
    and ``readings`` beside it as the catalog keeps it."""
    issuer = organ.issuer
    rng = random.Random(f"{seed} {issuer.name} {year}")
    form = "2021" if year > 2020 else "2019" if year > 2018 else "pre2019"
    made = _with_figures(form, rng.randrange(_FIGURES if form != "pre2019" else 1)).copy()
    sections = _sections(rng, organ, year, form, length)
    month, day = (rng.randint(1, 3), rng.randint(3, 28)) if rng.random() < 0.9 else (4, 17)
    dated = rng.random() > 0.08
    made |= {
        "url": url,
        "title": f"{issuer.name}{year}年政府信息公开工作年度报告",
        "year": year,
        "trust": rng.choices(("official", "document_site", "untrusted"), (93, 5, 2))[0],
        "issuer": {name: getattr(issuer, name) for name in Issuer.__slots__},
        "published": f"{year + 1}-{month:02}-{day:02}" if dated else None,
        "published_source": rng.choice(("meta:PubDate", "page", "url")) if dated else None,
        "sections": sections,
        "text": "\n".join(
            line for key, text in sections.items() for line in (HEADINGS[key][0], text) if text
        ),
    }
    return made


@cache
def _with_figures(form: str, number: int) -> dict[str, Any]:
    rng = random.Random(f"figures {form} {number}")
    tables = Tables()
    findings: tuple[Finding, ...] = ()
    if form != "pre2019" and number % 20 != 1:
        known = figures.make(rng, form, figures.taste(rng))
        parts = {name: _table(known.table(name)) for name in _TABLES}
        status = "inconsistent" if known.broken else "read"
        tables = Tables(**parts, status=dict.fromkeys(_TABLES, "read") | {"requests": status})
        if number % 9 == 0:
            findings = (_CONFLICT, _MISSING)
    elif form != "pre2019":
        tables = Tables(status=dict.fromkeys(_TABLES, "absent") | {"requests": "ambiguous"})
    report = Report(
        title=None, year=None, form=form, form_source="tables", trust=None, issuer=Issuer(),
        published=None, published_source=None, text="", sections={}, tables=tables,
        checks=check_tables(tables, form), findings=findings,
        warnings=("正文与表格所述件数不同",) if findings else (),
    )  # fmt: skip
    return report.as_dict() | {"readings": {}}


_TABLES = ("active_disclosure", "requests", "review_litigation")
_CONFLICT = Finding(
    "text.new_requests", "conflict", "the text says 16, the table 15", 16, 15,
    ("requests.new_requests.total",), "全年共收到政府信息公开申请16件。",
)  # fmt: skip
_MISSING = Finding("section.other_matters", "missing", "section VI is empty")


def _table(rows: figures.Rows) -> Table:
    return {
        row: {column: figures.number(value) for column, value in cells.items()}
        for row, cells in rows.items()
    }


def _sections(
    rng: random.Random, organ: Organ, year: int, form: str, length: int
) -> dict[str, str]:
    path = organ.issuer.path
    writer = Writer(rng, organ.issuer.name or "", organ.short, year, path[0] if path else "")
    cited = STOCK["cited"].get(form)
    overview = [*writer.introduction(cited, named=False, titled=True), *writer.overview()]
    sections = {
        "overview": overview,
        "active_disclosure": ["主动公开政府信息情况见下表。"],
        "requests": ["收到和处理政府信息公开申请情况见下表。"],
        "review_litigation": ["行政复议、行政诉讼情况见下表。"],
        "problems_improvements": list(writer.problems()),
        "other_matters": list(writer.others()),
    }
    count = sum(len(text) for texts in sections.values() for text in texts)
    while count < length:
        added = _paragraph(rng, writer, organ.towns)
        overview.append(added)
        count += len(added)
    return {key: "\n".join(texts) for key, texts in sections.items()}


def _paragraph(rng: random.Random, writer: Writer, towns: tuple[str, ...]) -> str:
    """Return some 300 characters of what goes on in the place."""
    parts = []
    for sentence in rng.choices(_LOCAL, k=7):
        k, m, n = rng.sample(towns, 3)
        named = {"k": k, "l": m, "m": n, "r": _person(rng), "s": _person(rng)}
        more = {"e": rng.choice(_LATIN), "q": rng.choice(_RARE)}
        parts.append(writer.fill(sentence, **named, **more))
    parts.append(writer.some(STOCK[rng.choice(("active", "management", "supervision"))], 1, 2))
    return "".join(parts)


def _person(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))
