"""The state of an archive in Prometheus' text format (exposition format 0.0.4).

All are gauges: the catalog is what it is now, and can be made anew. Names follow
https://prometheus.io/docs/practices/naming/: base units, the unit last.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.catalog import monitors, queries
from archive.catalog.database import Database
from archive.warc.names import warc_files
from gkcrawl import __version__
from gkcrawl.monitoring import verified

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]
Sample = tuple[Labels, float]

# Statistics of a run (``runs.counts``) -> metric.
_COUNTS = {
    "gk/exchanges": ("gkcrawl_run_exchanges", "HTTP exchanges of the last run."),
    "gk/bytes": ("gkcrawl_run_received_bytes", "Bytes that the last run received."),
    "gk/failures": ("gkcrawl_run_failures", "Tries of the last run that failed."),
    "gk/outcome/report": ("gkcrawl_run_reports", "Reports that the last run read."),
    "gk/outcome/blocked": ("gkcrawl_run_refusals", "Refusals that the last run met."),
    "gk/not_due": ("gkcrawl_run_not_due", "Pages that the last run left alone."),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with its samples."""

    name: str
    help: str
    samples: tuple[Sample, ...]


def measured(db: Database, home: Path) -> Iterator[Metric]:
    """Yield the metrics of the archive in ``home``, whose catalog is ``db``."""
    yield Metric("gkcrawl_info", "The version of gkcrawl.", (({"version": __version__}, 1),))
    yield from _of_catalog(queries.status(db))
    yield from _of_runs(monitors.last_runs(db))
    yield from _of_monitors(monitors.standing(db))
    yield from _of_disk(home)
    if (last := verified.last(home)) is not None:
        labels = {"whole": str(last.whole).lower()}
        yield Metric(
            "gkcrawl_verify_timestamp_seconds",
            "When the archive was verified the last time.",
            ((labels, _seconds(last.at)),),
        )
        yield Metric(
            "gkcrawl_verify_problems",
            "Problems that the last verification found.",
            ((labels, last.problems),),
        )


def _of_catalog(status: Mapping[str, Any]) -> Iterator[Metric]:
    yield _by("gkcrawl_captures", "Captures by outcome.", "outcome", status["captures"])
    yield _by("gkcrawl_reports", "Reports by year.", "year", status["reports"]["by_year"])
    yield _by(
        "gkcrawl_report_status", "Reports by status.", "status", status["reports"]["by_status"]
    )
    yield _by("gkcrawl_checks", "Checks of reports by status.", "status", status["checks"])
    yield _one("gkcrawl_failures", "Tries that failed.", status["failures"])
    yield _one("gkcrawl_versions", "Versions of reports.", status["versions"])
    yield _one("gkcrawl_organs", "Organs that gave a report.", status["agencies"])
    yield _one("gkcrawl_runs", "Runs.", status["runs"]["total"])
    unfinished = status["runs"]["unfinished"]
    yield _one("gkcrawl_runs_unfinished", "Runs that never ended, or have not yet.", unfinished)


def _of_runs(runs: Iterable[Mapping[str, Any]]) -> Iterator[Metric]:
    last = {run["spider"]: run for run in runs}
    begun = {spider: _seconds(run["started_at"]) for spider, run in last.items()}
    yield _by("gkcrawl_run_start_timestamp_seconds", "When the last run began.", "spider", begun)
    ended = tuple(
        ({"spider": spider, "reason": run["reason"] or ""}, _seconds(run["ended_at"]))
        for spider, run in last.items()
        if run["ended_at"]
    )
    yield Metric("gkcrawl_run_end_timestamp_seconds", "When and how the last run ended.", ended)
    for count, (name, told) in _COUNTS.items():
        values = {spider: run["counts"].get(count, 0) for spider, run in last.items()}
        yield _by(name, told, "spider", values)


def _of_monitors(rows: Iterable[Mapping[str, Any]]) -> Iterator[Metric]:
    failed: dict[tuple[str, str, str], int] = {}
    measures: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (row["spider"], row["name"], row["portal"])
        # Two portals of one place are one sample.
        failed[key] = max(failed.get(key, 0), int(row["status"] == "failed"))
        if not row["portal"]:
            measures[key[:2]] = row["measured"]
    yield Metric(
        "gkcrawl_monitor_failed",
        "Whether a monitor failed in the last run; of portals only those that did.",
        tuple(
            ({"spider": spider, "monitor": name, "portal": portal}, value)
            for (spider, name, portal), value in failed.items()
        ),
    )
    yield Metric(
        "gkcrawl_monitor_measured",
        "What a monitor of a whole run measured.",
        tuple(
            ({"spider": spider, "monitor": name}, value)
            for (spider, name), value in measures.items()
        ),
    )


def _of_disk(home: Path) -> Iterator[Metric]:
    files = warc_files(home / "warc")
    size = sum(path.stat().st_size for path in files if path.exists())
    yield _one("gkcrawl_warc_files", "WARC files.", len(files))
    yield _one("gkcrawl_warc_bytes", "Bytes of the WARC files.", size)
    catalog = home / "catalog.db"
    yield _one("gkcrawl_catalog_bytes", "Bytes of the catalog.", catalog.stat().st_size)
    free = shutil.disk_usage(home).free
    yield _one("gkcrawl_disk_free_bytes", "Bytes free on the archive's disk.", free)


def exposition(metrics: Iterable[Metric]) -> str:
    """Return the metrics as text, a line each; one without samples is left out."""
    said: list[str] = []
    for metric in metrics:
        if not metric.samples:
            continue
        said.append(f"# HELP {metric.name} {_escaped(metric.help)}")
        said.append(f"# TYPE {metric.name} gauge")
        said += [f"{metric.name}{_labels(labels)} {value}" for labels, value in metric.samples]
    return "\n".join(said) + "\n"


def _one(name: str, told: str, value: float) -> Metric:
    return Metric(name, told, (({}, value),))


def _by(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    return Metric(name, told, tuple(({label: key}, value) for key, value in values.items()))


def _labels(labels: Labels) -> str:
    said = ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items())
    return f"{{{said}}}" if said else ""


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', r"\"")


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
