"""A crawl of the land in a process group of its own, which can be killed at any request."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path

from bench.find_crawl import LATENCY, SETTINGS, SPIDER
from bench.find_scoring import plain
from gkcrawl.crawl.runner import Job
from gkcrawl.demo.land import Land
from gkcrawl.demo.proxy import Exchange, serve_world
from gkcrawl.demo.wire import Response

Asked = tuple[str, str, str]
"""Method, address without what changes at every visit, digest of the body."""


@dataclass(slots=True)
class Door:
    """The land's door: notes who comes, and does something when the one of that number does."""

    land: Land
    asked: list[Asked] = field(default_factory=list)
    when: int | None = None
    """None: nobody."""
    then: Callable[[], None] = lambda: None

    def hosts(self) -> tuple[str, ...]:
        """Return the names of the hosts that answer."""
        return self.land.hosts()

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        """Return the answer to a request that brings nothing along."""
        return self.respond_to(method, url, headers, b"")

    def respond_to(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """Return the answer to a request; names of ``headers`` are in lower case."""
        digest = sha256(body).hexdigest()[:12] if body else ""
        self.asked.append((method, plain(url), digest))
        if len(self.asked) == self.when:
            self.then()
        return self.land.respond_to(method, url, headers, body)


@dataclass(frozen=True, slots=True)
class Crawled:
    """One crawl, or one that was killed and those that went on."""

    home: Path
    asked: Sequence[Asked]
    traffic: Sequence[Exchange]
    """Hosts besides that the land does not have."""
    statuses: Sequence[int]
    """Exit statuses of the processes; -9: it was killed."""


def crawl(land: Land, home: Path, portals_file: str, kill_at: Sequence[int] = ()) -> Crawled:
    """Crawl a land into ``home`` until a crawl ends by itself; ``kill_at``: requests, counted from
    the first one, at each of which it is killed and started again."""
    home.mkdir(parents=True)
    portals = home / "portals.yml"
    portals.write_text(portals_file, encoding="utf-8")
    for portal in land.portals.values():
        portal.stumbled.clear()  # it fails whoever comes for the first time
    door, traffic, statuses = Door(land), list[Exchange](), list[int]()
    with serve_world(door, traffic, LATENCY) as proxy:
        for number, when in enumerate((*kill_at, None)):
            process = _started(home, portals, proxy, home / f"crawl-{number}.log")
            door.then, door.when = partial(os.killpg, process.pid, signal.SIGKILL), when
            try:
                statuses.append(process.wait())
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
            if statuses[-1] != -signal.SIGKILL:
                break
    return Crawled(home, door.asked, traffic, statuses)


def _started(home: Path, portals: Path, proxy: str, log: Path) -> subprocess.Popen[bytes]:
    """Start the spider as the leader of a process group, so that all of it can be killed."""
    job = Job(SPIDER, {"portals": str(portals)}, {**SETTINGS, "LOG_FILE": str(log)})
    environment = {
        **{name: value for name, value in os.environ.items() if "GKCRAWL" not in name},
        "SCRAPY_SETTINGS_MODULE": "gkcrawl.settings",
        "GKCRAWL_HOME": str(home),
        "GKCRAWL_PROXY": proxy,
    }
    return subprocess.Popen(job.command, env=environment, start_new_session=True)
