"""The tables as grids of cells with spans: what HTML, Word and drawn PDFs print."""

from dataclasses import dataclass

from bench.testbed import forms
from bench.testbed.model import Document


@dataclass
class Cell:
    """A cell; its neighbours under a span are not listed, as in HTML."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    value: bool = False
    """Holds a number of the report (else a label or nothing)."""


Grid = list[list[Cell]]


def _spelt(doc: Document, grid: Grid) -> Grid:
    for row in grid:
        for cell in row:
            if not cell.value:
                cell.text = doc.spelt(cell.text)
    return grid


def active(doc: Document) -> list[Grid]:
    """Return one grid for each clause of Table II; they are mostly printed as one table."""
    out = []
    for caption, columns, rows in forms.ACTIVE[doc.form]:
        share = 3 // len(columns)
        spans = [share] * (len(columns) - 1)
        spans.append(3 - sum(spans))
        headers = list(columns.values())
        grid = [[Cell(caption, 4)]]
        grid.append([Cell(forms.CONTENT), *map(Cell, headers, spans)])
        for row, label in rows.items():
            cells = [doc.cell("active_disclosure", row, c) for c in columns]
            values = [Cell(t, s, value=True) for t, s in zip(cells, spans, strict=True)]
            grid.append([Cell(label), *values])
        out.append(_spelt(doc, grid))
    return out


def requests(doc: Document) -> Grid:
    """Return Table III: three header rows, three columns of labels, seven of numbers."""
    rows = forms.REQUESTS[doc.form]
    names = list(forms.APPLICANTS.values())
    grid = [
        [Cell(forms.CAPTION, 3, 3), Cell(forms.APPLICANTS_HEADER, 7)],
        [Cell(names[0], 1, 2), Cell(forms.ORGANISATIONS, 5), Cell(names[-1], 1, 2)],
        [Cell(name) for name in names[1:-1]],
    ]
    inner = [k for k, (_, group, _) in enumerate(rows) if group is not None]
    for k, (row, group, label) in enumerate(rows):
        cells: list[Cell] = []
        if group is None:
            cells.append(Cell(label, 3))
        else:
            if k == inner[0]:
                cells.append(Cell(forms.RESULTS, 1, len(inner)))
            if group and rows[k - 1][1] != group:
                cells.append(Cell(group, 1, sum(g == group for _, g, _ in rows)))
            cells.append(Cell(label, 1 if group else 2))
        cells += [Cell(doc.cell("requests", row, c), value=True) for c in forms.COLUMNS]
        grid.append(cells)
    return _spelt(doc, grid)


def review(doc: Document) -> Grid:
    """Return Table IV: three header rows and one row of 15 numbers."""
    outcomes = list(forms.OUTCOMES.values())
    routes = list(forms.ROUTES.values())
    grid = [
        [Cell(routes[0], 5), Cell(forms.LITIGATION, 10)],
        [*(Cell(o, 1, 2) for o in outcomes), Cell(routes[1], 5), Cell(routes[2], 5)],
        [Cell(o) for o in outcomes * 2],
        [
            Cell(doc.cell("review_litigation", route, outcome), value=True)
            for route in forms.ROUTES
            for outcome in forms.OUTCOMES
        ],
    ]
    return _spelt(doc, grid)


def cut(grid: Grid, at: int) -> tuple[Grid, Grid]:
    """Return Table III in two parts as a page break leaves it: spans split and repeated.

    ``at`` counts rows of the grid (headers included).
    """
    first = [[Cell(c.text, c.colspan, c.rowspan, c.value) for c in row] for row in grid[:at]]
    second = [[Cell(c.text, c.colspan, c.rowspan, c.value) for c in row] for row in grid[at:]]
    carried: list[Cell] = []
    for k, row in enumerate(first):
        for cell in row:
            over = k + cell.rowspan - at
            if over > 0:
                cell.rowspan -= over
                carried.append(Cell(cell.text, cell.colspan, over))
    if second:
        second[0] = carried + second[0]
    return first, second


def filled(grid: Grid) -> list[list[str]]:
    """Return the grid with merged cells repeated in every place they cover."""
    taken: dict[tuple[int, int], str] = {}
    for y, row in enumerate(grid):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            for dy in range(cell.rowspan):
                for dx in range(cell.colspan):
                    taken[y + dy, x + dx] = cell.text
            x += cell.colspan
    width = 1 + max(x for _, x in taken)
    return [[taken.get((y, x), "") for x in range(width)] for y in range(len(grid))]
