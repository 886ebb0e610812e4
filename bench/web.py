"""``python -m bench.web``: how quickly the pages answer over many reports, as one JSON object.

Pages are asked in this process through Datasette's own client, after a first round that is not
counted. What the figures mean is told in bench/README.md.
"""

import asyncio
import json
import os
import platform
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from datasette.app import Datasette

from bench import web_search as fts
from bench.web_catalog import make_catalog
from gkcrawl.web.serve import build_datasette

MUST = {"search_ms": 30.0, "report_ms": 50.0, "coverage_ms": 300.0, "index_to_text": 1.5}
_PAGES = (
    *("/", "/coverage", "/coverage?year=2023", "/checks", "/checks?year=2023", "/changes"),
    *(
        "/changes.atom",
        "/stats",
        "/about",
        "/data",
        "/search",
        "/division",
        "/search?year=2020-2024",
    ),
)
_ROUNDS = 5
_OFTEN = ("公开", "信息公开", "政府信息", "诉讼", "不予公开", "2023年", "政府信息公开工作年度报告")
"""What most visitors type: words that are in every report."""


async def pages(site: Datasette, paths: Sequence[str], rounds: int = _ROUNDS) -> dict[str, Any]:
    """Return milliseconds of each page; what does not answer 200 says so."""
    found: dict[str, Any] = {}
    for path in paths:
        answer = await site.client.get(path)
        if answer.status_code != 200:
            found[path] = {"status": answer.status_code}
            continue
        times = [await _get(site, path) for _ in range(rounds)]
        found[path] = fts.spread(times) | {"bytes": len(answer.content)}
    return found


async def each_once(site: Datasette, paths: Sequence[str]) -> dict[str, float]:
    """Return the spread of the milliseconds of many addresses of one kind, each asked once."""
    for path in paths[:3]:
        await site.client.get(path)
    return fts.spread([await _get(site, path) for path in paths])


async def _get(site: Datasette, path: str) -> float:
    began = time.perf_counter()
    answer = await site.client.get(path)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return took


async def site_figures(home: Path, queries: Sequence[str], seed: int) -> dict[str, Any]:
    """Return the milliseconds of the pages of a catalog."""
    site = build_datasette(home)
    connection = _read(home)
    rng = random.Random(seed)
    reports = [row[0] for row in connection.execute("select id from reports")]
    organs = [row[0] for row in connection.execute("select id from agencies")]
    codes = [row[0] for row in connection.execute("select distinct division_code from agencies")]
    searches: dict[int, list[str]] = {}
    for query in queries:
        searches.setdefault(len(query), []).append(f"/search?q={quote(fts.typed(query))}")
    try:
        return {
            "search_page_ms": {
                str(length): await each_once(site, paths)
                for length, paths in sorted(searches.items())
            },
            "search_page_2_to_4_ms": await each_once(
                site, [path for length in (2, 3, 4) for path in searches[length]]
            ),
            "search_page_often_ms": await each_once(
                site, [f"/search?q={quote(word)}" for word in _OFTEN]
            ),
            "report_ms": await each_once(site, [f"/r/{one}" for one in rng.sample(reports, 100)]),
            "report_json_ms": await each_once(
                site, [f"/r/{one}.json" for one in rng.sample(reports, 50)]
            ),
            "organ_ms": await pages_of(site, "/a/", rng.sample(organs, 40)),
            "division_ms": await pages_of(
                site, "/division/", rng.sample([code for code in codes if code], 40)
            ),
            "pages_ms": await pages(site, _PAGES),
        }
    finally:
        connection.close()
        site.databases["catalog"].close()


async def pages_of(site: Datasette, prefix: str, names: Sequence[str]) -> dict[str, Any]:
    """Return ``each_once`` for pages that may not be there."""
    paths = [prefix + name for name in names]
    if (await site.client.get(paths[0])).status_code != 200:
        return {"status": "not there"}
    return await each_once(site, paths)


def search_figures(home: Path, queries: Sequence[str], scratch: Path | None) -> dict[str, Any]:
    """Return what our index costs and how it answers; with ``scratch`` beside its peers."""
    connection = _read(home)
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


def _read(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{home / 'catalog.db'}?mode=ro", uri=True)


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
    connection = _read(home)
    asked = fts.pieces(connection, queries, seed)
    connection.close()
    # First the pages, while nothing else has filled the caches.
    return {
        "pages": asyncio.run(site_figures(home, asked, seed)),
        "search": search_figures(home, asked, scratch),
    }


if __name__ == "__main__":
    main()
