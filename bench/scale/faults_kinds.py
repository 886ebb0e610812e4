"""What befalls hosts and the machine in the day of faults, and by which words each is named.

A word is where the archive says it: ``failure DownloadTimeoutError``, ``outcome blocked``, ``notice
column_gone``, ``monitor unfinished``, ``run shutdown`` (why a run ended), ``verify digest``. What
keeps a crawl from beginning can leave no row behind; then the command says it, and ends with 1:
``said already runs``.
"""

import random
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bench.scale.faults_land import COLUMN, NOWHERE, Land
from bench.scale.faults_machine import Machine, Ran
from bench.scale.faults_web import NOT_FOUND, Portal, Reply, page

_REFUSED = page(b"<html><script>$_ts=1</script></html>", status="412 Precondition Failed")
_DOWN = page(b"<h1>502</h1>", status="502 Bad Gateway")
_NO_TLS = Reply((b"\x15\x03\x01\0\2\2\x28",), "close")
"""A TLS alert where HTTP was expected."""


@dataclass(frozen=True, slots=True)
class HostFault:
    """What one host does for an hour."""

    words: frozenset[str]
    begin: Callable[[Portal], None]
    end: Callable[[Portal], None]


def _answers(reply: Reply, *words: str) -> HostFault:
    def begin(portal: Portal) -> None:
        portal.everywhere = reply

    def end(portal: Portal) -> None:
        portal.everywhere = None

    return HostFault(frozenset(words), begin, end)


def _without(path: str, reply: Reply, *words: str) -> HostFault:
    kept: dict[str, Reply] = {}

    def begin(portal: Portal) -> None:
        kept[portal.code] = portal.pages[path]
        portal.pages[path] = reply

    def end(portal: Portal) -> None:
        portal.pages[path] = kept[portal.code]

    return HostFault(frozenset(words), begin, end)


HOST_FAULTS: Mapping[str, HostFault] = {
    "outage": HostFault(
        frozenset({"failure DownloadConnectionRefusedError"}), Portal.fall_silent, Portal.listen
    ),
    "no answer": _answers(
        Reply((b"",), "hang"), "failure DownloadTimeoutError", "failure DownloadFailedError"
    ),
    "refused by a firewall": _answers(_REFUSED, "outcome blocked"),
    "server down": _answers(_DOWN, "outcome http_error"),
    "TLS where none was": _answers(_NO_TLS, "failure DownloadFailedError"),
    "robots.txt fails": _without("/robots.txt", _DOWN, "outcome http_error"),
    "column gone": _without(COLUMN, NOT_FOUND, "notice column_gone", "monitor column_gone"),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the crawl to which the machine did something."""

    ran: Ran
    words: frozenset[str]
    happened: bool = True
    """Whether it came to the fault at all; a crawl may have ended before."""


@dataclass
class Hour:
    """What a machine's fault needs."""

    machine: Machine
    land: Land
    rng: random.Random
    crawl: tuple[str, ...]
    """Options of this hour's crawl."""


def _killed(hour: Hour) -> Done:
    return _stopped(hour, signal.SIGKILL, "monitor unfinished")


def _terminated(hour: Hour) -> Done:
    return _stopped(hour, signal.SIGTERM, "run shutdown")


def _stopped(hour: Hour, number: int, word: str) -> Done:
    process = hour.machine.start(*hour.crawl)
    happened = hour.machine.await_bytes(process, hour.rng.randint(4_000, 25_000))
    ran = hour.machine.signal(process, number) if happened else hour.machine.finish(process)
    return Done(ran, frozenset({word}), happened)


def _torn(hour: Hour) -> Done:
    """Kill, and leave the beginning of a record behind, as when the power fails in a write.

    What is behind it was waited for (fsync): a disk that loses that has rotted.
    """
    done = _killed(hour)
    growing = hour.machine.growing()
    for path in growing:
        with path.open("r+b") as file:
            beginning = file.read(hour.rng.randint(20, 300))
            file.seek(0, 2)
            file.write(beginning)
    return replace(done, words=frozenset({"monitor torn_files"}), happened=bool(growing))


def _twice(hour: Hour) -> Done:
    process = hour.machine.start(*hour.crawl)
    happened = hour.machine.await_bytes(process, 1)
    if not happened:
        return Done(hour.machine.finish(process), frozenset(), happened=False)
    second = hour.machine.finish(hour.machine.start_beside())
    hour.machine.finish(process)
    return Done(second, frozenset({"said already runs"}), happened)


def _disk_full(hour: Hour) -> Done:
    ran = hour.machine.crawl(*hour.crawl, limit=30_000)
    # Where the disk does not even take the run's end, the next run says so; where it does not take
    # its beginning, the command.
    words = {"monitor unwritable", "run archive_unwritable", "monitor unfinished"}
    words.add("said is the disk full")
    return Done(ran, frozenset(words), ran.status == 1)


def _little_room(hour: Hour) -> Done:
    ran = hour.machine.crawl(*hour.crawl, settings={"GKCRAWL_MIN_FREE": str(10**15)})
    return Done(ran, frozenset({"said a crawl is begun with"}))


def _clock_back(hour: Hour) -> Done:
    with _set_clock(hour.machine, -timedelta(hours=hour.rng.randint(2, 9))):
        ran = hour.machine.crawl(*hour.crawl)
    return Done(ran, frozenset({"monitor clock_behind"}))


def _locked(hour: Hour) -> Done:
    with hour.machine.locked_catalog():
        ran = hour.machine.crawl(*hour.crawl)
    return Done(ran, frozenset({"said locked", "monitor unwritable"}))


def _catalog_lost(hour: Hour) -> Done:
    for path in hour.machine.home.glob("catalog.db*"):
        path.unlink()
    ran = hour.machine.crawl(*hour.crawl)
    # What the monitor tells its keeper to do.
    hour.machine.command("index")
    return Done(ran, frozenset({"monitor catalog_behind"}))


def _catalog_damaged(hour: Hour) -> Done:
    path = hour.machine.home / "catalog.db"
    content = bytearray(path.read_bytes())
    content[:200] = bytes(200)
    path.write_bytes(content)
    for beside in hour.machine.home.glob("catalog.db-*"):
        beside.unlink()
    ran = hour.machine.crawl(*hour.crawl)
    path.unlink()
    hour.machine.command("index", "--rebuild")
    return Done(ran, frozenset({"said is no SQLite database", "said damaged"}))


def _no_address(hour: Hour) -> Done:
    hour.land.write_config(NOWHERE)
    ran = hour.machine.crawl(*hour.crawl)
    hour.land.write_config()
    return Done(ran, frozenset({"failure CannotResolveHostError"}))


@contextmanager
def _set_clock(machine: Machine, by: timedelta) -> Iterator[None]:
    machine.now += by
    yield
    machine.now -= by


MACHINE_FAULTS: Mapping[str, Callable[[Hour], Done]] = {
    "SIGKILL": _killed,
    "torn tail": _torn,
    "SIGTERM": _terminated,
    "started twice": _twice,
    "disk full": _disk_full,
    "too little room": _little_room,
    "clock set back": _clock_back,
    "catalog locked": _locked,
    "catalog lost": _catalog_lost,
    "catalog damaged": _catalog_damaged,
    "DNS failure": _no_address,
}


def rot(path: Path, rng: random.Random, copies: Path) -> Path:
    """Turn one bit of a file and return its path; a good copy goes to ``copies``."""
    shutil.copy2(path, copies / path.name)
    content = bytearray(path.read_bytes())
    place = rng.randrange(len(content))
    content[place] ^= 1 << rng.randrange(8)
    path.write_bytes(content)
    return path
