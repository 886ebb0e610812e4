"""Who publishes on a portal, and what: organs, their reports, and the decoys between them."""

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from archive.config import config_path
from gkcrawl.demo.land.records import Column, Doc, Organ, stable
from gkcrawl.demo.land.spec import Spec

NEWEST = 2024
"""The last year that anybody reports on."""
LATER = "2026-11-23"
"""The day after all else was published."""
DECOYS = {
    "website": "{name}政府网站工作年度报表（{year}年度）",
    "rule_of_law": "{organ}{year}年法治政府建设年度报告",
    "notice": "关于做好{year}年政府信息公开工作年度报告编制发布工作的通知",
    "budget": "{organ}{year}年度部门预算公开说明",
    "statistics": "{name}{year}年国民经济和社会发展统计公报",
    "accounts": "{organ}{year}年度财务决算报告",
}
"""Label -> title of what stands between reports and is none."""

_DEPARTMENTS = (
    ("czj", "财政局"),
    ("jyj", "教育局"),
    ("gaj", "公安局"),
    ("mzj", "民政局"),
    ("rsj", "人力资源和社会保障局"),
    ("zrzy", "自然资源局"),
    ("sthjj", "生态环境局"),
    ("zjj", "住房和城乡建设局"),
    ("jtysj", "交通运输局"),
    ("swj", "水务局"),
    ("nyncj", "农业农村局"),
    ("wjw", "卫生健康委员会"),
    ("yjglj", "应急管理局"),
    ("sjj", "审计局"),
    ("scjgj", "市场监督管理局"),
    ("tjj", "统计局"),
    ("fgw", "发展和改革委员会"),
    ("sfj", "司法局"),
)
_TITLES = (
    "{organ}{year}年政府信息公开工作年度报告",
    "{organ}{year}年度政府信息公开工作年度报告",
    "{organ}政府信息公开工作{year}年年度报告",
    "{organ}{year}年政府信息公开年报",
    "{organ}{year}年政府信息公开年度报告",
    "{organ}政府信息公开工作年度报告（{year}年）",
)
_NEWS = (
    "召开政务公开工作推进会",
    "发布年度报告解读",
    "组织开展政府开放日活动",
    "开展业务培训",
    "公布办事指南",
    "调研基层",
)


def organs_of(spec: Spec) -> tuple[Organ, ...]:
    """Return the organs of a portal besides its own government: departments, then those below."""
    chance = random.Random(f"organs {spec.key}")
    chosen = sorted(chance.sample(_DEPARTMENTS, min(spec.departments, len(_DEPARTMENTS))))
    departments = [Organ(s, f"{spec.name}{name}", name, "department") for s, name in chosen]
    return (*departments, *list(_below(spec.code))[: spec.towns])


def own_government(spec: Spec) -> Organ:
    """Return the government that the portal is of."""
    return Organ("", f"{spec.name}人民政府", f"{spec.name}人民政府", "government")


def _below(code: str) -> Iterator[Organ]:
    """Yield the governments of the counties of a prefecture, or of the towns of a county."""
    is_prefecture = code.endswith("00")
    upper = _divisions().get(code, "")
    for other, name in _divisions().items():
        if is_prefecture and len(other) == 6 and other.startswith(code[:4]) and other != code:
            yield Organ(f"x{other[4:]}", f"{upper}{name}人民政府", name, "county")
        elif not is_prefecture and len(other) == 9 and other.startswith(code):
            office = "办事处" if name.endswith("街道") else "人民政府"
            if name.endswith(("街道", "镇", "乡")):
                yield Organ(f"t{other[6:]}", f"{upper}{name}{office}", name, "township")


@cache
def _divisions() -> dict[str, str]:
    with config_path("divisions.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file) if not row["end"]}


def own_column(spec: Spec) -> Column:
    """Return the portal's own column: every year since the first, and some decoys."""
    organ = own_government(spec)
    docs = [_report(spec, organ, year) for year in range(spec.oldest, NEWEST + 1)]
    return Column(
        spec.slug, spec.column_name, organ, in_order([*docs, *_decoys(spec, organ, 3)]),
        number=stable(spec.key, "own", least=10000, most=99999),
    )  # fmt: skip


def a_day_later(spec: Spec, column: Column) -> Column:
    """Return the own column as it is a day later: a report of long ago was put up, and the oldest
    one is not listed any more."""
    added = replace(_report(spec, own_government(spec), spec.oldest - 1), published=LATER)
    kept = (doc for doc in column.docs if (doc.label, doc.year) != ("report", spec.oldest))
    return replace(column, docs=in_order([added, *kept]))


def organ_column(spec: Spec, organ: Organ) -> Column:
    """Return an organ's column: its last three to eight reports, now and then a decoy."""
    chance = random.Random(f"{spec.key} {organ.slug}")
    years = range(NEWEST - chance.randint(2, 7), NEWEST + 1)
    docs = [_report(spec, organ, year) for year in years]
    decoys = _decoys(spec, organ, 1) if chance.random() < 0.4 else []
    return Column(
        spec.slug, spec.column_name, organ, in_order([*docs, *decoys]),
        number=stable(spec.key, organ.slug, least=10000, most=99999), part=organ.slug,
    )  # fmt: skip


def news_column(spec: Spec) -> Column:
    """Return the news, which are nothing to us."""
    docs = [
        Doc(_id(spec, "news", n), f"{spec.name}{text}", f"2026-10-{28 - n:02}", "news")
        for n, text in enumerate(_NEWS)
    ]
    number = stable(spec.key, "news", least=1000, most=9999)
    return Column("xwzx", "新闻动态", None, tuple(docs), number)


def other_column(spec: Spec, label: str, slug: str, name: str) -> Column:
    """Return a column of yearly reports of another kind."""
    organ = own_government(spec)
    docs = [_decoy(spec, organ, label, year) for year in range(2020, NEWEST + 1)]
    number = stable(spec.key, slug, least=10000, most=99999)
    return Column(slug, name, organ, in_order(docs), number)


def in_order(docs: Sequence[Doc]) -> tuple[Doc, ...]:
    """Return documents as a list has them: newest first."""
    return tuple(sorted(docs, key=lambda doc: (doc.published, doc.id), reverse=True))


def _report(spec: Spec, organ: Organ, year: int) -> Doc:
    chance = random.Random(f"{spec.key} {organ.slug} {year}")
    pattern = _TITLES[stable(spec.key, organ.slug, least=0, most=len(_TITLES) - 1)]
    if spec.mixed_titles:
        pattern = chance.choice(_TITLES)
    if spec.short_titles and organ.kind != "government":
        pattern = pattern.replace("{organ}", "")
    forms = spec.forms
    place = stable(organ.slug, year, least=0, most=11)
    return Doc(
        id=_id(spec, organ.slug, year),
        title=pattern.format(organ=organ.name, year=year),
        published=f"{year + 1}-{chance.randint(1, 3):02}-{chance.randint(1, 28):02}",
        organ=organ,
        year=year,
        form=forms[place] if place < len(forms) else "page",
    )


def _decoys(spec: Spec, organ: Organ, count: int) -> list[Doc]:
    chance = random.Random(f"decoys {spec.key} {organ.slug}")
    labels = chance.sample(sorted(DECOYS), count)
    return [_decoy(spec, organ, label, chance.randint(2020, NEWEST)) for label in labels]


def _decoy(spec: Spec, organ: Organ, label: str, year: int) -> Doc:
    title = DECOYS[label].format(name=spec.name, organ=organ.name, year=year)
    published = f"{year + 1}-01-{stable(title, least=1, most=28):02}"
    return Doc(_id(spec, organ.slug, label, year), title, published, label, None, year)


def _id(spec: Spec, *what: object) -> int:
    return stable(spec.key, *what, least=1_000_000, most=9_999_999)
