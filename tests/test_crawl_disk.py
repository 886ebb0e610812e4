"""A disk that is full, fills up, or becomes read-only in the middle of a crawl."""

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy.utils.test import get_crawler
from test_crawl_faults import (  # noqa: F401  # proxy and undisturbed are fixtures
    GUANDU,
    crawl,
    demand_whole,
    grown,
    proxy,
    reports,
    start,
    undisturbed,
)

from gkcrawl.crawl.room import SHARE, USUAL, Room, free_bytes

MIB = 2**20
LIMIT = 60_000
SMALL = "-sGKCRAWL_MIN_FREE=0"
ENDED = "'finish_reason': 'archive_unwritable'"
UNWRITABLE = "cannot be written"


def test_a_full_disk_ends_the_crawl_and_the_next_one_goes_on(
    proxy: str,  # noqa: F811
    undisturbed: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    home = Path(shutil.copytree(undisturbed, tmp_path / "home"))

    def no_file_may_grow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    with start(home, proxy, "-aonly=532301", preexec_fn=no_file_may_grow) as process:
        log = process.communicate()[1]
    demand_ended(process.returncode, log)
    assert crawl(home, proxy, "-aonly=532301")[0] == 0
    demand_whole(home)
    assert len(reports(home)) > len(reports(undisturbed))


def test_a_disk_that_takes_nothing_any_more_ends_the_crawl(
    proxy: str,  # noqa: F811
    undisturbed: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    told = crawl(tmp_path, proxy, GUANDU, through=("troubled.py", "read-only", 30))
    demand_ended(*told)
    demand_goes_on(tmp_path, proxy, undisturbed)


def test_a_disk_that_the_kernel_made_read_only_ends_the_crawl(
    proxy: str,  # noqa: F811
    undisturbed: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    """As after an error of the hardware: a real file system that was given up while written."""
    image = tmp_path / "image"
    with disk(image, 64) as home:
        crawling = start(home, proxy, GUANDU, SMALL)
        await_size(crawling, home, 20_000)
        mount("-o", "remount,abort", str(home))
        log = crawling.communicate()[1]
        demand_ended(crawling.returncode, log)
    with disk(image) as home:
        demand_goes_on(home, proxy, undisturbed, SMALL)


def test_a_disk_that_fills_up_ends_the_crawl_in_time(
    proxy: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    """While there is room to close its files; and it is not begun again before there is more."""
    least = f"-sGKCRAWL_MIN_FREE={10 * MIB}"
    with disk(tmp_path / "image", 64) as home:
        crawling = start(home, proxy, GUANDU, least)
        await_size(crawling, home, 20_000)
        others = home / "others"
        with others.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free_bytes(home) - 9 * MIB)
        log = crawling.communicate()[1]
        assert (crawling.returncode, log.count("the crawl ends")) == (1, 1), log[-5000:]
        assert ENDED in log
        assert not list(home.glob("warc/*.open"))
        demand_whole(home)
        os.truncate(others, others.stat().st_size - (15 * MIB - free_bytes(home)))
        status, log = crawl(home, proxy, GUANDU, least)
        assert (status, "a crawl is begun with 20 MiB or more" in log) == (1, True)


def test_room_that_is_no_number_is_told_in_one_line(tmp_path: Path) -> None:
    status, log = crawl(tmp_path / "home", "", "-sGKCRAWL_MIN_FREE=2G")
    assert (status, log.splitlines()[-1].partition("ERROR: ")[2]) == (
        1,
        "GKCRAWL_MIN_FREE=2G: expected a number of bytes",
    )
    assert not (tmp_path / "home").exists()


def await_size(crawling: subprocess.Popen[str], home: Path, size: int) -> None:
    """Wait until the file that the crawl writes has so many bytes, or the crawl has ended."""
    while crawling.poll() is None and grown(home) < size:
        time.sleep(0.001)


def demand_ended(status: int, log: str) -> None:
    """Assert that a crawl said once, and in words, that it ended for its disk's sake."""
    assert (status, log.count(UNWRITABLE)) == (1, 1), log[-5000:]
    assert ENDED in log


def demand_goes_on(home: Path, proxy: str, undisturbed: Path, *options: str) -> None:  # noqa: F811
    """Assert that the next crawl finishes what the one before left, and loses nothing."""
    assert crawl(home, proxy, GUANDU, *options)[0] == 0
    demand_whole(home)
    assert reports(home) == reports(undisturbed)


@contextmanager
def disk(image: Path, megabytes: int = 0) -> Iterator[Path]:
    """Give a folder that is a disk of its own, in the file ``image``; a new one of that size."""
    if os.geteuid() or not shutil.which("mkfs.ext4"):
        pytest.skip("only root can mount a disk, and mkfs.ext4 makes one")
    if megabytes:
        with image.open("wb") as file:
            file.truncate(megabytes * 2**20)
        subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    folder = image.with_name("disk")
    folder.mkdir(exist_ok=True)
    if not mount("-o", "loop", str(image), str(folder)):
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def mount(*arguments: str) -> bool:
    """Return whether mount(8) did as told."""
    return not subprocess.run(["mount", *arguments], check=False).returncode


@pytest.mark.parametrize(("blocks", "least"), [(10**9, USUAL), (16384, 16384 * 4096 // SHARE)])
def test_a_small_disk_need_not_keep_the_usual_room(
    blocks: int, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = SimpleNamespace(f_blocks=blocks, f_frsize=4096, f_bavail=blocks)
    monkeypatch.setattr("os.statvfs", lambda path: told)
    crawler = get_crawler(settings_dict={"GKCRAWL_HOME": str(tmp_path), "GKCRAWL_MIN_FREE": ""})
    assert Room(crawler).least == least
