"""Ends what runs in a session of the system (setsid), however it came there."""

import os
import signal
from contextlib import suppress
from pathlib import Path

_SESSION = 3
"""Where a process's session stands in /proc/<process>/stat, counted from behind its name."""


def end_session(leader: int, but: int | None = None) -> None:
    """Kill all that runs in the session of the process ``leader``, except ``but``."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            session = int(stat.read_text(errors="replace").rpartition(")")[2].split()[_SESSION])
            if session == leader and int(stat.parent.name) != but:
                os.kill(int(stat.parent.name), signal.SIGKILL)
