"""From rows of the catalog to what the page of a report shows. Pure: no queries, no clock."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gkcrawl.web.checks import order
from gkcrawl.web.citations import bibtex, gbt7714, heading, ris
from gkcrawl.web.formlabels import cell_name, cell_words
from gkcrawl.web.judging import Shown, marks, shown, warning
from gkcrawl.web.labels import NO_TABLES_YET, SECTIONS, TABLE_STATUS, TRUST_NOTES
from gkcrawl.web.language import say
from gkcrawl.web.remarks import language_of
from gkcrawl.web.tables import KEYS, Address, Block, Values, anchor, blocks

Row = Mapping[str, Any]

# （一）, （二） … at the start of an item; not in references such as 第二十条第（一）项.
_ITEM = re.compile(r"(?<![第（、和至])(?=（[一二三四五六七八九十]{1,2}）(?![项款、至]))")
_OVERLONG = 400
"""Characters; paragraphs as offices write them are shorter."""
_READ = frozenset({"read", "recovered", "inconsistent"})
_SOURCES = ("identity", "finding", "evaluation")
# Divisions above one of GB/T 2260: the digits of its code that they share.
_ABOVE = ((2, "0000"), (4, "00"), (6, ""))


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six statutory sections with the table that stands in it."""

    key: str
    heading: str
    paragraphs: tuple[str, ...]
    blocks: tuple[Block, ...]
    table_status: str | None
    """Code of the table's status; None: the section has no table by the form."""
    note: str
    """What that status means, in a sentence; empty without a table."""
    quiet: bool = False
    """The status is as it should be: nobody needs to be warned."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A version in the list of versions."""

    n: int
    seen_at: str
    capture_id: str
    before: int | None
    """The number of the version before; None: it is the first."""
    numbers: bool
    """Whether its cells are others than before."""
    text: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A cell or a section that a check names."""

    words: str
    anchor: str | None
    """Where it stands on the page; None: it is not shown."""


def report_page(found: Row) -> dict[str, Any]:
    """Return all that the page of a report shows, from ``report_rows.report``."""
    checks = sorted(map(shown, found["judgements"]), key=lambda check: order(check.id))
    states = {row["name"]: row["status"] for row in found["tables_status"]}
    tables = {
        # Cells of a table that was not read are rows of blanks: its status says it better.
        name: {(row[a], row[b]): row for row in found[name]} if states.get(name) in _READ else {}
        for name, (a, b) in KEYS.items()
    }
    named, results = marks(checks)
    laid = {name: blocks(Values(name, cells, named, results)) for name, cells in tables.items()}
    parts = sections(found, laid)
    editions = _editions(found["versions"])
    warnings = [warning(row["message"]) for row in found["warnings"]]
    return {
        **found,
        "heading": heading(found),
        "link": _link(found["url"]),
        "places": _places(found),
        "trust_note": TRUST_NOTES.get(found["trust"] or ""),
        "sections": parts,
        "first_table": next((part.key for part in parts if part.blocks), None),
        "whole": () if found["sections"] else paragraphs(found["text"]),
        "checks": _grouped(checks),
        "named_by": {
            check.id: [*_cells(check, tables), *_sections(check, {part.key for part in parts})]
            for check in checks
            if check.group == "failed"
        },
        "warnings": [(said, language_of(said)) for said in warnings],
        "attachments": [(row["url"], _link(row["url"])) for row in found["attachments"]],
        "sources": [{**row, "link": _link(row["url"])} for row in found["sources"]],
        "editions": editions[::-1],
        "changed": _changed(editions, found["events"]),
        "removed": _of_kind(found["events"], "removed"),
        "moved": _of_kind(found["events"], "moved")[-1:],
        "version": found.get("version"),
        "citation": gbt7714(found),
        "bibtex": bibtex(found),
        "ris": ris(found),
    }


def cell_rows(found: Row) -> list[dict[str, Any]]:
    """Return every cell of a report's tables for CSV: where it stands, in ids and in the words of
    the form, its value and the text as found."""
    rows = []
    for table, (a, b) in KEYS.items():
        for row in found[table]:
            row_words, column_words = cell_name(table, row[a], row[b])
            where = {"table": table, "row": row[a], "column": row[b]}
            words = {"row_label": row_words, "column_label": column_words}
            rows.append(where | words | {"value": row["value"], "raw": row["raw"]})
    return rows


def sections(found: Row, tables: Mapping[str, tuple[Block, ...]]) -> list[Section]:
    """Return the sections that a report has text, a table or a table's status for, in the order of
    the form; sections that the form does not know stand last."""
    texts = {row["key"]: row["text"] for row in found["sections"]}
    statuses = {row["name"]: row for row in found["tables_status"]}
    made = []
    for key in (*SECTIONS, *(key for key in texts if key not in SECTIONS)):
        status = statuses.get(key)
        code = status["status"] if status else None
        no_tables_yet = found["form"] == "pre2019" and code == "absent"
        if key not in texts and not tables.get(key) and (code is None or no_tables_yet):
            continue
        note = say(NO_TABLES_YET if no_tables_yet else TABLE_STATUS.get(code or "", ""))
        if code == "ambiguous" and status and status["readings"]:
            note += say("（找到 {n} 种读法）", n=status["readings"])
        made.append(
            Section(
                key=key,
                heading=say(SECTIONS.get(key, key)),
                paragraphs=paragraphs(texts.get(key)),
                blocks=tables.get(key, ()),
                table_status=code,
                note=note,
                quiet=no_tables_yet or code == "read",
            )
        )
    return made


def paragraphs(text: str | None) -> tuple[str, ...]:
    """Return the paragraphs of a text; one that flattening made overlong falls into its items."""
    lines = [line for line in map(str.strip, (text or "").splitlines()) if line]
    parts = (_ITEM.split(line) if len(line) > _OVERLONG else [line] for line in lines)
    return tuple(part for line in parts for part in line if part)


def _grouped(checks: Sequence[Shown]) -> dict[str, Any]:
    """Return the checks by what came of them, and how many of each kind there are."""
    counts = {
        source: {
            group: sum(check.source == source and check.group == group for check in checks)
            for group in ("held", "failed", "open")
        }
        for source in _SOURCES
    }
    groups = {
        group: [check for check in checks if check.group == group]
        for group in ("failed", "open", "held")
    }
    # Identities are proved or not; the rest follows in the same list.
    groups["failed"].sort(key=lambda check: _SOURCES.index(check.source))
    told = {source: found for source, found in counts.items() if sum(found.values())}
    return {"all": checks, "counts": told, **groups}


def _cells(check: Shown, tables: Mapping[str, Mapping[tuple[str, str], Row]]) -> list[Place]:
    return [
        Place(_cell_words(address), anchor(address) if address[1:] in tables[table] else None)
        for address in check.cells
        if (table := address[0]) in tables
    ]


def _sections(check: Shown, there: Set[str]) -> list[Place]:
    return [
        Place(say(SECTIONS.get(key, key)), key if key in there else None) for key in check.sections
    ]


def _cell_words(address: Address) -> str:
    return " · ".join(filter(None, cell_words(*address)))


def _editions(versions: Sequence[Row]) -> list[Edition]:
    """Return the versions, oldest first, each with what changed since the one before."""
    pairs = list(pairwise([None, *versions]))
    return [
        Edition(
            n=row["n"],
            seen_at=row["seen_at"],
            capture_id=row["capture_id"],
            before=None if before is None else before["n"],
            numbers=before is not None and before["cells_digest"] != row["cells_digest"],
            text=before is not None and before["text_digest"] != row["text_digest"],
        )
        for before, row in pairs
        if row is not None
    ]


def _changed(editions: Sequence[Edition], events: Sequence[Row]) -> list[Edition]:
    """Return the versions whose numbers differ from the one before, and were seen twice."""
    confirmed = {row["capture_id"] for row in _of_kind(events, "numbers")}
    return [one for one in editions if one.numbers and one.capture_id in confirmed]


def _of_kind(events: Sequence[Row], kind: str) -> list[Row]:
    """Return the events of a kind that have not ended."""
    return [row for row in events if row["kind"] == kind and row["ended_at"] is None]


def _places(found: Row) -> list[tuple[str, str]]:
    """Return code and name of the report's division and those above it, the province first."""
    code, names = found["division_code"] or "", (found["place"] or "").split("/")
    codes = dict.fromkeys(code[:digits] + rest for digits, rest in _ABOVE)
    if not code or len(codes) < len(names):
        return [(code, names[-1])] if code and names[-1] else []
    # A county that stands right below its province has two names and three codes.
    return [*zip(codes, names[:-1], strict=False), (code, names[-1])]


def _link(url: str | None) -> str | None:
    """Return an address where it may be linked: only those of the web."""
    return url if (url or "").startswith(("http://", "https://")) else None
