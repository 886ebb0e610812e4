"""Is this machine fit to crawl? One line per thing that gkcrawl needs, with the remedy."""

import os
import platform
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import click

from gkcrawl.home import home_folder
from gkcrawl.output import as_json, print_json, print_table

_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``ok``, ``warning`` (works without) or ``error`` (does not work)."""

    name: str
    level: Literal["ok", "warning", "error"]
    message: str
    remedy: str = ""


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Say whether this machine is fit to crawl, and what to do where it is not."""
    findings = list(examine(home_folder()))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        print_table(
            [asdict(f) for f in findings], {k: k for k in ("name", "level", "message", "remedy")}
        )
    sys.exit(1 if any(finding.level == "error" for finding in findings) else 0)


def examine(home: Path) -> Iterator[Finding]:
    """Yield a finding for each thing that gkcrawl rests on; ``home`` is the archive's folder."""
    for look in (_python, _sqlite, _chromium, _fonts):
        yield look()
    for look_at in (_disk, _clock):
        yield look_at(home)
    yield _proxy()


def _python() -> Finding:
    return Finding("python", "ok", platform.python_version())


def _sqlite() -> Finding:
    try:
        with sqlite3.connect(":memory:") as db:
            db.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    except sqlite3.OperationalError as error:
        remedy = "use a Python whose SQLite has FTS5 (Debian's has)"
        return Finding("sqlite", "error", f"{sqlite3.sqlite_version}: {error}", remedy)
    return Finding("sqlite", "ok", f"{sqlite3.sqlite_version} with FTS5")


def _chromium() -> Finding:
    # Scrapy and Twisted are slow to import, and only this needs them.
    from scrapy.exceptions import NotSupported

    from gkcrawl.crawl.rendered import find_browser

    try:
        browser = find_browser(os.environ.get("GKCRAWL_CHROMIUM", ""))
    except NotSupported as error:
        return Finding("chromium", "warning", "none found", f"only for scripted pages: {error}")
    return Finding("chromium", "ok", _output([browser, "--version"]) or browser)


def _fonts() -> Finding:
    if shutil.which("fc-list") is None:
        return Finding("fonts", "warning", "no fc-list to ask", "apt-get install fontconfig")
    if fonts := _output(["fc-list", ":lang=zh", "family"]):
        return Finding("fonts", "ok", fonts.splitlines()[0])
    remedy = "screenshots need one: apt-get install fonts-wqy-zenhei"
    return Finding("fonts", "warning", "no Chinese font", remedy)


def _disk(home: Path) -> Finding:
    place = next(p for p in (home.absolute(), *home.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    message = f"{free / _GIB:.1f} GiB free at {place}"
    if not os.access(place, os.W_OK):
        return Finding("disk", "error", f"{place} cannot be written", "set GKCRAWL_HOME")
    if free < _GIB:
        return Finding("disk", "error", message, "make room or set GKCRAWL_HOME")
    return Finding("disk", "ok" if free > 10 * _GIB else "warning", message)


def _clock(home: Path) -> Finding:
    """A clock behind the newest file of the archive would date captures before older ones."""
    now = datetime.now(UTC)
    files = list((home / "warc").glob("*.warc.gz*"))
    newest = max((datetime.fromtimestamp(f.stat().st_mtime, UTC) for f in files), default=None)
    if newest and newest > now:
        message = f"{now:%F %T}Z is earlier than the archive's newest file ({newest:%F %T}Z)"
        return Finding("clock", "error", message, "set the clock (NTP)")
    return Finding("clock", "ok", f"{now:%F %T}Z")


def _proxy() -> Finding:
    url = os.environ.get("GKCRAWL_PROXY")
    if not url:
        return Finding("proxy", "ok", "none set (GKCRAWL_PROXY)")
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 8080), timeout=5):
            return Finding("proxy", "ok", f"{url} answers")
    except OSError as error:
        return Finding("proxy", "error", f"{url}: {error}", "start it or correct GKCRAWL_PROXY")


def _output(command: list[str]) -> str:
    run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
    done = run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.stdout.strip()
