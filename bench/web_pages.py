"""How quickly the pages of a catalog answer, asked in this process through Datasette's client."""

import random
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.app import Datasette

from bench import web_search as fts
from gkcrawl.web.serve import build_datasette

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

_CODES = "select distinct division_code from agencies where division_code is not null"


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
    """Return the CPU milliseconds of one answer, all threads of this process together."""
    began = time.process_time()
    answer = await site.client.get(path)
    took = (time.process_time() - began) * 1000
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return took


async def figures(home: Path, queries: Sequence[str], seed: int) -> dict[str, Any]:
    """Return the milliseconds of the pages of a catalog."""
    site = build_datasette(home)
    connection = read(home)
    rng = random.Random(seed)
    reports = [row[0] for row in connection.execute("select id from reports")]
    organs = [row[0] for row in connection.execute("select id from agencies")]
    codes = [row[0] for row in connection.execute(_CODES)]
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
            "report_ms": await each_once(site, [f"/r/{one}" for one in _some(rng, reports, 100)]),
            "report_json_ms": await each_once(
                site, [f"/r/{one}.json" for one in _some(rng, reports, 50)]
            ),
            "organ_ms": await pages_of(site, "/agency/", _some(rng, organs, 40)),
            "division_ms": await pages_of(site, "/division/", _some(rng, codes, 40)),
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


def _some(rng: random.Random, names: list[str], count: int) -> list[str]:
    return rng.sample(names, min(count, len(names)))


def read(home: Path) -> sqlite3.Connection:
    """Return the catalog of an archive, opened for reading."""
    return sqlite3.connect(f"file:{home / 'catalog.db'}?mode=ro", uri=True)
