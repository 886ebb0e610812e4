"""广西壮族自治区: TRS and lists that look like it; igs as search and, in places, as list.

Paths in capitals occur (/XXGK/GKNB/) and count.

History
  2026-11-22  first version, 127 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class GuangxiSpider(ProvinceSpider):
    name = "guangxi"
