"""A Dask cluster reads the archive: the catalog is the one that this machine makes alone."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from distributed import KilledWorker

import archive.cluster
from archive.catalog import Catalog
from archive.cluster import ClusterError, cluster_reader
from archive.index import index_archive
from archive.sequence import Reader, Result
from archive.slices import Slice, read_slice
from archive.warc import warc_files
from archive.worker import SliceReader
from bench.scale.dask_cluster import Cluster, cluster
from bench.scale.index_pages import portal_page, write_crawl
from gkcrawl.cli import main

PAGES, FILES = 24, 8


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of portals in several WARC files."""
    folder = tmp_path_factory.mktemp("crawled")
    write_crawl(folder, map(portal_page, range(PAGES)), files=FILES)
    return folder


@pytest.fixture(scope="module")
def alone(home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The catalog that is made without a cluster."""
    return dump(home, tmp_path_factory.mktemp("alone"))


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("dask"), 2) as made:
        yield made


def dump(home: Path, folder: Path, readers: Any = None, **how: bool) -> list[str]:
    with Catalog(folder / "catalog.db") as catalog:
        counts = index_archive(home, catalog, jobs=0, readers=readers, **how)
        assert (counts["files"], counts["captures"], counts["read"]) == (FILES, PAGES, PAGES)
        return list(catalog.dump())


@contextmanager
def then(address: str, event: Any) -> Iterator[Reader]:
    """Give the cluster's reader; ``event`` is called when the first stretch is there."""
    with cluster_reader(address) as reader:
        events = [event]

        class Watched:
            ahead = reader.ahead

            def submit(self, part: Slice) -> Result:
                result = reader.submit(part)

                def wait() -> Any:
                    portion = result()
                    if events:
                        events.pop()()
                    return portion

                return wait

        yield Watched()


def test_the_catalog_is_the_same_and_made_anew_too(
    home: Path, alone: list[str], two_workers: Cluster, tmp_path: Path
) -> None:
    assert len(alone) > 100
    assert dump(home, tmp_path, cluster_reader(two_workers.address), rebuild=True) == alone


def test_the_command_names_the_cluster(
    home: Path, two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GKCRAWL_HOME", str(home))

    done = CliRunner().invoke(main, ["index", "--dask", two_workers.address, "--json"])

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["captures"] == PAGES


def test_a_worker_that_is_lost_changes_nothing(
    home: Path, alone: list[str], two_workers: Cluster, tmp_path: Path
) -> None:
    def lose() -> None:
        two_workers.kill(0)

    assert dump(home, tmp_path, then(two_workers.address, lose)) == alone
    assert two_workers.workers[0].poll() is not None


def test_what_kills_worker_after_worker_is_read_here(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lost:
        def result(self) -> bytes:
            raise KilledWorker("read", SimpleNamespace(address="tcp://a"), 3)  # type: ignore[arg-type]

    here = SliceReader()
    monkeypatch.setattr(here, "read", read_slice)
    reader = archive.cluster._Cluster(None, here)  # type: ignore[arg-type]
    part = Slice(warc_files(home / "warc")[0])

    assert reader._result(part, Lost()) == read_slice(part)  # type: ignore[arg-type]


def test_files_that_workers_do_not_see_are_told() -> None:
    class Unseen:
        def result(self) -> bytes:
            raise FileNotFoundError(2, "No such file", "/a.warc.gz")

    reader = archive.cluster._Cluster(None, SliceReader())  # type: ignore[arg-type]

    with pytest.raises(ClusterError, match=r"/a\.warc\.gz.*under the same paths"):
        reader._result(Slice(Path("/a.warc.gz")), Unseen())  # type: ignore[arg-type]


def test_a_worker_with_other_rules_is_refused() -> None:
    class Client:
        def run(self, function: Any) -> dict[str, tuple[str, str]]:
            return {"tcp://a": function(), "tcp://b": ("0.0.1", "sha256:00")}

    with pytest.raises(ClusterError, match=r"tcp://b has gkcrawl 0\.0\.1"):
        archive.cluster._demand_equals(Client())  # type: ignore[arg-type]


def test_no_scheduler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.cluster, "_PATIENCE", 1)

    with (
        pytest.raises(ClusterError, match="no Dask scheduler"),
        cluster_reader("tcp://127.0.0.1:1"),
    ):
        pass


def test_the_missing_extra_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GKCRAWL_HOME", str(home))
    monkeypatch.delitem(sys.modules, "archive.cluster")
    monkeypatch.setitem(sys.modules, "distributed", None)

    done = CliRunner().invoke(main, ["index", "--dask", "tcp://127.0.0.1:1"])

    assert done.exit_code == 1
    assert "pip install 'gkcrawl[dask]'" in done.output
