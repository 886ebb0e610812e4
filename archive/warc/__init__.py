"""The WARC files (ISO 28500, WARC/1.1): writing, reading, indexing, repairing and verifying them.

Layout of ``HOME/warc``, for a file called NAME:

- ``NAME.warc.gz``  records, one gzip member each; ``NAME.warc.gz.open`` while it grows;
- ``NAME.cdxj``     its sorted index; ``NAME.cdxj.open`` while it grows (unsorted);
- ``NAME.sha256``   its checksum, as ``sha256sum -c`` reads it.

Every file begins with a ``warcinfo``. Everything else comes in groups, one for each exchange,
that end with a ``metadata`` record: a group without its metadata was never confirmed.
"""

from archive.warc.cdxj import index_lines, write_sidecars
from archive.warc.errors import DamagedRecord, WarcError
from archive.warc.names import OPEN, locate, warc_files
from archive.warc.reader import iter_exchanges, read_exchange
from archive.warc.recover import Recovery, is_abandoned, recover, renew_indexes
from archive.warc.surt import url_key
from archive.warc.verify import Problem, verify_archive
from archive.warc.writer import WarcWriter

__all__ = [
    "OPEN",
    "DamagedRecord",
    "Problem",
    "Recovery",
    "WarcError",
    "WarcWriter",
    "index_lines",
    "is_abandoned",
    "iter_exchanges",
    "locate",
    "read_exchange",
    "recover",
    "renew_indexes",
    "url_key",
    "verify_archive",
    "warc_files",
    "write_sidecars",
]
