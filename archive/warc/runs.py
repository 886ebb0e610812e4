"""A run as the archive tells of it: the ``warcinfo`` of every file, and a last ``metadata``.

Both ways, so that the catalog's ``runs`` can be rebuilt from the files alone.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict

from archive.records import Monitor, Notice, Run, RunEnd
from archive.warc.fields import (
    MEDIA_TYPE,
    Fields,
    decode_fields,
    encode_fields,
    prefixed,
    unprefixed,
)
from archive.warc.group import Group, Place, make_record
from archive.warc.names import host_name
from archive.warc.record import Record

RUN_END = "run-end"
_SPEC = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_SETTING, _COUNT, _NOTICE, _MONITOR = "setting-", "count-", "notice", "monitor"
# Heritrix's words for Scrapy's setting.
_ROBOTS = {"True": "obey", "False": "ignore"}


def warcinfo(run: Run, date: str, file_name: str) -> Record:
    """Return the record that a file begins with: the run, and what archivists look for."""
    block = encode_fields(
        [
            ("software", run.software),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", _SPEC),
            ("isPartOf", run.id),
            ("robots", _ROBOTS.get(run.settings.get("ROBOTSTXT_OBEY", ""))),
            ("http-header-user-agent", run.user_agent),
            ("hostname", host_name()),
            ("operator", run.contact),
            ("spider", run.spider),
            ("started", run.started_at),
            *prefixed(_SETTING, run.settings.items()),
        ]
    )
    named = [("WARC-Filename", file_name)]
    return make_record("warcinfo", str(uuid.uuid4()), date, None, block, MEDIA_TYPE, named)


def run_of(record: Record) -> Run:
    """Return the run that a ``warcinfo`` tells of.

    Other people's files name no run of ours: theirs gets its id from the record's, no spider,
    and the record's date as its start.
    """
    fields = decode_fields(record.block)
    told = dict(fields)
    if not is_ours(record):
        return Run(
            id=uuid.uuid5(uuid.NAMESPACE_URL, record.id).hex,
            spider="",
            started_at=record.get("WARC-Date") or "",
            software=told.get("software", ""),
            user_agent=told.get("http-header-user-agent", ""),
            contact=told.get("operator", ""),
        )
    return Run(
        id=told["isPartOf"],
        spider=told["spider"],
        started_at=told["started"],
        software=told.get("software", ""),
        user_agent=told.get("http-header-user-agent", ""),
        contact=told.get("operator", ""),
        settings=unprefixed(_SETTING, fields),
    )


def is_ours(record: Record) -> bool:
    """Return whether a ``warcinfo`` is one that ``warcinfo`` made."""
    return {"isPartOf", "spider", "started"} <= dict(decode_fields(record.block)).keys()


def run_end(end: RunEnd, place: Place) -> list[Record]:
    """Return the group that says how a run ended."""
    group = Group(place, None)
    counts: Mapping[str, str] = {name: str(count) for name, count in end.counts.items()}
    block = encode_fields(
        [
            ("event", RUN_END),
            ("run", end.run_id),
            ("ended", end.ended_at),
            ("reason", end.reason),
            *prefixed(_COUNT, counts.items()),
            *((_NOTICE, json.dumps(asdict(notice))) for notice in end.notices),
            *((_MONITOR, json.dumps(asdict(monitor))) for monitor in end.monitors),
        ]
    )
    group.add("metadata", block, MEDIA_TYPE, main=True)
    return group.records


def run_end_of(fields: Fields) -> RunEnd:
    """Return what the fields of ``run_end`` tell."""
    told = dict(fields)
    counts = {name: int(count) for name, count in unprefixed(_COUNT, fields).items()}
    notices = tuple(Notice(**json.loads(value)) for name, value in fields if name == _NOTICE)
    monitors = tuple(Monitor(**json.loads(value)) for name, value in fields if name == _MONITOR)
    return RunEnd(told["run"], told["ended"], told["reason"], counts, notices, monitors)
