"""The headings of a report: the six of the form (国办公开办函〔2021〕30号, 〔2019〕60号), and those
that reports before 2019 chose themselves.

Headings stand on lines of their own, inside a line, or twice; a table of contents or the
introduction may list all six. So every place that can be a heading is collected, listings are
dropped, and of the chains in the order of the form the longest is taken, the latest of several.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, pairwise

from archive.report.chars import HAN, Places, fold, tight, without_blanks

KEYS = (
    "overview",
    "active_disclosure",
    "requests",
    "review_litigation",
    "problems_improvements",
    "other_matters",
)
Heading = tuple[int, int, str]
"""(start, end, key) in the text."""

_OF = "(?:政府)?(?:信息)?(?:公开)?(?:工作)?"
# Key -> what its heading says, in the orders and words seen since 2008.
_WORDS: dict[str, str] = {
    "overview": "(?:工作)?(?:总体|基本|整体|年度)(?:工作)?情况(?:概述)?"
    "|(?:基本|总体|工作)?(?:概述|概况)",
    "active_disclosure": "(?:行政机关)?主动公开(?:政府信息|信息)?(?:的)?(?:工作)?情况"
    "|政府信息主动公开(?:工作)?(?:的)?情况",
    "requests": "(?:行政机关)?收到(?:和|及|与)处理(?:政府)?信息公开申请(?:的)?情况"
    "|(?:政府信息)?依申请公开(?:政府信息)?(?:工作)?(?:办理)?(?:的)?情况",
    "review_litigation": "(?:因)?(?:政府信息公开)?(?:工作)?(?:被)?(?:申请|提起)?(?:的)?行政复议"
    "(?:案件)?(?:、|和|及|与|,|以及)?(?:提起|被提起)?(?:的)?(?:行政)?诉讼(?:案件)?(?:的)?情况"
    "|(?:因?政府信息公开(?:引起的)?)?(?:申请)?(?:行政)?复议(?:、|和|及|与)(?:提起)?(?:行政)?诉讼"
    "(?:和申诉)?(?:的)?情况",
    "problems_improvements": f"(?:{_OF}中?)?(?:存在的?)?(?:主要)?(?:问题|不足)(?:、|和|及|与|以及)?"
    "(?:其)?(?:改进|整改|解决)(?:措施|情况|工作|办法|打算)?(?:情况)?"
    f"|{_OF}存在的?(?:主要)?(?:问题|不足|困难)(?:及|和|与)?(?:下一?步)?[^,。;\n ]{{0,12}}",
    "other_matters": "(?:其他|其它)?(?:应当)?(?:需要|需)(?:报告|说明)的?(?:其他|其它)?(?:重要)?事项"
    "|其他(?:需要)?(?:报告|说明)?的?事项",
}
_ANY = "|".join(f"(?P<{key}>{words})" for key, words in _WORDS.items())
# Inside a line only with its numeral, alone on a line also without.
_NUMBERED = re.compile(
    "[一二三四五六七八九第](?:(?<!第)[、.,]|(?<=第)[一二三四五六七八九]部分[、.:]?)"
    rf"(?:关于)?(?:{_ANY}):?"
)
_ALONE = re.compile(
    rf"(?:(?:[1-9一二三四五六七八九]|第[一二三四五六七八九]部分)[、.,:]*)?(?:{_ANY}):?"
)
# （一）总体情况: so are parts of a section numbered; a heading only where there are no others.
_LESSER = re.compile(rf"^\((?P<n>[一二三四五六])\)(?:{_ANY})(?=$|[。:.])", re.MULTILINE)
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", start=1)}
_COUNTS = frozenset([*_DIGITS, "第"])
_FEW = 3
_LONGEST = 48
"""Characters; a line that is a heading has fewer."""
_MOST = 40
"""Places taken for one heading, the last ones: no report repeats a heading more often."""
# A numeral opens a heading after a blank or a stop, or right after what announces the report.
_OPENS = re.compile(rf"(?:^|[^第{HAN}\d(]|报告|如下)$")
_LISTED = re.compile(r"[;,、和及以与:.\s]{1,4}")
"""What stands between the headings that a sentence lists."""


def headings(text: str) -> list[Heading]:
    """Return the headings of the six sections in ``text``, in order, each key at most once."""
    return list(_chain(text))


def count_headings(text: str) -> int:
    """Return how many of the six headings ``text`` has."""
    return len(_chain(text))


def all_headings(text: str) -> list[tuple[int, int]]:
    """Return the place of everything in ``text`` that reads as a heading, repeated ones too."""
    return [(start, end) for start, end, _ in _found(text)]


def is_heading(line: str) -> bool:
    """Whether a line is one of the six headings and nothing else."""
    return len(line) <= _LONGEST and _ALONE.fullmatch(tight(fold(line))) is not None


@lru_cache(maxsize=16)
def _chain(text: str) -> tuple[Heading, ...]:
    """Return the longest chain of headings in the order of the form, the latest of several."""
    found = _without_listings(text, list(_found(text)))
    chains: dict[Heading, tuple[int, int, Heading | None]] = {}
    for heading in reversed(found):
        rank = KEYS.index(heading[2])
        later = [
            (chain[0], chain[1], other)
            for other, chain in chains.items()
            if other[0] >= heading[1] and KEYS.index(other[2]) > rank
        ]
        count, places, follower = max(later, key=lambda x: x[:2], default=(0, 0, None))
        chains[heading] = count + 1, places + heading[0], follower
    current = max(chains, key=lambda h: chains[h][:2], default=None)
    chain: list[Heading] = []
    while current is not None:
        chain.append(current)
        current = chains[current][2]
    return tuple(chain)


def _without_listings(text: str, found: list[Heading]) -> list[Heading]:
    """Return ``found`` without the headings that a table of contents or a sentence lists, where
    others stay."""
    gaps = [text[a[1] : b[0]] for a, b in pairwise(found)]
    close = [not gap.strip() or bool(_LISTED.fullmatch(fold(gap))) for gap in gaps]
    listed: set[int] = set()
    for is_close, group in groupby(range(len(gaps)), key=lambda n: close[n]):
        run = list(group)
        members = range(run[0], run[-1] + 2)
        whole = len({found[n][2] for n in members}) == len(KEYS)
        told = len(members) >= _FEW and all(gaps[n].strip() for n in run)
        if is_close and (whole or told):
            listed.update(members)
    kept = [heading for n, heading in enumerate(found) if n not in listed]
    return kept if len({key for _, _, key in kept}) >= 2 else found


@lru_cache(maxsize=16)
def _found(text: str) -> tuple[Heading, ...]:
    """Return everything in ``text`` that reads as a heading, in order."""
    plain, places = without_blanks(fold(text), lines=True)
    found = {
        start: (start, end, key)
        for start, end, key in _numbered(plain, places)
        if _OPENS.search(text[max(0, start - 2) : start])
    }
    for heading in _alone(plain, places):
        found.setdefault(heading[0], heading)
    if len({key for _, _, key in found.values()}) < _FEW:
        lesser = {heading[0]: heading for heading in _parts(plain, places)}
        found = lesser if len({key for _, _, key in lesser.values()}) >= _FEW else found
    ordered = sorted(found.values())
    last = {key: [h for h in ordered if h[2] == key][-_MOST:] for key in KEYS}
    return tuple(sorted(heading for group in last.values() for heading in group))


def _numbered(plain: str, places: Places) -> Iterator[Heading]:
    for match in _NUMBERED.finditer(plain):
        yield places[match.start()], places[match.end() - 1] + 1, match.lastgroup or ""


def _parts(plain: str, places: Places) -> Iterator[Heading]:
    """Yield the headings that are numbered as parts are, where they are so in the order of the
    form."""
    for match in _LESSER.finditer(plain):
        key = match.lastgroup or ""
        if _DIGITS[match["n"]] == KEYS.index(key) + 1:
            yield places[match.start()], places[match.end() - 1] + 1, key


def _alone(plain: str, places: Places) -> Iterator[Heading]:
    """Yield the headings that are a line, or a numbered line cut in two."""
    lines = plain.split("\n")
    start = 0
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        end = start + len(line)
        if 2 <= len(line) <= _LONGEST and "|" not in line:
            match = _ALONE.fullmatch(line)
            if match is None and line[0] in _COUNTS and len(after) <= _LONGEST:
                match = _ALONE.fullmatch(line + after)
                end += 1 + len(after) if match else 0
            if match:
                yield places[start], places[end - 1] + 1, match.lastgroup or ""
        start += len(line) + 1


# What the headings of older reports speak of (provincial forms since 2008, 国办发〔2014〕32号).
_OWN_KEYS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (key, re.compile(words))
    for key, words in (
        ("active_disclosure", "主动公开"),
        ("requests", "依申请公开|公开申请"),
        ("fees", "收费|费用|减免"),
        ("review_litigation", "复议|诉讼|申诉"),
        ("consultation", "咨询"),
        ("interpretation_response", "解读|回应|关切|舆情"),
        ("problems_improvements", "问题|不足|困难"),
        ("plans", "下一?步|今后|打算|设想"),
        ("organisation", "机构|组织|保障|队伍|人员|制度|培训|平台"),
        ("appendix", "附表|附件|统计表|附录"),
        ("other_matters", "其他|其它|事项"),
    )
)
_OWN = re.compile(
    r"([一二三四五六七八九十]{1,2})[、.,]"
    # The rows of Table III are numbered too.
    r"(?!本年新收|上年结转|本年度办理结果|结转下年度)([^。;,:!?\d]{2,30}):?"
)


def own_headings(text: str) -> list[Heading]:
    """Return the headings of ``text`` in order, with those that the form does not know: numbered
    lines that go on counting between or after the others.

    The key says what the heading speaks of; where that is not known it is its words.
    """
    chain = headings(text)
    known = {start: _numeral(text[start:end]) for start, end, _ in chain}
    candidates = {start: (start, end, words) for start, end, words in _counted(text)}
    merged: list[Heading] = []
    last = 0
    for start in sorted({**candidates, **known}):
        if start in known:
            merged.append(next(h for h in chain if h[0] == start))
            last = known[start] or last
            continue
        begin, end, words = candidates[start]
        following = next((known[n] for n in sorted(known) if n > start), 99)
        number = _numeral(text[begin:end])
        inside = merged and begin < merged[-1][1]
        if last < number < following and not inside:
            merged.append((begin, end, _own_key(words, {key for _, _, key in [*chain, *merged]})))
            last = number
    return merged


def _counted(text: str) -> Iterator[Heading]:
    """Yield (start, end, words) of the lines that are numbered as headings are."""
    start = 0
    for line in text.split("\n"):
        if len(line) <= _LONGEST and (match := _OWN.fullmatch(tight(fold(line)))):
            yield start, start + len(line), match[2]
        start += len(line) + 1


def _own_key(words: str, taken: set[str]) -> str:
    for key, pattern in _OWN_KEYS:
        if key not in taken and pattern.search(words):
            return key
    return words


def _numeral(heading: str) -> int:
    """Return the number that a heading begins with; 0: none, or another kind."""
    digits = heading.lstrip().removeprefix("第")
    first = _DIGITS.get(digits[:1], 0)
    return first + _DIGITS.get(digits[1:2], 0) if first == 10 else first
