"""Processes of the tests that need not import everything anew.

A crawl of three pages spends two of its three seconds on importing Scrapy and the reader. Here
a server, itself a process of its own, has imported them; each program is a fork of it with folder,
environment, output and exit status of its own. What is tested as a process (its start, its signals)
runs as people run it.
"""

import atexit
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
_CONTEXT = multiprocessing.get_context("forkserver")
# What reads no environment and starts no thread when it is imported.
_CONTEXT.set_forkserver_preload(["scrapy.cmdline", "scrapy.crawler", "gkcrawl.crawl.spider"])


def run(
    program: str | Path,
    *arguments: str,
    env: Mapping[str, str],
    cwd: Path = ROOT,
    timeout: float = 240,
) -> subprocess.CompletedProcess[str]:
    """Return what a program (a module's name, or the path of a script) printed and ended with.

    Raises TimeoutExpired after ``timeout`` seconds.
    """
    command = [str(program), *arguments]
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder) / name for name in ("out", "err")]
        process = _CONTEXT.Process(target=_become, args=(command, dict(env), cwd, said))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(command, timeout)
        out, err = (path.read_text("utf-8") for path in said)
    return subprocess.CompletedProcess(command, process.exitcode, out, err)


def _become(
    command: Sequence[str], env: Mapping[str, str], cwd: Path, said: Sequence[Path]
) -> None:
    """Be that program."""
    for number, path in enumerate(said, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = list(command)
    sys.path[0] = str(cwd)
    program = command[0]
    try:
        if program.endswith(".py"):
            sys.path[0] = str(Path(program).parent)
            runpy.run_path(program, run_name="__main__")
        else:
            runpy.run_module(program, run_name="__main__", alter_sys=True)
    finally:
        # Before Python 3.13 a process of multiprocessing ends without.
        atexit._run_exitfuncs()
