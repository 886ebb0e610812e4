"""The plain records that the rooms of the archive hand to one another.

Nothing here does I/O or knows of the other modules. Times are aware datetimes in UTC while a
program holds them and ISO 8601 text with ``Z`` (``2026-11-22T00:20:34.123456Z``) where stored.
"""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

PageClass = Literal["home", "column", "listing", "article", "attachment", "robots", "other"]
Truncation = Literal["length", "time", "disconnect", "unspecified"]
Revisit = Literal["identical-payload-digest", "server-not-modified"]
Trust = Literal["official", "document_site", "untrusted"]
Form = Literal["2021", "2019", "pre2019"]
TableStatus = Literal["read", "recovered", "ambiguous", "inconsistent", "absent"]
CheckStatus = Literal["hold", "fail", "not_assessable", "left_side_blank", "right_side_blank"]
MonitorStatus = Literal["ok", "failed"]
FindingStatus = Literal["agrees", "conflict", "suspicious", "missing", "hint"]
Number = int | float
LARGEST_COUNT = 10_000_000
"""件 in one cell; the country's busiest governments have some 100 000. A count beyond it is a slip
of the pen or of the reading (the finding plausible.magnitude), and would drown all others in a sum:
nothing adds it up."""
Octets = bytes | mmap.mmap
"""Bytes that may be too many to hold: then a file of them, mapped for reading."""

# HTTP statuses that refuse: besides 403 and 429 those of the firewalls in use, 412 瑞数, 468, 491
# 网站卫士, 512 and 521 加速乐.
REFUSALS = frozenset({403, 412, 429, 468, 491, 512, 521})
# Classes of pages that may hold a report; the others only lead to one.
READ_CLASSES: frozenset[str] = frozenset({"article", "attachment", "other"})


def timestamp(moment: datetime) -> str:
    """Return an aware datetime as ISO 8601 text in UTC with microseconds and ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Run:
    """One start of one spider; kept in every WARC's warcinfo and in the catalog's ``runs``."""

    id: str
    """32 lowercase hex digits."""
    spider: str
    started_at: str
    software: str = ""
    user_agent: str = ""
    """As sent; empty for runs that fetch nothing."""
    contact: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    """The settings that shape what is fetched (robots, delay, proxy used or not, TLS checks)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange as it went over the wire, successful or not: what the recorder writes."""

    url: str
    """Exactly the URL requested, ASCII."""
    started_at: datetime
    request: bytes
    """Head and body as handed to the transport."""
    response: Octets
    """All bytes received, 1xx heads and chunk framing included; empty when none came."""
    page_class: PageClass = "other"
    ip_address: str | None = None
    """Of the server; None behind a proxy, where it is not known."""
    via: str | None = None
    """The page that led here."""
    duration_ms: int | None = None
    retries: int = 0
    truncated: Truncation | None = None
    """None: the message is whole."""
    failure: str | None = None
    """``Class: message`` of what went wrong; None: nothing did."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What the crawl knew: ``portal`` (code), ``family``, ``anchor``, ``listed_date``,
    ``listed_url``; of what a web archive showed ``archived_url``, ``archived_at``, ``archived_by``.
    """
    tls_version: str | None = None
    """``TLSv1.3`` and the like; None: no TLS."""
    certificates: bytes | None = None
    """PEM, the server's first, as it sent them; None: no TLS."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as a browser showed it; its wire bytes, if there are any, are other records."""

    url: str
    rendered_at: datetime
    html: str
    """The document after scripts ran."""
    status: int
    page_class: PageClass = "other"
    screenshot: bytes | None = None
    """PNG."""
    browser: str = ""
    reason: str = ""
    """Why a browser was used."""
    via: str | None = None
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Capture:
    """One stored response and where it stands; a row of the catalog's ``captures``."""

    id: str
    """The UUID of the record's WARC-Record-ID: the same after every rebuild."""
    url: str
    captured_at: str
    status: int | None
    """HTTP status; None where the bytes were no HTTP message, 200 for a document that others kept
    without its message."""
    media_type: str | None
    """From Content-Type without parameters, lower case; None: not said."""
    payload_digest: str | None
    """``sha256:`` and hex of the payload (content coding kept); None: not well defined."""
    warc: str
    """Name of the finished file (no ``.open``), without folder."""
    offset: int
    """Of the record's gzip member, in bytes."""
    length: int
    """Of the gzip member, in bytes."""
    kind: PageClass | Literal["rendered"]
    run_id: str
    refers_to: str | None = None
    """The UUID of the record that holds the payload; None: this one holds it, or it is not told."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One try that failed; a row of ``failures``. Its bytes, if any came, are a capture too."""

    id: str
    """The UUID of the metadata record that tells of it."""
    run_id: str
    url: str
    failed_at: str
    error: str
    """Class name, e.g. ``DownloadTimeoutError``."""
    message: str
    capture_id: str | None = None
    """Where what did arrive is kept; None: nothing arrived."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a portal that a person should know of: a row of ``notices``."""

    kind: str
    """family_drift, column_gone, column_found, portal_moved, hijacked, needs_browser, off_site,
    unlisted, host_resting: see docs/finding.md."""
    portal: str
    """Code of the portal; empty: it is about none."""
    url: str
    message: str


@dataclass(frozen=True, slots=True)
class Monitor:
    """An expectation that a run was held against at its end: a row of ``monitors``."""

    name: str
    """Of the rule: see docs/monitoring.md."""
    portal: str
    """Code of the portal; empty: the run as a whole."""
    status: MonitorStatus
    measured: Number
    expected: str
    """``<= 0.5``, ``>= 12``: what the measured number should have been."""
    message: str
    """What was seen, in a few words."""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended; written as the last record of the run, absent when it was killed."""

    run_id: str
    ended_at: str
    reason: str
    counts: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    monitors: tuple[Monitor, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """One capture read back from its WARC with all that was written beside it."""

    capture: Capture
    headers: tuple[tuple[str, str], ...]
    """Of the response, as text (latin-1), in order, names as sent."""
    content: bytes
    """The payload with its content coding removed; as stored where that failed."""
    truncated: Truncation | None
    via: str | None
    hints: Mapping[str, str]
    failure: Failure | None = None
    revisit: Revisit | None = None
    """Why the payload is another record's (WARC/1.1, section 6.7); None: it is this one's."""
    missing: bool = False
    """Whether that record is not at hand: then ``content`` is empty."""
    segmented: bool = False
    """Whether ``content`` is only the first part of what others cut into several records."""

    @property
    def address(self) -> str:
        """Where a visitor finds the document.

        Not where it was fetched, if a web archive showed it (hint ``archived_url``) or a service
        gave it to the page that a listing names (``listed_url``).
        """
        listed = self.hints.get("listed_url", "")
        is_answer = self.capture.media_type == "application/json"
        return self.hints.get("archived_url") or (is_answer and listed) or self.capture.url


@dataclass(frozen=True, slots=True)
class Issuer:
    """The organ that gives the report (发布机关), as far as the document and its place tell."""

    name: str | None = None
    kind: str | None = None
    """government, government_office, department, subdistrict_office, town_government,
    development_zone, public_institution, central_body."""
    scope: Literal["aggregate", "own"] | None = None
    """aggregate: figures of the whole area; own: of this organ alone."""
    division_code: str | None = None
    """GB/T 2260, six digits."""
    township_code: str | None = None
    """Nine digits (统计用区划代码)."""
    path: tuple[str, ...] = ()
    """Names from province down to the division."""
    source: str | None = None
    """title, introduction, signature (落款), meta, breadcrumb, portal, listing."""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Check:
    """One identity of the form (勾稽关系) held against the cells."""

    id: str
    """``flow.natural_person``, ``handled.total``, ``rowsum.granted``, ``cases.review``."""
    status: CheckStatus
    left: Number | None
    right: Number | None
    with_blanks_as_zero: bool = False
    message: str | None = None
    """The formula and the cells it names where the check fails, else None."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a report says about itself beside the identities: text against table, plausibility,
    what the form asks for and is not there."""

    id: str
    """``text.new_requests``, ``plausible.regulations``, ``section.missing``, …: see
    docs/how-tables-are-read.md."""
    status: FindingStatus
    """agrees: two places say the same; conflict: they do not; suspicious: a value that can hardly
    be; missing: the form asks for it, and it was not found; hint: worth a look and often right."""
    message: str
    """One line for a person."""
    left: Number | None = None
    """What the text says (``text.``), or the value in question; None: no number."""
    right: Number | None = None
    """What the table says; None: nothing to compare with."""
    cells: tuple[str, ...] = ()
    """The cells concerned, ``table.row.column``; several that a sum was made of."""
    quote: str | None = None
    """The sentence, as it stands in the text; None: not about a sentence."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the statistics annexed to reports before 2019 (政府信息公开情况统计表)."""

    label: tuple[str, ...]
    """The label below its headings: (三、依申请公开情况, （一）收到申请数, 1.当面申请数)."""
    unit: str | None
    """As the table has it: 条, 件, 万元; None: none is given."""
    value: Number | None
    """None: blank, a mark, or text that is no number."""
    raw: str
    """The value as found."""
    code: str | None = None
    """Number of the line in the form, where it has one."""


Cells = dict[str, Number | None]
"""One row of a table: column id -> value; None is a blank."""
Table = dict[str, Cells]
"""Row id -> cells."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The three standard tables (ids in config/forms.yml) with the texts as found."""

    active_disclosure: Table | None = None
    requests: Table | None = None
    review_litigation: Table | None = None
    raw: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """table -> row -> column -> text as found."""
    status: Mapping[str, TableStatus] = field(default_factory=dict)
    readings: Mapping[str, int] = field(default_factory=dict)
    """For ``ambiguous`` tables: how many readings satisfy the identities."""


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report as read; ``as_dict`` gives the JSON of ``gkcrawl read``."""

    title: str | None
    year: int | None
    form: Form | None
    form_source: Literal["tables", "citation", "year"] | None
    trust: Trust | None
    """None: read from a file of unknown origin."""
    issuer: Issuer
    published: str | None
    """ISO date."""
    published_source: str | None
    text: str
    sections: Mapping[str, str]
    tables: Tables
    checks: tuple[Check, ...]
    url: str | None = None
    attachments: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    is_report: Literal[True] = True

    def as_dict(self) -> dict[str, Any]:
        """Return the report in the JSON shape of ``gkcrawl read`` (without ``file``)."""
        tables: dict[str, Any] = {}
        for name in ("active_disclosure", "requests", "review_litigation"):
            rows = getattr(self.tables, name)
            tables[name] = (
                None if rows is None else {row: dict(cells) for row, cells in rows.items()}
            )
        tables["raw"] = {
            name: {row: dict(cells) for row, cells in rows.items()}
            for name, rows in self.tables.raw.items()
        }
        return {
            "url": self.url,
            "is_report": True,
            "reason": None,
            "title": self.title,
            "year": self.year,
            "form": self.form,
            "form_source": self.form_source,
            "trust": self.trust,
            "issuer": fields_of(self.issuer) | {"path": list(self.issuer.path)},
            "published": self.published,
            "published_source": self.published_source,
            "text": self.text,
            "sections": dict(self.sections),
            "tables": tables,
            "tables_status": dict(self.tables.status),
            "tables_readings": dict(self.tables.readings),
            "checks": [fields_of(check) for check in self.checks],
            "findings": [
                fields_of(finding) | {"cells": list(finding.cells)} for finding in self.findings
            ],
            "indicators": [
                fields_of(indicator) | {"label": list(indicator.label)}
                for indicator in self.indicators
            ],
            "attachments": list(self.attachments),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class NotAReport:
    """A document that is no annual report, and why."""

    reason: str
    """notice, template, listing, other_report, soft_404, blocked, empty, unreadable, …"""
    message: str = ""
    url: str | None = None
    title: str | None = None
    warnings: tuple[str, ...] = ()
    is_report: Literal[False] = False

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON shape of ``gkcrawl read`` (without ``file``)."""
        return fields_of(self) | {"warnings": list(self.warnings)}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was read from a capture as a report, in the forms that are kept beside its bytes."""

    source: str
    """Id of the capture."""
    url: str
    """Of the capture."""
    software: str
    """What read it, ``gkcrawl/0.1.0``."""
    config: str
    """``sha256:`` and hex: digest of the configuration that shaped what was read."""
    text: bytes
    """The report's text, UTF-8."""
    report: bytes
    """JSON: the shape of ``gkcrawl read`` without ``file``."""
    cells: bytes
    """CSV: a line for each cell of the three tables."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture with its outcome and, where it is one, the report: what the catalog takes in."""

    stored: StoredExchange
    outcome: str
    """``report``, the reason of a NotAReport, or navigation, redirect, not_modified,
    http_error, truncated, original_missing, failed."""
    report: Report | None = None
    message: str = ""


def fields_of(record: Any) -> dict[str, Any]:
    """Return the fields of a record whose values need no copy; ``asdict`` copies each of them."""
    return {name: getattr(record, name) for name in record.__slots__}
