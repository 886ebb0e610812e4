"""青海省: the portal close to TRS, with disclosure on a host of its own, zwgk.qh.gov.cn.

海北 runs 龙讯.

History
  2026        果洛 and 黄南 answer HTTP 412 to automated browsers
  2026-11-22  first version, 53 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class QinghaiSpider(ProvinceSpider):
    name = "qinghai"
