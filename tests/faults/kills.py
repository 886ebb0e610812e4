"""Two hundred kills, signals and double starts at any time; only `make test-faults` runs them."""

import json
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import click
import pytest
from killing import points
from test_crawl_faults import (  # noqa: F401  # proxy and undisturbed are fixtures
    GUANDU,
    crawl,
    demand_whole,
    exchanges,
    kill_and_finish,
    proxy,
    reports,
    start,
    undisturbed,
)

KILLS, CHAIN = 200, 5
STARTS, SIGNALS = 50, 40
ROTATING = ("-sGKCRAWL_WARC_MAX_AGE=0.2", "-sGKCRAWL_WARC_MAX_IDLE=0.05")


@pytest.mark.timeout(0)
def test_two_hundred_kills_lose_nothing(
    proxy: str,  # noqa: F811
    undisturbed: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Until so many were killed, each archive a few times and then finished.

    In every second one the files are changed as often as can be.
    """
    began, runs = time.monotonic(), 0
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        kills = points(CHAIN, exchanges(undisturbed), seed := runs // (CHAIN + 1))
        options = ROTATING if seed % 2 else ()
        killed.update(kill_and_finish(tmp_path / str(seed), proxy, undisturbed, kills, *options))
        runs += CHAIN + 1
    told = {
        "kills": killed.total(),
        "crawls": runs,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "at": dict(sorted(killed.items())),
    }
    with capsys.disabled():
        click.echo(f"\n{json.dumps(told)}")


@pytest.mark.timeout(0)
@pytest.mark.parametrize("number", range(STARTS))
def test_two_starts_at_once_are_told_apart(
    proxy: str,  # noqa: F811
    tmp_path: Path,
    number: int,
) -> None:
    """Of two spiders each has its files; of two crawls of one, one is refused by the other's name.

    The archive is whole afterwards.
    """
    chance = random.Random(number)
    other = "guangdong" if number % 2 else "yunnan"
    only = {"yunnan": GUANDU, "guangdong": "-aonly=445300"}
    crawls = [start(tmp_path, proxy, only["yunnan"])]
    time.sleep(chance.choice((0, chance.uniform(0, 1.5))))
    crawls.append(start(tmp_path, proxy, only[other], spider=other))
    logs = [one.communicate()[1] for one in crawls]
    codes = [one.returncode for one in crawls]
    if other == "yunnan":
        assert sorted(codes) == [0, 1], logs
        refused, first = codes.index(1), crawls[codes.index(0)]
        assert f"already runs in {tmp_path}: process {first.pid} on " in logs[refused]
    else:
        assert codes == [0, 0], logs
    demand_whole(tmp_path)


CASES = ((signal.SIGTERM,), (signal.SIGINT,), (signal.SIGINT, signal.SIGINT))
# Before Scrapy listens to signals, Python and the kernel answer them.
EARLY = (-signal.SIGTERM, -signal.SIGINT, 1)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("number", range(SIGNALS))
def test_signals_at_any_time_leave_whole_files(
    proxy: str,  # noqa: F811
    undisturbed: Path,  # noqa: F811
    tmp_path: Path,
    number: int,
) -> None:
    chance = random.Random(number)
    crawling = start(tmp_path, proxy, GUANDU)
    time.sleep(chance.uniform(0, 6))
    for one in chance.choice(CASES):
        if crawling.poll() is None:
            os.killpg(crawling.pid, one)
            time.sleep(chance.uniform(0, 0.3))
    log = crawling.communicate()[1]
    begun = "Spider opened" in log
    assert crawling.returncode in (0, 130, *(() if begun else EARLY)), log
    assert not list(tmp_path.glob("warc/*.open")), log
    assert crawl(tmp_path, proxy, GUANDU)[0] == 0
    demand_whole(tmp_path)
    assert reports(tmp_path) == reports(undisturbed)
