"""辽宁省: the province on static .shtml pages, its departments in part on EasySite.

锦州 runs VSB, 营口 and 辽阳县 Epoint. Districts of 阜新 list their reports at ndbg.thtml?id=….

History
  2026-11-22  first version, 115 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class LiaoningSpider(ProvinceSpider):
    name = "liaoning"
