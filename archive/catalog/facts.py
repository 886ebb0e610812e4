"""Rows of what a person edits: divisions (行政区划) and portals. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from archive.catalog.ids import division_level

# Levels of the code that stand for no place of their own: their members belong to the province
# or prefecture itself (统计用区划代码 fills the four digits with these words).
_NO_PLACE = frozenset(
    {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "市辖县", "省直辖县级行政单位"}
)
_OPEN = 9999
"""A year after every end."""


def division_rows(rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return rows of ``divisions``, one per code, with parent, province and path.

    ``rows`` are those of config/divisions.csv and config/divisions_history.csv (code, name, and
    start, end, successors where known); a code that had several names stands under its last.
    ``path`` joins the names from the province down with ``/``.
    """
    times: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        times.setdefault(row["code"], []).append(row)
    for named in times.values():
        named.sort(key=lambda row: int(row.get("end") or _OPEN))
    names = {code: named[-1]["name"] for code, named in times.items()}
    return [
        _division_row(code, _above(code, names), names) | _validity(code, named)
        for code, named in times.items()
    ]


def _validity(code: str, named: list[Mapping[str, str]]) -> dict[str, Any]:
    """Return the first and last year of a code, whatever its name, and the codes that took over."""
    first, last = named[0].get("start"), named[-1].get("end")
    heirs = [heir for heir in (named[-1].get("successors") or "").split(";") if heir != code]
    return {
        "start": int(first) if first else None,
        "end": int(last) if last else None,
        "successors": ";".join(heirs) or None,
    }


def _division_row(code: str, above: list[str], names: Mapping[str, str]) -> dict[str, Any]:
    path = [names[place] for place in (*reversed(above), code)]
    return {
        "code": code,
        "name": names[code],
        "level": division_level(code),
        "parent": above[0] if above else None,
        "province": names.get(f"{code[:2]}0000"),
        "path": "/".join(name for name in path if name not in _NO_PLACE),
    }


def portal_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of ``portals``; keys that the table has no column for are not kept.

    Raises ValueError, naming the row, where spider or url is missing.
    """
    made = []
    for row in rows:
        if not row.get("spider") or not row.get("url"):
            raise ValueError(f"a portal needs spider and url: {dict(row)!r}")
        made.append({"kind": "portal"} | dict(row))
    return made


def _above(code: str, names: Mapping[str, str]) -> list[str]:
    """Return the codes of the divisions that hold this one and are known, nearest first."""
    above = (code[:6], f"{code[:4]}00", f"{code[:2]}0000")
    return [place for place in dict.fromkeys(above) if place != code and place in names]
