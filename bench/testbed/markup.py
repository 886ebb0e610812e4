"""Tables as HTML, with the faults of pages that offices published.

Every fault is a choice of :class:`Quirks`; one document has one set of them.
"""

import html
import random
from dataclasses import dataclass

from bench.testbed.grids import Cell, Grid


@dataclass(frozen=True)
class Quirks:
    """The faults of one document's tables."""

    cell: str = "bare"
    """How cells are filled: bare, p, word (pasted spans), span, div, font, padded."""
    split_numbers: bool = False
    """Digits of a number stand in several spans."""
    split_labels: bool = False
    letters: bool = False
    """Header letters one per paragraph."""
    breaks: bool = False
    """<br> inside headers."""
    spans: str = "right"
    """rowspan and colspan: right, absent, wrong, repeated (merged cells printed in every place)."""
    unclosed: bool = False
    upper: bool = False
    th: bool = False
    body: str = ""
    """tbody, colgroup or form inside the table."""


def quirks(rng: random.Random) -> Quirks:
    """Return a set of faults as they come together; a third of the pages has almost none."""
    if rng.random() < 0.3:
        return Quirks(cell=rng.choice(("bare", "p", "span")))
    return Quirks(
        cell=rng.choice(("bare", "p", "word", "word", "span", "div", "font", "padded")),
        split_numbers=rng.random() < 0.35,
        split_labels=rng.random() < 0.35,
        letters=rng.random() < 0.2,
        breaks=rng.random() < 0.3,
        spans=rng.choices(("right", "absent", "wrong", "repeated"), weights=(70, 8, 12, 10))[0],
        unclosed=rng.random() < 0.06,
        upper=rng.random() < 0.08,
        th=rng.random() < 0.08,
        body=rng.choice(("", "", "tbody", "tbody", "colgroup", "form")),
    )


class TableWriter:
    """Writes grids as HTML tables with one set of faults."""

    def __init__(self, rng: random.Random, how: Quirks) -> None:
        self._rng = rng
        self._how = how

    def table(self, *grids: Grid) -> str:
        """Return the grids as one table."""
        how, rng = self._how, self._rng
        rows = [self._row(row) for g in grids for row in self._shaped(g)]
        start, end = {
            "tbody": ("<tbody>", "</tbody>"),
            "colgroup": ('<colgroup><col width="72" span=4 /><col></colgroup>', ""),
            "form": ("<form>", "</form>"),
            "": ("", ""),
        }[how.body]
        style = rng.choice(
            (
                ' border="1" cellspacing="0"',
                ' class="MsoNormalTable" style="border-collapse:collapse;\nborder:none" border=0',
                " class=ke-zeroborder width=100%",
                ' style="width: 100%; margin: 0px auto;" _mce_style="width: 100%;"',
            )
        )
        text = f"<table{style}>{start}" + "\n".join(rows) + f"{end}</table>"
        if how.unclosed:
            text = text.replace("</td>", "").replace("</tr>", "")
        if how.th:
            text = text.replace("<td", "<th").replace("</td", "</th")
        if how.upper:
            for tag in ("table", "tr", "td", "th", "tbody", "p", "span"):
                text = text.replace(f"<{tag}", f"<{tag.upper()}")
                text = text.replace(f"</{tag}>", f"</{tag.upper()}>")
        return text

    def _shaped(self, grid: Grid) -> Grid:
        """Return the grid with its spans as the fault has them."""
        kind = self._how.spans
        if kind == "right":
            return grid
        out = []
        for row in grid:
            cells = []
            for cell in row:
                if kind == "repeated" and cell.rowspan == 1 and cell.colspan > 1 and not cell.value:
                    cells += [Cell(cell.text) for _ in range(cell.colspan)]
                elif kind == "absent":
                    cells.append(Cell(cell.text, 1, 1, cell.value))
                elif kind == "wrong" and cell.rowspan > 2 and self._rng.random() < 0.6:
                    rows = max(1, cell.rowspan + self._rng.choice((-2, -1, 1, 2)))
                    cells.append(Cell(cell.text, cell.colspan, rows, cell.value))
                else:
                    cells.append(cell)
            out.append(cells)
        return out

    def _row(self, row: list[Cell]) -> str:
        height = self._rng.choice(("", ' style="height:22px"', " height=24"))
        return f"<tr{height}>" + "".join(self._cell(cell) for cell in row) + "</tr>"

    def _cell(self, cell: Cell) -> str:
        spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        inner = self._number(cell.text) if cell.value else self._label(cell.text)
        style = self._rng.choice(("", ' width="68"', ' valign="center"', ' style="padding:0\n5px"'))
        return f"<td{spans}{style}>{inner}</td>"

    def _number(self, text: str) -> str:
        rng, how = self._rng, self._how
        inner = html.escape(text)
        if how.split_numbers and len(text) > 1 and text[0].isdigit() and rng.random() < 0.6:
            at = rng.randint(1, len(text) - 1)
            glue = rng.choice(("", "\n", '<span style="font-size:10pt"></span>'))
            inner = (
                f'<span lang="EN-US">{text[:at]}</span>{glue}'
                f"<span style='font-family:\n宋体'>{text[at:]}</span>"
            )
        return self._filled(inner)

    def _label(self, text: str) -> str:
        rng, how = self._rng, self._how
        if how.letters and 2 <= len(text) <= 6 and text[0] not in "（123":
            return "".join(f"<p>{c}</p><p>&nbsp;</p>" for c in text)
        inner = html.escape(text, quote=False)
        if how.breaks and 3 <= len(text) <= 8 and rng.random() < 0.6:
            at = len(text) // 2
            inner = text[:at] + rng.choice(("<br>", "<br />", "<br/>\n")) + text[at:]
        elif how.split_labels and len(text) > 3 and rng.random() < 0.7:
            at = rng.randint(1, len(text) - 1)
            glue = rng.choice(("", "\n", "<span>&nbsp;</span>", "&nbsp;&nbsp;"))
            inner = f"{text[:at]}{glue}<b><span>{text[at:]}</span></b>"
        return self._filled(inner)

    def _filled(self, inner: str) -> str:
        kinds = {
            "bare": "{}",
            "p": '<p style="text-align:center">{}</p>',
            "word": '<p class="MsoNormal" align=center style=\'text-align:center;mso-pagination:\n'
            "widow-orphan'><span style='font-size:10.5pt;font-family:仿宋_GB2312'>{}</span>"
            "<span lang=EN-US><o:p></o:p></span></p>",
            "span": "<span><span>{}</span></span>&nbsp;",
            "div": "<div><font face=宋体>{}</font></div><div></div>",
            "font": '<strong><font size="2">{}</font></strong>',
            "padded": "&nbsp;&nbsp;&nbsp;{}　\n",
        }
        return kinds[self._how.cell].format(inner)


def div_grid(rng: random.Random, grids: list[Grid]) -> str:
    """Return grids as rows of <div> (CSS tables or flex boxes)."""
    css = rng.random() < 0.5
    row_style = "display:table-row" if css else "display:flex"
    cell_style = "display:table-cell" if css else "flex:1"
    out = []
    for grid in grids:
        out.append('<div style="display:table;width:100%">' if css else '<div class="tb">')
        for row in grid:
            out.append(f'<div class="tr" style="{row_style}">')
            out += [
                f'<div class="td" style="{cell_style}">{html.escape(c.text, quote=False)}</div>'
                for c in row
            ]
            out.append("</div>")
        out.append("</div>")
    return "\n".join(out)
