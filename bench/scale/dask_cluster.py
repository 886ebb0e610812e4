"""A Dask cluster of processes of their own on this machine, for the measure of reading on many."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DASK = Path(sys.executable).with_name("dask")
_QUIET = {"DASK_LOGGING__DISTRIBUTED": "error"}


class Cluster:
    """A scheduler and workers of one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        told = ("--scheduler-file", str(self._file))
        self._scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", *told)
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        """Of the scheduler, as soon as it has one."""
        while not (self._file.exists() and self._file.stat().st_size):
            if self._scheduler.poll() is not None:
                raise RuntimeError(f"the scheduler did not start: see {self._folder}")
            time.sleep(0.05)
        return str(json.loads(self._file.read_text("utf-8"))["address"])

    def add_worker(self) -> None:
        """Start a worker with its nanny."""
        where = ("--local-directory", str(self._folder), "--host", "127.0.0.1")
        self.workers.append(self._start("worker", self.address, "--nthreads", "1", *where))

    def kill(self, worker: int) -> None:
        """Kill a worker with its nanny, as a machine that loses its power."""
        os.killpg(self.workers[worker].pid, signal.SIGKILL)
        self.workers[worker].wait()

    def close(self) -> None:
        """End all processes."""
        every = (*self.workers, self._scheduler)
        for process in every:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in every:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [str(_DASK), what, *arguments, "--no-dashboard"],
                stdout=log,
                stderr=log,
                env=os.environ | _QUIET,
                start_new_session=True,
            )


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Give a cluster with so many workers; its files go into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Cluster(folder)
    try:
        for _ in range(workers):
            made.add_worker()
        yield made
    finally:
        made.close()
