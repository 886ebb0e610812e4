"""Making anew what is derived from WARC files, where it does not agree with them."""

from collections.abc import Iterator
from pathlib import Path

from archive.warc.merged import merge_index
from archive.warc.recover import renew_indexes
from archive.warc.verify.indexed import merged_index
from archive.warc.verify.leftovers import unfinished_files
from archive.warc.verify.problems import REPAIR


def repair_files(home: Path) -> Iterator[str]:
    """Mend the files beside the WARC files; yield what was done, in words."""
    directory = home / "warc"
    if not directory.is_dir():
        return
    for path in unfinished_files(directory):
        path.unlink()
        yield f"{path.name} was removed: it was never finished"
    for name in renew_indexes(directory):
        yield f"the index of {name} was made anew"


def repair_merged_index(home: Path) -> Iterator[str]:
    """Merge the indexes anew where the merged one does not agree with them; yield what was done."""
    if any(problem.remedy == REPAIR for problem in merged_index(home)):
        merge_index(home, anew=True)
        yield "the merged index was made anew"
