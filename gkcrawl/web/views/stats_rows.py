"""Which figures ``/stats`` shows together, and the rows that it makes of the sums. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.catalog.schema import APPLICANTS, REQUEST_ROWS
from archive.catalog.stats import Sum, Sums, added
from gkcrawl.web.formlabels import form_labels
from gkcrawl.web.language import say

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: the sum of some figures (keys of ``totals``)."""

    key: str
    label: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Series that are drawn and tabled together."""

    key: str
    title: str
    series: tuple[Series, ...]
    total: Series | None = None
    """A figure of the form that stands beside them."""
    shares: bool = False
    """Whether each is told as a share of all of them."""
    spec: str = "stack"
    """How it is drawn: ``static/charts/<spec>.json``."""


def charts() -> tuple[Chart, ...]:
    """Return what the page shows, with the words of the form."""
    return (_applications(), _outcomes(), _denials(), *_cases(), *_disclosure())


def rows(chart: Chart, sums: Sums) -> list[Row]:
    """Return a row for each series and year: chart, series, label, position, year, value (the sum),
    reports (with a number there), share (None where none is told or there is nothing to share)."""
    whole = added(_summed(series, sums) for series in chart.series) if chart.shares else {}
    told = (*chart.series, chart.total) if chart.total else chart.series
    return [
        {
            "chart": chart.key,
            "series": series.key,
            "label": say(series.label),
            "position": position,
            "year": year,
            "value": one.total,
            "reports": one.reports,
            "share": None if series is chart.total else _share(one, whole.get(year)),
        }
        for position, series in enumerate(told)
        for year, one in sorted(_summed(series, sums).items())
    ]


def median_rows(medians: Mapping[str, Mapping[int, float]], sums: Sums) -> list[Row]:
    """Return the rows of the medians: as those of a chart, with ``value`` the median."""
    return [
        {
            "chart": "median",
            "series": key,
            "label": say(label),
            "position": position,
            "year": year,
            "value": value,
            "reports": sums[figure][year].reports,
            "share": None,
        }
        for position, (key, label, figure) in enumerate(_MEDIANS)
        for year, value in sorted(medians.get(figure, {}).items())
    ]


def tabled(found: Iterable[Row]) -> tuple[list[str], dict[int, dict[str, Row]]]:
    """Return the series of some rows in order, and the rows by year (newest first) and series."""
    ordered = sorted(found, key=lambda row: (-row["year"], row["position"]))
    by_year: dict[int, dict[str, Row]] = {}
    for row in ordered:
        by_year.setdefault(row["year"], {})[row["series"]] = row
    names = {row["series"]: row["position"] for row in ordered}
    return sorted(names, key=lambda name: names[name]), by_year


_MEDIANS: Sequence[tuple[str, str, str]] = (
    ("new_requests", "新收申请", "requests.new_requests.total"),
    ("handled_total", "办理申请", "requests.handled_total.total"),
    ("review", "行政复议", "review_litigation.review.total"),
    ("litigation_direct", "未经复议直接起诉", "review_litigation.litigation_direct.total"),
    ("litigation_after_review", "复议后起诉", "review_litigation.litigation_after_review.total"),
)
_OUTCOMES: Sequence[tuple[str, str, str]] = (
    # Key, words, beginning of the rows of Table III that it consists of.
    ("granted", "予以公开", "granted"),
    ("partially_granted", "部分公开", "partially_granted"),
    ("denied", "不予公开", "denied_"),
    ("unavailable", "无法提供", "unavailable_"),
    ("rejected", "不予处理", "rejected_"),
    ("other", "其他处理", "other_"),
)
_DECISIONS: Sequence[tuple[str, str, str]] = (
    ("admin_licensing", "行政许可决定", "decisions"),
    ("admin_penalty", "行政处罚决定", "decisions"),
    ("admin_coercion", "行政强制决定", "decisions"),
)
_MEASURES = (("issued", "制发"), ("repealed", "废止"), ("valid", "现行有效"))


def _applications() -> Chart:
    words = form_labels().applicants
    kinds = tuple(
        Series(who, words[who], (f"requests.new_requests.{who}",))
        for who in APPLICANTS
        if who != "total"
    )
    total = Series("total", words["total"], ("requests.new_requests.total",))
    return Chart("applications", "收到的申请", kinds, total)


def _outcomes() -> Chart:
    series = tuple(
        Series(key, label, tuple(_rows_of(beginning))) for key, label, beginning in _OUTCOMES
    )
    total = Series("handled_total", "办理申请", ("requests.handled_total.total",))
    return Chart("outcomes", "办理结果", series, total, shares=True, spec="share")


def _denials() -> Chart:
    words = form_labels().requests
    series = tuple(
        Series(row, words[row][-1], (f"requests.{row}.total",))
        for row in REQUEST_ROWS
        if row.startswith("denied_")
    )
    return Chart("denials", "不予公开的理由", series, shares=True, spec="share")


def _cases() -> Iterator[Chart]:
    known = form_labels()
    for route, words in known.routes.items():
        series = [
            Series(outcome, label, (f"review_litigation.{route}.{outcome}",))
            for outcome, label in known.outcomes.items()
        ]
        *outcomes, total = sorted(series, key=lambda one: one.key == "total")
        yield Chart(route, words, tuple(outcomes), total)


def _disclosure() -> Iterator[Chart]:
    for item, label, measure in _DECISIONS:
        series = Series(measure, "件数", (f"active_disclosure.{item}.{measure}",))
        yield Chart(item, label, (series,), spec="bars")
    for item, label in (("regulations", "规章"), ("normative_docs", "行政规范性文件")):
        yield Chart(
            item,
            label,
            tuple(
                Series(measure, words, (f"active_disclosure.{item}.{measure}",))
                for measure, words in _MEASURES
            ),
            spec="lines",
        )


def _rows_of(beginning: str) -> Iterator[str]:
    for row in REQUEST_ROWS:
        if row == beginning or (beginning.endswith("_") and row.startswith(beginning)):
            yield f"requests.{row}.total"


def _summed(series: Series, sums: Sums) -> dict[int, Sum]:
    return added(sums[figure] for figure in series.figures if figure in sums)


def _share(one: Sum, whole: Sum | None) -> float | None:
    return round(one.total / whole.total, 6) if whole and whole.total else None
