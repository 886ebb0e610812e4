"""The index of a WARC file (CDXJ): a line for each capture, sorted, for replay tools.

The lines are those that ``cdxj-indexer --sort FILE`` writes, so either may make them:
https://github.com/webrecorder/cdxj-indexer. But for one kind: an answer that the page was not
modified (304) has no line, since replay tools would show a blank page for it and not the page
(https://github.com/xroche/httrack/issues/778). Our checksum of the file stands beside the index.
"""

import base64
import hashlib
import json
import os
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeadersParser

from archive.warc.digests import checksum_of
from archive.warc.errors import DamagedRecord
from archive.warc.fields import MEDIA_TYPE
from archive.warc.message import head_end, header_values
from archive.warc.names import OPEN, cdxj_path, checksum_path, sync_directory
from archive.warc.record import Record, is_http, mapped, walk
from archive.warc.revisits import NOT_MODIFIED, kind_of
from archive.warc.surt import url_key

_INDEXED = frozenset({"response", "revisit", "resource", "metadata"})
_WITH_HTTP = frozenset({"response", "revisit"})

# A head that everybody reads alike.
_PLAIN_HEAD = re.compile(rb"HTTP/\d\.\d (\d{3})(?: [ -~]*)?\r\n(?:[!-9;-~]+:[ -~]*\r\n)*\r\n")
_NO_MARKS = str.maketrans("", "", "-T:")
_http = StatusAndHeadersParser([], verify=False)


def index_line(record: Record, file_name: str, *, whole: bool = False) -> str | None:
    """Return the line for ``record``, newline included; None: its kind is not indexed.

    ``whole``: the lines that are left out for replay's sake are given too.
    """
    if record.type not in _INDEXED:
        return None
    content_type = record.get("Content-Type")
    if content_type == MEDIA_TYPE and record.type not in _WITH_HTTP:
        return None
    if kind_of(record) == NOT_MODIFIED and not whole:
        return None
    url = record.get("WARC-Target-URI")
    stamp = _stamp(record.get("WARC-Date") or "")
    if not url or not stamp:
        return None
    status, mime = _answer(record) if is_http(record) and record.block else (None, None)
    if record.type != "response":
        mime = "warc/revisit" if record.type == "revisit" else content_type
    entry = {
        "url": url,
        "mime": re.split(r"[;\s]", mime, maxsplit=1)[0].strip() if mime else mime,
        "status": status,
        "digest": record.get("WARC-Payload-Digest") or _made_digest(record),
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": file_name,
    }
    given = {name: value for name, value in entry.items() if value is not None}
    return f"{url_key(url)} {stamp} {json.dumps(given)}\n"


def index_lines(path: Path, *, whole: bool = False) -> list[str]:
    """Return the sorted index of a WARC file; ``whole``: see ``index_line``.

    Raises DamagedRecord at the first bytes that are no whole record.
    """
    name = path.name.removesuffix(OPEN)
    try:
        with mapped(path) as data:
            lines = [index_line(record, name, whole=whole) for record in walk(data)]
    except DamagedRecord as error:
        raise DamagedRecord(error.message, error.offset, path) from error
    return sorted(line for line in lines if line)


def write_sidecars(path: Path, lines: list[str] | None = None) -> None:
    """Write the sorted index and the checksum of a WARC file beside it, durably.

    ``lines``: the index where it was made already. Raises DamagedRecord where the file is no
    sequence of whole records.
    """
    if lines is None:
        lines = index_lines(path)
    write_index(path, lines)
    write_checksum(path, checksum_of(path))
    sync_directory(path.parent)


def write_index(path: Path, lines: list[str]) -> None:
    """Write the index of the WARC file ``path`` beside it; ``lines`` in any order."""
    _replace(cdxj_path(path), sorted(lines))


def write_checksum(path: Path, checksum: str) -> None:
    """Write the checksum of the WARC file ``path`` beside it, as sha256sum does."""
    _replace(checksum_path(path), [checksum_line(path, checksum)])


def checksum_line(path: Path, checksum: str) -> str:
    """Return what the checksum file of the WARC file ``path`` says."""
    return f"{checksum}  {path.name.removesuffix(OPEN)}\n"


def _answer(record: Record) -> tuple[str | None, str | None]:
    """Return status and media type of a response as the indexer of others reads its head."""
    parts = record.message
    if parts and not parts.interim and (plain := _PLAIN_HEAD.fullmatch(parts.head)):
        return plain[1].decode(), next(iter(header_values(parts.headers, "content-type")), None)
    http = _http.parse(BytesIO(record.block))
    return http.get_statuscode(), http.get_header("content-type")


def _made_digest(record: Record) -> str | None:
    """Return the payload's digest where none is stated, in the form that others make it in.

    None: the payload is elsewhere (revisit).
    """
    if record.type == "revisit":
        return None
    end = head_end(record.block) if is_http(record) else 0
    payload = b"" if end is None else record.block[end:]
    digest = hashlib.sha1(payload, usedforsecurity=False).digest()
    return "sha1:" + base64.b32encode(digest).decode()


def _stamp(date: str) -> str | None:
    """Return the 14 digits of a WARC-Date; None: it is no date, which ``verify`` reports."""
    try:
        moment = datetime.fromisoformat(date).isoformat(timespec="seconds")
    except ValueError:
        return None
    return moment[:19].translate(_NO_MARKS)


def _replace(path: Path, lines: list[str]) -> None:
    unfinished = path.with_name(path.name + ".tmp")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
