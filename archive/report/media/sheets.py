"""XLSX and XLS: every visible sheet as one table, merged cells as one cell.

Openpyxl and xlrd read the cells; the merged cells of XLSX are read here, since openpyxl knows them
only in the mode that holds every cell in memory.
"""

import datetime
import io
import posixpath
import re
import warnings
from collections.abc import Iterable, Sequence

import openpyxl
import xlrd
from lxml import etree

from archive.report.media.limits import Budget, Refused, attribute, local
from archive.report.media.markup import document, escaped, grid
from archive.report.media.package import Package

Merged = tuple[int, int, int, int]
"""First row and column, and those behind the last, counted from 0."""
_MOST_CELLS = 500_000
"""Of one sheet; blank cells count."""
_LARGEST_SHEET = 32 * 1024 * 1024
_DECLARATIONS = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


def xlsx_to_html(content: bytes) -> str:
    """Return an XLSX workbook as HTML; raises Refused."""
    package = Package(content)
    for name in package.names:
        if name.lower().endswith((".xml", ".rels")) and _DECLARATIONS.search(package.read(name)):
            raise Refused("broken", f"{name}: declares a document type")
    parts = _sheet_parts(package)
    budget = Budget()
    tables = []
    with warnings.catch_warnings():
        # Openpyxl warns of extensions that it does not keep; nothing is kept here.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    merged = _merged(package, parts[sheet.title]) if sheet.title in parts else []
                    sheet.reset_dimensions()
                    rows = _bounded(sheet.iter_rows(values_only=True), budget)
                    tables.append(_table(rows, merged))
        finally:
            book.close()
    return _finished(tables)


def xls_to_html(content: bytes) -> str:
    """Return an XLS workbook (Excel 97 to 2003) as HTML; raises Refused."""
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        encrypted = "encrypted" in str(error).lower()
        raise Refused("encrypted" if encrypted else "broken", str(error)) from error
    budget = Budget()
    tables = []
    for name in book.sheet_names():
        sheet = book.sheet_by_name(name)
        if sheet.visibility == 0:
            rows = (
                [_xls_value(cell, book.datemode) for cell in sheet.row(y)]
                for y in range(sheet.nrows)
            )
            merged = [(top, left, bottom, right) for top, bottom, left, right in sheet.merged_cells]
            tables.append(_table(_bounded(rows, budget), merged))
    return _finished(tables)


def _finished(tables: Sequence[str]) -> str:
    if not any(tables):
        raise Refused("empty", "the workbook has no text")
    return document(tables)


def _bounded(rows: Iterable[Sequence[object]], budget: Budget) -> list[list[str]]:
    """Return the rows as texts up to the last that has one."""
    found: list[list[str]] = []
    used = cells = 0
    for y, row in enumerate(rows):
        if not y % 1000:
            budget.check()
        texts = [_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        if not texts and y - used > 1000:
            continue
        found.append(texts)
        used = y if texts else used
        cells += len(texts) + 1
        if cells > _MOST_CELLS:
            raise Refused("too_large", f"a sheet with more than {_MOST_CELLS} cells")
    while found and not found[-1]:
        found.pop()
    return found


def _text(value: object) -> str:
    """Return a value as it is written; figures without the noise of binary fractions."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.15g}" if abs(value) < 1e15 else repr(value)
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value).strip()


def _xls_value(cell: xlrd.sheet.Cell, datemode: int) -> object:
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return None
        case _:
            return cell.value


def _sheet_parts(package: Package) -> dict[str, str]:
    """Return the title of each sheet and the part that holds it."""
    related = package.relations("").values()
    main = next((target for kind, target in related if kind == "officeDocument"), "xl/workbook.xml")
    parts = package.relations(main)
    return {
        attribute(node, "name") or "": parts[key][1]
        for node in package.xml(main).iter()
        if local(node) == "sheet" and (key := _relation(node)) in parts
    }


def _relation(node: etree._Element) -> str:
    """Return the r:id, not the sheetId that stands beside it."""
    return next((str(v) for name, v in node.attrib.items() if str(name).endswith("}id")), "")


def _merged(package: Package, part: str) -> list[Merged]:
    content = package.read(part)
    if len(content) > _LARGEST_SHEET:
        raise Refused("too_large", f"{posixpath.basename(part)} is larger than {_LARGEST_SHEET}")
    found = []
    for node in package.xml(part).iter():
        match = (
            _REFERENCE.fullmatch(attribute(node, "ref") or "")
            if local(node) == "mergeCell"
            else None
        )
        if match is not None and match[3]:
            found.append(
                (int(match[2]) - 1, _column(match[1]), int(match[4]), _column(match[3]) + 1)
            )
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _table(rows: list[list[str]], merged: Sequence[Merged]) -> str:
    """Return the rows as a table; a merge reaches no farther than the sheet's texts."""
    height = len(rows)
    width = max(map(len, rows), default=0)
    if height * width > _MOST_CELLS:
        raise Refused("too_large", f"a sheet of {height} rows and {width} columns")
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for top, left, bottom, right in merged:
        places = {
            (y, x) for y in range(top, min(bottom, height)) for x in range(left, min(right, width))
        }
        if places and not places & covered:
            covered |= places
            spans[top, left] = min(right, width) - left, min(bottom, height) - top
    return (
        grid(
            [
                (escaped(row[x] if x < len(row) else ""), *spans.get((y, x), (1, 1)))
                for x in range(width)
                if (y, x) in spans or (y, x) not in covered
            ]
            for y, row in enumerate(rows)
        )
        if height
        else ""
    )
