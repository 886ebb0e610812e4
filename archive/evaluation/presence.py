"""Whether the six sections that the form asks for stand in a report, and say something (要素完整).

国办公开办函〔2021〕30号 and 〔2019〕60号; earlier reports had sections of their own. Which prose
says nothing (无, 暂无问题) the reader has found already; here sections are added that should hold a
table and hold nothing.
"""

from collections.abc import Iterator

from archive.evaluation.material import Culprit, Evaluation, Known

MISSING, EMPTY = "sections.missing", "sections.empty"
NAMES = {
    "overview": "一、总体情况",
    "active_disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review_litigation": "四、政府信息公开行政复议、行政诉讼情况",
    "problems_improvements": "五、存在的主要问题及改进情况",
    "other_matters": "六、其他需要报告的事项",
}
_TABLES = ("active_disclosure", "requests", "review_litigation")
_ALL_THERE = "规定的六部分中有标题的部分数 ＝ 6"
_NONE_EMPTY = "六部分中没有内容的部分数 ＝ 0"


def present(report: Known) -> Iterator[Evaluation]:
    """Yield ``sections.missing`` and ``sections.empty``.

    Left sides: sections found, sections that say nothing. Both are not assessable before 2019 and
    where no section was found at all, which is the page's or the reader's doing.
    """
    if report.form not in ("2021", "2019"):
        reason = "六部分的格式自2019年度起施行"
    elif not report.sections:
        reason = "没有找到任何部分的标题"
    else:
        yield _missing(report)
        yield _empty(report)
        return
    yield Evaluation(MISSING, "not_assessable", _ALL_THERE, message=reason)
    yield Evaluation(EMPTY, "not_assessable", _NONE_EMPTY, message=reason)


def _missing(report: Known) -> Evaluation:
    lacking = [key for key in NAMES if key not in report.sections]
    found = len(NAMES) - len(lacking)
    if not lacking:
        return Evaluation(MISSING, "hold", _ALL_THERE, found, len(NAMES))
    culprit, reason = _blame(report, lacking)
    message = f"没有找到标题：{_named(lacking)}；{reason}"
    return Evaluation(
        MISSING, "fail", _ALL_THERE, found, len(NAMES), _cells(lacking), message, culprit
    )


def _empty(report: Known) -> Evaluation:
    bare = [
        key
        for key in _TABLES
        if key in report.sections
        and not report.sections[key].strip()
        and report.state(key) == "absent"
    ]
    empty = [key for key in NAMES if key in report.empty or key in bare]
    if not empty:
        return Evaluation(EMPTY, "hold", _NONE_EMPTY, 0, 0)
    said = [report.empty.get(key) for key in empty]
    culprit: Culprit
    if report.printed:
        culprit, reason = "reading", "读自PDF或图片，文字可能丢失"
    elif all(said):
        culprit, reason = "office", f"只写了{'、'.join(f'“{text}”' for text in said)}"
    else:
        culprit, reason = "unclear", "内容可能是图片或附件"
    message = f"没有内容：{_named(empty)}；{reason}"
    return Evaluation(EMPTY, "fail", _NONE_EMPTY, len(empty), 0, _cells(empty), message, culprit)


def _blame(report: Known, lacking: list[str]) -> tuple[Culprit, str]:
    if report.printed:
        return "reading", "读自PDF或图片，标题可能丢失"
    if len(lacking) > len(NAMES) // 2:
        return "reading", "缺得过多，多半是页面结构未能识别"
    if any(report.has(key) for key in lacking):
        return "unclear", "相应的表格还在，标题可能在别处"
    return "office", "其余标题均已找到"


def _named(keys: list[str]) -> str:
    return "、".join(f"“{NAMES[key]}”" for key in keys)


def _cells(keys: list[str]) -> tuple[str, ...]:
    return tuple(f"sections.{key}" for key in keys)
