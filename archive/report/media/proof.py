"""Figures that were recognised in pictures: kept only where the sums of the form prove them.

A figure in a text layer is what the office wrote, even where its sums fail; one recognised in a
picture may be the recogniser's own. Tables III and IV are full of sums and prove themselves; Table
II has none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from archive.records import Check, Tables, TableStatus

RECOGNISED = "ocr:"
"""How a note begins that tells of pictures read by character recognition."""


def is_recognised(notes: Iterable[str]) -> bool:
    """Whether these notes (see ``notes_of``) say that figures may come from a picture."""
    return any(note.startswith(RECOGNISED) for note in notes)


def proved(tables: Tables, checks: Sequence[Check]) -> Tables:
    """Return the tables without those whose figures the checks do not prove, now ``ambiguous``.

    A table is proved where each of its identities was assessed and holds: then every figure stands
    in two sums (Table III) or in one (Table IV). ``checks`` are those of ``tables``; they have to
    be made again for what comes back.
    """
    unproved = [
        name
        for name in ("active_disclosure", "requests", "review_litigation")
        if getattr(tables, name) is not None and not _holds(name, checks)
    ]
    ambiguous: dict[str, TableStatus] = dict.fromkeys(unproved, "ambiguous")
    gone: dict[str, Any] = dict.fromkeys(unproved)
    return replace(
        tables,
        **gone,
        raw={name: rows for name, rows in tables.raw.items() if name not in unproved},
        status={**tables.status, **ambiguous},
    )


def _holds(name: str, checks: Sequence[Check]) -> bool:
    if name == "active_disclosure":
        return False
    own = [check for check in checks if _table_of(check) == name]
    return bool(own) and all(check.status == "hold" for check in own)


def _table_of(check: Check) -> str:
    return "review_litigation" if check.id.startswith("cases.") else "requests"
