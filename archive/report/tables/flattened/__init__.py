"""Tables whose grid is lost: labels and numbers in running text, as PDF extractors leave them.

**What is searched.** A layer of text keeps the values of a table, but not where they stood. Every
way in which such a layer can have come out of a table is a hypothesis:

- the rows in the order of the form, cut into blocks of any height, each block emitted row by row or
  column by column, with its labels before, after, between or among the values; or row by row with
  the totals of some rows at the very end;
- values that only count pages: those with a mark are left out, or kept as cells; of the others any
  that can be the numbers of following pages;
- numbers glued to one another or cut by a blank, and blank cells that left an empty line or no
  trace, in rows that their labels hold.

**What excludes one.** The sums of the form (勾稽关系): first each row's own total, then what the
outcomes and the requests of each column must add up to. Words exclude one only where they are
certain: a label that is followed by the values of one row, for all rows.

**What is accepted.** A table is given only where exactly one is left of *all* hypotheses of the
strongest kind that leaves any (``hypotheses``). Two tables that differ in a blank and a 0 are two.
Else the table is ambiguous, with the number of tables met: 0 where none satisfies the sums, at most
``search.MOST``. Where labels hold every row, the values stand even if the office's sums fail.
Nothing is shifted, padded or filled.

**What it may cost.** ``search.STEPS`` rows looked at for one table, about a second; a search that
has not ended by then makes the table ambiguous. Steps, not time, so that the answer is always the
same. An ordinary layer, each label before its row, takes no search.
"""

from archive.report.tables.flattened.active import read_active
from archive.report.tables.flattened.captions import form_of_headers
from archive.report.tables.flattened.evidence import Order
from archive.report.tables.flattened.marks import bare_pages, prepared
from archive.report.tables.flattened.requests import read_requests
from archive.report.tables.flattened.review import read_review
from archive.report.tables.forms import Forms
from archive.report.tables.readers import Found

_FEW_LINES = 9
__all__ = ["form_of_headers", "recover"]


def recover(text: str, known: Forms) -> dict[str, Found]:
    """Return what flattened ``text`` says of each table, by name; a name is left out where the
    text has no numbers of that table.

    ``Found.readings`` is 1 where the table is certain, else the number of tables that satisfy
    the sums (0: none does, or the values do not fit the cells).
    """
    bare = prepared(text)
    requests, keeps_order = read_requests(bare, known)
    order = Order(requests, keeps_order, bare_pages(bare), has_lines=bare.count("\n") > _FEW_LINES)
    found = {
        "active_disclosure": read_active(bare, known, order),
        "requests": requests,
        "review_litigation": read_review(bare, known, order),
    }
    return {name: table for name, table in found.items() if table is not None}
