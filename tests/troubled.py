"""Crawls on a machine that goes wrong: ``python troubled.py TROUBLE NUMBER SPIDER [ARGUMENT]``.

======================  ======================================================================
read-only NUMBER        from the NUMBERth write into a WARC file on, the disk takes nothing
clock NUMBER            the clock is set, by hours, each time that it was read NUMBER times
wrong-clock NUMBER      the clock is so many hours ahead, from the beginning
======================  ======================================================================
"""

import errno
import io
import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

WRITING = "wax+"


class ReadOnly:
    """From then on the disk takes nothing any more."""

    def __init__(self, number: int) -> None:
        self.left = number
        for name in ("ftruncate", "fsync"):
            setattr(os, name, self.refusing(getattr(os, name), self.has_handle_of_file))
        for name in ("rename", "replace", "unlink", "truncate"):
            setattr(os, name, self.refusing(getattr(os, name), lambda *_: True))
        os.write = self.counted(os.write)
        os.open = self.refusing(os.open, lambda _, flags, *rest: flags & (os.O_WRONLY | os.O_RDWR))
        io.open = self.refusing(io.open, lambda _, mode="r", *rest: set(mode) & set(WRITING))
        self.guard_catalog()

    def has_handle_of_file(self, handle: int, *_: Any) -> bool:
        return stat.S_ISREG(os.fstat(handle).st_mode)

    def refusing(
        self, call: Callable[..., Any], is_write: Callable[..., Any]
    ) -> Callable[..., Any]:
        def called(*args: Any, **options: Any) -> Any:
            if self.left <= 0 and is_write(*args):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            return call(*args, **options)

        return called

    def counted(self, write: Callable[[int, bytes], int]) -> Callable[[int, bytes], int]:
        refusing = self.refusing(write, self.has_handle_of_file)

        def called(handle: int, data: bytes) -> int:
            self.left -= name_of(handle).endswith(".warc.gz.open")
            return int(refusing(handle, data))

        return called

    def guard_catalog(self) -> None:
        from archive.catalog import store

        batch = store.Catalog.batch

        @contextmanager
        def guarded(catalog: store.Catalog) -> Iterator[None]:
            if self.left <= 0:
                raise sqlite3.OperationalError("attempt to write a readonly database")
            with batch(catalog):
                yield

        store.Catalog.batch = guarded  # type: ignore[method-assign]


def name_of(handle: int) -> str:
    """Return the name of an open file (proc_pid_fd(5))."""
    return str(Path(f"/proc/self/fd/{handle}").readlink())


class SetClock:
    """A clock that is set now and then."""

    STEPS = (0, -5, 7, -50, 3, 0, -1)
    """Hours that it is ahead, by turns."""

    def __init__(self, number: int) -> None:
        self.number, self.read = number, 0
        pretend(self.ahead)

    def ahead(self) -> timedelta:
        self.read += 1
        return timedelta(hours=self.STEPS[self.read // self.number % len(self.STEPS)])


class WrongClock:
    """A clock that is wrong from the beginning."""

    def __init__(self, hours: int) -> None:
        pretend(lambda: timedelta(hours=hours))


def pretend(ahead: Callable[[], timedelta]) -> None:
    """Let every module of ours that asks for the time be told it ``ahead``."""
    from gkcrawl.crawl import clock, indexing, rendered, reports, room, sole  # noqa: F401

    class Pretended(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Pretended":
            return super().now(tz) + ahead()

    for name, module in list(sys.modules.items()):
        if name.startswith(("archive", "gkcrawl")) and hasattr(module, "datetime"):
            module.datetime = Pretended
    clock._read, clock._began = Pretended.now(UTC), clock._counted()


TROUBLES = {"read-only": ReadOnly, "clock": SetClock, "wrong-clock": WrongClock}


def main(trouble: str, number: str, *arguments: str) -> None:
    """Run the crawl with the trouble in it."""
    from scrapy.cmdline import execute

    TROUBLES[trouble](int(number))
    execute(["scrapy", "crawl", *arguments])


if __name__ == "__main__":
    main(*sys.argv[1:])
