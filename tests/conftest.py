"""What several test modules share."""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forked
import pytest
from hypothesis import settings

from gkcrawl.crawl import runner

ROOT = Path(__file__).parent.parent

# How long an example takes says nothing on a busy machine.
settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")


def gkcrawl(*arguments: str, home: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the real command with the archive in ``home`` and return what it printed."""
    environment = {**os.environ, "GKCRAWL_HOME": str(home)}
    environment.pop("GKCRAWL_PROXY", None)
    done = forked.run("gkcrawl.cli", *arguments, env=environment)
    if check:
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done


@dataclass(frozen=True)
class DemoArchive:
    """The archive of one crawl of the embedded world."""

    home: Path
    summary: dict[str, Any]


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of real documents with expected values (``GKCRAWL_SEEDS``)."""
    folder = os.environ.get("GKCRAWL_SEEDS")
    if not folder:
        pytest.skip("GKCRAWL_SEEDS names no folder of real documents")
    return Path(folder)


_LONGEST = (
    *("test_schedule_crawl", "test_browser", "test_crawl_faults", "test_find_quality"),
    *("test_demo", "test_spiders", "test_monitor_crawls", "test_shared_crawl", "test_replay"),
    *("test_dedup", "test_recorder_crawl", "test_probe", "test_web_archive", "test_web_serve"),
    *("test_wacz", "test_export", "test_import", "test_browser_replay", "test_conversions"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: at the end no worker shall be left alone with one of them."""
    order = {name: place for place, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


Make = Callable[[Path], None]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Make], Path]:
    """What is dear to make and made once for all workers of a run: each gets a copy of its own.

    Called with a name and with what makes a folder of that name.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Make) -> Path:
        folder = shared / f"once-{name}"
        with (shared / f"once-{name}.lock").open("a") as lock:
            # The first that comes makes it, the others wait; nobody opens what is copied here.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                making = Path(tempfile.mkdtemp(dir=shared))
                make(making)
                making.rename(folder)
            return Path(shutil.copytree(folder, tmp_path_factory.mktemp(name) / "copy"))

    return made


@pytest.fixture(scope="session")
def demo_archive(made_once: Callable[[str, Make], Path]) -> DemoArchive:
    """One crawl of the world as shipped; tests that change it take a copy."""

    def crawl(folder: Path) -> None:
        done = gkcrawl("demo", "--json", home=folder / "home")
        (folder / "summary.json").write_text(done.stdout, "utf-8")

    made = made_once("demo", crawl)
    return DemoArchive(made / "home", json.loads((made / "summary.json").read_text("utf-8")))


@pytest.fixture
def demo_copy(demo_archive: DemoArchive, tmp_path: Path) -> Path:
    """A copy of the demo's archive that a test may change."""
    return Path(shutil.copytree(demo_archive.home, tmp_path / "home"))


@pytest.fixture
def quick_spiders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the spiders that a command of this process starts be forks, one after the other."""

    def run_all(
        commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], at_once: int = 1
    ) -> dict[str, int]:
        codes = {}
        for name, (_, _, *program) in commands.items():
            done = forked.run(*program, env=environment)
            os.write(2, done.stderr.encode())
            codes[name] = done.returncode
        return codes

    monkeypatch.setattr(runner, "run_all", run_all)
