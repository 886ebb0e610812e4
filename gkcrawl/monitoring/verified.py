"""When the archive was verified the last time, and what came of it (``HOME/verified.json``)."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.records import timestamp

FILE = "verified.json"


@dataclass(frozen=True, slots=True)
class Verified:
    """The last ``gkcrawl verify`` of an archive that came to its end."""

    at: str
    problems: int
    whole: bool
    """Of all of it; else of a sample."""


def note(home: Path, problems: int, *, whole: bool) -> None:
    """Note what a verification found; nothing where the archive cannot be written."""
    if not os.access(home, os.W_OK):
        return
    made = home / f"{FILE}.new"
    said = Verified(timestamp(datetime.now(UTC)), problems, whole)
    made.write_text(json.dumps(asdict(said)) + "\n", "utf-8")
    made.replace(home / FILE)


def last(home: Path) -> Verified | None:
    """Return what the last verification found; None: there was none, or its note is spoilt."""
    try:
        return Verified(**json.loads((home / FILE).read_text("utf-8")))
    except (FileNotFoundError, TypeError, ValueError):
        return None
