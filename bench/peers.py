"""What other tools make of the same pages: three extractors of text, three ways to tables."""

import io
import re
import warnings
from collections.abc import Callable
from typing import Any

import pandas
import readability
import trafilatura
from lxml import html as lxml_html
from resiliparse.extract.html2text import extract_plain_text

from archive.report import read
from bench.scoring import f1, lost
from bench.summary import GRIDS, rate
from bench.testbed import forms
from bench.testbed.samples import Sample, norm

Cells = list[float | None]
Table = dict[str, Cells]
"""Row id -> the seven numbers of a row of Table III."""


def markup(sample: Sample) -> str:
    """Return the page as text; the peers are given the right charset."""
    return sample.content.decode(sample.codec)


def _trafilatura(page: str) -> str:
    return trafilatura.extract(page) or ""


def _readability(page: str) -> str:
    summary = readability.Document(page).summary()
    return "\n".join(lxml_html.fromstring(summary).itertext())


def _resiliparse(page: str) -> str:
    return extract_plain_text(page, main_content=True)


def _gkcrawl(page: str) -> str:
    result = read(page.encode(), url=None, media_type="text/html; charset=utf-8")
    return result.text if result.is_report else ""


TEXTS: dict[str, Callable[[str], str]] = {
    "gkcrawl": _gkcrawl,
    "trafilatura": _trafilatura,
    "readability": _readability,
    "resiliparse": _resiliparse,
}


def _number(text: object) -> float | None:
    """Return a cell as a number; None: it is blank or says no number."""
    plain = norm(str(text)).replace(",", "").removesuffix("件").removesuffix(".0")
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


def _core(label: str) -> str:
    return "".join(re.findall("[\u4e00-\u9fff]", label)) or "-"


def _by_label(rows: list[list[str]], form: str) -> Table:
    """Apply the obvious rule: find the row by its label, take its last seven cells.

    Of labels only the Chinese characters count, so that marks and numerals may vary.
    """
    out: Table = {}
    for row_id, _, label in forms.REQUESTS[form]:
        wanted = _core(label)
        for row in rows:
            if row_id not in out and any(_core(cell) == wanted for cell in row[:-7]):
                out[row_id] = [_number(cell) for cell in row[-7:]]
    return out


def _trafilatura_rows(page: str, form: str) -> Table:
    text = trafilatura.extract(page, include_tables=True, favor_recall=True) or ""
    rows = [line.strip().strip("|").split("|") for line in text.split("\n") if "|" in line]
    return _by_label([[c.strip() for c in row] for row in rows], form)


def _pandas_rows(page: str, form: str) -> Table:
    rows: list[list[str]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frames = pandas.read_html(io.StringIO(page), flavor="lxml")
    except ValueError:  # It finds no table.
        return {}
    for frame in frames:
        filled = frame.astype(object).where(frame.notna(), "")
        rows += [[str(c) for c in row] for row in filled.itertuples(index=False)]
    return _by_label(rows, form)


_LABEL_NUMBER = re.compile(r"\d+\s*[.．、]\s*(?=[\u4e00-\u9fff])")


def _counted(page: str, form: str) -> Table:
    """Count: 175 (2019: 161) numbers in a row between the tables' neighbours are Table III."""
    text = extract_plain_text(page) if "<html" in page[:200].lower() else page
    start = text.find("一、本年新收")
    end = text.find("行政复议", start)
    numbers = re.findall(r"\d+", _LABEL_NUMBER.sub("", text[start:end])) if start >= 0 else []
    ids = [row for row, _, _ in forms.REQUESTS[form]]
    if len(numbers) != 7 * len(ids):
        return {}
    return {row: [float(n) for n in numbers[7 * k : 7 * k + 7]] for k, row in enumerate(ids)}


def _read_rows(page: str, form: str) -> Table:
    media_type = "text/html" if "<html" in page[:200].lower() else "text/plain"
    result = read(page.encode(), url=None, media_type=f"{media_type}; charset=utf-8")
    table = (result.tables.requests if result.is_report else None) or {}
    return {row: list(cells.values()) for row, cells in table.items()}


TABLES: dict[str, Callable[[str, str], Table]] = {
    "gkcrawl": _read_rows,
    "trafilatura": _trafilatura_rows,
    "pandas.read_html": _pandas_rows,
    "counting": _counted,
}


def _outcome(table: Table, sample: Sample) -> str:
    """Return ``exact``, ``wrong`` (a wrong number is given) or ``none``."""
    truth = sample.numbers()["requests"]
    given = {row: cells for row, cells in table.items() if len(cells) == 7}
    right = {row for row, cells in truth.items() if given.get(row) == list(cells.values())}
    if len(right) == len(truth):
        return "exact"
    return "wrong" if given.keys() - right else "none"


def compare(samples: list[Sample]) -> dict[str, Any]:
    """Return for each peer how its texts and its Table III compare with the truth."""
    pages = [s for s in samples if s.reference is not None and s.suffix == ".html"]
    tables = [s for s in samples if s.tables]
    web = [s for s in tables if s.rendering in GRIDS]
    return {
        "text": {name: _text(extract, pages) for name, extract in TEXTS.items()},
        "table_iii_html": {name: _tables(find, web) for name, find in TABLES.items()},
        "table_iii_flattened": {
            name: _tables(TABLES[name], [s for s in tables if s.flattened])
            for name in ("gkcrawl", "counting")
        },
    }  # fmt: skip


def _text(extract: Callable[[str], str], pages: list[Sample]) -> dict[str, Any]:
    texts = [(s, extract(markup(s))) for s in pages]
    values = [f1(text, s.reference or "") for s, text in texts]
    return {
        "pages": len(pages),
        "f1": round(sum(values) / len(values), 5) if values else None,
        "chrome_left": sum(norm(c) in norm(text) for s, text in texts for c in s.chrome),
        "sentences_lost": sum(len(lost(s, norm(text))) for s, text in texts),
    }


def _tables(find: Callable[[str, str], Table], samples: list[Sample]) -> dict[str, Any]:
    found = [(s.rendering, _outcome(find(markup(s), s.doc.form), s)) for s in samples if s.doc]
    outcomes = [outcome for _, outcome in found]
    return {
        "tables": len(outcomes),
        "exact": rate(o == "exact" for o in outcomes),
        "wrong_and_not_marked": rate(o == "wrong" for o in outcomes),
        "exact_by_rendering": {
            name: rate(o == "exact" for n, o in found if n == name)
            for name in dict.fromkeys(n for n, _ in found)
        },
    }
