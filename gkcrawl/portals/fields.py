"""The fields of a portals file: how each is read, and which must be there.

A reader takes what YAML made of a field and returns its value, or raises ValueError with what was
expected ("a list of URLs"); where it stood and what stood there is added by `read_record`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from gkcrawl.portals.records import FAMILIES, OTHER_NAMES

Fields = Mapping[str, tuple[Callable[[Any], Any], bool]]
"""Field -> (how it is read, whether it must be there)."""


def read_records(fields: Fields, raw: Any, where: str, problems: list[str]) -> list[dict[str, Any]]:
    """Return each record of a list, counted from 1 behind ``where``; empty where there is no list
    (that its field is missing or wrong is told by the record that holds it)."""
    items: Sequence[Any] = raw if isinstance(raw, list) else ()
    return [read_record(fields, item, f"{where} {n}", problems) for n, item in enumerate(items, 1)]


def read_record(fields: Fields, raw: Any, where: str, problems: list[str]) -> dict[str, Any]:
    """Return the fields that could be read; what is wrong is appended to ``problems``."""
    if not isinstance(raw, dict):
        problems.append(f"{where}: expected a mapping with {', '.join(fields)}, found {raw!r}")
        return {}
    for name in raw:
        if name not in fields:
            problems.append(f"{where}: field {name!r} is unknown (known: {', '.join(fields)})")
    values: dict[str, Any] = {}
    for name, (read, needed) in fields.items():
        if name not in raw:
            if needed:
                problems.append(f"{where}: field {name!r} is missing")
            continue
        try:
            values[name] = read(raw[name])
        except ValueError as error:
            problems.append(f"{where}: field {name!r} is {raw[name]!r}, expected {error}")
    return values


def mapping(value: Any) -> Any:
    """Return a mapping as it is."""
    if not isinstance(value, dict):
        raise ValueError("a mapping")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text")
    return value.strip()


def _code(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[1-9]\d{5}", value):
        raise ValueError('a code of six digits in quotes, such as "530800" (GB/T 2260)')
    return value


def _url(value: Any) -> str:
    expected = "an absolute http or https URL"
    if not isinstance(value, str) or re.search(r"\s", value):
        raise ValueError(expected)
    try:
        parts = urlsplit(value)
        fine = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError as error:
        raise ValueError(f"{expected} ({error})") from error
    if not fine:
        raise ValueError(expected)
    return value


def _template(*slots: str) -> Callable[[Any], str]:
    """Return the reader of a URL in which each of ``slots`` stands."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or any(slot not in value for slot in slots):
            raise ValueError(f"a URL with {' and '.join(slots)}")
        return _url(value)

    return read


def _family(value: Any) -> str:
    name = OTHER_NAMES.get(value, value) if isinstance(value, str) else value
    if name not in FAMILIES:
        raise ValueError(f"one of the known families: {', '.join(FAMILIES)}")
    return str(name)


def _urls(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("a list of URLs")
    return tuple(_url(item) for item in value)


def _expect(value: Any) -> Mapping[str, Mapping[str, int]]:
    least = value.get("reports") if isinstance(value, dict) and set(value) == {"reports"} else None
    if not isinstance(least, dict) or set(least) != {"min"}:
        raise ValueError("{reports: {min: N}}")
    number = least["min"]
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError("{reports: {min: N}} with a whole number N")
    return {"reports": {"min": number}}


def _notes(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise ValueError('dated notes, such as {2026-11-21: "…"}')
    return {_day(day): _text(note) for day, note in value.items()}


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise ValueError(f"a date such as 2026-11-21 before each note, not {value!r}") from error


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list")
    return value


HEAD: Fields = {
    "province": (_code, True),
    "name": (_text, True),
    "portals": (_list, True),
}
SITES_HEAD: Fields = {"name": (_text, False), "sites": (_list, True)}
APIS_HEAD: Fields = {"name": (_text, False), "apis": (_list, True)}
PORTAL: Fields = {
    "code": (_code, True),
    "name": (_text, True),
    "url": (_url, True),
    "family": (_family, False),
    "columns": (_urls, False),
    "expect": (_expect, False),
    "notes": (_notes, False),
    "render": (_flag, False),
}
SITE: Fields = {
    "name": (_text, True),
    "url": (_url, True),
    "search": (_template("{q}", "{page}"), False),
    "list": (_url, False),
}
API: Fields = {
    "name": (_text, True),
    "cdx": (_template("{url}"), True),
    "replay": (_template("{timestamp}", "{url}"), False),
    "data": (_template("{filename}"), False),
}
