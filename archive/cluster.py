"""Stretches of WARC files read by the workers of a Dask cluster (the extra ``dask``).

The workers see the files under the same paths as this process and only read them; what they find
comes back here, where alone the catalog is written. Dask hands a stretch to another worker where
one is lost; what costs worker after worker its life is read on this machine.
"""

import logging
import multiprocessing.process
import pickle
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import Any

from distributed import Client, Future, KilledWorker, Worker, WorkerPlugin, get_worker

from archive.conversions import config_digest
from archive.readers import Children
from archive.sequence import Reader, Result
from archive.slices import Portion, Slice
from archive.worker import SliceReader

logger = logging.getLogger(__name__)

_NAME = "gkcrawl-readers"
_PATIENCE = 30
"""Seconds in which a first worker has to be there."""


class ClusterError(Exception):
    """The cluster cannot be used; the message says why, and what to do."""


@contextmanager
def cluster_reader(address: str) -> Iterator[Reader]:
    """Give a reader that is the cluster whose scheduler is at ``address`` (``tcp://host:8786``).

    Raises ClusterError where it does not answer, has no workers, or these would read otherwise.
    """
    with _client(address) as client:
        client.register_plugin(_Readers())
        try:
            _demand_equals(client)
            with closing(SliceReader()) as reader:
                yield _Cluster(client, reader)
        finally:
            if client.status == "running":
                client.unregister_worker_plugin(_NAME)  # type: ignore[no-untyped-call]


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=_PATIENCE, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            message = (
                f"the scheduler at {address} has no workers; start some: dask worker {address}"
            )
            raise ClusterError(message) from error
        yield client


class _Cluster:
    """Reads on the workers."""

    def __init__(self, client: Client, here: SliceReader) -> None:
        self._client = client
        self._here = here

    @property
    def ahead(self) -> int:
        # Asked each time: workers come and go.
        threads: dict[str, int] = self._client.nthreads()  # type: ignore[no-untyped-call]
        return 2 * sum(threads.values()) + 2

    def submit(self, part: Slice) -> Result:
        # Workers stand elsewhere.
        part = replace(part, path=part.path.absolute())
        return partial(self._result, part, self._client.submit(_read, part, pure=False))

    def _result(self, part: Slice, future: Future[bytes]) -> Portion:
        try:
            packed: bytes = future.result()
        except KilledWorker as error:
            logger.error("read on this machine, since workers died of it: %s", error)
            return self._here.read(part)
        except FileNotFoundError as error:
            message = f"{error}; the workers need the WARC files under the same paths as this one"
            raise ClusterError(message) from error
        portion: Portion = pickle.loads(packed)
        return portion


class _Readers(WorkerPlugin):
    """What a worker of the cluster reads with: a child with limits for each of its threads."""

    name = _NAME
    children: Children

    def setup(self, worker: Worker) -> None:
        # Dask makes its workers daemons, which may have no children lest these outlive them. Ours
        # end by themselves when their parent does.
        multiprocessing.process.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        self.children = Children(worker.state.nthreads)

    def teardown(self, worker: Worker) -> None:
        self.children.close()


def _read(part: Slice) -> bytes:
    """Return the portion of a stretch, packed: neither worker nor scheduler look into it."""
    readers: Any = get_worker().plugins[_NAME]
    return pickle.dumps(readers.children.read(part))


def _rules() -> tuple[str, str]:
    """Return what shapes readings: the version of gkcrawl and the configuration."""
    return version("gkcrawl"), config_digest()


def _demand_equals(client: Client) -> None:
    """Raise ClusterError where a worker would read otherwise than this process does."""
    own = _rules()
    for worker, found in client.run(_rules).items():
        if found != own:
            raise ClusterError(
                f"the worker {worker} has gkcrawl {found[0]} with the configuration {found[1]}; "
                f"this process has {own[0]} with {own[1]}"
            )
