"""What it costs to judge the pages that a run touched: by the hosts of the run, not by the archive.

An archive of many hosts whose reports were fetched several times over; then a run that fetches
every report of one of them again. Measured is the judging alone, in CPU seconds and in questions
to the catalog, in an archive of one host and in one of many.
"""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.catalog import Catalog
from archive.records import Capture, Issuer, Reading, Report, StoredExchange, Tables

_TEXT = "本年度收到政府信息公开申请一件，已按时答复。\n" * 60


def measure(*, sample: bool, seed: int) -> dict[str, Any]:
    """Return CPU seconds and statements per 1,000 captures of a run, alone and among many hosts.

    ``seed`` has no part in it: nothing is left to chance.
    """
    pages, visits, hosts = (40, 3, 8) if sample else (1000, 6, 20)
    alone = _judged(pages, visits, 1)
    among = _judged(pages, visits, hosts)
    return {
        "captures_of_the_run": pages,
        "tries_at_the_host_before": pages * visits,
        "hosts_in_the_archive": hosts,
        "alone": alone,
        "among_many": among,
        "kept": {
            "the archive's size does not matter": among["statements"] == alone["statements"],
        },
    }


def _judged(pages: int, visits: int, hosts: int) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Catalog(Path(folder) / "catalog.db") as catalog,
    ):
        with catalog.batch():
            for host in range(hosts):
                _fetch(catalog, host, pages if host == 0 else pages // hosts, range(visits))
        catalog.watch()
        with catalog.batch():
            _fetch(catalog, 0, pages, range(visits, visits + 1))
        statements: list[str] = []
        catalog.db.conn.set_trace_callback(statements.append)
        began = time.process_time()
        catalog.watch()
        seconds = time.process_time() - began
    return {
        "cpu_ms_per_1000_captures": round(1000 * seconds * 1000 / pages),
        "statements": len(statements),
    }


def _fetch(catalog: Catalog, host: int, pages: int, visits: range) -> None:
    for visit in visits:
        for page in range(pages):
            catalog.apply(_reading(f"https://h{host}.gov.cn/{page}.html", host, page, visit))


def _reading(url: str, host: int, page: int, visit: int) -> Reading:
    capture = Capture(
        id=f"{host}-{page}-{visit}",
        url=url,
        captured_at=f"2026-01-{visit + 1:02}T01:{page // 60:02}:{page % 60:02}Z",
        status=200,
        media_type="text/html",
        payload_digest=f"sha256:{page}",
        warc="a.warc.gz",
        offset=0,
        length=1,
        kind="article",
        run_id=f"{host}-{visit}",
    )
    stored = StoredExchange(capture, (), b"", truncated=None, via=None, hints={})
    return Reading(stored, "report", replace(_REPORT, url=url, year=2000 + page % 20))


_REPORT = Report(
    title="政府信息公开工作年度报告",
    year=2024,
    form="2021",
    form_source="citation",
    trust="official",
    issuer=Issuer(),
    published=None,
    published_source=None,
    text=_TEXT,
    sections={},
    tables=Tables(),
    checks=(),
)
