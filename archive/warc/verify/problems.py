"""What is told of something that is not as it should be, and what can be done about it."""

from dataclasses import dataclass

REPAIR = "run: gkcrawl verify --repair"
INDEX = "run: gkcrawl index"
REBUILD = "run: gkcrawl index --rebuild"
IMPORT = "move it out of the folder, then run: gkcrawl import FILE"
AWAY = "move it out of the folder"
RESTORE = "restore the file from a copy; what is lost is fetched again when it is due"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be."""

    file: str
    offset: int | None
    """None: it concerns the whole file."""
    record_id: str | None
    message: str
    remedy: str
    """What to do about it."""
