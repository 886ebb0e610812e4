"""A machine whose clock is set by hours while it crawls."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from test_crawl_faults import (  # noqa: F401  # proxy and undisturbed are fixtures
    GUANDU,
    crawl,
    demand_whole,
    proxy,
    reports,
    undisturbed,
)
from warcio.archiveiterator import ArchiveIterator

from archive.catalog import Catalog
from archive.warc import warc_files
from gkcrawl.crawl import clock


def test_a_clock_that_is_set_leaves_no_trace_in_the_archive(
    proxy: str,  # noqa: F811
    undisturbed: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    """A file for every few pages, so that names are made before and after each step."""
    before = datetime.now(UTC)
    small = "-sGKCRAWL_WARC_MAX_BYTES=10000"
    status, log = crawl(tmp_path, proxy, GUANDU, small, through=("troubled.py", "clock", 10))
    after = datetime.now(UTC)
    assert status == 0, log[-5000:]
    assert "the machine's clock is now" in log
    dates = [date for path in warc_files(tmp_path / "warc") for date in dates_in(path)]
    assert dates == sorted(dates)
    assert before <= datetime.fromisoformat(dates[0])
    assert datetime.fromisoformat(dates[-1]) <= after
    assert len(warc_files(tmp_path / "warc")) > 3
    demand_whole(tmp_path)
    assert reports(tmp_path) == reports(undisturbed)
    documents = kept_documents(tmp_path)
    assert crawl(tmp_path, proxy, GUANDU)[0] == 0
    assert kept_documents(tmp_path) == documents


def test_a_run_whose_clock_was_wrong_confuses_no_other(
    proxy: str,  # noqa: F811
    undisturbed: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    """By more than two years, from its beginning: what it kept is not of the past."""
    assert crawl(tmp_path, proxy, GUANDU, through=("troubled.py", "wrong-clock", 20_000))[0] == 0
    assert crawl(tmp_path, proxy, GUANDU)[0] == 0
    demand_whole(tmp_path)
    assert reports(tmp_path) == reports(undisturbed)


def test_a_step_of_the_clock_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ahead(datetime):
        by = timedelta()

        @classmethod
        def now(cls, tz: object = None) -> "Ahead":
            return super().now(UTC) + cls.by

    monkeypatch.setattr(clock, "datetime", Ahead)
    assert clock.stepped() is None
    Ahead.by = timedelta(hours=-5)
    moment = clock.now()
    assert abs((clock.stepped() or timedelta()) - Ahead.by) < timedelta(minutes=1)
    assert clock.stepped() is None
    Ahead.by = timedelta()
    assert abs(clock.stepped() or timedelta(1)) < timedelta(minutes=1)
    assert timedelta() < clock.now() - moment < timedelta(minutes=1)


def dates_in(path: Path) -> list[str]:
    """Return the WARC-Date of each record, in order."""
    with path.open("rb") as file:
        records = ArchiveIterator(file, no_record_parse=True)
        return [record.rec_headers.get_header("WARC-Date") for record in records]


def kept_documents(home: Path) -> list[str]:
    """Return the captures of what is fetched only when it is due."""
    with Catalog(home / "catalog.db") as catalog:
        return [one.id for one in catalog.captures() if one.kind in ("article", "attachment")]
