"""Telling people what came of a crawl, whatever came of it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.catalog import Catalog, monitors
from archive.warc.names import host_name
from gkcrawl.crawl.runner import Summary
from gkcrawl.exits import FAILED
from gkcrawl.monitoring.notifying import tell, with_secrets
from gkcrawl.monitoring.report import make_report
from gkcrawl.monitoring.rules import load_expected


@contextmanager
def told_of(home: Path) -> Iterator[Callable[[Summary], None]]:
    """Give what takes the summary of a crawl and tells those who asked for it.

    An error that ends the block is told to them too, and goes on. What goes wrong with that is
    said on stderr. Raises MonitorsError, before the block, where monitors.yml is wrong.
    """
    notify = with_secrets(load_expected().notify, os.environ)

    def told(exit_code: int, came: dict[str, Any], before: Any, error: str | None = None) -> None:
        place = str(home.absolute())
        report = make_report(host_name(), place, exit_code, came, before, error)
        for problem in tell(report, notify, os.environ):
            click.echo(f"nobody was told: {problem}", err=True)

    def come(summary: Summary) -> None:
        told(summary.exit_code, asdict(summary), _before(home, summary))

    try:
        yield come
    except Exception as error:
        told(FAILED, {}, {}, f"{type(error).__name__}: {error}")
        raise


def _before(home: Path, summary: Summary) -> dict[str, frozenset[tuple[str, str]]]:
    """Return for each run of the summary what had failed the time before."""
    if not summary.monitors:
        return {}
    ids = {one["run_id"] for one in summary.monitors}
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        return {run: monitors.failing_before(catalog.db, run) for run in ids}
