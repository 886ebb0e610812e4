"""The keeper of hosts that all workers share, as the setting ``HOST_KEEPER`` names it."""

from scrapy.crawler import Crawler

from gkcrawl.crawl.keeping import Keeper
from gkcrawl.crawl.shared.sharing import Sharing


def keeper(crawler: Crawler) -> Keeper:
    """Return the keeper of a worker."""
    sharing = crawler.get_spider_middleware(Sharing)
    assert sharing is not None, "the add-on puts it in place"
    return sharing.hosts
