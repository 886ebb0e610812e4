"""One document to one report: ``read``.

Pure: no clock, no network, no catalog. The crawl, the command line, the index and the tests call
the same function. Only ``read`` and the records it returns are meant for other rooms.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal
from urllib.parse import urlsplit

from archive.records import Form, NotAReport, Report
from archive.report import dates, nature, titles
from archive.report.chars import fold, tight
from archive.report.checks import check_tables
from archive.report.decode import TEXT_KINDS, Decoded, decode
from archive.report.document import Document, document_of
from archive.report.issuers import identify
from archive.report.lines import text_of
from archive.report.media import Unreadable, media_kind, to_html
from archive.report.sections import headings, sections
from archive.report.tables import read_tables
from archive.report.tables import warnings as table_warnings
from archive.report.trust import trust_of

__all__ = ["read"]

# What a text cites and which form that makes it (guides of the State Council's office).
_CITED_FORMS: tuple[tuple[re.Pattern[str], Form], ...] = (
    (re.compile(r"\[\(?2021\)?\]30号|\(2021\)30号"), "2021"),
    (re.compile(r"\[\(?2019\)?\]60号|\(2019\)60号"), "2019"),
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
    kind = media_kind(content, media_type)
    if kind is None or kind in TEXT_KINDS:
        return decode(content, media_type, headers)
    markup = to_html(content, kind)
    if isinstance(markup, Unreadable):
        reason = _REFUSALS.get(markup.reason, "unreadable")
        return NotAReport(reason, f"{kind}: {markup.message}")
    return decode(markup.encode("utf-8", "replace"))


def _read(
    document: Document, decoded: Decoded, url: str | None, hints: Mapping[str, str]
) -> Report | NotAReport:
    body = text_of(document.lines)
    # A row of one cell may be the title in a layout table.
    opening = titles.first_lines([x.text for x in document.lines if " | " not in x.text])
    title = titles.choose([*document.titles, *(("first line", line) for line in opening)])
    tables, seen_form = read_tables(document.tree, document.table_text)
    refused = nature.judge(
        nature.Signs(
            markup=decoded.text,
            everything=document.everything,
            body=body,
            title=title.text if title else _first_line(body),
            headings=len(headings(body)),
            has_tables=any(
                s in ("read", "recovered", "inconsistent") for s in tables.status.values()
            ),
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
    )
    published, source, date_warnings = dates.published(
        metas=document.metas, near_title=document.head, url=url, hints=hints, year=year
    )
    if trust == "document_site":
        # The date on a document-sharing site is that of the upload.
        published, source, date_warnings = None, None, ()
    form, form_source = _form(seen_form, body, year)
    return Report(
        title=title.text if title else None,
        year=year,
        form=form,
        form_source=form_source,
        trust=trust,
        issuer=issuer,
        published=published,
        published_source=source,
        text=body,
        sections=sections(list(document.lines)),
        tables=tables,
        checks=check_tables(tables, form),
        attachments=document.attachments,
        warnings=(
            *decoded.warnings,
            *year_warnings,
            *issuer_warnings,
            *date_warnings,
            *table_warnings(tables),
        ),
    )


def _is_usable(url: str | None) -> bool:
    try:
        return url is not None and bool(urlsplit(url).scheme)
    except ValueError:
        return False


def _first_line(body: str) -> str | None:
    """Return the first line where it can be a title; None: the text begins at once."""
    first = tight(body.partition("\n")[0])
    return first if 4 <= len(first) <= 60 and not first.endswith(("。", ":", "：", "；")) else None


def _year(
    title: titles.Title | None, body: str, hints: Mapping[str, str]
) -> tuple[int | None, tuple[str, ...]]:
    """Return the year reported on, from title, introduction, then the listing; and warnings."""
    titled = titles.year_in(title.text) if title else None
    told = titles.year_told(body)
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
