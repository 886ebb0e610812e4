"""上海市: the city on columns named nw and a number; each district on its own.

Bureaus have columns such as /txxgknb_17198/ with articles t0035_….html, t0035 being 年报. 黄浦 and
松江 run Epoint.

History
  2026-11-22  first version, 17 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class ShanghaiSpider(ProvinceSpider):
    name = "shanghai"
