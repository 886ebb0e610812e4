"""What a spider yields besides requests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """A captured document that may be an annual report; the pipeline turns it into one."""

    url: str
    capture_id: str
    portal: str
    """Code of the portal, or name of the document site, where it was found."""
    anchor: str
    """What the listing called it."""
