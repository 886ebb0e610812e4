"""Documents that are asked for once more before a run ends, since their content has changed.

A change counts when a second request shows it too: half a page, an error page with status 200 or
an old copy in a cache is seen once and never again.
"""

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from gkcrawl.crawl.history import History
from gkcrawl.schedule import is_changed, load_rules


class Again:
    """The requests that are to be made a second time."""

    def __init__(self) -> None:
        self._waiting: dict[str, Request] = {}
        self._portals: dict[str, bool] = {}

    def note(self, response: Response, history: History) -> None:
        """Take in a document that has just been read, where it shows something else than before."""
        request = response.request
        if request is None or "archived" in response.flags:
            return  # nobody was asked
        past = history.past(request.url, request.meta["page_class"])
        if past.captures and is_changed(past, load_rules()):
            self._waiting[request.url] = request
            self._portals.setdefault(request.cb_kwargs.get("portal", ""), True)

    def portals(self) -> Iterator[str]:
        """Yield the code of each portal of which a document has changed, once in a run."""
        for code, is_new in self._portals.items():
            if is_new:
                self._portals[code] = False
                yield code

    def taken(self) -> Iterator[Request]:
        """Yield what waits; it waits no longer."""
        while self._waiting:
            _, request = self._waiting.popitem()
            yield request
