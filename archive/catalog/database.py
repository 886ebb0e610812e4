"""The ``Database`` of sqlite-utils, without what comes along where pandas is installed, and its
transactions.

sqlite-utils imports pandas and numpy if it can, for the sake of a few column types: 65 MB and half
a second in every process that opens a catalog, those that read documents included.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Let importing these fail as if they were not installed, unless they are imported already."""
    absent = [module for module in modules if module not in sys.modules]
    for module in absent:
        # What the import system takes for "not there" (importlib, sys.modules).
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for module in absent:
            del sys.modules[module]


with _without("pandas", "numpy"):
    from sqlite_utils import Database

__all__ = ["Database", "transaction"]


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Make all writes within one transaction, or none of them."""
    # Immediate, so that a second writer waits at the door instead of failing half way.
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
