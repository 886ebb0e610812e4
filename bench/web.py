"""``python -m bench.web``: how quickly the pages answer over many reports, as one JSON object.

Pages are asked in this process through Datasette's own client, after a first round that is not
counted. What the figures mean is told in bench/README.md.
"""

import asyncio
import json
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bench import web_pages
from bench import web_search as fts
from bench.web_catalog import make_catalog

MUST = {"search_ms": 30.0, "report_ms": 50.0, "coverage_ms": 300.0, "index_to_text": 1.5}


def search_figures(home: Path, queries: Sequence[str], scratch: Path | None) -> dict[str, Any]:
    """Return what our index costs and how it answers; with ``scratch`` beside its peers."""
    connection = web_pages.read(home)
    text_bytes = connection.execute("select sum(length(cast(text as blob))) from reports")
    size, text = fts.index_bytes(connection, "report_fts"), text_bytes.fetchone()[0]
    exact = fts.counted(connection, queries)
    found: dict[str, Any] = {
        "reports": connection.execute("select count(*) from reports").fetchone()[0],
        "text_bytes": text,
        "index_bytes": size,
        "index_to_text": round(size / text, 3),
        "answer_ms": fts.ours(connection, queries),
        "answer_2_to_4_ms": fts.spread(
            [
                fts.timed(lambda q=q: fts.search(connection, fts.Question(fts.typed(q))), 1)
                for q in queries
                if 2 <= len(q) <= 4
            ]
        ),
        "newest_first_ms": fts.ours(connection, queries, order="newest"),
        "one_province_ms": fts.ours(connection, queries, province="云南省"),
    }
    if scratch is not None:
        found["build_cpu_seconds"] = round(fts.built_anew(connection), 1)
        found["peers"] = _peers(connection, queries, exact, scratch, text)
    connection.close()
    return found


def _peers(
    connection: sqlite3.Connection,
    queries: Sequence[str],
    exact: list[int],
    scratch: Path,
    text: int,
) -> dict[str, Any]:
    like = fts.Like(scratch / "plain.db")
    like.fill(fts.folded(connection))
    truth, one = like.counted(queries)
    found: dict[str, Any] = {
        "like": {
            "ms_per_query": one,
            "queries": len(queries),
            "our_counts_equal": sum(a == b for a, b in zip(exact, truth, strict=True)),
            "unequal": [q for q, a, b in zip(queries, exact, truth, strict=True) if a != b][:9],
        }
    }
    for name, peer in fts.peers(scratch).items():
        cost = peer.fill(fts.folded(connection))
        times, counts = peer.ask(queries)
        short = [n for n, query in enumerate(queries) if len(query) <= 2]
        found[name] = {
            "build_cpu_seconds": round(cost["cpu_seconds"], 1),
            "index_to_text": round(cost["bytes"] / text, 3),
            "count_and_first_20_ms": times,
            "counts_equal_like": sum(a == b for a, b in zip(counts, truth, strict=True)),
            "missed_of_one_or_two_characters": f"{sum(not counts[n] for n in short)}/{len(short)}",
        }
    return found


def verdicts(found: dict[str, Any]) -> dict[str, bool]:
    """Return which of the bars are kept."""
    kept = {
        "search_ms": found["pages"]["search_page_2_to_4_ms"]["p95"] <= MUST["search_ms"],
        "report_ms": found["pages"]["report_ms"]["p95"] <= MUST["report_ms"],
        "coverage_ms": found["pages"]["pages_ms"]["/coverage"]["p95"] <= MUST["coverage_ms"],
        "index_to_text": found["search"]["index_to_text"] <= MUST["index_to_text"],
    }
    if peers := found["search"].get("peers"):
        kept["equal_to_like"] = peers["like"]["our_counts_equal"] == peers["like"]["queries"]
    return kept


@click.command()
@click.option("--reports", type=int, default=100_000, show_default=True)
@click.option("--catalog", type=click.Path(exists=True, path_type=Path), help="One made before.")
@click.option("--queries", type=int, default=200, show_default=True)
@click.option("--no-peers", is_flag=True, help="Leave out trigram, single characters and LIKE.")
@click.option("--million", is_flag=True, help="A catalog of 1,000,000 short reports as well.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--output", type=click.Path(path_type=Path))
def main(
    reports: int,
    catalog: Path | None,
    queries: int,
    no_peers: bool,
    million: bool,
    seed: int,
    output: Path | None,
) -> None:
    """Print how quickly the pages answer, as JSON."""
    with tempfile.TemporaryDirectory(prefix="bench-web-") as folder:
        scratch = Path(folder)
        home, made = _home(scratch / "home", catalog, reports, seed)
        found = _measured(home, queries, seed, None if no_peers else scratch)
        found["made_seconds"] = made
        if million:
            shutil.rmtree(scratch / "home", ignore_errors=True)
            large = scratch / "million"
            large.mkdir()
            # Four reports in five have no tables here, and texts are a third as long.
            made = make_catalog(large / "catalog.db", 1_000_000, seed, length=1_000, cells=False)
            found["million"] = _measured(large, queries, seed, None) | {"made_seconds": made}
    found["kept"] = verdicts(found)
    found["machine"] = {
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
        "cpus": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
        "platform": platform.platform(),
    }
    told = json.dumps(found, ensure_ascii=False, indent=2)
    if output:
        output.write_text(told + "\n", "utf-8")
    click.echo(told)
    sys.exit(0 if all(found["kept"].values()) else 1)


def _home(
    folder: Path, catalog: Path | None, reports: int, seed: int
) -> tuple[Path, dict[str, float]]:
    folder.mkdir()
    if catalog is not None:
        (folder / "catalog.db").symlink_to(catalog.resolve())
        return folder, {}
    return folder, make_catalog(folder / "catalog.db", reports, seed)


def _measured(home: Path, queries: int, seed: int, scratch: Path | None) -> dict[str, Any]:
    connection = web_pages.read(home)
    asked = fts.pieces(connection, queries, seed)
    connection.close()
    # First the pages, while nothing else has filled the caches.
    return {
        "pages": asyncio.run(web_pages.figures(home, asked, seed)),
        "search": search_figures(home, asked, scratch),
    }


if __name__ == "__main__":
    main()
