"""Processes side by side: what would stop us lets them close their files first."""

import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from gkcrawl.exits import INTERRUPTED

_LOOK = 0.05
"""Seconds between two looks at the processes."""


def run_all(
    commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], at_once: int = 1
) -> dict[str, int]:
    """Run commands, up to ``at_once`` at a time, and return their exit statuses by their names.

    Ctrl-C in a terminal reaches the processes by itself, and SIGTERM is passed on to them. Then,
    and when one of them was interrupted, no other is started; those that never ran are left out.
    """
    waiting, running, codes = list(commands), dict[str, subprocess.Popen[bytes]](), {}
    # Not time.sleep, which fails under faketime: simulated nights run this too.
    pause = threading.Event()
    with _passing_on(running, waiting):
        while running or waiting:
            with _ended_by_ctrl_c(waiting):
                while waiting and len(running) < at_once:
                    name = waiting.pop(0)
                    running[name] = subprocess.Popen(commands[name], env=dict(environment))
                pause.wait(_LOOK)
                for name, process in list(running.items()):
                    if (code := process.poll()) is not None:
                        codes[name] = code
                        del running[name]
                if INTERRUPTED in codes.values():
                    waiting.clear()
    return {name: codes[name] for name in commands if name in codes}


@contextmanager
def _ended_by_ctrl_c(waiting: list[str]) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        waiting.clear()


@contextmanager
def _passing_on(
    running: Mapping[str, subprocess.Popen[bytes]], waiting: list[str]
) -> Iterator[None]:
    """Pass SIGTERM on; only the main thread hears signals, in others nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: Any) -> None:
        waiting.clear()
        for process in list(running.values()):
            process.terminate()

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
