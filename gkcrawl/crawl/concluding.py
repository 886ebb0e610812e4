"""What comes of the documents of portals: columns without reports are left, and at the end of a run
what is missing is asked for, and what changed is confirmed.
"""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urldefrag

from scrapy import Request

from archive.records import Notice
from gkcrawl.crawl import noticing
from gkcrawl.crawl.reports import ReportSpider
from gkcrawl.crawl.unlisted import neighbours, unlisted
from gkcrawl.crawl.visit import Visit
from gkcrawl.families.addresses import key


class PortalSpider(ReportSpider):
    """A spider that visits portals."""

    visits: dict[str, Visit]
    """By the keys of the portals."""

    def judge(self, outcome: str, portal: str, hints: Mapping[str, str]) -> None:
        """Leave a column, with all that it leads to, whose documents turn out to be no reports."""
        url = urldefrag(hints.get("column_url", "")).url
        for visit in (one for one in self.visits.values() if one.code == portal):
            column = visit.columns.get(key(url))
            if column is not None and column.judge(outcome):
                visit.frontier.give_up(url)
                self.count("columns_futile")
                self.logger.warning("%s: what it names is no reports, so it is left", url)

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
