"""Whether an archive is whole: every record, every index, every row of the catalog.

No tool that is at hand covers this: the popular checkers pass files with a torn tail
(https://github.com/webrecorder/warcio/issues/138) and know nothing of a catalog.
"""

from archive.warc.verify.notes import NOTES, interrupted
from archive.warc.verify.problems import REPAIR, Problem
from archive.warc.verify.repair import repair_files, repair_merged_index
from archive.warc.verify.sample import Looked, verify_sample
from archive.warc.verify.single import verify_file
from archive.warc.verify.whole import verify_archive

__all__ = [
    "NOTES",
    "REPAIR",
    "Looked",
    "Problem",
    "interrupted",
    "repair_files",
    "repair_merged_index",
    "verify_archive",
    "verify_file",
    "verify_sample",
]
