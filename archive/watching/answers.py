"""What a try says of a page: it is shown, gone, leads away, refused, or nothing can be told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Literal

from archive.watching.material import LEADING, Try, is_root, leads_to

Answer = Literal[
    "shown", "other", "emptied", "gone", "away", "refused", "silent", "broken", "unclear"
]

# Outcome (docs/outcomes.md) -> what it says of the page. Of a report that is one no more, `other`
# may be a worse reading and proves nothing; `emptied` is another page in its place.
_ANSWERS: Mapping[str, Answer] = {
    "report": "shown",
    "navigation": "shown",
    "not_modified": "shown",
    **dict.fromkeys(("notice", "template", "other_report"), "other"),
    **dict.fromkeys(("attachment_only", "unsupported"), "other"),
    **dict.fromkeys(("listing", "unrelated"), "emptied"),
    **dict.fromkeys(("not_found", "soft_404", "empty"), "gone"),
    "redirect": "away",
    "blocked": "refused",
    **dict.fromkeys(("failed", "http_error"), "silent"),
    "truncated": "broken",
}
ANSWERED = frozenset({"shown", "other", "emptied", "gone", "away"})
"""Answers of a site that is up, whatever it says of the page."""
_OWN_DOING = frozenset({"ForbiddenAddressError", "CancelledError", "DownloadCancelledError"})
"""Failures that are no fault of the site."""
_HOPS = 6


def answer(one: Try) -> Answer:
    """Return what a try says of its page. A fault of our own reading says nothing; an answer that
    broke off says nothing of the page, and of the host that it is not well."""
    if one.outcome == "truncated" and one.message == "length":
        return "unclear"  # it was we who broke off
    if one.outcome == "failed" and (one.status is not None or one.message in _OWN_DOING):
        return "unclear"
    return _ANSWERS.get(one.outcome or "", "unclear")


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a redirect ends and what is there."""

    answer: Answer
    url: str
    last: Try | None
    """The try at that address; None: there was none."""


class Tries:
    """The tries at many pages, by page and run, oldest first."""

    def __init__(self, tries: Iterable[Try]) -> None:
        ordered = sorted(tries, key=lambda one: (one.url, one.at, one.id))
        self.by_url: dict[str, Sequence[Try]] = {
            url: _as_seen(list(group)) for url, group in groupby(ordered, key=attrgetter("url"))
        }
        self._classes = {url: _page_class(known) for url, known in self.by_url.items()}

    def page_class(self, url: str) -> str | None:
        """Return what a page was last fetched as; None: never, or it never answered."""
        return self._classes.get(url)

    def landing(self, start: Try) -> Landing:
        """Return where a redirect leads, as far as the same run went after it."""
        one, url, seen = start, start.url, set[str]()
        while answer(one) == "away" and len(seen) < _HOPS:
            seen.add(url)
            url = leads_to(one.url, one.message)
            if url in seen:
                return Landing("unclear", url, None)
            following = self._near(url, one)
            if following is None:
                return Landing(self._unfetched(url, start), url, None)
            one = following
        found = answer(one)
        if found == "shown" and self._leads_only(url, start):
            found = "gone"
        return Landing("unclear" if found == "away" else found, url, one)

    def _near(self, url: str, one: Try) -> Try | None:
        """Return the try at a page that belongs to a redirect: of its run, best right after it."""
        same_run = [other for other in self.by_url.get(url, ()) if other.run_id == one.run_id]
        after = [other for other in same_run if other.at >= one.at]
        return after[0] if after else same_run[-1] if same_run else None

    def _unfetched(self, url: str, start: Try) -> Answer:
        return "gone" if self._leads_only(url, start) else "unclear"

    def _leads_only(self, url: str, start: Try) -> bool:
        """Return whether a document's address now leads to a page that is none."""
        own = self.page_class(start.url)
        if own == "home":
            return False
        there = self.page_class(url)
        if own in LEADING:
            return is_root(url) or there == "home"
        return is_root(url) or there in LEADING


def _page_class(tries: Sequence[Try]) -> str | None:
    told = [one.page_class for one in tries if one.page_class is not None]
    return told[-1] if told else None


def _as_seen(tries: list[Try]) -> list[Try]:
    """Return the tries without the bare pages for whose sake a browser was used in the same run."""
    shown = {one.run_id for one in tries if one.rendered and one.read}
    return [one for one in tries if one.rendered or one.read or one.run_id not in shown]
