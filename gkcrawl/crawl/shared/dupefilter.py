"""No page is asked for twice in a run, whichever worker comes to it first.

A page belongs to the visit that asked for it first. If the worker of that visit dies, the visit is
made anew, and is then the one that asks for it: in scrapy-redis's own filter such a page would
count as seen, and be lost.
"""

from collections import defaultdict
from typing import Any, Self

from scrapy import Request
from scrapy.utils.request import fingerprint
from scrapy_redis.dupefilter import RFPDupeFilter

from gkcrawl.crawl.shared import scripts
from gkcrawl.crawl.shared.visits import visit_of


class DupeFilter(RFPDupeFilter):  # type: ignore[misc]
    """Scrapy's question whether a request was seen, put to this worker and then to all."""

    def __init__(self, server: Any, key: str, debug: bool = False) -> None:
        super().__init__(server, key, debug)
        self._seen: defaultdict[str, set[str]] = defaultdict(set)
        self._claim = server.register_script(scripts.CLAIM)

    @classmethod
    def from_spider(cls, spider: Any) -> Self:
        """Return the filter of the spider's run; needs its Scheduler."""
        scheduler = spider.crawler.engine.scheduler
        debug = spider.settings.getbool("DUPEFILTER_DEBUG")
        return cls(scheduler.server, f"{scheduler.queue_key}:asked", debug)

    def request_seen(self, request: Request) -> bool:
        """Tell whether this visit, or another one of any worker, has asked for the page."""
        visit, name = visit_of(request), fingerprint(request).hex()
        if name in self._seen[visit]:
            return True
        self._seen[visit].add(name)
        return self.owner(name, visit, claims=True) not in (None, visit)

    def owner(self, name: str, visit: str, *, claims: bool) -> str | None:
        """Return the visit whose page this is; ``claims``: this one, if it is nobody's.

        None: nobody's. Without Redis it is anybody's: a page too much does no harm, and none goes
        out before Redis is back.
        """
        from redis.exceptions import RedisError

        try:
            if claims:
                return str(self._claim(keys=[self.key], args=[name, visit]))
            found: str | None = self.server.hget(self.key, name)
        except RedisError:
            return None
        return found

    def forget(self, visit: str) -> None:
        """Let a visit, which is to be made anew, ask for its pages again."""
        self._seen.pop(visit, None)

    def clear(self) -> None:
        """Leave it to the other workers: Redis forgets it by itself."""


class Asked(set[str]):
    """Addresses that lead on and were given out, by this visit or by another one of any worker."""

    def __init__(self, filter_: DupeFilter, visit: str) -> None:
        super().__init__()
        self._filter = filter_
        self._visit = visit

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name):
            return True
        owner = self._filter.owner(str(name), self._visit, claims=False)
        return owner not in (None, self._visit)

    def add(self, name: str) -> None:
        """Note that this visit gives out an address."""
        super().add(name)
        self._filter.owner(name, self._visit, claims=True)
