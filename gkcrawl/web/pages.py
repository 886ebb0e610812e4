"""From rows of the catalog to what a template shows. Pure: no queries, no clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gkcrawl.web.checks import marks, order, shown
from gkcrawl.web.labels import NO_TABLES_YET, SECTIONS, TABLE_STATUS, TRUST_NOTES
from gkcrawl.web.tables import KEYS, Block, Values, blocks

Row = Mapping[str, Any]

# （一）, （二） … at the start of an item; not in references such as 第二十条第（一）项.
_ITEM = re.compile(r"(?<![第（、和至])(?=（[一二三四五六七八九十]{1,2}）(?![项款、至]))")
_OVERLONG = 400
"""Characters; paragraphs as offices write them are shorter."""
_READ = frozenset({"read", "recovered", "inconsistent"})


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


def report_page(found: Row) -> dict[str, Any]:
    """Return all that the page of a report shows, from ``queries.report``."""
    suspects, results = marks(found["checks"])
    tables = {
        name: blocks(
            Values(name, {(row[a], row[b]): row for row in found[name]}, suspects, results)
        )
        for name, (a, b) in KEYS.items()
    }
    parts = sections(found, tables)
    checks = sorted(map(shown, found["checks"]), key=lambda check: order(check.id))
    return {
        **found,
        "heading": found["title"] or _heading(found),
        "link": found["url"] if (found["url"] or "").startswith(("http://", "https://")) else None,
        "trust_note": TRUST_NOTES.get(found["trust"] or ""),
        "sections": parts,
        "first_table": next((part.key for part in parts if part.blocks), None),
        "whole": () if found["sections"] else paragraphs(found["text"]),
        "checks": {
            "all": checks,
            "failed": [check for check in checks if check.status == "fail"],
            "open": [check for check in checks if check.status not in ("fail", "hold")],
            "held": [check for check in checks if check.status == "hold"],
        },
        "warnings": [row["message"] for row in found["warnings"]],
        "attachments": [row["url"] for row in found["attachments"]],
        "citation": citation(found),
    }


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
        note = NO_TABLES_YET if no_tables_yet else TABLE_STATUS.get(code or "", "")
        if code == "ambiguous" and status and status["readings"]:
            note += f"（找到 {status['readings']} 种读法）"
        made.append(
            Section(
                key=key,
                heading=SECTIONS.get(key, key),
                paragraphs=paragraphs(texts.get(key)),
                # Cells of a table that was not read are rows of blanks: the status says it better.
                blocks=tables.get(key, ()) if code is None or code in _READ else (),
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


def _heading(found: Row) -> str:
    year = f"{found['year']}年" if found["year"] else ""
    return f"{found['issuer'] or '发布机关不详'}{year}政府信息公开工作年度报告（原文无标题）"


def citation(found: Row) -> str:
    """Return a reference to the report after GB/T 7714-2015 (electronic resource, ``[R/OL]``)."""
    issuer = found["issuer"] or "发布机关不详"
    published = f"（{found['published']}）" if found["published"] else ""
    seen = (found["captured_at"] or "")[:10]
    parts = [f"{issuer}. {found['title'] or _heading(found)}[R/OL]."]
    if published or seen:
        parts.append(f"{published}{f'[{seen}]' if seen else ''}.")
    if found["url"]:
        parts.append(f"{found['url']}.")
    capture = found["capture"]
    if capture and capture["payload_digest"]:
        parts.append(f"存档摘要 {capture['payload_digest']}.")
    return " ".join(parts)
