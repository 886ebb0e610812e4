"""Which runs of an archive go on, besides the one that asks: what is theirs is left to them."""

from pathlib import Path

from archive.warc import OPEN, is_abandoned, warc_files
from archive.warc.names import run_mark, run_mark_in


class Living:
    """The runs that write files in ``directory`` just now: they hold these locked."""

    def __init__(self, directory: Path) -> None:
        growing = [path for path in warc_files(directory) if path.name.endswith(OPEN)]
        self._marks = {run_mark_in(path.name) for path in growing if not is_abandoned(path)}

    def __contains__(self, run_id: str) -> bool:
        return run_mark(run_id) in self._marks
