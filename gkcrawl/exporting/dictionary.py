"""What the columns of the catalog mean, in Chinese and English, from where that is written.

English stands in ``docs/data-dictionary.md``, Chinese in ``config/datasette.yml``, the words of
the statutory tables in ``config/forms.yml``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from archive.catalog.database import Database
from archive.catalog.schema import TABLES, VIEWS, create_schema
from archive.config import config_path
from gkcrawl.web.formlabels import cell_name
from gkcrawl.web.language import english

Kind = Literal["string", "integer", "number", "date", "datetime"]

_ROOT = Path(__file__).resolve().parent.parent.parent
_PLACES = (_ROOT / "gkcrawl" / "config", _ROOT / "docs")
_PART = re.compile(r"^### (\w+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^\| (\w+) \| (.*?) \|$", re.MULTILINE)
_REFERENCE = re.compile(r"(?:of .*, )?as in (?P<table>\w+)(?:\.(?P<column>\w+))?(?P<more>(?:;.*)?)")
_SEE = re.compile(r" ?\(\[[^\]]*\]\([^)]*\)\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")

# References lead to references: of a view to reports, of those to agencies.
_MOST_STEPS = 4

# Views and tables whose cells are columns -> the statutory table that they are of.
WIDE: Mapping[str, str] = {
    "requests_wide": "requests",
    "active_disclosure_wide": "active_disclosure",
    "review_litigation_wide": "review_litigation",
}
_ROUTES = frozenset({"review", "litigation_direct", "litigation_after_review"})
_MONEY = "amount_10k_cny"
# What may be an amount of money, or a share.
_FRACTIONS = frozenset({"value", "left", "right", "issuer_confidence"})
_COUNTS = frozenset({"agencies", "reports", "has_report", "failed_checks", "outdated"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of what is exported."""

    name: str
    kind: Kind
    title: str
    """Chinese."""
    description: str
    """English, Markdown."""
    unit: str | None = None
    """万元 or 件; None: a number of its own kind, or no number."""


@dataclass(frozen=True, slots=True)
class Described:
    """A table or view in words."""

    title: str
    about: str
    """English, Markdown."""
    note: str
    """Chinese; empty: the title says it all."""
    chinese: Mapping[str, str]
    english: Mapping[str, str]


@lru_cache(maxsize=1)
def described() -> dict[str, Described]:
    """Return what is written of each table and view, by its name.

    Raises FileNotFoundError where the data dictionary is not installed.
    """
    place = next((p for p in _PLACES if (p / "data-dictionary.md").is_file()), _PLACES[0])
    text = (place / "data-dictionary.md").read_text("utf-8")
    labels = yaml.safe_load(config_path("datasette.yml").read_text("utf-8"))
    tables = labels["databases"]["catalog"]["tables"]
    found = {}
    for name, part in _PART.findall(text):
        own = tables.get(name, {})
        about, _, _ = part.partition("\n| ")
        lines = {column: _plain(said) for column, said in _LINE.findall(part) if column != "column"}
        plain = _plain(" ".join(about.split()))
        found[name] = Described(
            title=own.get("title", name),
            about=plain,
            note=own.get("description", ""),
            chinese=own.get("columns", {}),
            english=lines,
        )
    return found


@lru_cache(maxsize=64)
def columns(table: str) -> tuple[Column, ...]:
    """Return the columns of a table or view, in the catalog's order."""
    return tuple(column(table, name) for name in _schema()[table])


@lru_cache(maxsize=1)
def _schema() -> dict[str, list[str]]:
    db = Database(memory=True)
    try:
        create_schema(db)
        return {name: [column.name for column in db[name].columns] for name in (*TABLES, *VIEWS)}
    finally:
        db.close()


def column(table: str, name: str) -> Column:
    """Return what a column of a table or view is; one that nobody described speaks for itself."""
    row, parted, cell = name.partition("__")
    if parted:
        return _cell_column(_table_of(table, row, cell), row, cell)
    words = described().get(table)
    title = words.chinese.get(name, name) if words else name
    said = words.english.get(name, "") if words else ""
    unit = "件" if name == "value" and table in ("requests", "review_litigation") else None
    return Column(name, kind(table, name), title, _resolved(name, said), unit)


def kind(table: str, name: str) -> Kind:
    """Return what the values of a column are."""
    if "__" in name:
        return "number" if name.endswith(_MONEY) else "integer"
    if name in _FRACTIONS:
        return "number"
    if name == "published":
        return "date"
    if name == "at" or name.endswith("_at"):
        return "datetime"
    # Views take their columns from reports, as far as they are not their own.
    spec = TABLES.get(table, TABLES["reports"])
    return "integer" if spec.columns.get(name) is int or name in _COUNTS else "string"


def _table_of(table: str, row: str, cell: str) -> str:
    if table in WIDE:
        return WIDE[table]
    if row in _ROUTES:
        return "review_litigation"
    known = described()["requests"].english["applicant"]
    return "requests" if f"`{cell}`" in known else "active_disclosure"


def _cell_column(table: str, row: str, cell: str) -> Column:
    words = cell_name(table, row, cell)
    title = "：".join(words)
    number = {"active_disclosure": "II", "requests": "III", "review_litigation": "IV"}[table]
    path = ", ".join(english().get(word, word) for word in (*words[0].split(), words[1]))
    unit = "万元" if cell == _MONEY else None if table == "active_disclosure" else "件"
    said = f"Table {number}, `{row}` by `{cell}`: {path}"
    return Column(f"{row}__{cell}", kind(table, f"{row}__{cell}"), title, said, unit)


def _plain(text: str) -> str:
    """Return a text without links: what is only a reference to a page goes, words stay."""
    return _LINK.sub(r"\1", _SEE.sub("", text)).strip()


def _resolved(name: str, said: str) -> str:
    """Return ``said``; where it only refers to another column, what is said of that one."""
    for _ in range(_MOST_STEPS):
        found = _REFERENCE.fullmatch(said)
        words = described().get(found["table"]) if found else None
        if found is None or words is None:
            return said
        name = found["column"] or name
        said = words.english.get(name, "") + found["more"]
    return said
