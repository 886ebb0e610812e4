"""WACZ: WARC files with index, list of pages and signature in one ZIP file that replays anywhere.

The format: https://specs.webrecorder.net/wacz/1.1.1/. What is in ours:

- ``archive/*.warc.gz``              the WARC files, stored as they are;
- ``indexes/index.cdx.gz``, ``.idx`` their merged index, in blocks that can be read one by one;
- ``pages/pages.jsonl``              the reports of the catalog;
- ``logs/*``                         what the crawls said, where logs are kept;
- ``manifest/manifest-sha256.txt``   checksums of all these, for ``sha256sum -c``;
- ``datapackage.json``               the same and what the whole is, for other tools;
- ``datapackage-digest.json``        its checksum, signed.
"""

from archive.warc.wacz.check import check_wacz
from archive.warc.wacz.write import Page, WaczWritten, write_wacz

__all__ = ["Page", "WaczWritten", "check_wacz", "write_wacz"]
