"""``python -m bench.archive``: what recording costs, beside other tools, as one JSON object.

CPU times of one run, all parties by turns: each party's figure is the median of its rounds, each
ratio the median of the rounds' ratios.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bench import archive_again, archive_crawl
from bench import archive_calls as calls
from bench.archive_pages import served, write_site

ROOT = Path(__file__).parent.parent
MUST = {"recording": 1.25, "writing": 1.1, "writing_with_fsync": 1.1, "verifying": 0.8}
"""At most: CPU of a recorded crawl over that of the same without, and of our writer over warcio's.
At least: speed of verify over that of ``warcio check``."""


def crawl(how: str, url: str, home: Path, python: str = sys.executable) -> dict[str, Any]:
    """Return what one crawl in a child process says of itself; RuntimeError where it fails."""
    command = [python, archive_crawl.__file__, how, url, str(home)]
    environment = {name: value for name, value in os.environ.items() if "GKCRAWL" not in name}
    done = subprocess.run(
        command,
        cwd=home.parent,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["failed without a word"])[-1])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def crawl_with_wget(url: str, home: Path, pages: int) -> dict[str, Any]:
    """Return what ``wget --warc-file`` costs for the same pages; RuntimeError without wget."""
    wget = shutil.which("wget")
    if wget is None:
        raise RuntimeError("wget is not installed")
    home.mkdir(parents=True)
    command = [wget, "--recursive", "--level=1", "--no-directories", "--delete-after", "--quiet"]
    command += ["--no-config", "--execute=robots=off", "--no-proxy"]
    command += [f"--warc-file={home / 'wget'}", url]
    before, began = os.times(), time.monotonic()
    subprocess.run(command, cwd=home, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return {"cpu_total": cpu, "seconds": time.monotonic() - began, "pages": pages + 1}


def crawls(folder: Path, pages: int, rounds: int, webarchive: str | None) -> dict[str, Any]:
    """Return what crawls of the same site cost with each recorder; absent ones say why."""
    write_site(folder / "site", pages)
    found: dict[str, list[dict[str, Any]]] = {}
    skipped: dict[str, str] = {}
    with served(folder) as (url, server):
        parties: dict[str, Callable[[Path], dict[str, Any]]] = {
            "plain": lambda home: crawl("plain", url, home),
            "recorded": lambda home: crawl("recorded", url, home),
            "wget": lambda home: crawl_with_wget(url, home, pages),
            "requests_with_capture_http": lambda home: crawl("requests", url, home),
            "scrapy_webarchive": lambda home: crawl("webarchive", url, home, webarchive or ""),
        }
        if webarchive is None:
            del parties["scrapy_webarchive"]
            skipped["scrapy_webarchive"] = "no --webarchive PYTHON of a venv that has it"
        for turn in range(rounds):
            for name, party in parties.items():
                if name in skipped:
                    continue
                try:
                    found.setdefault(name, []).append(party(folder / f"{name}-{turn}"))
                except (RuntimeError, OSError) as error:
                    skipped[name] = str(error)
    plain, recorded = ([one["cpu"] for one in found[name]] for name in ("plain", "recorded"))
    ratios = sorted(ours / theirs for ours, theirs in zip(recorded, plain, strict=True))
    return {
        "server": server,
        "recording_ratio": calls.ratio(recorded, plain),
        "recording_ratios": [round(ratio, 3) for ratio in ratios],
        "waited_for_recording_ms": _latency(
            [s for one in found["recorded"] for s in one["waited"]]
        ),
        "parties": {name: _summary(tries) for name, tries in found.items() if tries},
        "skipped": skipped,
    }


def _summary(tries: list[dict[str, Any]]) -> dict[str, float]:
    pages = tries[0]["pages"]
    told = {"pages": pages, "pages_per_second": pages / _median(tries, "seconds")}
    told["cpu_ms_a_page_with_start"] = 1000 * _median(tries, "cpu_total") / pages
    if "cpu" in tries[0]:
        told["cpu_ms_a_page"] = 1000 * _median(tries, "cpu") / pages
    return {name: round(value, 2) for name, value in told.items()}


def _median(tries: list[dict[str, Any]], name: str) -> float:
    return statistics.median(one[name] for one in tries)


def _latency(seconds: list[float]) -> dict[str, float]:
    """Return how long answers waited, of the clock: fsync included."""
    parts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {"median": round(1000 * parts[49], 2), "99th_percentile": round(1000 * parts[98], 2)}


def files(folder: Path, home: Path, pages: int, rounds: int) -> dict[str, Any]:
    """Return what writing ``pages`` exchanges and checking the archive ``home`` cost."""
    given = calls.exchanges(pages)
    turn = iter(range(10**6))
    writing = calls.in_turns(
        rounds,
        {
            "gkcrawl": lambda: calls.write_ours_without_fsync(given, folder / f"o{next(turn)}"),
            "gkcrawl_with_fsync": lambda: calls.write_ours(given, folder / f"f{next(turn)}"),
            "warcio": lambda: calls.write_with_warcio(given, folder / f"{next(turn)}.warc.gz"),
        },
    )
    verifying = calls.in_turns(
        rounds,
        {
            "gkcrawl": lambda: calls.verify_ours(home),
            "warcio": lambda: calls.check_with_warcio(home),
        },
    )
    return {
        "writing_ratio": calls.ratio(writing["gkcrawl"], writing["warcio"]),
        "writing_ratio_with_fsync": calls.ratio(writing["gkcrawl_with_fsync"], writing["warcio"]),
        "writing_cpu_ms_a_page": _each(writing, pages),
        "verifying_speed_ratio": calls.ratio(verifying["warcio"], verifying["gkcrawl"]),
        "verifying_cpu_ms_a_page": _each(verifying, pages),
    }


def _each(found: dict[str, list[float]], pages: int) -> dict[str, float]:
    return {name: round(1000 * statistics.median(s) / pages, 3) for name, s in found.items()}


def measure(pages: int, rounds: int, webarchive: str | None) -> dict[str, Any]:
    """Return the whole measurement."""
    with tempfile.TemporaryDirectory(prefix="gkcrawl-bench-") as name:
        folder = Path(name)
        crawled = crawls(folder, pages, rounds, webarchive)
        written = files(folder, folder / "recorded-0", pages, rounds)
        again = archive_again.measure(folder / "again")
    found = {
        "recording": crawled["recording_ratio"],
        "writing": written["writing_ratio"],
        "writing_with_fsync": written["writing_ratio_with_fsync"],
        "verifying": written["verifying_speed_ratio"],
    }
    bar = {
        name: {
            "found": found[name],
            "must": must,
            "met": found[name] >= must if name == "verifying" else found[name] <= must,
        }
        for name, must in MUST.items()
    }
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    return {
        "bar": bar,
        "crawls": crawled,
        "files": written,
        "second_crawl": again,
        "machine": machine,
    }


@click.command()
@click.option("--pages", default=400, show_default=True, help="Pages of the site.")
@click.option("--rounds", default=5, show_default=True, help="Turns of each party.")
@click.option("--webarchive", help="The Python of a venv with scrapy-webarchive.")
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead.")
def main(pages: int, rounds: int, webarchive: str | None, output: Path | None) -> None:
    """Print the bar and what every party costs as one JSON object."""
    text = json.dumps(measure(pages, rounds, webarchive), indent=1)
    if output is None:
        click.echo(text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
