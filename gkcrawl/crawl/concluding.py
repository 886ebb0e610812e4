"""The end of a run that visits portals: what is missing is asked for, what changed is confirmed."""

from collections.abc import Iterable, Iterator

from scrapy import Request

from archive.records import Notice
from gkcrawl.crawl import noticing
from gkcrawl.crawl.reports import ReportSpider
from gkcrawl.crawl.unlisted import neighbours, unlisted
from gkcrawl.crawl.visit import Visit


class PortalSpider(ReportSpider):
    """A spider that visits portals."""

    visits: dict[str, Visit]
    """By the keys of the portals."""

    def conclude(self, visit: Visit) -> Iterator[Request]:
        """Tell what the lists of a portal name no more, and yield the requests for it."""
        catalog = self.recorder.catalog
        self._tell(noticing.vanished(visit, catalog.columns(visit.portal.url), catalog.listed))
        if self.year is None:
            told = {one.url for one in self.recorder.notices if one.kind == "unlisted"}
            hints = {"portal": visit.code, "family": visit.portal.family or visit.recognised or ""}
            for entry in unlisted(catalog.db.conn, visit):
                request = self.document(entry, visit.code, hints, "")
                if (entry.url in told and not self.seen_lately(request)) or self.is_due(request):
                    yield request

    def last_requests(self) -> Iterator[Request]:
        """Yield requests for some other documents of each portal where one has changed, and once
        more those for what has."""
        for code in self.again.portals():
            for visit in (one for one in self.visits.values() if one.code == code):
                for entry in neighbours(self.recorder.catalog.db.conn, visit):
                    yield self.document(entry, code, {"portal": code}, "")
        yield from super().last_requests()

    def _tell(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            self.notice(notice.kind, notice.portal, notice.url, notice.message)
