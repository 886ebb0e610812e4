"""A catalog of any size to measure the pages on: ``python -m bench.web_catalog PATH --reports N``.

The real schema, filled in bulk; what is in it is made up, apart from divisions and portals. There
are no archive files behind it. The same size and seed give the same catalog.
"""

import json
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from archive.catalog import Catalog, totals
from archive.catalog.fulltext import enter, optimise
from archive.catalog.schema import FTS_TABLE
from archive.catalog.statements import insert
from archive.index import load_divisions
from bench.web_rows import Row, report_rows, run_rows
from gkcrawl.portals import all_portal_rows

_BATCH = 500


def make_catalog(
    path: Path,
    reports: int = 100_000,
    seed: int = 1,
    *,
    length: int = 3_000,
    cells: bool = True,
    indexed: bool = True,
) -> dict[str, float]:
    """Make the catalog at ``path``, which must not be there, and return seconds by step.

    ``length``: characters of a text, at the least. Without ``cells`` three of four reports have no
    tables and no sections, which is most of the room that a catalog takes.
    """
    took: dict[str, float] = {}
    began = time.monotonic()
    with Catalog(path) as catalog:
        connection = catalog.db.conn
        connection.execute("pragma synchronous = off")
        connection.execute("pragma cache_size = -400000")
        load_divisions(catalog)
        catalog.load_portals(all_portal_rows())
        later = _drop_indexes(catalog)
        for rows in _batches(report_rows(reports, seed, length, cells), _BATCH):
            with catalog.batch():
                for table, made in _by_table(rows).items():
                    insert(catalog.db, table, made)
        with catalog.batch():
            for table, row in run_rows(seed):
                insert(catalog.db, table, [row])
        took["rows"] = time.monotonic() - began
        for sql in later:
            connection.execute(sql)
        took["indexes"] = time.monotonic() - began - took["rows"]
        if indexed:
            took["search"] = fill_search(catalog)
        totals.recount(connection)
        took["sums"] = time.monotonic() - began - sum(took.values())
        connection.execute("analyze")
        connection.commit()
        connection.execute("pragma wal_checkpoint(truncate)")
    return {step: round(seconds, 1) for step, seconds in took.items()}


def fill_search(catalog: Catalog) -> float:
    """Enter all reports into the full-text index and return the seconds that it took."""
    began = time.monotonic()
    connection = catalog.db.conn
    setting = f"insert into {FTS_TABLE} ({FTS_TABLE}, rank) values ('hashsize', ?)"
    # In the order of addresses and many at once, there is little to merge.
    connection.execute(setting, [100_000_000])
    reader = connection.execute("select * from reports order by docid")
    names = [column[0] for column in reader.description]
    enter(connection, (dict(zip(names, row, strict=True)) for row in reader))
    optimise(connection)
    connection.execute(setting, [1 << 20])
    connection.commit()
    return time.monotonic() - began


def _drop_indexes(catalog: Catalog) -> list[str]:
    """Drop what is quicker made at the end, and return the SQL that makes it."""
    found = catalog.db.execute(
        "select name, sql from sqlite_master where type = 'index' and sql is not null"
    ).fetchall()
    for name, _ in found:
        catalog.db.execute(f"drop index [{name}]")
    return [sql for _, sql in found]


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _by_table(rows: list[list[tuple[str, Row]]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for of_report in rows:
        for table, row in of_report:
            found.setdefault(table, []).append(row)
    return found


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--reports", type=int, default=100_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--length", type=int, default=3_000, show_default=True, help="Characters of a text.")
@click.option("--few-cells", is_flag=True, help="Only one report in four has tables and sections.")
def main(path: Path, reports: int, seed: int, length: int, few_cells: bool) -> None:
    """Make a catalog at PATH and print the seconds of each step as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    took = make_catalog(path, reports, seed, length=length, cells=not few_cells)
    click.echo(json.dumps(took | {"bytes": path.stat().st_size}))


if __name__ == "__main__":
    main()
