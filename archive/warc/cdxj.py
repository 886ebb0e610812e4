"""The index of a WARC file (CDXJ): a line for each capture, sorted, for replay tools.

The lines are those that ``cdxj-indexer --sort FILE`` writes, so either may make them:
https://github.com/webrecorder/cdxj-indexer. Our checksum of the file stands beside the index.
"""

import hashlib
import json
import os
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from archive.warc.errors import DamagedRecord
from archive.warc.fields import MEDIA_TYPE
from archive.warc.names import OPEN, cdxj_path, checksum_path, sync_directory
from archive.warc.record import Record, mapped, walk
from archive.warc.surt import url_key

_INDEXED = frozenset({"response", "revisit", "resource", "metadata"})
_WITH_HTTP = frozenset({"response", "revisit"})

_http = StatusAndHeadersParser([], verify=False)


def index_line(record: Record, file_name: str) -> str | None:
    """Return the line for ``record``, newline included; None: its kind is not indexed."""
    url = record.get("WARC-Target-URI")
    content_type = record.get("Content-Type")
    stamp = _stamp(record.get("WARC-Date") or "")
    if record.type not in _INDEXED or not url or not stamp or content_type == MEDIA_TYPE:
        return None
    http = _http_head(record, url)
    mime = "warc/revisit" if record.type == "revisit" else content_type
    if record.type == "response":
        mime = http.get_header("content-type") if http else None
    entry = {
        "url": url,
        "mime": re.split(r"[;\s]", mime, maxsplit=1)[0].strip() if mime else mime,
        "status": http.get_statuscode() if http else None,
        "digest": record.get("WARC-Payload-Digest"),
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": file_name,
    }
    given = {name: value for name, value in entry.items() if value is not None}
    return f"{url_key(url)} {stamp} {json.dumps(given)}\n"


def index_lines(path: Path) -> list[str]:
    """Return the sorted index of a WARC file.

    Raises DamagedRecord at the first bytes that are no whole record.
    """
    name = path.name.removesuffix(OPEN)
    try:
        with mapped(path) as data:
            lines = [index_line(record, name) for record in walk(data)]
    except DamagedRecord as error:
        raise DamagedRecord(error.message, error.offset, path) from error
    return sorted(line for line in lines if line)


def write_sidecars(path: Path) -> None:
    """Write the sorted index and the checksum of a WARC file beside it, durably.

    Raises DamagedRecord where the file is no sequence of whole records.
    """
    lines = index_lines(path)
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    write_index(path, lines)
    write_checksum(path, checksum)
    sync_directory(path.parent)


def write_index(path: Path, lines: list[str]) -> None:
    """Write the index of the WARC file ``path`` beside it; ``lines`` in any order."""
    _replace(cdxj_path(path), "".join(sorted(lines)))


def write_checksum(path: Path, checksum: str) -> None:
    """Write the checksum of the WARC file ``path`` beside it, as sha256sum does."""
    _replace(checksum_path(path), checksum_line(path, checksum))


def checksum_line(path: Path, checksum: str) -> str:
    """Return what the checksum file of the WARC file ``path`` says."""
    return f"{checksum}  {path.name.removesuffix(OPEN)}\n"


def _stamp(date: str) -> str | None:
    """Return the 14 digits of a WARC-Date; None: it is no date, which ``verify`` reports."""
    try:
        return f"{datetime.fromisoformat(date):%Y%m%d%H%M%S}"
    except ValueError:
        return None


def _http_head(record: Record, url: str) -> StatusAndHeaders | None:
    is_http = record.type in _WITH_HTTP and url.startswith(("http:", "https:"))
    return _http.parse(BytesIO(record.block)) if is_http and record.block else None


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".tmp")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
