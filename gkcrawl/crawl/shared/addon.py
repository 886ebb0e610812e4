"""Puts the parts of a shared crawl in place where ``GKCRAWL_REDIS`` is set."""

from scrapy.settings import BaseSettings

from gkcrawl.crawl.shared import connection

_HERE = "gkcrawl.crawl.shared"


class Shared:
    """Scrapy add-on: nothing without ``GKCRAWL_REDIS``.

    Raises, before anything is made, ValueError where that is wrong and RedisError where nobody
    answers.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Replace scheduler, filter of duplicates and keeper of hosts by the shared ones."""
        url = settings["GKCRAWL_REDIS"]
        if not url:
            return
        connection.demand_usable(url)
        connection.demand_answer(url)
        parts = {
            "REDIS_URL": url,
            "REDIS_PARAMS": connection.PARAMETERS,
            "SCHEDULER": f"{_HERE}.scheduler.Scheduler",
            "DUPEFILTER_CLASS": f"{_HERE}.dupefilter.DupeFilter",
            "SCHEDULER_QUEUE_CLASS": f"{_HERE}.frontier.Frontier",
            "SCHEDULER_SERIALIZER": f"{_HERE}.serializer",
            # What other workers still have to do does not end with this one.
            "SCHEDULER_PERSIST": True,
            "HOST_KEEPER": f"{_HERE}.keeper.keeper",
            "SPIDER_MIDDLEWARES": {
                **settings.getdict("SPIDER_MIDDLEWARES"), f"{_HERE}.sharing.Sharing": 0
            },
        }  # fmt: skip
        for name, value in parts.items():
            # Above the project's settings, which an add-on's own priority is below.
            settings.set(name, value, priority="spider")
