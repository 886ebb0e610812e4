"""The wheel carries everything: from an empty folder it runs the embedded world."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the checkout, unpacked; its dependencies are those of this venv."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


def test_the_demo_runs_from_the_wheel_in_an_empty_folder(unpacked: Path, tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GKCRAWL_")
    } | {"PYTHONPATH": str(unpacked)}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = run("-c", "import gkcrawl, archive, spiders; print(gkcrawl.__file__)")
    assert Path(where.strip()).is_relative_to(unpacked), "the checkout stands before the wheel"
    summary = json.loads(run("-m", "gkcrawl.cli", "demo", "--json"))
    assert summary["new"]["reports"] > 0
    assert (tmp_path / "demo-data" / "catalog.db").exists()
