"""In which orders an extractor can have emitted the numbers of consecutive rows.

The rows stand in the order of the form, cut into blocks of one or more rows; each block comes out
row by row or column by column. A block ends where the text shows that one ends: see ``blocks``. Or
they come out row by row, but for the totals of some rows, which come last: see ``late_totals``.
"""

from collections.abc import Iterator, Sequence

from archive.report.tables.flattened.search import Edge, Lattice, Row, Steps, counts_of


def blocks(
    runs: Sequence[Sequence[str]], width: int, steps: Steps, heights: frozenset[int] | None = None
) -> Lattice:
    """Return every way to read runs of values as rows of ``width`` cells, one run below the other.

    No block crosses the end of a run; each run is a whole number of rows. ``heights`` are the
    heights that a block read column by column can have; None: any.
    """
    lattice: list[list[Edge]] = []
    for run in runs:
        base, size = len(lattice), len(run) // width
        lattice += [list(_edges(run, row, base, width, steps, heights)) for row in range(size)]
    return lattice


def _edges(
    run: Sequence[str],
    row: int,
    base: int,
    width: int,
    steps: Steps,
    heights: frozenset[int] | None,
) -> Iterator[Edge]:
    size = len(run) // width
    single = tuple(run[row * width : (row + 1) * width])
    steps.take()
    if counts_of(single) is not None:
        yield Edge(base + row + 1, (single,))
    for stop in range(row + 2, size + 1):
        height = stop - row
        if heights is not None and height not in heights:
            continue
        part = run[row * width : stop * width]
        rows: list[Row] = []
        for place in range(height):
            steps.take()
            line = tuple(part[place::height])
            if counts_of(line) is None:
                break
            rows.append(line)
        if len(rows) == height and (height == 1 or rows != _by_row(part, width)):
            yield Edge(base + stop, tuple(rows))


def _by_row(part: Sequence[str], width: int) -> list[Row]:
    return [tuple(part[n : n + width]) for n in range(0, len(part), width)]


def late_totals(values: Sequence[str], width: int, late: int, steps: Steps) -> Lattice:
    """Return every way to read values as rows, one below the other, ``late`` of which have their
    last cell at the end of all values, in their order. A lane counts the totals used."""
    body, totals = values[: len(values) - late], values[len(values) - late :]
    lanes = late + 1
    lattice: list[list[Edge]] = []
    for place in range(len(values) // width):
        for used in range(lanes):
            start = place * width - used
            here = [Edge((place + 1) * lanes + used, (tuple(body[start : start + width]),))]
            if used < late:
                row = (*body[start : start + width - 1], totals[used])
                here.append(Edge((place + 1) * lanes + used + 1, (row,)))
            steps.take(2)
            fits = start >= 0 and start + width - 1 <= len(body)
            lattice.append([edge for edge in here if fits and _is_row(edge.rows[0], width)])
    return lattice


def _is_row(row: Row, width: int) -> bool:
    return len(row) == width and counts_of(row) is not None
