"""新疆生产建设兵团: the corps and the cities of its divisions (师), beside 新疆.

The corps is no place of GB/T 2260; its cities are counties directly under the region (659001 and
so on), each with a portal of its own.

History
  2026-11-22  first version, 14 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class BingtuanSpider(ProvinceSpider):
    name = "bingtuan"
