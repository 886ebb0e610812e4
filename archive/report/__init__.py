"""One document to one report: ``read``.

Pure: no clock, no network, no catalog. The crawl, the command line, the index and the tests call
the same function. Only ``read`` and the records it returns are meant for other rooms.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal
from urllib.parse import urlsplit

from archive.records import Form, NotAReport, Report, Tables
from archive.report import findings
from archive.report.article.decode import TEXT_KINDS, Decoded, decode
from archive.report.article.document import Document, document_of
from archive.report.article.headings import count_headings
from archive.report.article.lines import text_of
from archive.report.article.sections import sections
from archive.report.chars import fold, tight
from archive.report.identity import dates, nature, titles
from archive.report.identity.grammar import clean_title, is_report_title
from archive.report.identity.issuers import identify
from archive.report.identity.trust import trust_of
from archive.report.identity.years import year_told
from archive.report.media import (
    Unreadable,
    is_recognised,
    media_kind,
    notes_of,
    proved,
    to_html,
)
from archive.report.tables.checks import check_tables
from archive.report.tables.indicators import read_indicators
from archive.report.tables.reading import read_tables
from archive.report.tables.reading import warnings as table_warnings

__all__ = ["read"]

# What a text cites and which form that makes it (guides of the State Council's office).
_CITED_FORMS: tuple[tuple[re.Pattern[str], Form], ...] = (
    (re.compile(r"\[\(?2021\)?\]30号|\(2021\)30号"), "2021"),
    (re.compile(r"\[\(?2019\)?\]60号|\(2019\)60号"), "2019"),
)
# How a page begins; what begins so need not be looked at as anything else.
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}<(?:!doctype\s+html|html|head)[\s>]", re.IGNORECASE
)
# What a document that cannot be opened is called where others can be.
_REFUSALS = {"empty": "empty", "unsupported": "unsupported", "image": "unsupported"}
FormSource = Literal["tables", "citation", "year"]


def read(
    content: bytes,
    *,
    url: str | None,
    media_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    hints: Mapping[str, str] | None = None,
) -> Report | NotAReport:
    """Return the annual report in ``content``, or why there is none.

    ``url`` is where it was found (None: unknown); ``media_type`` and ``headers`` are what the
    server said; ``hints`` what a crawl knew (``portal``, ``anchor``, ``listed_date``) and are used
    only where the document itself is silent. HTML, plain text, PDF, Word, WPS, Excel, RTF, OFD,
    MHTML and ZIP are read; of other types the NotAReport is ``unsupported``. Never raises on bad
    input.
    """
    decoded = _decoded(content, media_type, headers)
    if isinstance(decoded, NotAReport):
        return replace(decoded, url=url)
    place = url if _is_usable(url) else None
    document = document_of(decoded, place)
    refused = nature.refusal(decoded.text, document.everything)
    if refused is not None:
        return replace(refused, url=url, warnings=decoded.warnings)
    result = _read(document, decoded, place, hints or {})
    return replace(result, url=url)


def _decoded(
    content: bytes, media_type: str | None, headers: Mapping[str, str] | None
) -> Decoded | NotAReport:
    """Return the document as text or markup, whatever it came as."""
    kind = "html" if _MARKUP.match(content) else media_kind(content, media_type)
    if kind is None or kind in TEXT_KINDS:
        return decode(content, media_type, headers)
    markup = to_html(content, kind)
    if isinstance(markup, Unreadable):
        reason = _REFUSALS.get(markup.reason, "unreadable")
        return NotAReport(reason, f"{kind}: {markup.message}")
    decoded = decode(markup.encode("utf-8", "replace"))
    if isinstance(decoded, NotAReport):
        return decoded
    return replace(decoded, warnings=(*decoded.warnings, *notes_of(markup)))


def _read(
    document: Document, decoded: Decoded, url: str | None, hints: Mapping[str, str]
) -> Report | NotAReport:
    body = text_of(document.lines)
    # A row of one cell may be the title in a layout table.
    opening = titles.first_lines([x.text for x in document.lines if " | " not in x.text])
    title = titles.choose(
        [*document.titles, *(("first line", line) for line in opening)], document.links
    )
    tables, seen_form = read_tables(document.tree, document.table_text)
    refused = nature.judge(
        nature.Signs(
            markup=decoded.text,
            everything=document.everything,
            body=body,
            title=title.text if title else _first_line(body),
            headings=count_headings(body),
            has_tables=_has_values(tables),
            links=document.links,
            attachments=document.attachments,
        )
    )
    if refused is not None:
        return replace(refused, title=title.text if title else None, warnings=decoded.warnings)
    trust = trust_of(url, looks_shared=document.shared)
    year, year_warnings = _year(title, body, hints)
    issuer, issuer_warnings = identify(
        title=title.text if title else None,
        text=body,
        metas=document.metas,
        head=document.head,
        breadcrumb=document.breadcrumb,
        hints=hints,
        year=year,
        page=document.everything,
    )
    published, source, date_warnings = dates.published(
        metas=document.metas, near_title=document.head, url=url, hints=hints, year=year
    )
    if trust == "document_site":
        # The date on a document-sharing site is that of the upload.
        published, source, date_warnings = None, None, ()
    form, form_source = _form(seen_form, body, year)
    if is_recognised(decoded.warnings):
        tables = proved(tables, check_tables(tables, form))
    parts = sections(document.lines)
    found = findings.find(
        sections=parts,
        tables=tables,
        form=form,
        year=year,
        issuer=issuer,
        title=title.text if title else None,
    )
    is_old = form not in ("2021", "2019")
    return Report(
        title=title.text if title else _listed_as(hints),
        year=year,
        form=form,
        form_source=form_source,
        trust=trust,
        issuer=issuer,
        published=published,
        published_source=source,
        text=body,
        sections=parts,
        tables=tables,
        checks=check_tables(tables, form),
        findings=found,
        indicators=read_indicators(document.tree, document.table_text) if is_old else (),
        attachments=document.attachments,
        warnings=(
            *decoded.warnings,
            *year_warnings,
            *issuer_warnings,
            *date_warnings,
            *table_warnings(tables),
            *findings.warnings(found),
        ),
    )


def _has_values(tables: Tables) -> bool:
    """Whether any cell of the tables was read; those of a blank form have none."""
    known = (tables.active_disclosure, tables.requests, tables.review_litigation)
    cells = (cell for table in known if table for row in table.values() for cell in row.values())
    return any(cell is not None for cell in cells)


def _is_usable(url: str | None) -> bool:
    try:
        return url is not None and bool(urlsplit(url).scheme)
    except ValueError:
        return False


def _listed_as(hints: Mapping[str, str]) -> str | None:
    """Return what the listing called a document that gives itself no title."""
    anchor = hints.get("anchor", "")
    return clean_title(anchor) if is_report_title(clean_title(anchor)) else None


def _first_line(body: str) -> str | None:
    """Return the first line where it can be a title; None: the text begins at once."""
    first = tight(body.partition("\n")[0])
    return first if 4 <= len(first) <= 60 and not first.endswith(("。", ":", "：", "；")) else None


def _year(
    title: titles.Title | None, body: str, hints: Mapping[str, str]
) -> tuple[int | None, tuple[str, ...]]:
    """Return the year reported on, from title, introduction, then the listing; and warnings."""
    titled = titles.year_in(title.text) if title else None
    told = year_told(body)
    if titled is None and told is None:
        listed = titles.year_in(hints.get("anchor", ""))
        return listed, () if listed else ("year: not found",)
    if titled and told and titled != told:
        return titled, (f"year: the title says {titled}, the text {told}",)
    return titled or told, ()


def _form(seen: Form | None, body: str, year: int | None) -> tuple[Form | None, FormSource | None]:
    """Return the form and what tells it: the tables' headers, the document cited, or the year."""
    if seen is not None:
        return seen, "tables"
    plain = tight(fold(body[:6000]))
    for pattern, form in _CITED_FORMS:
        if pattern.search(plain):
            return form, "citation"
    if year is None:
        return None, None
    return ("2021" if year >= 2021 else "2019" if year >= 2019 else "pre2019"), "year"
