"""Nights of crawling under a false clock, each in processes of its own that begin warm.

``python -m bench.scale.year_nights LOG``, started by ``faketime`` with FAKETIME_NO_CACHE=1, reads a
moment a line (``2026-02-01 14:30:00``), forks, sets the clock of what it forked to it, and runs the
command ``gkcrawl crawl --due`` there; so does the spider that it starts. All is as it is when each
is started anew, but that Python and the modules are loaded already: of six seconds of work a night
that is five, and a year has 365.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from archive.records import Capture, Reading
from archive.report.identity.gazetteer import gazetteer

SPIDER = "yunnan"
SETTINGS = (
    "-sDOWNLOAD_DELAY=0.001",
    "-sAUTOTHROTTLE_ENABLED=False",
    "-sDOWNLOAD_TIMEOUT=20",
    "-sLOG_LEVEL=WARNING",
)
# Modules that begin something when they are loaded, which belongs to one process.
_OF_A_PROCESS = ("twisted.internet.reactor", "__main__", "__mp_main__")


def main() -> None:
    """Run a night for each line, and say with which exit status it ended."""
    path = Path(sys.argv[1])
    known = path.with_suffix(".modules")
    with path.open("a", buffering=1) as log:
        for line in sys.stdin:
            _load(known)
            log.write(f"== {line}")
            status = _forked(partial(_night, line.strip(), log.fileno(), known))
            sys.stdout.write(f"{status}\n")
            sys.stdout.flush()


def _load(known: Path) -> None:
    """Load what the nights before have needed."""
    names = known.read_text().split() if known.exists() else ["scrapy.cmdline", "gkcrawl.cli"]
    for name in names:
        if name not in sys.modules and not name.startswith(_OF_A_PROCESS):
            with suppress(ImportError):
                import_module(name)
    gazetteer()
    if "twisted.internet.reactor" in sys.modules:
        raise RuntimeError("a reactor cannot be shared by processes")


def _night(at: str, log: int, known: Path) -> None:
    os.environ["FAKETIME"] = f"@{at}"
    os.dup2(log, 1)
    os.dup2(log, 2)
    from gkcrawl.cli import main as gkcrawl
    from gkcrawl.crawl import runner

    vars(runner)["run_all"] = partial(_run_all, known)
    gkcrawl(["crawl", "--due", SPIDER, *SETTINGS])


def _run_all(
    known: Path,
    commands: Mapping[str, Sequence[str]],
    environment: Mapping[str, str],
    at_once: int = 1,
) -> dict[str, int]:
    """Do as ``gkcrawl.crawl.children.run_all`` does, one command at a time."""
    return {
        name: _forked(partial(_scrapy, command, environment, known))
        for name, command in commands.items()
    }


def _scrapy(command: Sequence[str], environment: Mapping[str, str], known: Path) -> None:
    from scrapy.cmdline import execute

    from archive import worker
    from gkcrawl.crawl import clock

    os.environ.update(environment)
    # Nothing here is hostile: what is fetched is read where it was fetched, and in no thread, since
    # Python's threads wait for each other by a clock, and under faketime never stop asking it.
    asyncio.to_thread = _here  # type: ignore[assignment]
    worker.DocumentReader.read = _read  # type: ignore[assignment]
    # Its module reads the clock once, when it is loaded.
    clock._read, clock._began = datetime.now(UTC), clock._counted()
    try:
        execute(list(command[2:]))
    finally:
        known.write_text("\n".join(sys.modules))


def _read(reader: Any, capture: Capture) -> Reading:
    from archive.reading import read_at
    from archive.warc import locate

    return read_at(locate(reader._directory, capture.warc), capture.offset)


async def _here(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def _forked(work: Callable[[], None]) -> int:
    """Return the exit status of what is done in a process of its own."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        work()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
