"""What the readers of the three tables hand back."""

from dataclasses import dataclass

from archive.records import Form, Table

Raw = dict[str, dict[str, str]]
"""Row id -> column id -> text as found."""
MONEY = "amount_10k_cny"
CHANGE = "items_change"


@dataclass(frozen=True, slots=True)
class Found:
    """One table as found: its cells, the texts, and what the labels say of the form."""

    table: Table
    raw: Raw
    form: Form | None = None
    readings: int = 1
    """How many different tables of this kind stand in the document; 0: no row could be placed."""
    unplaced: frozenset[str] = frozenset()
    """Rows that were found, but whose texts could not be placed in the columns."""
