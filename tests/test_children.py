"""Processes side by side, with real ones."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from gkcrawl.crawl.children import INTERRUPTED, run_all


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-S", "-c", code, *arguments]


def test_as_many_run_at_a_time_as_are_allowed(tmp_path: Path) -> None:
    """Each waits until it has seen another, and none ever sees two."""
    code = (
        "import os, sys, time\n"
        "me, folder = sys.argv[1:]\n"
        "open(f'{folder}/{me}', 'w').close()\n"
        "most = 0\n"
        "for _ in range(200):\n"
        "    most = max(most, len(os.listdir(folder)))\n"
        "    if most > 1: break\n"
        "    time.sleep(0.01)\n"
        "time.sleep(0.05)\n"
        "most = max(most, len(os.listdir(folder)))\n"
        "os.unlink(f'{folder}/{me}')\n"
        "sys.exit(most)\n"
    )
    commands = {name: python(code, name, str(tmp_path)) for name in "abcd"}
    codes = run_all(commands, os.environ, at_once=2)
    assert list(codes) == list("abcd")
    assert set(codes.values()) == {2}
    assert set(run_all(commands, os.environ).values()) == {1}


def test_after_an_interrupted_one_no_other_begins() -> None:
    commands = {
        "fails": python("raise SystemExit(1)"),
        "interrupted": python(f"raise SystemExit({INTERRUPTED})"),
        "never": python(""),
    }
    assert run_all(commands, os.environ) == {"fails": 1, "interrupted": INTERRUPTED}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_stopped_waits_for_those_that_run(number: signal.Signals, tmp_path: Path) -> None:
    """SIGTERM is passed on; Ctrl-C, which a terminal sends to all, is waited for."""
    code = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(0.2); sys.exit(7)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "for _ in range(1500):\n"
        "    if pathlib.Path(sys.argv[2]).exists(): sys.exit(8)\n"
        "    time.sleep(0.02)\n"
        "sys.exit(9)\n"
    )
    here, done = os.getpid(), tmp_path / "done"

    def interrupt() -> None:
        while len(list(tmp_path.iterdir())) < 2:
            threading.Event().wait(0.01)
        os.kill(here, number)
        threading.Event().wait(0.5)
        done.touch()

    threading.Thread(target=interrupt).start()
    commands = {name: python(code, str(tmp_path / name), str(done)) for name in "abc"}
    ended = 7 if number == signal.SIGTERM else 8
    assert run_all(commands, os.environ, at_once=2) == {"a": ended, "b": ended}
