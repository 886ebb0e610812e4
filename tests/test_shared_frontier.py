"""What several workers share, asked of a real Redis: visits, pages, hosts."""

import asyncio
import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from needed import missing
from scrapy import Request, Spider
from scrapy.settings import Settings

from bench.scale.redis_server import SECRET, Server, redis_server
from gkcrawl.crawl.keeping import EndingError
from gkcrawl.crawl.manners import HostRestingError
from gkcrawl.crawl.shared import serializer
from gkcrawl.crawl.shared.addon import Shared
from gkcrawl.crawl.shared.connection import Link, RedisLostError, demand_usable, place
from gkcrawl.crawl.shared.dupefilter import Asked, DupeFilter
from gkcrawl.crawl.shared.frontier import Frontier, Taken, joined
from gkcrawl.crawl.shared.hosts import Hosts
from gkcrawl.crawl.shared.scheduler import today
from gkcrawl.crawl.shared.visits import VISIT, visit_of
from gkcrawl.crawl.sole import RunningError, hold

LONG = 60.0
"""A lease that does not end within a test."""
SHORT = 0.05
VISITS = ("530000 a", "530100 b", "530200 c")
KNOWN = dict.fromkeys(VISITS, 0)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if shutil.which("redis-server") is None:
        missing("redis-server")
    with redis_server() as running:
        yield running


@pytest.fixture
def frontier(server: Server) -> Frontier:
    server.client.flushall()
    made = Frontier(server.client, Spider("yunnan"), "gkcrawl:yunnan:run:today", serializer)
    for visit in VISITS:
        made.push(Request(f"http://{visit[-1]}.gov.cn/", meta={VISIT: visit}))
    return made


def taken(frontier: Frontier, worker: str, lease: float = LONG) -> list[str]:
    """Return all that a worker gets."""
    frontier.beat(worker, lease)
    return [one.visit for one in iter(lambda: frontier.pop(worker, KNOWN), None)]


def test_a_visit_is_offered_once_taken_once_and_done_once(frontier: Frontier) -> None:
    again = Request("http://a.gov.cn/", meta={VISIT: VISITS[0]})
    assert not frontier.push(again)
    assert frontier.pop("early", KNOWN) is None, "it has not said that it lives"
    assert taken(frontier, "one") == list(VISITS)
    assert taken(frontier, "two") == []
    assert frontier.unfinished() == set(VISITS)
    assert not frontier.finish("two", VISITS[0])
    assert frontier.finish("one", VISITS[0])
    assert not frontier.finish("one", VISITS[0])
    assert not frontier.push(again)
    state = frontier.beat("two", LONG)
    assert (state.visits, state.waiting, state.held, state.workers) == (3, 0, 2, 2)


def test_a_worker_takes_what_it_was_told_to_and_what_it_knows_first(frontier: Frontier) -> None:
    frontier.beat("one", LONG)
    own = {VISITS[1]: 1, VISITS[2]: 0}
    assert frontier.pop("one", own) == Taken(VISITS[2], "")
    assert frontier.pop("one", own) == Taken(VISITS[1], "")
    assert frontier.pop("one", own) is None


def test_what_a_dead_worker_held_comes_back_first_and_names_it(frontier: Frontier) -> None:
    frontier.beat("dead", SHORT)
    assert frontier.pop("dead", {VISITS[2]: 0}) == Taken(VISITS[2], "")
    frontier.server.zadd(f"{frontier.run}:workers", {"dead": 1})  # its time is over
    state = frontier.beat("heir", LONG)
    assert (state.waiting, state.held, state.workers) == (3, 0, 1)
    assert frontier.pop("heir", KNOWN) == Taken(VISITS[2], "dead")
    assert not frontier.finish("dead", VISITS[2])
    assert not frontier.beat("dead", LONG).was_known, "it hears that it was taken for dead"
    assert frontier.finish("heir", VISITS[2])


def test_a_late_worker_keeps_what_nobody_wanted(frontier: Frontier) -> None:
    assert taken(frontier, "late") == list(VISITS)
    frontier.server.zadd(f"{frontier.run}:workers", {"late": 1})
    state = frontier.beat("late", LONG)
    assert (state.was_known, state.held, state.waiting) == (True, 3, 0)


def test_a_worker_that_leaves_gives_back_and_nobody_died(frontier: Frontier) -> None:
    taken(frontier, "one")
    frontier.leave("one")
    assert frontier.beat("two", LONG).workers == 1
    assert frontier.pop("two", KNOWN) == Taken(VISITS[0], "")


def test_everything_of_a_run_is_forgotten_after_a_while(frontier: Frontier) -> None:
    taken(frontier, "one")
    frontier.finish("one", VISITS[0])
    frontier.beat("one", LONG)
    keys = frontier.server.keys("gkcrawl:*")
    assert len(keys) == 4
    assert all(0 < frontier.server.ttl(key) <= 2 * 86400 for key in keys)


def test_a_run_is_the_days_unless_one_is_under_way(server: Server) -> None:
    client = server.client
    client.flushall()
    first = joined(client, "yunnan", "2026-11-22")
    assert first == joined(client, "yunnan", "2026-11-22") == "gkcrawl:yunnan:run:2026-11-22"
    Frontier(client, Spider("yunnan"), first, serializer).beat("one", LONG)
    assert joined(client, "yunnan", "2026-11-23") == first, "a night goes on over midnight"
    client.zadd(f"{first}:workers", {"one": 1})
    assert joined(client, "yunnan", "2026-11-23").endswith("2026-11-23")
    assert joined(client, "guangdong", "2026-11-22") == "gkcrawl:guangdong:run:2026-11-22"


@pytest.mark.parametrize("seed", range(5))
def test_whatever_workers_do_every_visit_is_done_and_never_held_twice(
    frontier: Frontier, seed: int
) -> None:
    """Workers die, are late, leave and finish by chance; in the end all is done."""
    chance, done = random.Random(seed), Counter[str]()
    for number in range(20):
        frontier.push(Request(f"http://x{number}.gov.cn/", meta={VISIT: f"x{number}"}))
    known = {**KNOWN, **{f"x{number}": number % 2 for number in range(20)}}
    holding: dict[str, set[str]] = {f"w{n}": set() for n in range(3)}
    for _ in range(400):
        worker = chance.choice(list(holding))
        move = chance.choice(["take", "take", "finish", "finish", "finish", "die", "leave", "beat"])
        if not frontier.beat(worker, LONG).was_known:
            holding[worker].clear()
        if move == "take" and (found := frontier.pop(worker, known)):
            holding[worker].add(found.visit)
        elif move == "finish" and holding[worker]:
            visit = holding[worker].pop()
            done[visit] += frontier.finish(worker, visit)
        elif move == "die":
            frontier.server.zadd(f"{frontier.run}:workers", {worker: 1})
        elif move == "leave":
            frontier.leave(worker)
            holding[worker].clear()
        held = frontier.server.hgetall(f"{frontier.run}:held")
        assert all(visit in holding[worker] for visit, worker in held.items())
        waiting = frontier.server.zrange(frontier.key, 0, -1)
        assert len(waiting) + len(held) + len(done) == len(known)
    for visit in taken(frontier, "last") + [v for w in holding for v in holding[w]]:
        for worker in ("last", *holding):
            done[visit] += frontier.finish(worker, visit)
    assert frontier.unfinished() <= set(known) - set(done)
    assert max(done.values()) == 1


def hinted(url: str, visit: str) -> Request:
    code, portal = visit.split(" ")
    return Request(url, meta={"hints": {"portal": code, "portal_url": portal}})


def test_a_page_is_asked_for_by_one_visit_on_whatever_worker(server: Server) -> None:
    server.client.flushall()
    one, two = (DupeFilter(server.client, "asked") for _ in range(2))
    page = "http://a.gov.cn/1.htm"
    assert visit_of(hinted(page, VISITS[0])) == VISITS[0]
    assert not one.request_seen(hinted(page, VISITS[0]))
    assert one.request_seen(hinted(page + "#top", VISITS[0]))
    assert one.request_seen(hinted(page, VISITS[1]))
    assert two.request_seen(hinted(page, VISITS[1]))
    assert not two.request_seen(hinted(page, VISITS[0])), "made anew after a death"
    assert two.request_seen(hinted(page, VISITS[0]))
    two.forget(VISITS[0])
    assert not two.request_seen(hinted(page, VISITS[0]))


def test_an_address_that_leads_on_is_one_visits_too(server: Server) -> None:
    server.client.flushall()
    one, two = (DupeFilter(server.client, "asked") for _ in range(2))
    mine, again, others = Asked(one, "x"), Asked(two, "x"), Asked(two, "y")
    mine.add("a.gov.cn/zfxxgk/")
    assert "a.gov.cn/zfxxgk/" in mine
    assert "a.gov.cn/zfxxgk/" in others
    assert "a.gov.cn/zfxxgk/" not in again
    assert "a.gov.cn/" not in others


def test_without_redis_a_page_counts_as_new(server: Server) -> None:
    with redis.Redis(port=1, retry=None) as nobody:
        lost = DupeFilter(nobody, "asked")
        assert not lost.request_seen(hinted("http://a.gov.cn/1.htm", VISITS[0]))
        assert lost.request_seen(hinted("http://a.gov.cn/1.htm", VISITS[0]))
        assert "a" not in Asked(lost, "x")


def hosts_of(server: Server, worker: str, *, lasting: float = LONG, ending: bool = False) -> Hosts:
    return Hosts(server.client, Link("redis", 1.0), worker, lasting, LONG, lambda: ending)


@pytest.mark.parametrize("seed", range(3))
def test_never_two_at_one_host_whoever_asks(server: Server, seed: int) -> None:
    """Hosts that share a machine count as one; a pace holds for whoever comes next."""
    server.client.flushall()
    chance, busy, asked = random.Random(seed), Counter[str](), Counter[str]()
    machines = {"a": "10.0.0.1", "b": "10.0.0.1", "c": "10.0.0.2", "d": "d"}

    async def work(hosts: Hosts) -> None:
        for _ in range(12):
            host = chance.choice(list(machines))
            machine = machines[host]
            token = await hosts.lease(host, machine)
            busy[machine] += 1
            asked[machine] += 1
            assert busy[machine] == 1
            assert server.client.get(f"gkcrawl:host:{machine}") == token
            await asyncio.sleep(chance.uniform(0, 0.005))
            busy[machine] -= 1
            hosts.give_back(host, machine, token, chance.choice([0.0, 0.002]))
        await hosts.close()

    async def all_of_them() -> None:
        await asyncio.gather(*(work(hosts_of(server, f"w{n}")) for n in range(4)))

    asyncio.run(all_of_them())
    assert sum(asked.values()) == 48


def test_the_pause_of_one_worker_is_kept_by_the_next(server: Server) -> None:
    server.client.flushall()

    async def ask() -> int:
        first, second = hosts_of(server, "one"), hosts_of(server, "two")
        token = await first.lease("a", "10.0.0.1")
        first.give_back("a", "10.0.0.1", token, 0.2)
        await first.close()
        left = int(server.client.pttl("gkcrawl:host:10.0.0.1"))
        token = await second.lease("b", "10.0.0.1")
        assert server.client.get("gkcrawl:host:10.0.0.1") == token
        return left

    assert 0 < asyncio.run(ask()) <= 200


def test_a_dead_workers_lease_ends_by_itself_and_only_the_holder_gives_back(server: Server) -> None:
    server.client.flushall()

    async def ask() -> None:
        # What is left of it is a moment, in which the second one waits.
        dead, heir = hosts_of(server, "dead"), hosts_of(server, "heir")
        old = await dead.lease("a", "a")
        server.client.pexpire("gkcrawl:host:a", 50)
        new = await heir.lease("a", "a")
        dead.give_back("a", "a", old, 0.0)
        await dead.close()
        assert server.client.get("gkcrawl:host:a") == new
        assert server.client.pttl("gkcrawl:host:a") > 1000 * LONG, "as long as an answer may take"

    asyncio.run(ask())


def test_a_host_that_rests_for_one_rests_for_all(server: Server) -> None:
    server.client.flushall()

    async def ask() -> None:
        one, two = hosts_of(server, "one"), hosts_of(server, "two")
        one.rest("a", 600.0)
        await one.close()
        with pytest.raises(HostRestingError, match="a is left in peace for 600 s"):
            await two.lease("a", "10.0.0.1")
        assert await two.lease("b", "10.0.0.1")

    asyncio.run(ask())


def test_nobody_waits_for_a_host_when_the_crawl_ends(server: Server) -> None:
    server.client.flushall()

    async def ask() -> None:
        await hosts_of(server, "one").lease("a", "a")
        with pytest.raises(EndingError):
            await hosts_of(server, "two", ending=True).lease("a", "a")

    asyncio.run(ask())


def failing(*outcomes: Exception | str) -> Callable[[], str]:
    left = list(outcomes)

    def ask() -> str:
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return ask


def test_a_redis_that_comes_back_was_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    link = Link("redis://h:1/0", 60.0)
    answer = asyncio.run(link.call(failing(redis.ConnectionError("refused"), "fine")))
    assert (answer, link.is_up, link.lost) == ("fine", True, None)
    first, second = (record.message for record in caplog.records)
    assert "redis://h:1/0 does not answer (refused)" in first
    assert "answers again" in second


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (redis.ConnectionError("refused"), "has not answered for"),
        (redis.TimeoutError("too slow"), "has not answered for"),
        (redis.ResponseError("OOM command not allowed"), "refuses: OOM"),
    ],
)
def test_a_redis_that_stays_away_is_given_up_for_a_reason(error: Exception, reason: str) -> None:
    link = Link("redis://h:1/0", 0.0)
    for _ in range(2):
        with pytest.raises(RedisLostError, match=reason):
            asyncio.run(link.call(failing(error)))
    assert not link.is_up


def test_an_address_is_told_without_its_password() -> None:
    assert place(f"redis://me:{SECRET}@10.0.0.1:6379/2") == "redis://10.0.0.1:6379/2"
    with pytest.raises(ValueError, match="must be redis://") as told:
        demand_usable(f"http://me:{SECRET}@10.0.0.1")
    assert SECRET not in str(told.value)


def test_one_machine_alone_is_as_before() -> None:
    settings = Settings({"GKCRAWL_REDIS": ""})
    before = json.dumps(settings.copy_to_dict(), default=str)
    Shared().update_settings(settings)
    assert json.dumps(settings.copy_to_dict(), default=str) == before


def test_every_part_is_put_above_the_projects_settings(server: Server) -> None:
    settings = Settings()
    settings.setmodule("gkcrawl.settings", priority="project")
    settings.set("GKCRAWL_REDIS", server.url, priority="cmdline")
    Shared().update_settings(settings)
    names = ("SCHEDULER", "DUPEFILTER_CLASS", "SCHEDULER_QUEUE_CLASS", "HOST_KEEPER")
    assert all(settings[name].startswith("gkcrawl.crawl.shared.") for name in names)


def test_requests_go_through_redis_as_text_and_run_nothing() -> None:
    request: dict[str, Any] = Request(
        "http://a.gov.cn/", body=b"\xff", meta={"visit": "市"}
    ).to_dict()
    assert serializer.loads(serializer.dumps(request)) == {
        name: value for name, value in request.items() if name != "headers"
    }
    with pytest.raises(ValueError, match="Expecting value"):
        serializer.loads("cos\nsystem\n(S'true'\ntR.")


def test_workers_share_the_lock_that_two_crawls_do_not(tmp_path: Path) -> None:
    import os

    lock = tmp_path / "locks" / "yunnan.lock"
    workers = [hold(lock, "spider yunnan", tmp_path, shared=True) for _ in range(2)]
    with pytest.raises(RunningError):
        hold(lock, "spider yunnan", tmp_path)
    for worker in workers:
        os.close(worker)
    alone = hold(lock, "spider yunnan", tmp_path)
    with pytest.raises(RunningError, match=f"process {os.getpid()}"):
        hold(lock, "spider yunnan", tmp_path, shared=True)
    os.close(alone)


def test_the_day_is_chinas() -> None:
    from datetime import UTC, datetime

    assert today(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == "2026-11-22"
    assert today(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == "2026-11-23"
