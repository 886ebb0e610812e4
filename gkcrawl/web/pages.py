"""From rows of the catalog to what a template shows. Pure: no queries, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gkcrawl.web.checks import marks, order, shown
from gkcrawl.web.labels import SECTIONS, TABLE_STATUS
from gkcrawl.web.tables import KEYS, Block, Values, blocks

Row = Mapping[str, Any]

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


def report_page(found: Row) -> dict[str, Any]:
    """Return all that the page of a report shows, from ``queries.report``."""
    suspects, results = marks(found["checks"])
    tables = {
        name: blocks(
            Values(name, {(row[a], row[b]): row for row in found[name]}, suspects, results)
        )
        for name, (a, b) in KEYS.items()
    }
    sections = _sections(found, tables)
    checks = sorted(map(shown, found["checks"]), key=lambda check: order(check.id))
    return {
        **found,
        "heading": found["title"] or _heading(found),
        "link": found["url"] if (found["url"] or "").startswith(("http://", "https://")) else None,
        "sections": sections,
        "first_table": next((section.key for section in sections if section.blocks), None),
        "whole": () if found["sections"] else _paragraphs(found["text"]),
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


def _sections(found: Row, tables: Mapping[str, tuple[Block, ...]]) -> list[Section]:
    texts = {row["key"]: row["text"] for row in found["sections"]}
    statuses = {row["name"]: row for row in found["tables_status"]}
    sections = []
    for key in (*SECTIONS, *(key for key in texts if key not in SECTIONS)):
        status = statuses.get(key)
        if key not in texts and status is None and not tables.get(key):
            continue
        code = status["status"] if status else None
        note = TABLE_STATUS.get(code or "", "")
        if code == "ambiguous" and status and status["readings"]:
            note += f"（找到 {status['readings']} 种读法）"
        sections.append(
            Section(
                key=key,
                heading=SECTIONS.get(key, key),
                paragraphs=_paragraphs(texts.get(key)),
                # Cells of a table that was not read are rows of blanks: the status says it better.
                blocks=tables.get(key, ()) if code is None or code in _READ else (),
                table_status=code,
                note=note,
            )
        )
    return sections


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(line for line in map(str.strip, (text or "").splitlines()) if line)


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
