"""Small plots drawn on the server: bars by year as SVG, no script, no style attributes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

HEIGHT, LEFT, TOP, BOTTOM = 170, 44, 18, 24
_SLOT = 46
"""Width that a year takes, in the units of the drawing."""
_BAR = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle; ``name`` is the series, which gives its class."""

    name: str
    x: float
    y: float
    width: float
    height: float
    text: str
    """What it says to those who point at it."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing of ``width`` and ``height``; years stand beneath, ``grid`` lines run across."""

    width: float
    height: float
    left: float
    bars: tuple[Bar, ...]
    values: tuple[Label, ...]
    """Totals above the bars."""
    years: tuple[Label, ...]
    missing: tuple[Label, ...]
    """Where a year has no value."""
    grid: tuple[Label, ...]


def plot(
    series: Mapping[str, Mapping[int, float | None]],
    names: Mapping[str, str],
    years: Sequence[int],
    *,
    share: bool = False,
) -> Plot:
    """Return bars by year, the ``series`` of one year on top of one another in their order.

    ``names`` has the words for the series. A year without any value is marked as missing, never
    drawn as zero. With ``share`` every bar is as high as the others: parts of a whole in per cent.
    """
    totals = {year: _total(values.get(year) for values in series.values()) for year in years}
    top = 100.0 if share else _round_up(max((t for t in totals.values() if t), default=0))
    floor = HEIGHT - BOTTOM
    scale = (floor - TOP) / top
    bars, values, missing = [], [], []
    for place, year in enumerate(years):
        middle = LEFT + place * _SLOT + _SLOT / 2
        total = totals[year]
        if total is None or (share and not total):
            missing.append(Label(middle, floor - 5, "–"))
            continue
        factor = scale * (100 / total if share else 1)
        parts = [(name, series[name].get(year) or 0) for name in series]
        ends = accumulate(value for _, value in parts)
        for (name, value), end in zip(parts, ends, strict=True):
            if value:
                told = f"{year} {names[name]} {_said(value)}"
                told += f" ({value / total:.0%})" if share and total else ""
                height = round(value * factor, 2)
                y = round(floor - end * factor, 2)
                bars.append(Bar(name, middle - _BAR / 2, y, _BAR, height, told))
        values.append(Label(middle, round(floor - total * factor - 5, 2), _said(total)))
    return Plot(
        width=LEFT + len(years) * _SLOT + 6,
        height=HEIGHT,
        left=LEFT,
        bars=tuple(bars),
        values=tuple(values),
        years=tuple(
            Label(LEFT + place * _SLOT + _SLOT / 2, HEIGHT - 6, str(year))
            for place, year in enumerate(years)
        ),
        missing=tuple(missing),
        grid=tuple(
            Label(LEFT - 6, round(floor - step * scale, 2), f"{_said(step)}{'%' if share else ''}")
            for step in (0, top / 2, top)
        ),
    )


def _total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _round_up(value: float) -> float:
    """Return the next round number: 1, 2 or 5 with zeros; at least 2."""
    step = 1
    while True:
        for factor in (2, 5, 10):
            if step * factor >= value:
                return float(step * factor)
        step *= 10


def _said(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
