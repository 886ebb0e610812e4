"""What a spider says of its run: statistics for the summary, notices for a person."""

from collections.abc import Iterable

from scrapy import Spider

from archive.records import Notice
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.monitoring.facts import Visited


class TellingSpider(Spider):
    """A spider that counts what it does, and tells what a person should know."""

    def count(self, name: str) -> None:
        """Add one to the statistic ``gk/<name>`` of the run."""
        self.crawler.stats.inc_value(f"gk/{name}")

    def count_request(self, portal: str) -> None:
        """Count a request that a portal cost; robots.txt is not in it."""
        if portal:
            self.count(f"portal/{portal}/requests")

    def notice(self, kind: str, portal: str, url: str, message: str) -> None:
        """Tell a person of something about a portal: in the log, in the end-of-run summary."""
        self.count(kind)
        self.logger.warning("%s %s: %s: %s", kind, portal, url, message)
        self.recorder.notices.append(Notice(kind, portal, url, message))

    def visited(self) -> Iterable[Visited]:
        """Return the portals that the run has visited; a spider of anything else visits none."""
        return ()

    @property
    def recorder(self) -> Recorder:
        """The run's archive."""
        recorder = self.crawler.get_extension(Recorder)
        if recorder is None:
            raise RuntimeError("the spider needs the Recorder: see EXTENSIONS in the settings")
        return recorder
