"""The portals that a spider visits, as a person wrote them down in ``config/portals/<spider>.yml``.

The loader is strict: what it does not understand it reports with file, portal, field and what was
expected, so that a slip of the pen never becomes a portal silently left out.
"""

import os
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from archive.config import config_path

FAMILIES: tuple[str, ...] = (
    "trs",
    "fjdzapp",
    "hanweb",
    "gkmlpt",
    "nfcms",
    "kaipuyun",
    "vsb",
    "lonsun",
    "querylist",
    "epoint",
    "easysite",
    "openness",
    "static",
)
"""Publishing systems that a portal may be said to run; ``static`` stands for all others."""


class PortalError(ValueError):
    """A portals file is not as it should be; the message has one line for each mistake."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One government website (政府门户网站) and what is known of it."""

    code: str
    """GB/T 2260, six digits."""
    name: str
    url: str
    family: str | None = None
    """One of FAMILIES; None: recognised at the first response."""
    columns: tuple[str, ...] = ()
    """Known 年报 columns; empty: they are discovered from the home page."""
    expect: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """``{"reports": {"min": 12}}``: fewer is a failed monitor."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """ISO date -> what was noticed that day."""
    render: bool = False
    """Navigation pages need a browser."""

    @property
    def key(self) -> str:
        """Code and URL, which together are unique in a file."""
        return f"{self.code} {self.url}"

    @property
    def least_reports(self) -> int:
        """How many reports the portal is expected to list at least; 0: nothing is expected."""
        return self.expect.get("reports", {}).get("min", 0)


@dataclass(frozen=True, slots=True)
class Site:
    """A document-sharing site (文库) where copies of reports are found."""

    name: str
    url: str
    search: str | None = None
    """URL with ``{q}`` and ``{page}``."""
    list: str | None = None
    """Listing of the category that fits."""


@dataclass(frozen=True, slots=True)
class PortalFile:
    """One file of portals, or of document sites."""

    path: Path
    province: str | None = None
    """GB/T 2260 code; None in a file of document sites."""
    name: str | None = None
    portals: tuple[Portal, ...] = ()
    sites: tuple[Site, ...] = ()


def load_portals(spider: str) -> PortalFile:
    """Return the portals of a spider; PortalError if the file is missing or wrong."""
    try:
        return read_portals(config_path(f"portals/{spider}.yml"))
    except FileNotFoundError as error:
        raise PortalError(str(error)) from error


def read_portals(path: Path) -> PortalFile:
    """Return what the YAML file ``path`` says; PortalError names everything that is wrong in it."""
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise PortalError(f"{path}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise PortalError(f"{path}{line}: not valid YAML: {problem}") from error
    if not isinstance(raw, dict) or ("portals" in raw) == ("sites" in raw):
        raise PortalError(f"{path}: expected a mapping with either 'portals' or 'sites'")
    problems: list[str] = []
    head = _record(_HEAD if "portals" in raw else _SITES_HEAD, raw, str(path), problems)
    portals = _records(_PORTAL, raw.get("portals"), f"{path}, portal", problems)
    sites = _records(_SITE, raw.get("sites"), f"{path}, site", problems)
    problems += _doubles(path, portals)
    if problems:
        raise PortalError("\n".join(problems))
    return PortalFile(
        path=path,
        province=head.get("province"),
        name=head.get("name"),
        portals=tuple(Portal(**values) for values in portals),
        sites=tuple(Site(**values) for values in sites),
    )


def all_portal_rows() -> list[dict[str, Any]]:
    """Return every portal of every file as a row for the catalog's table ``portals``.

    A file in the folder that ``GKCRAWL_CONFIG`` names stands in for the shipped one of that name.
    """
    rows: list[dict[str, Any]] = []
    for spider in spider_names():
        file = load_portals(spider)
        for portal in file.portals:
            rows.append(
                {
                    "spider": spider,
                    "province": file.province,
                    "code": portal.code,
                    "name": portal.name,
                    "url": portal.url,
                    "family": portal.family,
                    "least_reports": portal.least_reports,
                }
            )
    return rows


def spider_names() -> list[str]:
    """Return the names of all portals files (file name = spider name), sorted."""
    own = os.environ.get("GKCRAWL_CONFIG")
    folders = [Path(own) / "portals"] if own else []
    folders.append(config_path("portals"))
    return sorted({path.stem for folder in folders for path in folder.glob("*.yml")})


class _Loader(yaml.SafeLoader):
    """Refuses a key that is written twice: YAML would silently forget the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        for n, (key_node, _) in enumerate(node.value):
            if keys[n] in keys[:n]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {keys[n]!r} is written twice", key_node.start_mark
                )
        return super().construct_mapping(node, deep=deep)


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


def _search(value: Any) -> str:
    if not isinstance(value, str) or "{q}" not in value or "{page}" not in value:
        raise ValueError("a URL with {q} and {page}")
    _url(value)
    return value


def _family(value: Any) -> str:
    if value not in FAMILIES:
        raise ValueError(f"one of the known families: {', '.join(FAMILIES)}")
    return str(value)


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


Reader = Callable[[Any], Any]
# Field -> (how it is read, whether it must be there).
_HEAD: dict[str, tuple[Reader, bool]] = {
    "province": (_code, True),
    "name": (_text, True),
    "portals": (_list, True),
}
_SITES_HEAD: dict[str, tuple[Reader, bool]] = {"name": (_text, False), "sites": (_list, True)}
_PORTAL: dict[str, tuple[Reader, bool]] = {
    "code": (_code, True),
    "name": (_text, True),
    "url": (_url, True),
    "family": (_family, False),
    "columns": (_urls, False),
    "expect": (_expect, False),
    "notes": (_notes, False),
    "render": (_flag, False),
}
_SITE: dict[str, tuple[Reader, bool]] = {
    "name": (_text, True),
    "url": (_url, True),
    "search": (_search, False),
    "list": (_url, False),
}


def _records(
    fields: Mapping[str, tuple[Reader, bool]], raw: Any, where: str, problems: list[str]
) -> list[dict[str, Any]]:
    items: Sequence[Any] = raw if isinstance(raw, list) else ()
    return [_record(fields, item, f"{where} {n}", problems) for n, item in enumerate(items, 1)]


def _record(
    fields: Mapping[str, tuple[Reader, bool]], raw: Any, where: str, problems: list[str]
) -> dict[str, Any]:
    """Return the fields that could be read; what is wrong goes to ``problems``."""
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


def _doubles(path: Path, portals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    seen: dict[tuple[str, str], int] = {}
    for n, portal in enumerate(portals, 1):
        key = (portal.get("code", ""), portal.get("url", ""))
        if all(key) and seen.setdefault(key, n) != n:
            yield f"{path}, portal {n}: code {key[0]} with {key[1]} is already portal {seen[key]}"
