"""Crawls of one home ask a host one at a time, whichever spiders they are of."""

import asyncio
import random
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from bench.scale.redis import at_once, portals_file
from bench.scale.redis_crew import Crew
from gkcrawl.crawl.keeping import EndingError, Files
from gkcrawl.demo.proxy import Exchange, serve_world
from gkcrawl.demo.world import World


def keeper(folder: Path, *, ending: bool = False) -> Files:
    return Files(folder / "hosts", lambda: ending)


@pytest.mark.parametrize("seed", range(3))
def test_never_two_at_one_machine(tmp_path: Path, seed: int) -> None:
    chance, busy, asked = random.Random(seed), Counter[str](), Counter[str]()

    async def work(own: Files) -> None:
        for _ in range(10):
            machine = chance.choice(["10.0.0.1", "::1"])
            token = await own.lease("a", machine)
            busy[machine] += 1
            asked[machine] += 1
            assert busy[machine] == 1
            await asyncio.sleep(chance.uniform(0, 0.003))
            busy[machine] -= 1
            own.give_back("a", machine, token, chance.choice([0.0, 0.002]))

    async def all_of_them() -> None:
        await asyncio.gather(*(work(keeper(tmp_path)) for _ in range(4)))

    handles = len(list(Path("/proc/self/fd").iterdir()))
    asyncio.run(all_of_them())
    assert asked.total() == 40
    assert len(list(Path("/proc/self/fd").iterdir())) == handles


def test_a_pause_is_kept_by_the_next_and_waited_for_by_nobody_at_the_end(tmp_path: Path) -> None:
    async def ask() -> None:
        first, second = keeper(tmp_path), keeper(tmp_path, ending=True)
        first.give_back("a", "m", await first.lease("a", "m"), 600.0)
        began, pause = (tmp_path / "hosts" / "m").read_text().split()
        assert (float(began) > 0, float(pause)) == (True, 600.0)
        with pytest.raises(EndingError, match="a is not asked any more"):
            await second.lease("a", "m")
        assert await second.lease("a", "another")

    asyncio.run(ask())


def test_the_requests_of_one_process_share_a_lease_and_others_wait_for_the_last(
    tmp_path: Path,
) -> None:
    """How many a process makes at once, Scrapy's slots decide."""

    async def ask() -> None:
        own, other = keeper(tmp_path), keeper(tmp_path)
        tokens = [await own.lease("a", "m") for _ in range(2)]
        waiting = asyncio.create_task(other.lease("a", "m"))
        own.give_back("a", "m", tokens[0], 0.0)
        await asyncio.sleep(0.2)  # three looks of the other one
        assert not waiting.done()
        own.give_back("a", "m", tokens[1], 0.0)
        other.give_back("a", "m", await waiting, 0.0)

    asyncio.run(asyncio.wait_for(ask(), 10))


@pytest.mark.parametrize("began", [0.0, 4e9])
def test_a_clock_that_was_set_never_makes_a_pause_longer(tmp_path: Path, began: float) -> None:
    """One that was set back makes it whole again; far ahead it is over."""

    async def ask() -> None:
        own = keeper(tmp_path)
        (tmp_path / "hosts" / "m").write_text(f"{began} 0.05\n")
        own.give_back("a", "m", await own.lease("a", "m"), 0.0)

    asyncio.run(ask())


def test_two_spiders_side_by_side_ask_a_common_host_one_at_a_time(tmp_path: Path) -> None:
    traffic: list[Exchange] = []
    environment = {"GKCRAWL_CONFIG": str(files("gkcrawl.demo") / "data" / "config")}
    arguments = {"portals": str(portals_file(tmp_path / "all.yml", ["yunnan"])), "only": "532301"}
    with serve_world(World(), traffic, 0.03) as proxy:
        crews = [
            Crew(proxy, "", spider, arguments, environment=environment)
            for spider in ("yunnan", "guangdong")
        ]
        try:
            for crew in crews:
                crew.start(tmp_path / "home")
            assert [crew.wait() for crew in crews] == [[0], [0]]
        finally:
            for crew in crews:
                crew.end()
    robots = [one for one in traffic if one.url.endswith("/robots.txt")]
    assert len(robots) == 2, "both were there"
    assert at_once(traffic) == 1
