"""Room on the disk: a crawl ends in time, not in the middle of a write.

It is begun only with twice the room at which it ends, so that whoever starts it again and again
does not make it flutter.
"""

import asyncio
import logging
import os
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.records import Capture
from gkcrawl.crawl.recorder import UNWRITABLE, Recorder

logger = logging.getLogger(__name__)

TO_BEGIN = 2
"""Times the least room there must be to begin."""
USUAL = 2**29
"""Bytes that stay free where nothing else is said …"""
SHARE = 20
"""… but no more than this part of the disk."""
_MIB = 2**20


class NoRoomError(OSError):
    """The disk of the archive has too little room to begin a crawl."""


class Room:
    """Scrapy extension: looks after each capture whether the disk still has room.

    ``GKCRAWL_MIN_FREE`` is in bytes, 0 for no such limit; where it is not set, 512 MiB, or a part
    of a small disk. Raises NoRoomError where there is too little to begin. Stands before the
    Recorder, so that nothing is made then.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.home = Path(crawler.settings["GKCRAWL_HOME"])
        self.least = _least(str(crawler.settings["GKCRAWL_MIN_FREE"]), self.home)
        self._closing: asyncio.Future[Any] | None = None
        if not self.least:
            raise NotConfigured
        self.to_begin = TO_BEGIN * self.least
        """Bytes that must be free for a crawl to begin."""
        free, needed = free_bytes(self.home), self.to_begin
        if free < needed:
            raise NoRoomError(
                f"{free // _MIB} MiB are free at {self.home.absolute()}, a crawl is begun with "
                f"{needed // _MIB} MiB or more: make room, or set GKCRAWL_MIN_FREE (bytes, now "
                f"{self.least}) to less"
            )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        room = cls(crawler)
        crawler.signals.connect(room.listen, signals.spider_opened)
        return room

    def listen(self) -> None:
        """Ask the Recorder to tell of each capture."""
        recorder = self.crawler.get_extension(Recorder)
        if recorder is not None:
            recorder.listeners.append(self.look)

    def look(self, capture: Capture) -> None:
        """End the crawl if the room has become too little; what is under way is still kept."""
        free = free_bytes(self.home)
        if free >= self.least or self._closing is not None:
            return
        logger.critical(
            "%d MiB are free at %s, fewer than GKCRAWL_MIN_FREE asks for (%d MiB): the crawl ends; "
            "make room, then start it again and it goes on",
            free // _MIB,
            self.home.absolute(),
            self.least // _MIB,
        )
        self.crawler.stats.inc_value("gk/ended_for_want_of_room")
        close = self.crawler.engine.close_spider_async(reason=UNWRITABLE)
        self._closing = asyncio.ensure_future(close)


def _least(setting: str, home: Path) -> int:
    if not setting:
        disk = _disk(home)
        return min(USUAL, disk.f_blocks * disk.f_frsize // SHARE)
    if not (setting.isascii() and setting.isdigit()):
        raise ValueError(f"GKCRAWL_MIN_FREE={setting}: expected a number of bytes")
    return int(setting)


def free_bytes(folder: Path) -> int:
    """Return how many bytes of ours the disk takes on which ``folder`` lies, or will lie."""
    disk = _disk(folder)
    return disk.f_bavail * disk.f_frsize


def _disk(folder: Path) -> os.statvfs_result:
    place = folder.absolute()
    return os.statvfs(next(one for one in (place, *place.parents) if one.exists()))
