"""What was read from a capture, in forms that outlive the reader: text, JSON and CSV.

Whoever opens the WARC files in ten years finds the text and the tables beside the bytes that they
were read from, and by what they were read.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from io import StringIO

from archive.config import config_path
from archive.records import Conversion, Reading, Report, Tables

READ_BY = ("forms.yml", "divisions.csv", "divisions_history.csv", "traditional.csv")
"""The files of the configuration that the reader of reports asks."""
CELLS = ("table", "row", "column", "value", "raw", "status")
"""The columns of the CSV: a line for each cell; an empty value is a blank."""


def config_digest() -> str:
    """Return the SHA-256 (``sha256:`` and hex) of the configuration that shapes what is read."""
    hashed = hashlib.sha256()
    for name in READ_BY:
        content = config_path(name).read_bytes()
        hashed.update(f"{name} {len(content)}\n".encode() + content)
    return "sha256:" + hashed.hexdigest()


def conversion_of(reading: Reading, software: str, config: str) -> Conversion | None:
    """Return what is to be kept of a reading; None: it gave no report.

    ``software``: the reader's name and version; ``config``: see ``config_digest``.
    """
    report = reading.report
    if report is None:
        return None
    told = json.dumps(report.as_dict(), ensure_ascii=False)
    return Conversion(
        source=reading.stored.capture.id,
        url=reading.stored.capture.url,
        software=software,
        config=config,
        # Half of a surrogate pair has no UTF-8; in JSON it has an escape, which this makes.
        text=report.text.encode("utf-8", "replace"),
        report=told.encode("utf-8", "backslashreplace"),
        cells=_cells(report).encode("utf-8", "replace"),
    )


def _cells(report: Report) -> str:
    lines = StringIO()
    writer = csv.writer(lines)
    writer.writerow(CELLS)
    writer.writerows(_rows(report.tables))
    return lines.getvalue()


def _rows(tables: Tables) -> Iterator[tuple[object, ...]]:
    for name, status in tables.status.items():
        values = getattr(tables, name) or {}
        raw = tables.raw.get(name, {})
        for row in dict.fromkeys((*values, *raw)):
            cells, found = values.get(row, {}), raw.get(row, {})
            for column in dict.fromkeys((*cells, *found)):
                yield name, row, column, cells.get(column), found.get(column), status
