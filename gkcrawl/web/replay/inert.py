"""Whether a PDF file may be shown: only if nothing in it runs or acts of its own accord.

A browser's PDF viewer runs the scripts of a file in an engine of its own, outside of what a
Content-Security-Policy governs. PDFium, on which Chromium's viewer rests, writes the file anew
here: names without escapes, objects out of their streams, encryption undone. So what is looked for
is what the viewer would see, however it was written. The action types are those of ISO 32000-1
§12.6.
"""

import atexit
import hashlib
import io
import re
import threading
from functools import cache

import pypdfium2
import pypdfium2.raw as raw

from archive.worker import Confined, OutOfBounds

LIMIT = 64 * 1024 * 1024
"""Bytes of a file that is looked through."""
_SECONDS = 20.0
_CPU_SECONDS = 10
_MEMORY = 512 * 1024**2
_KNOWN = 4096
"""Files whose answer is kept; each is a digest and a truth."""

_VALUE = rb"(?:\(|<| \d+ \d+ R)"
_ACTING = re.compile(
    rb"/JS%b|/AA%b|/XFA(?:\[|%b)|/JavaScript(?![A-Za-z])"
    rb"|/S/(?:Launch|SubmitForm|ImportData|Rendition|Movie|Sound)(?![A-Za-z])"
    % (_VALUE, _VALUE, _VALUE)
)
_OPENED = re.compile(rb"/OpenAction(?: (\d+) 0 R|(?=([\[<])))?")
# Where to begin reading. No string that could hold what looks like another entry is let through.
_PLACE = re.compile(
    rb"\s*(?:\[|<<(?:\s|/S/GoTo(?=[\s/>])|/Type/Action(?=[\s/>])"
    rb"|/D\s*(?:\[[^\[\]()<>]*\]|\([^()\\]*\)|/[^\s/()<>\[\]]+|\d+ 0 R))*>>)"
)

_lock = threading.Lock()
_found: dict[bytes, bool] = {}


def is_inert(content: bytes) -> bool:
    """Return whether a PDF file holds neither scripts nor actions that begin of themselves.

    False also for what is no PDF, what needs a password, and what cannot be looked through within
    bounds. The work is done in a child process, one file at a time.
    """
    if len(content) > LIMIT:
        return False
    digest = hashlib.sha256(content).digest()
    with _lock:
        if digest not in _found:
            if len(_found) >= _KNOWN:
                _found.clear()
            _found[digest] = _looked_through(content)
        return _found[digest]


def _looked_through(content: bytes) -> bool:
    try:
        return _reader().run(holds_no_action, content)
    except (OutOfBounds, MemoryError):
        return False


@cache
def _reader() -> Confined:
    reader = Confined(seconds=_SECONDS, cpu_seconds=_CPU_SECONDS, memory=_MEMORY)
    atexit.register(reader.close)
    return reader


def holds_no_action(content: bytes) -> bool:
    """Return the same without bounds of time and memory."""
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return False
    try:
        written = io.BytesIO()
        pdf.save(written, flags=raw.FPDF_REMOVE_SECURITY)
    except pypdfium2.PdfiumError:
        return False
    finally:
        pdf.close()
    plain = written.getvalue()
    return _ACTING.search(plain) is None and all(
        _is_place(plain, found) for found in _OPENED.finditer(plain)
    )


def _is_place(plain: bytes, opened: re.Match[bytes]) -> bool:
    """Return whether what a file does when opened is to show one of its pages.

    A stream may hold what looks like the object that is meant; so all that look like it count.
    """
    if opened[1] is None:
        return opened[2] is not None and _PLACE.match(plain, opened.end()) is not None
    begins = re.compile(rb"(?<![0-9])%b 0 obj\b" % opened[1])
    ends = [found.end() for found in begins.finditer(plain)]
    return bool(ends) and all(_PLACE.match(plain, end) for end in ends)
