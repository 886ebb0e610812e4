"""Sentences of annual reports with slots; a few hundred thousand combinations.

Slots: {O} organ, {S} how it speaks of itself, {Y} year, {P} the year before, {N} the next year,
{a} {b} {c} counts, {p} a percentage, {w} a field of work, {v} another one.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

STOCK: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "prose.yml").read_text(encoding="utf-8")
)
FIELDS: list[str] = STOCK["fields"]


class Writer:
    """Fills the slots for one report."""

    def __init__(
        self, rng: random.Random, organ: str, short: str, year: int, province: str
    ) -> None:
        self._rng = rng
        self._fixed = {"O": organ, "S": short, "Y": year, "P": year - 1, "N": year + 1}
        self._province = province

    def fill(self, sentence: str, **more: object) -> str:
        """Return the sentence with its slots filled."""
        rng = self._rng
        w, v = rng.sample(FIELDS, 2)
        upper = self._province + rng.choice(STOCK["superiors"])
        values = {
            "a": rng.randint(13, 28000), "b": rng.randint(11, 990), "c": rng.randint(2, 19),
            "p": f"{rng.uniform(1, 99):.{rng.randint(0, 2)}f}", "w": w, "v": v,
            "z": rng.randint(100000, 859999), "t": rng.randint(2000000, 8999999),
            "upper": upper if self._province else "国务院办公厅",
        }  # fmt: skip
        return sentence.format(**values | self._fixed | more)

    def some(self, stock: list[str], least: int, most: int) -> str:
        """Return a paragraph of distinct sentences from a stock."""
        count = self._rng.randint(least, min(most, len(stock)))
        chosen = sorted(self._rng.sample(range(len(stock)), count))
        return "".join(self.fill(stock[k]) for k in chosen)

    def introduction(self, cited: str | None, *, named: bool, titled: bool) -> list[str]:
        """Return the paragraphs before the first section; without a title they name the organ."""
        rng = self._rng
        stock = (
            STOCK["introductions"][0 if titled else 1 :] if cited else STOCK["introductions"][2:]
        )
        first = self.fill(rng.choice(stock), cite=cited or "")
        rest = [rng.choice(STOCK["parts_named"])] if named else []
        rest += [self.fill(rng.choice(STOCK["periods"])), self.fill(rng.choice(STOCK["contacts"]))]
        return [first + "".join(rest)] if rng.random() < 0.6 else [first, "".join(rest)]

    def overview(self) -> Iterator[str]:
        """Yield the paragraphs of section I."""
        rng = self._rng
        yield self.fill(rng.choice(STOCK["openings"]))
        stocks = (
            STOCK["active"],
            STOCK["on_request"],
            STOCK["management"],
            STOCK["platform"],
            STOCK["supervision"],
        )
        inline = rng.random() < 0.6
        stop = "。" if inline else ""
        for numeral, head, stock in zip(
            "一二三四五", rng.choice(STOCK["subheads"]), stocks, strict=True
        ):
            body = self.some(stock, 1, 5)
            if inline:
                yield f"（{numeral}）{head}{stop}{body}"
            else:
                yield from (f"（{numeral}）{head}", body)

    def problems(self) -> Iterator[str]:
        """Yield the paragraphs of section V."""
        if self._rng.random() < 0.5:
            yield "（一）存在的主要问题。" + self.some(STOCK["problems"], 2, 4)
            yield "（二）改进情况。" + self.some(STOCK["improvements"], 1, 3)
        else:
            yield self.some(STOCK["problems"], 2, 4)
            yield self.some(STOCK["improvements"], 1, 3)

    def others(self) -> Iterator[str]:
        """Yield the paragraphs of section VI."""
        if self._rng.random() < 0.15:
            yield "无。"
        else:
            yield self.some(STOCK["others"], 1, 4)


def told(rng: random.Random, figures: dict[str, dict[str, object]], year: int) -> str:
    """Return the sentences of section I that tell what Table III says."""
    total = figures["new_requests"]["total"] or 0
    carried = figures["carried_over_in"]["total"] or 0
    word = rng.choice(("收到", "新收", "共收到", "受理"))
    text = f"{year}年，{word}政府信息公开申请{total}件"
    if carried:
        text += f"，上年结转{carried}件"
    return text + "。"
