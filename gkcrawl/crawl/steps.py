"""One step of a visit: a lead with how it was come by. Pure."""

from dataclasses import dataclass, field, replace

from gkcrawl.crawl.places import Place
from gkcrawl.families.addresses import key
from gkcrawl.families.discovery import COLUMNS, RANKS, Lead
from gkcrawl.families.rows import Next
from gkcrawl.families.titles import is_group_column_name, is_organ_name


@dataclass(frozen=True, slots=True)
class Step:
    """A lead with how it was come by."""

    lead: Lead
    depth: int = 0
    """Clicks within its scope."""
    scope: str = ""
    """Key of the organ's page; empty: the portal itself."""
    around: str = ""
    """The scope in which the organ's lead stood."""
    level: int = 0
    """How many organs deep."""
    came: Place | None = field(default=None, compare=False, repr=False)
    """The page that led here; None: none did."""
    column: str = ""
    """Address of the column of which this is a part; its own if it is one; empty: neither."""
    way: str = "links"
    """How its column was found: yaml, links, sitemap, guess or search."""
    reader: str = ""
    """Family that reads the answer; empty: the portal's own."""
    ask: Next | None = None
    """The request, where it is more than the lead's address."""
    known: bool = False
    """The portals file names it, or an earlier crawl found it."""
    mixed: bool = False
    """It lists all that an organ publishes, so a title must say all by itself."""
    organ: "Step | None" = field(default=None, compare=False, repr=False)
    """The step to the organ around it."""

    @property
    def into(self) -> "Step | None":
        """The step into its scope: its own, where it leads to an organ; None: it is in none."""
        return self if self.lead.kind == "organ" else self.organ

    @property
    def trail(self) -> tuple[tuple[str, str], ...]:
        """Anchor and address of each page that led here, the first one first."""
        way = self.came.way() if self.came else ()
        return tuple((place.anchor, place.url) for place in way)[::-1]

    @property
    def place(self) -> Place:
        """The page to which it leads, as one that leads on."""
        return Place(self.lead.anchor, self.lead.url, self.came)

    @property
    def in_column(self) -> bool:
        """Whether the page lists annual reports, as far as its lead tells."""
        return self.lead.kind in COLUMNS

    @property
    def rank(self) -> tuple[int, int, int]:
        """The smaller, the sooner."""
        return RANKS[self.lead.kind] + 2 * max(0, self.lead.doubt - 1), self.lead.doubt, self.depth

    @property
    def name(self) -> str:
        """What is the same for all steps that ask for the same."""
        if self.ask is not None:
            return f"{key(self.ask.url)} {self.ask.body.decode('utf-8', 'replace')}".rstrip()
        lead = self.lead
        return key(f"{lead.url}#{lead.fragment}" if lead.fragment else lead.url)

    def as_column(self) -> "Step":
        """Return this step where its page has turned out to be a column."""
        lead = replace(self.lead, kind="column")
        return replace(self, lead=lead, column=self.lead.url, organ=self.into)

    def rest(self, ask: Next) -> "Step":
        """Return the step to the rest of a list, on whose first page some of all the papers are
        reports: to be taken where the organ has no column."""
        lead = replace(self.lead, kind="column", doubt=2)
        return replace(self, lead=lead, column=lead.url, ask=ask, mixed=True, organ=self.into)

    def follow(self, lead: Lead, here: Place | None = None) -> "Step":
        """Return the step to a lead that stands on this one's page; ``here``: its ``place``, one
        for all leads of the page."""
        scope, around, level, depth = self.scope, self.around, self.level, self.depth + 1
        organ = self.into
        of_others = is_organ_name(lead.anchor) or is_group_column_name(lead.anchor)
        if lead.kind == "organ" or (lead.kind == "column" and of_others):
            scope, around, level, depth = key(lead.url), self.scope, self.level + 1, 0
            organ = organ if lead.kind == "organ" else None
        column = ""
        if lead.kind in COLUMNS:
            is_part = lead.kind == "branch" and self.in_column
            column = self.column if is_part else lead.url
            # From column to column it goes on, too: some lead to further ones for ever.
            depth = depth if self.in_column else 0
        way = "links" if self.way in ("home", "again", "yaml") else self.way
        came = here or self.place
        return Step(lead, depth, scope, around, level, came, column, way, organ=organ)
