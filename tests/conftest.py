"""What several test modules share."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


def gkcrawl(*arguments: str, home: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the real command with the archive in ``home`` and return what it printed."""
    environment = {**os.environ, "GKCRAWL_HOME": str(home)}
    environment.pop("GKCRAWL_PROXY", None)
    done = subprocess.run(
        [sys.executable, "-m", "gkcrawl.cli", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
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


@pytest.fixture(scope="session")
def demo_archive(tmp_path_factory: pytest.TempPathFactory) -> DemoArchive:
    """One crawl of the world as shipped; tests that change it take a copy."""
    home = tmp_path_factory.mktemp("demo")
    done = gkcrawl("demo", "--json", home=home)
    return DemoArchive(home, json.loads(done.stdout))


@pytest.fixture
def demo_copy(demo_archive: DemoArchive, tmp_path: Path) -> Path:
    """A copy of the demo's archive that a test may change."""
    return Path(shutil.copytree(demo_archive.home, tmp_path / "home"))
