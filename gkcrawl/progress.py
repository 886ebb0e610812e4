"""A bar on stderr for long work, where somebody looks on: on a terminal, else nothing at all."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Advance = Callable[[int], object]
"""Is told of so much more that is done, in the unit of the whole."""


@contextmanager
def progress(
    label: str, total: int | None, *, size: bool = False, stream: TextIO | None = None
) -> Iterator[Advance]:
    """Show a bar of ``total`` while the block runs, and give what moves it.

    ``total`` None: how much there is, is not known; ``size``: it is bytes. The bar is gone at the
    end, so that stderr holds only what is said. ``stream``: where it is shown, stderr unless given.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield lambda _: None
        return
    # Here, not above: half of all commands show none.
    from rich.console import Console
    from rich.progress import DownloadColumn, MofNCompleteColumn, Progress

    counted = DownloadColumn(binary_units=True) if size else MofNCompleteColumn()
    columns = (*Progress.get_default_columns(), counted)
    bar = Progress(*columns, console=Console(file=stream), transient=True)
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)
