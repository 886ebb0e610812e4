"""Web archives: captures of reports that their portals no longer have.

What comes from there is the report as its organ published it, under the address where it stood; the
catalog says which archive has it and since when.

History
  2026-11-22  first version, two archives
"""

from gkcrawl.crawl.webarchives import SnapshotSpider


class WebArchiveSpider(SnapshotSpider):
    name = "web_archive"
