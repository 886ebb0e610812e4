"""When a report was published (发布日期), and what says so.

A date counts only where it is whole (``2020-10-`` is not) and where it can be the date of this
report: nobody reports on a year before its last month. The build time of a page (``Maketime``) and
the upload date of a document-sharing site are not dates of publication.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from archive.report.chars import HAN, fold

# Names as in 国办发〔2017〕47号 and as sites spell them, lower case, in order of trust.
_METAS = (
    *("pubdate", "publishdate", "publish_date", "publishtime", "article:published_time"),
    *("releasedate", "og:release_date", "datepublished", "weibo:article:create_at"),
)
_DATE = re.compile(
    r"(?<!\d)(20\d{2})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})(?!\d)\s*日?"
)
# 统计时间, 截止时间 are no dates of the page.
_LABELLED = re.compile(
    rf"(?:(?:发布|公开|发文|上传|更新|生成|成文|信息)(?:日期|时间)|(?<![{HAN}])(?:日期|时间))\s*[:|]?\s*[\[(]?(?=20\d\d)"
)
# 2024-01-30 10:20 来源:县财政局: the line of facts under a title, without a label.
_UNLABELLED = re.compile(
    r"(?<!\d)20\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?[\]\s|]*"
    r"(?:信息来源|来源|浏览|阅读|点击|访问|作者|字体|字号|打印|\[字)"
)
# What the label says about the date: 成文日期 is the day of signing, not of publication.
_LABEL_ORDER = ("发布", "公开", "", "更新", "上传", "信息", "生成")
_URL_DATES = (
    re.compile(r"/t(20\d{2})(\d{2})(\d{2})_\d+"),
    re.compile(r"/art/(20\d{2})/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/(20\d{2})/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/(20\d{2})-(\d{2})/(\d{2})/"),
    re.compile(r"/(20\d{2})(\d{2})/(\d{2})/"),
    re.compile(r"/(20\d{2})(\d{2})(\d{2})/"),
    re.compile(r"/(20\d{2})-(\d{1,2})-(\d{1,2})[/_]"),
    re.compile(r"/(20\d{2})/(\d{2})(\d{2})/"),
    # Uploads of TRS: P0, the day, the time and a number.
    re.compile(r"/[PW]0(20\d{2})(\d{2})(\d{2})\d{6,}\."),
)


def parse_date(text: str) -> date | None:
    """Return the first whole date in ``text`` (``2026-01-13 11:34``, ``2020年08月02日``,
    ``2026.03.05``, ``20260305``); None: there is none."""
    plain = fold(text)
    compact = re.match(r"\s*(20\d{2})(\d{2})(\d{2})(?!\d)", plain)
    for match in [compact, *_DATE.finditer(plain)]:
        if match and (found := _day(match)):
            return found
    return None


def published(
    *,
    metas: Mapping[str, str],
    near_title: str,
    url: str | None,
    hints: Mapping[str, str],
    year: int | None,
) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Return ISO date, its source (``meta:PubDate``, ``page:发布时间``, ``url``,
    ``hint:listed_date``) and warnings; date and source are None where nothing tells.

    ``near_title`` is the text of the page around the title; ``year`` the report's.
    """
    warnings = [f"{source} is no whole date: {said}" for said, source in _cut(metas)]
    for found, source in _told(metas, near_title, url, hints):
        if year is None or found >= date(year, 12, 1):
            return found.isoformat(), source, tuple(warnings)
        warnings.append(f"{source} says {found.isoformat()}, before the year {year} had ended")
    return None, None, tuple(warnings)


def _cut(metas: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a meta says instead of a day (``2020-10-``), and its name."""
    for name in _METAS:
        if (said := metas.get(name, "").strip()) and parse_date(said) is None:
            yield said[:40], _source(name)


def _source(name: str) -> str:
    return "meta:PubDate" if name == "pubdate" else f"meta:{name}"


def _told(
    metas: Mapping[str, str], near_title: str, url: str | None, hints: Mapping[str, str]
) -> Iterator[tuple[date, str]]:
    for name in _METAS:
        if name in metas and (found := parse_date(metas[name])):
            yield found, _source(name)
    yield from _labelled(near_title)
    path = urlsplit(url).path if url else ""
    for pattern in _URL_DATES:
        if (match := pattern.search(path)) and (found := _day(match)):
            yield found, "url"
    if found := parse_date(hints.get("listed_date", "")):
        yield found, "hint:listed_date"


def _labelled(text: str) -> Iterator[tuple[date, str]]:
    """Yield the dates behind 发布时间 and its like, the plainest label first."""
    plain = fold(text)
    found: dict[str, tuple[date, str]] = {}
    for match in _LABELLED.finditer(plain):
        label = match[0].strip(" :|[(")
        day = parse_date(plain[match.end() : match.end() + 20])
        if day and not label.startswith(("成文", "发文")):
            found.setdefault(label[:-2], (day, f"page:{label}"))
    for prefix in _LABEL_ORDER:
        if prefix in found:
            yield found[prefix]
    for match in _UNLABELLED.finditer(plain):
        if day := parse_date(match[0]):
            yield day, "page"


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
