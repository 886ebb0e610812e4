"""``gkcrawl export csv|parquet|jsonl``: the catalog's rows, streamed into one place."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gkcrawl.exporting import formats
from gkcrawl.exporting.package import Written, datapackage, readme
from gkcrawl.exporting.places import MARK, Place, Single, place
from gkcrawl.exporting.resources import RESOURCES, STANDARD, Resource
from gkcrawl.exporting.source import Batch, Source, opened

Format = Literal["csv", "parquet", "jsonl"]
Progress = Callable[[str, int], object]
"""Told the name of a resource and how many rows of it were written more."""

ENDINGS: dict[Format, tuple[str, ...]] = {
    "csv": (".csv",),
    "parquet": (".parquet",),
    "jsonl": (".jsonl", ".jsonl.gz"),
}


class BadRequest(ValueError):
    """What is asked for cannot be exported so; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to export."""

    format: Format
    tables: Sequence[str] = ()
    """Names of resources; none: the standard ones."""
    where: str | None = None
    """SQL condition on ``reports``."""
    excel: bool = False
    """CSV for spreadsheets."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of it."""

    path: Path
    as_of: str | None
    """Moment of the newest capture; None: the catalog holds no report."""
    files: tuple[Written, ...]


def export(catalog: Path, asked: Asked, out: Path, progress: Progress | None = None) -> Exported:
    """Write what is asked for to ``out`` and return what was written.

    ``out`` ending in .csv, .parquet, .jsonl or .jsonl.gz is that one file, ending in .zip a ZIP
    file, else a folder; it is there whole or, after an error, as it was before. Raises BadRequest,
    BadCondition, NoParquet, Occupied and what ``open_database`` raises.
    """
    target = place(out, ENDINGS[asked.format])
    resources = _resources(asked, target)
    with opened(catalog, asked.where) as source, target:
        told = progress or (lambda _name, _rows: None)
        if asked.format == "jsonl":
            files = [_jsonl(source, target, out, told)]
        else:
            files = [_table(source, target, one, asked, told) for one in resources]
        as_of = source.as_of()
        if not isinstance(target, Single):
            _write(target, MARK, datapackage(files, as_of, asked.where, asked.excel))
            _write(target, "README.md", readme(files, as_of, asked.where))
    return Exported(out, as_of, tuple(files))


def _resources(asked: Asked, target: Place) -> list[Resource]:
    if unknown := [name for name in asked.tables if name not in RESOURCES]:
        raise BadRequest(f"no table {unknown[0]!r} (there are: {', '.join(RESOURCES)})")
    if asked.format != "jsonl" and isinstance(target, Single) and len(asked.tables) != 1:
        raise BadRequest(f"{target.path} is one file: name the one --table that goes into it")
    chosen = asked.tables or STANDARD
    return [resource for resource in RESOURCES.values() if resource.name in chosen]


def _table(
    source: Source, target: Place, resource: Resource, asked: Asked, progress: Progress
) -> Written:
    columns = resource.columns
    batches = _counted(
        source.rows(resource, formats.batch_size(asked.format, len(columns))),
        lambda rows: progress(resource.name, rows),
    )
    name = f"{resource.name}.{asked.format}"
    with target.file(name) as file:
        if asked.format == "csv":
            rows = formats.write_csv(file, columns, batches, excel=asked.excel)
        else:
            rows = formats.write_parquet(file, columns, batches, resource.name)
    return Written.of(resource.name, name, asked.format, rows, file, columns)


def _jsonl(source: Source, target: Place, out: Path, progress: Progress) -> Written:
    name = out.name if isinstance(target, Single) else "reports.jsonl"

    def read() -> Iterator[dict[str, object]]:
        for report in source.reports():
            progress("reports", 1)
            yield report

    with target.file(name) as file:
        rows = formats.write_jsonl(file, read(), packed=name.endswith(".gz"))
    return Written.of("reports", name, "jsonl", rows, file, ())


def _counted(batches: Iterable[Batch], told: Callable[[int], object]) -> Iterator[Batch]:
    for batch in batches:
        yield batch
        told(len(batch))


def _write(target: Place, name: str, text: str) -> None:
    with target.file(name) as file:
        file.write(text.encode("utf-8"))
