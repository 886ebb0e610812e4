"""Tables of the form filled so that its sums hold."""

from archive.records import Form, Table
from archive.report.tables.forms import forms

KNOWN = forms()
COLUMNS = KNOWN.applicant_ids


def requests_table(details: list[list[int]], carried: list[int], form: Form) -> Table:
    """Return a Table III whose sums hold: outcomes as given, the rest computed."""
    rows = KNOWN.request_rows_of(form)
    handled = [sum(column) for column in zip(*details, strict=True)]
    lines = [handled, carried, *details, handled, carried]
    # What came in and was carried over in is what was handled and is carried over out.
    filled = [[*line, sum(line)] for line in lines]
    return {
        row: dict(zip(COLUMNS, line, strict=True)) for row, line in zip(rows, filled, strict=True)
    }
