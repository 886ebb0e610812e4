"""The ``Database`` of sqlite-utils, without what comes along where pandas is installed.

sqlite-utils imports pandas if it can, for the sake of one column type: 65 MB and a third of a
second in every process that opens a catalog, those that read documents included.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Let importing ``module`` fail as if it were not installed, unless it is imported already."""
    absent = module not in sys.modules
    if absent:
        # What the import system takes for "not there" (importlib, sys.modules).
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]


with _without("pandas"):
    from sqlite_utils import Database

__all__ = ["Database"]
