"""The walls of the house: who may import whom, and that the archive stands by itself."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Blocks the named packages for everything imported after it, as if they were not installed.
BLOCK = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"scrapy", "twisted", "datasette", "gkcrawl", "spiders"}:
            raise ModuleNotFoundError(f"{name} is not to be imported here")
sys.meta_path.insert(0, Block())
"""


def test_the_import_contract_is_kept() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_of_archive_imports_without_scrapy_and_twisted() -> None:
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "archive").rglob("*.py")
    )
    code = BLOCK + "\n".join(f"import {name}" for name in modules)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
