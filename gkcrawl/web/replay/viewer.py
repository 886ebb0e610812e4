"""The viewer of full replay, ReplayWeb.page: fetched when its user wants it, never brought along.

It is licensed under the AGPL-3.0-or-later (https://github.com/webrecorder/replayweb.page), gkcrawl
is not: so it lies beside the archive, in ``HOME/replay``, as its makers publish it.
"""

import hashlib
import tarfile
import urllib.request
from io import BytesIO
from pathlib import Path

VERSION = "2.5.3"
SHA256 = "b7d35c39c4da9b7121c5a393911d8675d4cc6f19513c380191e16b086bea812c"
ADDRESS = f"https://registry.npmjs.org/replaywebpage/-/replaywebpage-{VERSION}.tgz"
FOLDER = "replay"
SCRIPT, WORKER = "ui.js", "sw.js"
_FILES = (SCRIPT, WORKER, "LICENSE")
_LARGEST = 64 * 1024 * 1024
_SECONDS = 60.0


class ViewerError(OSError):
    """The viewer could not be had, or is not the one that is known; the message says which."""


def installed(home: Path) -> Path | None:
    """Return the folder of the viewer; None: it is not installed."""
    folder = home / FOLDER
    return folder if all((folder / name).is_file() for name in (SCRIPT, WORKER)) else None


def install(home: Path, source: str = ADDRESS) -> Path:
    """Put the viewer into ``home/replay`` and return that folder.

    ``source``: address or path of the npm package. Raises ViewerError where it cannot be had or
    has another SHA-256 than the one above; what was there before is then as it was.
    """
    package = _fetched(source)
    found = hashlib.sha256(package).hexdigest()
    if found != SHA256:
        raise ViewerError(f"{source} has the SHA-256 {found}, not {SHA256}: nothing was installed")
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=BytesIO(package), mode="r:gz") as archive:
        for name in _FILES:
            file = archive.extractfile(f"package/{name}")
            if file is None:
                raise ViewerError(f"{source} holds no {name}: nothing was installed")
            _put(folder / name, file.read(_LARGEST))
    return folder


def _fetched(source: str) -> bytes:
    try:
        if "://" not in source:
            return Path(source).read_bytes()
        with urllib.request.urlopen(source, timeout=_SECONDS) as answer:
            package: bytes = answer.read(_LARGEST)
            return package
    except OSError as error:
        raise ViewerError(f"{source} could not be had: {error}") from error


def _put(path: Path, content: bytes) -> None:
    """Write a file so that a server meanwhile sees the old one or the new one."""
    made = path.with_name(path.name + ".new")
    made.write_bytes(content)
    made.replace(path)
