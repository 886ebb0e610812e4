"""Workers of a shared crawl as people run them: stopped, and with a Redis that comes and goes."""

import gzip
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from needed import missing

from bench.scale.redis import SPIDER, at_once, portals_file
from bench.scale.redis_crew import Crew, Worker
from bench.scale.redis_merge import merge, told
from bench.scale.redis_server import SECRET, Server, is_installed, redis_server
from gkcrawl.demo.proxy import Exchange, serve_world
from gkcrawl.demo.world import World

LATENCY = 0.05
RUN = "gkcrawl:yunnan:run:"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not is_installed():
        missing("redis-server")
    with redis_server() as running:
        yield running


@pytest.fixture
def traffic() -> list[Exchange]:
    return []


@pytest.fixture
def crew(server: Server, traffic: list[Exchange], tmp_path: Path) -> Iterator[Crew]:
    portals = portals_file(tmp_path / "portals.yml", [SPIDER])
    with serve_world(World(), traffic, LATENCY) as proxy:
        made = Crew(
            proxy,
            # A Redis that does not answer at once is one that does not answer.
            f"{server.url}?socket_timeout=0.3",
            SPIDER,
            {"portals": str(portals)},
            {"GKCRAWL_LEASE": "1"},
            {"GKCRAWL_CONFIG": str(files("gkcrawl.demo") / "data" / "config")},
        )
        yield made
        made.end()


def until(happens: Callable[[], bool], worker: Worker) -> None:
    """Wait for something that a worker brings about; it fails when that has ended without."""
    while not happens():
        assert worker.runs, worker.said()[-3000:]
        time.sleep(0.01)


def tells(home: Path, secret: str) -> list[str]:
    """Return the files of an archive in which a secret stands."""
    found = []
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            content += gzip.decompress(content) if path.name.endswith(".gz") else b""
            found += [path.name] * (secret.encode() in content)
    return found


def test_a_worker_that_is_stopped_gives_back_and_another_goes_on(
    server: Server, crew: Crew, traffic: list[Exchange], tmp_path: Path
) -> None:
    """And a Redis that does not answer for a while is waited for, without a page being asked."""
    first = crew.start(tmp_path / "first")
    until(lambda: len(traffic) > 6, first)
    first.signal(signal.SIGINT)
    assert crew.wait() == [130]
    [run] = [key.removesuffix(":requests") for key in server.client.keys(f"{RUN}*:requests")]
    assert not server.client.exists(f"{run}:held", f"{run}:workers")
    assert server.client.zcard(f"{run}:queue") + server.client.hlen(f"{run}:done") == 3
    second = crew.start(tmp_path / "second")
    until(lambda: server.client.hlen(f"{run}:held") > 0, second)
    asked = len(traffic)
    until(lambda: len(traffic) > asked + 2, second)
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    asked = len(traffic)
    until(lambda: "does not answer" in second.said(), second)
    time.sleep(4 * LATENCY)
    late = Counter(urlsplit(one.url).hostname for one in traffic[asked:])
    assert set(late.values()) <= {1}, "only what had the lease of its host"
    server.process.send_signal(signal.SIGCONT)
    assert crew.wait() == [130, 0]
    assert "answers again" in second.said()
    assert server.client.hlen(f"{run}:done") == 3
    assert not server.client.exists(f"{run}:held", f"{run}:workers", f"{run}:queue")
    assert at_once(traffic) == 1
    # What is done today is done: a third worker asks for nothing.
    asked = len(traffic)
    crew.start(tmp_path / "third")
    assert crew.wait() == [130, 0, 0]
    assert len(traffic) == asked
    homes = [worker.home for worker in crew.workers]
    assert merge(homes, tmp_path / "merged") == []
    assert len(told(tmp_path / "merged")["reports"]) > 9
    assert [tells(home, SECRET) for home in homes] == [[], [], []]


def test_without_redis_a_worker_ends_in_order_and_says_why(
    server: Server, crew: Crew, traffic: list[Exchange], tmp_path: Path
) -> None:
    server.client.flushall()
    worker = crew.start(tmp_path / "home")
    until(lambda: len(traffic) > 6, worker)
    server.stop()
    try:
        crew.wait()
        crew.start(tmp_path / "late")
        crew.wait()
    finally:
        server.start()
    said, late = (one.said() for one in crew.workers)
    assert "Closing spider (redis_lost)" in said
    assert f"redis://127.0.0.1:{server.port}/0 has not answered for" in said
    assert "Traceback" not in said
    assert f"redis://127.0.0.1:{server.port}/0 cannot be used: " in late
    assert "Traceback" not in late
    assert SECRET not in said + late
    assert merge([worker.home], tmp_path / "merged") == []


def test_a_redis_that_forgot_the_crawl_ends_it(
    server: Server, crew: Crew, traffic: list[Exchange], tmp_path: Path
) -> None:
    server.client.flushall()
    worker = crew.start(tmp_path / "home")
    until(lambda: len(traffic) > 3, worker)
    server.client.flushall()
    crew.wait()
    assert "has forgotten this crawl" in worker.said()
    assert "Closing spider (redis_lost)" in worker.said()


def test_a_spider_without_portals_is_one_visit_of_one_worker(
    server: Server, crew: Crew, traffic: list[Exchange], tmp_path: Path
) -> None:
    server.client.flushall()
    crew.spider, crew.arguments = "wenku", {"searches": "0"}
    for name in ("one", "two"):
        crew.start(tmp_path / name)
    assert crew.wait() == [0, 0]
    urls = [one.url for one in traffic]
    assert len(urls) > 3
    assert len(urls) == len(set(urls))
    taken = sorted("'gk/visits/taken': 1" in worker.said() for worker in crew.workers)
    assert taken == [False, True]
