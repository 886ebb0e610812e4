"""``gkcrawl export site``: a copy of the catalog that may be published and does not change."""

import importlib.util
import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from archive.catalog.opening import open_database
from archive.config import config_path
from gkcrawl.exporting import offers
from gkcrawl.exporting.export import Asked, Progress, export
from gkcrawl.exporting.package import SOFTWARE
from gkcrawl.exporting.places import Folder
from gkcrawl.web.serve import SETTINGS, split

MARK = "inspect.json"
"""A folder with this file in it is a site."""
# User and password before the host of an address, as messages of failures may have them.
_SECRET = re.compile(r"(?<=://)[^/\s@?#\"']+@")
# Texts that come from the machine that crawled, not from what it fetched.
_TOLD: tuple[tuple[str, str], ...] = (
    ("runs", "settings"),
    ("runs", "contact"),
    ("runs", "user_agent"),
    ("runs", "reason"),
    ("runs", "counts"),
    ("failures", "message"),
    ("captures", "message"),
    ("notices", "message"),
)
_SECRET_SETTING = re.compile(r"(?i)proxy|password|passwd|secret|token|cookie|auth|redis|credential")
_HARMLESS = frozenset({"used", "not used", "True", "False", ""})


def write_site(catalog: Path, out: Path, progress: Progress | None = None) -> None:
    """Write the site to the folder ``out``, which takes an older site's place.

    Raises Occupied where something else stands there, and what ``open_database`` raises.
    """
    with Folder(out, MARK) as target:
        folder = target.partial
        copy = folder / "catalog.db"
        copied(catalog, copy)
        for asked in _downloads():
            path = offers.default_path(folder, asked)
            offers.offer(asked, export(copy, asked, path, progress))
        _configure(folder)
        _inspect(copy, folder / MARK)
        _sums(folder)


def copied(catalog: Path, copy: Path) -> None:
    """Write the catalog as one compact file, without what is only its maker's business."""
    with closing(open_database(catalog, readonly=True).conn) as connection:
        connection.execute("vacuum into ?", (str(copy),))
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.create_function("without_secrets", 1, without_secrets, deterministic=True)
        connection.create_function("told_settings", 1, told_settings, deterministic=True)
        # What is overwritten would stay in the file.
        connection.execute("pragma secure_delete = on")
        connection.execute("begin")
        for table, column in _TOLD:
            connection.execute(
                f"update {table} set {column} = without_secrets({column})"
                f" where {column} like '%://%@%'"
            )
        connection.execute("update runs set settings = told_settings(settings)")
        connection.execute("commit")


def without_secrets(text: str | None) -> str | None:
    """Return a text with user and password cut out of the addresses in it."""
    return None if text is None else _SECRET.sub("", text)


def told_settings(text: str | None) -> str | None:
    """Return a run's settings (JSON) without the values of those that may be secret."""
    if not text:
        return text
    found = json.loads(text)
    if not isinstance(found, dict):
        return text
    kept = {
        name: "withheld" if _SECRET_SETTING.search(name) and str(value) not in _HARMLESS else value
        for name, value in found.items()
    }
    return text if kept == found else json.dumps(kept, ensure_ascii=False)


def _downloads() -> tuple[Asked, ...]:
    kinds: tuple[Asked, ...] = (Asked("csv"), Asked("csv", excel=True), Asked("jsonl"))
    # Without the library the site is whole but for this download.
    return kinds if importlib.util.find_spec("pyarrow") is None else (*kinds, Asked("parquet"))


def _configure(folder: Path) -> None:
    """Write the configuration of both lines of Datasette, a script that starts it, a README."""
    told: dict[str, Any] = yaml.safe_load(config_path("datasette.yml").read_text("utf-8"))
    told["plugins"] = {"gkcrawl": {"home": "."}}
    texts, config = split(told)
    settings = {name: value for name, value in SETTINGS.items() if name != "default_cache_ttl"}
    files = {
        "metadata.yaml": told,
        "datasette.yaml": config | {"settings": settings},
        "texts.yaml": texts,
    }
    for name, value in files.items():
        text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(text, "utf-8")
    options = " \\\n  ".join(f"--setting {name} {_said(value)}" for name, value in settings.items())
    script = folder / "serve.sh"
    script.write_text(_SCRIPT.format(options=options), "utf-8")
    script.chmod(0o755)
    (folder / "README.md").write_text(_README.format(software=SOFTWARE), "utf-8")


def _said(value: object) -> str:
    return (
        {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def _inspect(copy: Path, out: Path) -> None:
    """Write what ``datasette inspect`` would: counting a large table takes long at every start."""
    with closing(sqlite3.connect(copy)) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "select name from sqlite_master where type = 'table' order by name"
            )
        ]
        counts = {
            name: {"count": connection.execute(f'select count(*) from "{name}"').fetchone()[0]}
            for name in names
        }
    told = {
        "hash": offers.sha256(copy),
        "size": copy.stat().st_size,
        "file": copy.name,
        "tables": counts,
    }
    out.write_text(json.dumps({copy.stem: told}, indent=1) + "\n", "utf-8")


def _sums(folder: Path) -> None:
    lines = []
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = Path(root, name)
            lines.append(f"{offers.sha256(path)}  {path.relative_to(folder).as_posix()}\n")
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


_SCRIPT = """#!/bin/sh
# Needs: pip install gkcrawl. Options go on to Datasette: ./serve.sh --host 0.0.0.0 --port 80
cd "$(dirname "$0")" || exit 1
exec datasette serve --immutable catalog.db --inspect-file inspect.json \\
  --metadata metadata.yaml \\
  {options} "$@"
"""
_README = """# 政府信息公开年报库

An unchanging copy of a catalog of annual reports on government information disclosure of China
(政府信息公开工作年度报告), made by {software}. 目录的只读副本。

    pip install gkcrawl
    GKCRAWL_HOME=. gkcrawl serve      # the catalog with its pages
    ./serve.sh                        # the same by Datasette 0.65, the file opened as immutable

Datasette 1.0 takes the two halves of the configuration apart:

    datasette serve --immutable catalog.db --inspect-file inspect.json \\
      --metadata texts.yaml --config datasette.yaml

`exports/` holds the data as CSV, Parquet and JSON Lines; the page /data offers it. Archived pages
are not in here: to replay them, put the folder `warc/` of the archive beside `catalog.db`.
Whether all is as it was made: `sha256sum -c SHA256SUMS`.
"""
