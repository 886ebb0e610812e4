"""The streams of an OLE file ([MS-CFB]), which holds the older DOC, WPS and XLS, bounded."""

import io

import olefile

from archive.report.media import limits
from archive.report.media.limits import Refused


class Streams:
    """The streams at the root of an OLE file; raises Refused where it is broken."""

    def __init__(self, content: bytes) -> None:
        try:
            with olefile.OleFileIO(io.BytesIO(content)) as ole:
                names = [path for path in ole.listdir() if len(path) == 1]
                sizes = sum(ole.get_size(path) for path in names)
                if sizes > limits.UNPACKED:
                    raise Refused("too_large", "streams larger than the file can hold")
                self._streams: dict[str, bytes] = {
                    path[0].lower(): ole.openstream(path).read() for path in names
                }
        except Refused:
            raise
        except Exception as error:  # olefile raises many kinds on broken directories
            raise Refused("broken", f"no whole OLE file: {error}") from error

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._streams

    def read(self, name: str) -> bytes:
        """Return a stream; empty where there is none."""
        return self._streams.get(name.lower(), b"")
