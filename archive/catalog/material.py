"""What the catalog holds of a host, in the form in which ``archive.watching`` takes it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from sqlite3 import Connection
from typing import Any

from archive.catalog.diff import Difference, difference
from archive.catalog.rows import document, storable
from archive.watching import Differing, Host, Place, Read, Try
from archive.watching.material import host_of, leads_to

# Pages that came with other people's archives, and were no report, are nobody's to watch.
_TRIES = """
    select k.url, k.captured_at, k.run_id, k.id, k.outcome, k.message, k.status, k.kind,
      k.payload_digest, r.report_id, r.text_digest, r.cells_digest,
      r.tables_read + r.tables_inconsistent, r.url
    from ({urls}) u cross join captures k on {of} left join readings r on r.capture_id = k.id
    where k.kind <> 'other' or r.capture_id is not null"""
_FAILURES = """
    select f.url, f.failed_at, f.run_id, f.id, f.error
    from ({urls}) u cross join failures f on {of} where f.capture_id is null"""
_AT_HOST = "select 'http://' || ? as root union all select 'https://' || ?"
_OF_HOST = "{table}.url >= u.root || '/' and {table}.url < u.root || '0'"
_THESE = "select value as url from json_each(?)"
_LINKED = """
    select k.url, k.message from (select 'http://' || :host as root union all
      select 'https://' || :host) u
    cross join captures k on k.url >= u.root || '/' and k.url < u.root || '0'
    where k.outcome = 'redirect'"""
# Beside min() a column is that of the row which has it (SQLite, "bare columns in an aggregate").
_PLACES = """
    select r.report_id, k.url, min(r.captured_at), k.run_id, r.url
    from json_each(?) i cross join readings r on r.report_id = i.value
    join captures k on k.id = r.capture_id
    where r.trust = 'official' group by r.report_id, k.url"""
_HOPS = 5


def host_material(connection: Connection, name: str) -> Host:
    """Return all that is known of a host, and of the pages elsewhere that its own lead to or that
    lead to its own."""
    tries = _tries(connection, _AT_HOST, _OF_HOST, [name, name])
    known = {one.url for one in tries}
    for _ in range(_HOPS):
        wanted = _targets(tries) - known
        if not wanted:
            break
        tries += _tries_at(connection, wanted)
        known |= wanted
    leading = _leading_to(connection, name) - known
    tries += _tries_at(connection, leading)
    reports = {one.read.report_id for one in tries if one.read}
    return Host(name, tries, _places(connection, reports))


@dataclass(frozen=True, slots=True)
class Differs:
    """Compares what was read of two captures; the same pair is compared once in a process."""

    connection: Connection

    def __call__(self, before: str, after: str) -> Differing | None:
        """Return what differs; None where one of them can no longer be read."""
        sides = [
            self.connection.execute(
                "select digest, document from readings where capture_id = ?", [capture]
            ).fetchone()
            for capture in (before, after)
        ]
        return _differing(*(_Side(*side) for side in sides)) if all(sides) else None


@dataclass(frozen=True, slots=True)
class _Side:
    """What was read of one capture; its digest tells it apart."""

    digest: str
    document: bytes = field(compare=False)


@lru_cache(maxsize=2000)
def _differing(before: _Side, after: _Side) -> Differing:
    new = document(after.document)
    found = difference(document(before.document), new)
    return Differing(
        cells=tuple(
            {
                "table": cell.table,
                "row": cell.row,
                "column": cell.column,
                "before": storable(cell.before.value) if cell.before else None,
                "after": storable(cell.after.value) if cell.after else None,
            }
            for cell in found.numbers
        ),
        silent=found.silent,
        pieces=frozenset(_pieces(found, "".join((new["title"] or "").split()))),
        is_other=any(
            one.name == "year" and None not in (one.before, one.after) for one in found.fields
        ),
    )


def _pieces(found: Difference, title: str) -> Iterable[str]:
    for paragraph in found.paragraphs:
        if paragraph.kind == "same":
            continue
        for piece in paragraph.pieces:
            text = "".join(piece.text.split())
            if piece.kind != "same" and text and text not in title:
                yield ("+" if piece.kind == "added" else "-") + text


def _tries_at(connection: Connection, urls: Iterable[str]) -> list[Try]:
    given = json.dumps(sorted(urls))
    return _tries(connection, _THESE, "{table}.url = u.url", [given]) if given != "[]" else []


def _tries(connection: Connection, urls: str, of: str, given: Sequence[str]) -> list[Try]:
    captures = connection.execute(_TRIES.format(urls=urls, of=of.format(table="k")), given)
    failures = connection.execute(_FAILURES.format(urls=urls, of=of.format(table="f")), given)
    return [*map(_captured, captures), *map(_failed, failures)]


def _captured(row: Sequence[Any]) -> Try:
    url, at, run_id, capture_id, outcome, message, status, kind, payload, *read = row
    rendered = kind == "rendered"
    # What a web archive shows of another host says nothing of its own page.
    is_own = read[0] is not None and host_of(read[-1]) == host_of(url)
    return Try(
        url=url,
        at=at,
        run_id=run_id,
        id=capture_id,
        outcome=outcome,
        message=(message or "").partition(":")[0] if outcome == "failed" else message or "",
        status=status,
        page_class=None if rendered else kind,
        rendered=rendered,
        payload=payload,
        read=Read(*read) if is_own else None,
    )


def _failed(row: Sequence[Any]) -> Try:
    url, at, run_id, failure_id, error = row
    return Try(url, at, run_id, failure_id, "failed", error, captured=False)


def _targets(tries: Iterable[Try]) -> set[str]:
    return {leads_to(one.url, one.message) for one in tries if one.outcome == "redirect"}


def _leading_to(connection: Connection, name: str) -> set[str]:
    """Return the pages of other hosts that lead to pages of this one."""
    found: set[str] = set()
    links = "select host from host_links where target = ?"
    for (host,) in connection.execute(links, [name]).fetchall():
        rows = connection.execute(_LINKED, {"host": host})
        found |= {url for url, to in rows if host_of(leads_to(url, to or "")) == name}
    return found


def _places(connection: Connection, reports: Iterable[str]) -> Mapping[str, Sequence[Place]]:
    found: dict[str, list[Place]] = {}
    rows = connection.execute(_PLACES, [json.dumps(sorted(reports))])
    for report_id, url, first, run_id, address in rows:
        if host_of(url) == host_of(address):
            found.setdefault(report_id, []).append(Place(url, first, run_id))
    return found
