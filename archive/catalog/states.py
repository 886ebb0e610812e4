"""Keeps ``states`` and ``events``: what became of pages, as ``archive.watching`` tells it.

The rows of a host follow from the tries at its pages, and from those at the pages elsewhere that
lead to them, to which they lead, or that carry their reports. So whatever is entered of a host
marks it (``touched``), and when a run ends, or an archive was indexed, the rows of the marked hosts
and of those beside them are made anew: work that grows with these hosts and not with the archive.
"""

import json
from collections.abc import Iterable
from sqlite3 import Connection
from typing import Any

from archive.catalog.material import Differs, host_material
from archive.catalog.schema import TABLES
from archive.watching import Event, State, watched
from archive.watching.material import host_of, leads_to

_BESIDE = "beside"
"""Stands for a run where a host is marked for the sake of another one."""
_TOUCH = "insert or ignore into touched values (?, ?)"
_ENDED = """
    select distinct t.host from touched t left join runs r on r.id = t.run_id
    where t.run_id = 'beside' or r.ended_at is not null
      or r.spider = (select spider from runs where id = ?)"""
_SHARING = """
    select distinct s.host from states o cross join states s on s.report_id = o.report_id
    where o.host = :host and s.host <> :host and exists (
      select 1 from captures k where k.url = s.url and k.outcome in
        ('not_found', 'soft_404', 'empty', 'listing', 'unrelated', 'redirect'))"""
_LINKED = """
    select target from host_links where host = :host
    union select host from host_links where target = :host"""


def is_watched(kind: str) -> bool:
    """Return whether a capture of that class is somebody's to watch, be it a report or not: those
    of pages that came with other people's archives are not."""
    return kind != "other"


def touch(connection: Connection, pages: Iterable[tuple[str, str]]) -> None:
    """Mark the hosts of pages, of which something new is known; each with the run that tells."""
    hosts = dict.fromkeys((host_of(url), run_id) for url, run_id in pages)
    connection.executemany(_TOUCH, [one for one in hosts if one[0]])


def enter_link(connection: Connection, url: str, location: str) -> None:
    """Enter that a page leads to another host; nothing where it is its own."""
    host, target = host_of(url), host_of(leads_to(url, location))
    if host and target and host != target:
        connection.execute("insert or ignore into host_links values (?, ?)", [host, target])


def marked(connection: Connection, run_id: str | None) -> list[str]:
    """Return the hosts that are marked; where a run is named, those of runs that have ended and of
    that run's spider (what others still fetch is not judged half way)."""
    if run_id is None:
        rows = connection.execute("select distinct host from touched")
    else:
        rows = connection.execute(_ENDED, [run_id])
    return sorted(host for (host,) in rows)


def watch_host(connection: Connection, host: str) -> int:
    """Make the states and events of a host anew, and mark the hosts beside it; return how many
    tries were looked at. Part of the caller's transaction."""
    runs = {
        run for (run,) in connection.execute("select run_id from touched where host = ?", [host])
    }
    material = host_material(connection, host)
    states, events = watched(material, Differs(connection))
    _replace(connection, "states", host, map(_state_row, states))
    _replace(connection, "events", host, map(_event_row, events))
    connection.execute("delete from touched where host = ?", [host])
    if runs - {_BESIDE}:
        for sql in (_SHARING, _LINKED):
            for (other,) in connection.execute(sql, {"host": host}).fetchall():
                connection.execute(_TOUCH, [other, _BESIDE])
    return len(material.tries)


def rewatch(connection: Connection) -> None:
    """Make all states and events anew from what stands in the catalog; of catalogs that were filled
    without them. Part of the caller's transaction."""
    for table in ("states", "events", "host_links", "touched"):
        connection.execute(f"delete from {table}")
    redirects = (
        "select distinct url, message from captures where outcome = 'redirect' and kind <> 'other'"
    )
    for url, location in connection.execute(redirects).fetchall():
        enter_link(connection, url, location or "")
    for host in sorted(hosts(connection)):
        watch_host(connection, host)


def hosts(connection: Connection) -> set[str]:
    """Return the hosts at which any page was tried."""
    pages = "select url from captures union select url from failures"
    return {host_of(url) for (url,) in connection.execute(pages)} - {""}


def host_rows(connection: Connection, host: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of ``states`` and ``events`` that a host must have."""
    states, events = watched(host_material(connection, host), Differs(connection))
    return {
        "states": [_state_row(state) for state in states],
        "events": [_event_row(event) for event in events],
    }


def _state_row(state: State) -> tuple[Any, ...]:
    return tuple(getattr(state, name) for name in TABLES["states"].columns)


def _event_row(event: Event) -> tuple[Any, ...]:
    told = {
        "cells": json.dumps(event.cells, ensure_ascii=False) if event.cells else None,
        "silent": None if event.silent is None else int(event.silent),
    }
    columns = TABLES["events"].columns
    return tuple(told[name] if name in told else getattr(event, name) for name in columns)


def _replace(connection: Connection, table: str, host: str, rows: Iterable[Any]) -> None:
    """Write the rows of a host unless they stand there already."""
    columns = ", ".join(TABLES[table].columns)
    standing = connection.execute(f"select {columns} from {table} where host = ?", [host])
    new = set(rows)
    if new == set(standing):
        return
    marks = ", ".join("?" * len(TABLES[table].columns))
    connection.execute(f"delete from {table} where host = ?", [host])
    connection.executemany(
        f"insert or replace into {table} ({columns}) values ({marks})", sorted(new, key=str)
    )
