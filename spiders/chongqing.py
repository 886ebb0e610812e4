"""重庆市: TRS; the city at /zwgk/zfxxgkml/, each district at /zwgk_ and a number.

History
  2026-11-22  first version, 38 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class ChongqingSpider(ProvinceSpider):
    name = "chongqing"
