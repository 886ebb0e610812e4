"""How far the list of a column is read, and when it is read to its end. Pure."""

from dataclasses import dataclass, field

from gkcrawl.families import Listing, Next

LONGEST_COLUMN = 200
"""Pages of one column: annual reports are few, so more means a pager that runs in a circle."""
DRY_PAGES = 3
"""Pages of a column in a row without a report, after which it is left."""
DRY_PAGES_MIXED = 10
"""The same for lists that hold all that an organ publishes, a report in a year of it."""

MOST_FUTILE = 60
"""Documents of a column in a row that are no reports, whatever their titles say, after which it is
left."""
FUTILE = frozenset({"unrelated", "other_report", "listing", "notice", "template"})
"""What they were read as. What cannot be read may be a report."""


@dataclass(slots=True)
class Column:
    """The pages of one list as they come."""

    rows: set[str] = field(default_factory=set)
    pages: int = 0
    wanted: int = 0
    """Rows that may be reports."""
    parts: int = 0
    """Links to parts of it."""
    dry: int = 0
    """Pages in a row without a report."""
    open: int = 0
    """Requests for its pages that are not answered yet."""
    broken: bool = False
    """Some page of it could not be had."""
    told: bool = False
    """A person was told that it was found."""
    futile: int = 0
    """Documents in a row that were no reports."""
    ended: bool = True
    """Its last page was reached."""

    @property
    def too_long(self) -> bool:
        """Whether it has had more pages than annual reports can fill."""
        return self.pages >= LONGEST_COLUMN

    def judge(self, outcome: str) -> bool:
        """Note what one of its documents was read as; return whether it is left from now on."""
        self.futile = self.futile + 1 if outcome in FUTILE else 0
        return self.futile == MOST_FUTILE

    def more(self, listing: Listing, wanted: int) -> tuple[Next, ...]:
        """Take in a page; return the requests for the next ones. There are none when this one has
        brought nothing new (but then what to ask otherwise), or no report for some pages."""
        fresh = {entry.url for entry in listing.entries} - self.rows
        # A first page may be a frame whose rows all come by request.
        is_first = not self.pages
        self.pages += 1
        self.rows |= fresh
        self.wanted += wanted
        self.dry = 0 if wanted else self.dry + 1
        more = listing.next if fresh or is_first else listing.otherwise
        is_dry = self.dry >= (DRY_PAGES_MIXED if listing.mixed else DRY_PAGES)
        if is_dry or self.too_long or self.futile >= MOST_FUTILE:
            self.ended = not more
            return ()
        return more
