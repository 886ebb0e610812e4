"""Runs with what they were held against, added to an archive by the real writer."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from archive.catalog import Catalog
from archive.records import Exchange, Failure, Monitor, Notice, Run, RunEnd, timestamp
from archive.warc import WarcWriter

WELL = Monitor("error_rate", "", "ok", 0.02, "<= 0.5", "1 failed")
FAILED = Monitor("refusals", "", "failed", 0.75, "<= 0.5", "www.example.gov.cn")
GONE = Monitor("column_gone", "530100", "failed", 1, "<= 0", "http://www.example.gov.cn/: HTTP 404")
ALSO_GONE = Monitor("column_gone", "530800", "failed", 1, "<= 0", 'a "quoted" \\ line\nand more')


def add_run(
    home: Path,
    spider: str,
    day: int,
    monitors: Iterable[Monitor] = (),
    *,
    counts: dict[str, int] | None = None,
    ended: bool = True,
) -> str:
    """Add a run of that day of May 2026 in which nothing answered; return its id."""
    began = datetime(2026, 5, day, 22, tzinfo=UTC)
    run = Run(f"{day:032x}", spider, timestamp(began), software="gkcrawl")
    writer = WarcWriter(home / "warc", run, clock=lambda: began)
    failure = writer.write(
        Exchange(
            "http://www.example.gov.cn/", began, b"GET / HTTP/1.1\r\n\r\n", b"", failure="E: x"
        )
    )
    assert isinstance(failure, Failure)
    with Catalog(home / "catalog.db") as catalog:
        catalog.add_run(run)
        catalog.add_failure(failure)
        if ended:
            notice = Notice("portal_moved", "530100", "http://www.example.gov.cn/", "elsewhere")
            at = timestamp(began.replace(hour=23))
            end = RunEnd(run.id, at, "finished", counts or {}, (notice,), tuple(monitors))
            writer.write_run_end(end)
            catalog.end_run(end)
    writer.close()
    return run.id
