"""A place's own report against those of its organs (汇总与单位之和).

The report of a government for its whole area adds up the requests of its organs (see
``Issuer.scope``). The catalog never knows that it has all of them, so three things can be said:

- The organs that are known have more requests than the whole: that cannot be, whatever else there
  is.
- They add up to the whole, alone or with the reports of the places below (some cities count their
  counties in, some do not): it holds.
- They have fewer: not assessable.

Organs that answer to the ministry above them (税务, 海关, 气象 …) report on their own and are left
out, so are public institutions and development zones, of which nobody knows to whom they count. Two
organs with the very same cells count once: they may be one that is known under two names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.evaluation.material import Evaluation, Known
from archive.records import LARGEST_COUNT, Number

ID = "aggregate.requests"
CELL = "requests.new_requests.total"
_FORMULA = "本级汇总的新收申请数 ＝ 所属各单位新收申请数之和"
_COUNTED = frozenset({"government_office", "department", "subdistrict_office", "town_government"})
# 垂直管理: their superiors add them up, not the place.
_OF_OTHERS = re.compile(
    r"税务|海关|海事|气象|烟草|邮政管理|通信管理|调查队|人民银行|外汇管理|金融监管|金融监督|"
    r"银保监|银监|证监|保监|能源监管|煤矿安全|矿山安全|消防|出入境|检察院|法院"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A report whose requests may be counted in that of its place."""

    name: str | None
    kind: str | None
    requests: Number | None
    """本年新收, 总计; None: blank, or not read."""
    cells_digest: str | None
    is_proved: bool
    """Whether its Table III was read and no identity fails in it."""

    @property
    def counts(self) -> bool:
        """Whether an organ of this kind belongs to the place's own sum."""
        return self.kind in _COUNTED and not _OF_OTHERS.search(self.name or "")


def aggregated(whole: Known, organs: Iterable[Part], below: Iterable[Part]) -> Iterator[Evaluation]:
    """Yield ``aggregate.requests`` for a report with the figures of a whole place.

    ``organs``: the reports of the place's own organs for the same year; ``below``: the reports for
    the whole of each place directly below. The left side is the place's figure, the right side the
    sum of the organs that are known, one of equals where it fails.
    """
    known = [organ for organ in organs if organ.counts]
    read = [organ for organ in known if organ.is_proved and organ.requests is not None]
    total = whole.cells.get(CELL)
    reason = _reason(whole, total, len(known), len(read)) or _incredible(read)
    if reason is not None or total is None:
        yield Evaluation(ID, "not_assessable", _FORMULA, total, None, (CELL,), reason)
        return
    own = sum(organ.requests or 0 for organ in read)
    sums = (own, own + sum(place.requests or 0 for place in below if place.is_proved))
    least = _least(read)
    if total in sums:
        yield Evaluation(ID, "hold", _FORMULA, total, total, (CELL,))
    elif total < least:
        doubt = whole.doubt("requests")
        message = f"仅已知的{len(read)}个单位就有{least}件；" + (
            doubt or "其中可能有不属本地的单位，或一个单位用了两个名称"
        )
        culprit = "reading" if doubt else "unclear"
        yield Evaluation(ID, "fail", _FORMULA, total, least, (CELL,), message, culprit)  # type: ignore[arg-type]
    else:
        message = f"已知数据的{len(read)}个单位共{own}件，是否还有其他单位无从得知"
        yield Evaluation(ID, "not_assessable", _FORMULA, total, own, (CELL,), message)


def _reason(whole: Known, total: Number | None, known: int, read: int) -> str | None:
    if not whole.has("requests"):
        return whole.doubt("requests")
    if total is None:
        return "本级汇总的数字为空或未读出"
    if abs(total) > LARGEST_COUNT:
        return "本级汇总的数字大得不可信"
    if not known:
        return "未收录该地所属单位当年的报告"
    if not read:
        return f"已知的{known}个单位都没有读出可靠的数字"
    return None


def _incredible(organs: Iterable[Part]) -> str | None:
    """Return what is said where an organ has a figure that no organ can have."""
    found = next((organ for organ in organs if abs(organ.requests or 0) > LARGEST_COUNT), None)
    return None if found is None else f"{found.name or '某单位'}的数字大得不可信"


def _least(organs: Iterable[Part]) -> Number:
    """Return what the organs have at the least: those with equal cells may be one organ."""
    once = {organ.cells_digest or id(organ): organ.requests or 0 for organ in organs}
    return sum(once.values())
