"""Whether a report was published by the day it was due (是否按期公布).

The day: ``archive.deadlines``. For organs that the law sets no day for (townships, subdistricts,
public institutions), local notices do, as a rule that of the departments; their figures are part of
their county's own report. So they are in time up to January 31, late after March 31, and between
the two nobody can tell.
"""

import re
from collections.abc import Iterator
from datetime import date

from archive.deadlines import due, last_due
from archive.evaluation.material import Culprit, Evaluation, Known

LATE, UNKNOWN = "published.late", "published.unknown"

# Dates of a page that move on after publication: they prove that it was in time, never that not.
_MOVING = re.compile(r"page:(?:更新|生成|上传)")
# A year after the deadline a report is more often moved to a new site than first published.
_DAYS_UNTIL_MOVED = 365
_YEARS = range(2000, 2100)


def in_time(report: Known) -> Iterator[Evaluation]:
    """Yield ``published.late``, or ``published.unknown`` where no day can be relied on.

    The left side is the days past the due day (negative: before it), the right side 0.
    """
    if report.year is None or report.year not in _YEARS:
        yield _unknown("报告年度不明")
        return
    earliest, latest = _due(report)
    seen = _day(report.first_seen)
    told = _day(report.published)
    day = min((d for d in (seen, told) if d), default=None)
    if told is None and (seen is None or seen > earliest):
        yield _unknown("页面没有公布日期" + (f"；{seen}首次采集到" if seen else ""))
    elif day is not None and day < date(report.year, 12, 1):
        yield _unknown(f"{day}时{report.year}年尚未结束")
    elif day is not None and day <= earliest:
        yield _judged("hold", day, earliest)
    elif told is not None and _is_moving(report):
        yield _unknown(f"{told}（{report.published_source}）可能是后来改动的日期")
    elif day is not None and day <= latest:
        message = "条例没有规定这类机关的期限，由各地自定"
        yield _judged("not_assessable", day, earliest, message)
    elif day is not None:
        culprit, reason = _blame(report, day, latest)
        message = f"{day}公布，应不晚于{latest}；{reason}"
        yield _judged("fail", day, latest, message, culprit)


def _due(report: Known) -> tuple[date, date]:
    """Return the first and the last day that the report can have been due."""
    assert report.year is not None
    kind = None if report.kind == "public_institution" else report.kind
    day = due(kind, report.scope, report.year)
    if day is not None:
        return day, day
    # The Regulations of 2007 named organs of every level.
    latest = last_due(report.year)
    return due("department", "own", report.year) or latest, latest


def _is_moving(report: Known) -> bool:
    return _MOVING.match(report.published_source or "") is not None


def _blame(report: Known, day: date, due_on: date) -> tuple[Culprit, str]:
    if report.trust != "official":
        return "reading", "是非政府网站上副本的日期"
    if (day - due_on).days > _DAYS_UNTIL_MOVED:
        return "unclear", "晚一年以上，可能是网站迁移后的日期"
    if report.kind == "government_office" and day <= last_due(due_on.year - 1):
        return "unclear", "代本级政府公布的，期限为3月31日"
    if report.published_source == "url":
        return "unclear", "日期只见于网址"
    return "office", f"日期由网站自己标明（{report.published_source}）"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _judged(
    status: str,
    day: date,
    due_on: date,
    message: str | None = None,
    culprit: Culprit | None = None,
) -> Evaluation:
    formula = f"逾期天数（{day}公布，应于{due_on}前公布）≤ 0"
    return Evaluation(LATE, status, formula, (day - due_on).days, 0, (), message, culprit)  # type: ignore[arg-type]


def _unknown(message: str) -> Evaluation:
    return Evaluation(UNKNOWN, "not_assessable", "公布日期已知", message=message)
