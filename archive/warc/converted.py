"""What was read from a capture, as ``conversion`` records (ISO 28500, section 6.7).

A group of its own, since a document is read after it was kept::

    conversion (text) conversion (JSON) conversion (CSV) metadata

Each names the capture's record by ``WARC-Refers-To``, which may stand in another file. They stand
under URNs, so that whoever replays the page never meets them: of the text that of Browsertrix.
"""

from collections.abc import Iterator
from pathlib import Path

from archive.records import Conversion
from archive.warc.errors import DamagedRecord
from archive.warc.fields import MEDIA_TYPE, decode_fields, encode_fields
from archive.warc.group import Group, Place
from archive.warc.record import bare_id, bracketed, mapped, walk

CONVERTED = "conversion"
TEXT, REPORT, CELLS = "urn:text:", "urn:x-gkcrawl:report:", "urn:x-gkcrawl:cells:"

Made = tuple[str, str, str]
"""Id of the capture, software and digest of the configuration that read it."""


def conversion_group(conversion: Conversion, place: Place, moment: str) -> Group:
    """Return the records of a conversion; ``moment``: when it was made, ISO 8601."""
    group = Group(place, conversion.url)
    named = [("WARC-Refers-To", bracketed(conversion.source))]
    parts = (
        (TEXT, conversion.text, "text/plain; charset=utf-8"),
        (REPORT, conversion.report, "application/json"),
        (CELLS, conversion.cells, "text/csv; charset=utf-8; header=present"),
    )
    for prefix, block, kind in parts:
        first = not group.records
        group.add("conversion", block, kind, main=first, payload=block, prefix=prefix, named=named)
    told = encode_fields(
        [
            ("event", CONVERTED),
            ("software", conversion.software),
            ("config-digest", conversion.config),
            ("began", moment),
        ]
    )
    group.add("metadata", told, MEDIA_TYPE, named=named)
    return group


def conversions_in(path: Path) -> Iterator[Made]:
    """Yield of which captures a WARC file of ours holds conversions; ends where it is damaged."""
    with mapped(path) as data:
        try:
            for record in walk(data):
                source = record.get("WARC-Refers-To")
                if record.type == "metadata" and source:
                    told = dict(decode_fields(record.block))
                    if told.get("event") == CONVERTED:
                        yield bare_id(source), told["software"], told["config-digest"]
        except DamagedRecord:
            return  # what a kill has torn, recover cuts off
