"""The form in which a table is described."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: column -> Python type, primary key, foreign keys, indexes.

    A column of type int also keeps a fraction as it is (SQLite's INTEGER affinity), so amounts of
    money stand beside counts.
    """

    columns: dict[str, type]
    pk: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...] = ()
    """(column, other table, other column)."""
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[str, ...] = ()
    """Columns that have a unique index of their own."""
    small_rows: bool = False
    """Stored in the primary key's own tree (WITHOUT ROWID): half the size for rows of a few
    short columns, and the cells of a report lie side by side."""


OF_REPORT = (("report_id", "reports", "id"),)
"""The foreign key of what belongs to a report."""
