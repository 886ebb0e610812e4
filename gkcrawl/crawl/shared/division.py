"""The visits of a province's spider, to be begun one by one by whoever takes them."""

from scrapy import Request, signals

from gkcrawl.crawl.shared.dupefilter import Asked, DupeFilter
from gkcrawl.crawl.shared.visits import VISIT
from gkcrawl.crawl.spider import ProvinceSpider
from gkcrawl.crawl.visit import Visit


class Division:
    """Holds a spider to the visits that it is told to make; ``names`` are those of its portals.

    Made before the spider starts, which then knows of no visit but those that were begun here.
    """

    def __init__(self, spider: ProvinceSpider, seen: DupeFilter) -> None:
        self._spider = spider
        self._seen = seen
        self._all = dict(spider.visits)
        self._concluded: set[str] = set()
        spider.visits.clear()
        spider.crawler.signals.disconnect(spider.go_on_with_all, signals.spider_idle)

    @property
    def names(self) -> dict[str, str]:
        """The visits, with the address of each."""
        return {name: visit.portal.url for name, visit in self._all.items()}

    def is_known(self, name: str) -> bool:
        """Tell whether this archive has an earlier visit."""
        return self._spider.recorder.catalog.last_home(self._all[name].portal.url) is not None

    def begin(self, name: str) -> list[Request]:
        """Return the first requests of a visit, whatever was made of it before."""
        planned = self._all[name]
        visit = self._spider.visits[name] = Visit(planned.portal, others=planned.others)
        visit.frontier.asked = Asked(self._seen, name)
        self._concluded.discard(name)
        return _marked(name, list(self._spider.begin(visit)))

    def go_on(self, name: str) -> list[Request]:
        """Return what is left to ask for on a visit of which nothing is on its way; none: it is
        over."""
        visit = self._spider.visits[name]
        requests = list(self._spider.go_on(visit))
        if not requests and name not in self._concluded:
            self._concluded.add(name)
            requests = list(self._spider.conclude(visit))
        return _marked(name, requests or list(self._spider.last_requests()))


def _marked(name: str, requests: list[Request]) -> list[Request]:
    for request in requests:
        request.meta.setdefault(VISIT, name)
    return requests
