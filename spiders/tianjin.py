"""天津市: the city and its districts on TRS and lists that look like it.

Search is 拓尔思 igs (siteId 34).

History
  2026-11-22  first version, 17 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class TianjinSpider(ProvinceSpider):
    name = "tianjin"
