"""The connection to Redis, and what happens while there is none.

Commands run in a thread, so that a slow Redis does not hold up what is being received. Nothing in
here, nor in any message, tells the address with its password.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

PARAMETERS: dict[str, Any] = {
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "decode_responses": True,
    # The client's own retries would hide how long there was no answer.
    "retry": None,
}
SCHEMES = ("redis", "rediss", "unix")
_PAUSE = 0.5
"""Seconds between two tries."""


class RedisError(OSError):
    """Redis cannot be used; the message says why, and names it without its password."""


class RedisLostError(RedisError):
    """Redis has not answered for so long that the crawl cannot go on, or has forgotten it."""


def place(url: str) -> str:
    """Return the address of Redis as it may be told: without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def demand_usable(url: str) -> None:
    """Raise ValueError where there is no library for GKCRAWL_REDIS, or its form is wrong."""
    try:
        import scrapy_redis  # noqa: F401
    except ImportError as error:
        raise ValueError("GKCRAWL_REDIS needs scrapy-redis: install gkcrawl[redis]") from error
    if urlsplit(url).scheme not in SCHEMES:
        raise ValueError("GKCRAWL_REDIS must be redis://[user:password@]host:port/number")


def demand_answer(url: str) -> None:
    """Raise RedisError where GKCRAWL_REDIS does not answer, or does not let us in."""
    import redis

    try:
        with redis.Redis.from_url(url, **PARAMETERS) as client:
            client.ping()
    except redis.RedisError as error:
        raise RedisError(f"{place(url)} cannot be used: {error}") from error


class Link:
    """Calls of Redis that wait, up to ``patience`` seconds, while it does not answer."""

    def __init__(self, where: str, patience: float) -> None:
        self.where = where
        self.patience = patience
        self.lost: RedisLostError | None = None
        """Why nothing more can be asked; None: all is well."""
        self._since: float | None = None

    @property
    def is_up(self) -> bool:
        """Whether the last call was answered."""
        return self.lost is None and self._since is None

    async def call(self, ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what ``ask`` does; raises RedisLostError when that is not to be had."""
        from redis.exceptions import ConnectionError, RedisError, TimeoutError

        while self.lost is None:
            try:
                answer = await asyncio.to_thread(ask, *args, **kwargs)
            except (ConnectionError, TimeoutError) as error:
                self._wait(error)
                await asyncio.sleep(_PAUSE)
            except RedisError as error:
                self.give_up(f"{self.where} refuses: {error}")
            else:
                if self._since is not None:
                    logger.warning("%s answers again: the crawl goes on", self.where)
                    self._since = None
                return answer
        raise self.lost

    def give_up(self, reason: str) -> None:
        """Ask nothing any more; whoever asks is told ``reason``."""
        if self.lost is None:
            self.lost = RedisLostError(reason)

    def _wait(self, error: Exception) -> None:
        now = time.monotonic()
        if self._since is None:
            self._since = now
            logger.warning(
                "%s does not answer (%s): no page is asked for; waiting for %.0f s",
                self.where,
                error,
                self.patience,
            )
        elif now - self._since > self.patience:
            self.give_up(f"{self.where} has not answered for {now - self._since:.0f} s")
