"""Two hundred kills and fifty double starts; only `make test-faults` runs them."""

from pathlib import Path

import pytest
from killing import points
from test_crawl_faults import (  # noqa: F401  # proxy and undisturbed are fixtures
    GUANDU,
    crawl,
    demand_whole,
    exchanges,
    kill_and_finish,
    proxy,
    start,
    undisturbed,
)

KILLS, CHAIN = 200, 5
STARTS = 50


@pytest.mark.timeout(0)
def test_two_hundred_kills_lose_nothing(
    proxy: str,  # noqa: F811
    undisturbed: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Until so many were killed, each archive a few times and then finished."""
    killed = seed = 0
    while killed < KILLS:
        seed += 1
        kills = points(CHAIN, exchanges(undisturbed), seed)
        killed += kill_and_finish(tmp_path / str(seed), proxy, undisturbed, kills)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("number", range(STARTS))
def test_two_starts_at_once_share_an_archive(
    proxy: str,  # noqa: F811
    tmp_path: Path,
    number: int,
) -> None:
    """The same crawl twice: each has its files, and the archive is whole."""
    other = start(tmp_path, proxy, GUANDU)
    assert crawl(tmp_path, proxy, GUANDU)[0] == 0
    _, log = other.communicate()
    assert other.returncode == 0, log
    demand_whole(tmp_path)
