"""A portals file written on: entries added and columns noted, comments and order kept. Pure text.

YAML libraries that keep comments rewrite the rest in their own style; a file that people edit is
better touched only where it changes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from gkcrawl.portals.records import Portal

_KEY = re.compile(r"^\s*(?:-\s+)?columns\s*:")
_EMPTY = re.compile(r"^portals:\s*\[\s*\]\s*$", re.M)
# Columns stand behind the first of these that an entry has.
_BEFORE_COLUMNS = ("family", "url", "name", "code")


def with_portal(text: str, portal: Portal) -> str:
    """Return a portals file with one more entry, before the first one of a higher code.

    A comment above that one, such as the name of its prefecture, stays with it. Raises ValueError
    where the file has the portal already.
    """
    lines = _EMPTY.sub("portals:", text).rstrip("\n").split("\n")
    items = list(_items(lines))
    if any(_is(fields, portal.code, portal.url) for fields, _, _ in items):
        raise ValueError(f"{portal.code} {portal.url} is in the file already")
    at = next((n for fields, n, _ in items if fields.get("code", "") > portal.code), len(lines))
    while at and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    indent = _indent(lines[items[0][1]]) if items else 2
    return "\n".join([*lines[:at], *_block(_fields(portal), indent), *lines[at:]]) + "\n"


def with_columns(text: str, code: str, url: str, columns: Sequence[str]) -> str:
    """Return a portals file in which the entry of that code and URL has these columns; none of
    them: no field ``columns``. Raises ValueError where the file has no such entry."""
    lines = text.rstrip("\n").split("\n")
    for fields, start, end in _items(lines):
        if _is(fields, code, url):
            entry = _with_columns(lines[start:end], fields, columns)
            return "\n".join([*lines[:start], *entry, *lines[end:]]) + "\n"
    raise ValueError(f"{code} {url} is not in the file")


def new_file(head: str, province: str, name: str) -> str:
    """Return a portals file without portals; ``head`` is its comment, without the marks."""
    comment = "\n".join(f"# {line}" for line in head.splitlines())
    return f'{comment}\nprovince: "{province}"\nname: {_scalar(name)}\nportals: []\n'


def _items(lines: Sequence[str]) -> Iterator[tuple[Mapping[str, Any], int, int]]:
    """Yield fields, first line and the line behind the last of each entry."""
    listed = next((n for n, line in enumerate(lines) if line.startswith("portals:")), len(lines))
    marks = [n for n in range(listed, len(lines)) if lines[n].lstrip().startswith("- ")]
    starts = [n for n in marks if _indent(lines[n]) == _indent(lines[marks[0]])]
    for start, following in zip(starts, [*starts[1:], len(lines)], strict=False):
        inner = (n for n in range(start + 1, following) if _is_inner(lines[n], lines[start]))
        end = max(inner, default=start) + 1
        (fields,) = yaml.safe_load("\n".join(lines[start:end]))
        yield fields, start, end


def _is_inner(line: str, first: str) -> bool:
    """Tell whether a line belongs to the entry that begins with ``first``."""
    return bool(line.strip()) and _indent(line) > _indent(first)


def _is(fields: Mapping[str, Any], code: str, url: str) -> bool:
    return (fields.get("code"), fields.get("url")) == (code, url)


def _with_columns(
    entry: Sequence[str], fields: Mapping[str, Any], columns: Sequence[str]
) -> list[str]:
    indent = _indent(entry[0])
    if entry[0].lstrip("- ").startswith("{"):
        # What stands in braces is written out, field by field.
        return list(_block({**fields, "columns": list(columns)}, indent))
    kept = list(_without_columns(entry))
    if not columns:
        return kept
    at = 1 + max(n for n, line in enumerate(kept) if _holds(line, _BEFORE_COLUMNS))
    return [*kept[:at], *_listed("columns", columns, indent + 2), *kept[at:]]


def _without_columns(entry: Sequence[str]) -> Iterator[str]:
    inside = False
    for line in entry:
        if inside and not (line.lstrip().startswith(("- ", "#")) or not line.strip()):
            inside = False
        if _KEY.match(line):
            inside = True
        elif not inside:
            yield line


def _holds(line: str, names: Iterable[str]) -> bool:
    return line.lstrip("- ").partition(":")[0] in names


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fields(portal: Portal) -> dict[str, Any]:
    """Return what an entry says: the fields that have a value, in their order."""
    names = ("code", "name", "url", "family", "columns", "expect", "render", "notes")
    return {name: value for name in names if (value := getattr(portal, name))}


def _block(fields: Mapping[str, Any], indent: int) -> Iterator[str]:
    """Yield the lines of an entry."""
    mark = "- "
    for name, value in fields.items():
        lines = list(_field(name, value, indent + 2))
        yield " " * indent + mark + lines[0].lstrip()
        yield from lines[1:]
        mark = "  "


def _field(name: str, value: Any, indent: int) -> Iterator[str]:
    margin = " " * indent
    if name == "code":
        yield f'{margin}code: "{value}"'
    elif name == "notes":
        yield f"{margin}notes:"
        for day, note in value.items():
            yield f"{margin}  {day}: {_scalar(note)}"
    elif isinstance(value, Mapping):
        yield f"{margin}{name}: {_flow(value)}"
    elif isinstance(value, list | tuple):
        yield from _listed(name, value, indent)
    else:
        yield f"{margin}{name}: {_scalar(value)}"


def _listed(name: str, values: Iterable[str], indent: int) -> Iterator[str]:
    margin = " " * indent
    yield f"{margin}{name}:"
    for value in values:
        yield f"{margin}  - {_scalar(value)}"


def _flow(value: Any) -> str:
    if not isinstance(value, Mapping):
        return _scalar(value)
    return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"


def _scalar(value: Any) -> str:
    """Return a value as YAML writes it on one line, in quotes where it needs them."""
    text = yaml.safe_dump(value, allow_unicode=True, width=10_000)
    return str(text).removesuffix("...\n").strip()
