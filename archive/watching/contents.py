"""Whether what a page says was changed: a change counts when a second fetch shows the same."""

from dataclasses import dataclass, replace

from archive.watching.material import Read, Try, read_of


@dataclass(frozen=True, slots=True)
class Change:
    """A page that came to say something else, and said it twice."""

    before: Try
    after: Try
    """The first to show it."""
    confirmed: Try
    in_cells: bool
    """Whether the cells differ, not only the text."""


@dataclass(slots=True)
class Contents:
    """What a page is known to say, and what was seen of it once.

    Cells and text are looked at each for itself: a page whose text has a counter in it never shows
    the same text twice, and yet its numbers are confirmed.
    """

    known: Try | None = None
    """The newest whose content counts; None: nothing was read yet."""
    known_twice: bool = False
    """Whether it was seen more than once."""
    pending: Try | None = None
    """One that says something else, and nothing yet has confirmed or denied it."""
    anew: bool = True
    """Whether a text that differs at a new address is put down to another layout there."""

    @property
    def doubtful(self) -> bool:
        """Return whether what was seen last waits for a second fetch."""
        return self.pending is not None

    def take(self, one: Try) -> Change | None:
        """Take in a try at which a report was read; return the change that it confirms."""
        known, pending = self.known, self.pending
        if known is None:
            self.known = one
            return None
        new = read_of(one)
        if _same(new, read_of(known)) or (self.anew and _is_moved(one, known)):
            # What stands at a new address is laid out anew; its numbers are the old ones or not.
            self.known, self.known_twice, self.pending = one, True, None
            return None
        if pending is None or not _confirms(one, pending, known):
            self.pending = pending if pending and _same(new, read_of(pending)) else one
            return None
        return self._changed(known, pending, one)

    def _changed(self, known: Try, first: Try, one: Try) -> Change | None:
        """Take what was shown twice for what the page says now."""
        old, new = read_of(known), read_of(first)
        # What was seen once, and less was read of it, was half a page and no version.
        was_half = not self.known_twice and old.tables < new.tables
        self.known, self.known_twice, self.pending = one, True, None
        return None if was_half else Change(known, first, one, in_cells=old.cells != new.cells)

    def repeat(self, one: Try) -> Change | None:
        """Take in an answer that says that nothing changed since the last one (304)."""
        return self.take(_with_read(one, self.pending)) if self.pending else None


def same_report(one: Read, other: Read) -> bool:
    """Return whether two addresses carry the same report: of the same organ and year, or of the
    same words."""
    return one.report_id == other.report_id or one.text == other.text


def _same(one: Read, other: Read) -> bool:
    return one.text == other.text and one.cells == other.cells


def _is_moved(one: Try, known: Try) -> bool:
    return one.url != known.url and read_of(one).cells == read_of(known).cells


def _confirms(one: Try, pending: Try, known: Try) -> bool:
    """Return whether a try shows what an earlier one did, in what had changed.

    Half a page may lie in a cache for minutes: where less was read than before, only another day
    confirms it.
    """
    new, first, old = read_of(one), read_of(pending), read_of(known)
    if one.id == pending.id or (first.tables < old.tables and one.day == pending.day):
        return False
    if first.cells != old.cells:
        return new.cells == first.cells
    return new.text == first.text and new.cells == first.cells


def _with_read(one: Try, like: Try) -> Try:
    return replace(one, read=like.read)
