"""Everything else: lists that stand in the page, paged by a link that says 下一页.

This is what most systems give to a visitor without script, and what the base class reads.
"""

from gkcrawl.families.base import Family


class Static(Family):
    """Repeated rows with a date and a link."""

    name = "static"
