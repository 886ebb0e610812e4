"""Which runs of an archive go on, besides the one that asks: what is theirs is left to them."""

from pathlib import Path

from archive.warc import OPEN, is_abandoned, warc_files


class Living:
    """The runs that write files in ``directory`` just now: they hold these locked."""

    def __init__(self, directory: Path) -> None:
        names = [path.name for path in warc_files(directory) if path.name.endswith(OPEN)]
        self._growing = [name for name in names if not is_abandoned(directory / name)]

    def __contains__(self, run_id: str) -> bool:
        # The name of a file holds the beginning of its run's id.
        return any(f"-{run_id[:8]}-" in name for name in self._growing)
