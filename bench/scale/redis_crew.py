"""Workers of one shared crawl, each a real ``scrapy crawl`` in a process of its own.

They are forks of a process that has imported what they need, which saves each two seconds.
"""

import atexit
import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = {
    # The world is this machine; what is to be seen is the order of requests, not their pace.
    "DOWNLOAD_DELAY": "0.01",
    # A busy machine must not be taken for a dead one.
    "DOWNLOAD_TIMEOUT": "12",
    "RETRY_TIMES": "1",
    "GKCRAWL_LEASE": "4",
}
_CONTEXT = multiprocessing.get_context("forkserver")
# What reads no environment and starts no thread when it is imported.
_CONTEXT.set_forkserver_preload(["scrapy.cmdline", "scrapy.crawler", "gkcrawl.crawl.spider"])


@dataclass(slots=True)
class Worker:
    """One worker: where its archive lies and what it says."""

    home: Path
    process: BaseProcess
    log: Path

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.is_alive()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """Kill it (SIGKILL)."""
        self.process.kill()
        self.process.join()

    def said(self) -> str:
        """Return what it said so far."""
        return self.log.read_text("utf-8") if self.log.exists() else ""


@dataclass(slots=True)
class Crew:
    """What all workers of a crawl have in common."""

    proxy: str
    redis: str
    """GKCRAWL_REDIS; empty: one worker, alone."""
    spider: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)

    def start(self, home: Path) -> Worker:
        """Start one more worker, whose archive lies in ``home``."""
        home.mkdir(parents=True, exist_ok=True)
        log = home / f"worker-{len(self.workers)}.log"
        settings = {**SETTINGS, **self.settings, "LOG_FILE": str(log)}
        command = ["scrapy", "crawl", self.spider]
        command += [f"-a{name}={value}" for name, value in self.arguments.items()]
        command += [f"-s{name}={value}" for name, value in settings.items()]
        environment = {
            **os.environ,
            **self.environment,
            "SCRAPY_SETTINGS_MODULE": "gkcrawl.settings",
            "PYTHONPATH": str(ROOT),
            "GKCRAWL_HOME": str(home),
            "GKCRAWL_PROXY": self.proxy,
            "GKCRAWL_REDIS": self.redis,
        }
        process = _CONTEXT.Process(target=_become, args=(command, environment))
        process.start()
        worker = Worker(home, process, log)
        self.workers.append(worker)
        return worker

    def wait(self, seconds: float = 300.0) -> list[int]:
        """Wait until all have ended; return their exit statuses, -9 of one that was killed.

        Raises TimeoutError when one takes longer; then all are killed.
        """
        for worker in self.workers:
            worker.process.join(seconds)
            if worker.runs:
                self.end()
                raise TimeoutError(f"no end after {seconds} s: {worker.said()[-2000:]}")
        return [worker.process.exitcode or 0 for worker in self.workers]

    def end(self) -> None:
        """Kill those that still run."""
        for worker in self.workers:
            if worker.runs:
                worker.kill()


def _become(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Be that program."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = list(command)
    sys.path[0] = str(ROOT)
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    finally:
        # Before Python 3.13 a process of multiprocessing ends without.
        atexit._run_exitfuncs()
