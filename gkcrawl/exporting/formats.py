"""The rows of a resource as CSV and Parquet, reports as JSON Lines: each from a stream."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast

from gkcrawl.exporting.dictionary import Column
from gkcrawl.exporting.places import Counted
from gkcrawl.exporting.source import Batch

# A cell that begins so is run as a formula by spreadsheets:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_OF_CSV = 1_000
# Values in a row group: what is held in memory at a time.
_VALUES, _MOST_ROWS = 1_000_000, 20_000


class NoParquet(ImportError):
    """The library that writes Parquet is not installed."""


def batch_size(kind: str, columns: int) -> int:
    """Return how many rows to take at a time for a format."""
    if kind != "parquet":
        return _ROWS_OF_CSV
    return max(_ROWS_OF_CSV, min(_MOST_ROWS, _VALUES // columns))


def write_csv(
    file: Counted, columns: Sequence[Column], batches: Iterable[Batch], *, excel: bool = False
) -> int:
    """Write CSV after RFC 4180 in UTF-8 and return the rows; nothing between commas is missing.

    ``excel``: with a byte order mark, and text that looks like a formula behind an apostrophe.
    """
    text = io.TextIOWrapper(cast(io.BytesIO, file), "utf-8-sig" if excel else "utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(column.name for column in columns)
    whole = [at for at, column in enumerate(columns) if column.kind == "integer"]
    words = [at for at, column in enumerate(columns) if column.kind == "string"] if excel else []
    rows = 0
    for batch in batches:
        for found in batch:
            row = list(found)
            for at in whole:
                row[at] = _whole(row[at])
            for at in words:
                row[at] = _guarded(row[at])
            writer.writerow(row)
        rows += len(batch)
    text.flush()
    text.detach()
    return rows


def write_parquet(
    file: Counted, columns: Sequence[Column], batches: Iterable[Batch], about: str
) -> int:
    """Write Parquet packed with Zstandard and return the rows.

    Raises NoParquet, with what to install.
    """
    pa, pq = _pyarrow()
    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
    }
    fields = [
        pa.field(column.name, types[column.kind], metadata=_told(column)) for column in columns
    ]
    schema = pa.schema(fields, metadata={"description": about})
    rows = 0
    with pq.ParquetWriter(pa.PythonFile(file, "w"), schema, compression="zstd") as writer:
        for batch in batches:
            values = zip(columns, zip(*batch, strict=True), strict=True)
            arrays = [
                pa.array([_typed(column, value) for value in found], types[column.kind])
                for column, found in values
            ]
            writer.write_table(pa.table(arrays, schema=schema))
            rows += len(batch)
    return rows


def write_jsonl(file: Counted, reports: Iterable[dict[str, Any]], *, packed: bool) -> int:
    """Write a report a line, packed with gzip if wished, and return how many."""
    stream = cast(io.BytesIO, file)
    out = gzip.GzipFile("", "wb", 6, stream, mtime=0) if packed else stream
    rows = 0
    for report in reports:
        out.write(json.dumps(report, ensure_ascii=False).encode("utf-8") + b"\n")
        rows += 1
    if packed:
        out.close()
    return rows


def _whole(value: Any) -> Any:
    # A count beyond 64 bits stands in the catalog as a rounded number, which is no count.
    return None if isinstance(value, float) else value


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _typed(column: Column, value: Any) -> Any:
    if value is None:
        return None
    match column.kind:
        case "integer":
            return _whole(value)
        case "number":
            return float(value)
        case "date":
            return date.fromisoformat(value)
        case "datetime":
            return datetime.fromisoformat(value)
    return str(value)


def _told(column: Column) -> dict[str, str]:
    told = {"title": column.title, "description": column.description, "unit": column.unit}
    return {name: text for name, text in told.items() if text}


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise NoParquet(
            "Parquet needs pyarrow, which is not installed: pip install 'gkcrawl[parquet]'"
        ) from error
    return pa, pq
