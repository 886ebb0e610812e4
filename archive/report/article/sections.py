"""The sections of a report with their text."""

import re
from collections.abc import Iterable, Mapping

from archive.report.article.headings import (
    KEYS,
    all_headings,
    count_headings,
    headings,
    is_heading,
    own_headings,
)
from archive.report.article.lines import Line
from archive.report.article.runs import table_spans
from archive.report.chars import fold, joined

__all__ = ["KEYS", "count_headings", "headings", "sections"]

# What a removed table may leave on a line of its own: figures, a unit, half a bracket.
_DEBRIS = re.compile(r"[\d.,%()/+\-—–|、第总计单位:万元 ]{1,16}")
_ENOUGH = 2
"""Headings of the form; with fewer, numbered lines are no sign of a report's own headings."""
# How the text of a section begins whose heading a text layer has lost.
_PROBLEMS = re.compile(
    r"^(?:[(（]?[一1][)）、.．是]{0,2})?[^。\n]{0,30}存在[^。\n]{0,16}(?:问题|不足|短板|困难)",
    re.MULTILINE,
)
_OTHER = re.compile(
    r"^[^。\n]{0,30}(?:信息处理费|其他需要报告的?事项|(?:没有|无)其他[^。\n]{0,4}报告)",
    re.MULTILINE,
)
_INTRODUCES = re.compile(
    r"编制本|编制[。而]|现[向社会将予以正式对外]{0,8}公[布开]|本(?:年度)?报告(?:由|所列|中所列|内容|包括|根据|按)"
    r"|统计[期时]限|如对本报告|联系(?:电话|地址|人)|电子邮箱|邮编|报告如下"
)
_LEAST = 40
"""Characters; what is left of an introduction has fewer."""


def sections(lines: Iterable[Line]) -> dict[str, str]:
    """Return key -> text of the sections that were found, without headings and tables.

    A section whose heading stands there and nothing below it is ``""``. One without a heading is
    left out, unless its text begins with words that only it has. Beside the six keys there are
    those of older reports: ``fees``, ``consultation``, ``interpretation_response``,
    ``organisation``, ``plans``, ``appendix``, or the heading's own words.
    """
    # In a page saved from a layout table a heading may look like a row of one cell.
    text = "\n".join([x.text for x in lines if not x.is_row or is_heading(x.text.strip("| "))])
    chain = headings(text)
    if len(chain) >= _ENOUGH:
        chain = own_headings(text)
    if not chain:
        return {}
    ends = [start for start, _, _ in chain[1:]] + [len(text)]
    found: dict[str, str] = {}
    for (_, end, key), stop in zip(chain, ends, strict=True):
        found[key] = "\n".join(filter(None, (found.get(key), _prose(text[end:stop]))))
    return _with_lost(found, text[: chain[0][0]]) if len(chain) > _ENOUGH else found


def _with_lost(found: Mapping[str, str], before: str) -> dict[str, str]:
    """Return the sections with those whose headings were lost: 总体情况 above the first heading,
    the last two at the end of the section before them."""
    whole = dict(found)
    if KEYS[0] not in whole and KEYS[1] in whole:
        told = before.split("\n")
        introduced = max((n for n, line in enumerate(told) if _INTRODUCES.search(line)), default=0)
        rest = _prose("\n".join(told[introduced + 1 :]))
        whole |= {KEYS[0]: rest} if len(rest) >= _LEAST else {}
    for host, key, opening in ((KEYS[3], KEYS[4], _PROBLEMS), (KEYS[4], KEYS[5], _OTHER)):
        match = opening.search(whole.get(host, ""))
        if key not in whole and match:
            text = whole[host]
            whole |= {host: text[: match.start()].rstrip(), key: text[match.start() :]}
    return {key: whole[key] for key in (*KEYS, *whole) if key in whole} if whole != found else whole


def _prose(text: str) -> str:
    """Return a section's text without tables and without headings repeated in it."""
    tables = table_spans(text)
    spans = sorted([*tables, *_repeated(text)])
    parts: list[str] = []
    position = 0
    for start, end in spans:
        parts.append(text[position : max(start, position)])
        position = max(position, end)
    parts.append(text[position:])
    lines = (joined(line.strip(" |")) for line in "".join(parts).split("\n"))
    kept = [line for line in lines if line]
    if tables:
        kept = [line for line in kept if not _DEBRIS.fullmatch(fold(line))]
    # 五、存在的问题。一是…: the stop belongs to the heading.
    return "\n".join(kept).lstrip("。.:：；;， ")


def _repeated(text: str) -> list[tuple[int, int]]:
    """Return the headings of other sections with numerals that stand alone on a line."""
    return [
        (start, end)
        for start, end in all_headings(text)
        if not text[text.rfind("\n", 0, start) + 1 : start].strip()
        and not text[end:].partition("\n")[0].strip()
        and text[start:end].strip()[:1] in "一二三四五六七八九"
    ]
