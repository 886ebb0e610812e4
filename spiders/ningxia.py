"""宁夏回族自治区: TRS, whose lists are paged as list_1.html and so on.

History
  2026-11-22  first version, 28 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class NingxiaSpider(ProvinceSpider):
    name = "ningxia"
