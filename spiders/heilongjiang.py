"""黑龙江省: kaipuyun from the province down; reports on the template zfxxgk_gknbz.shtml.

That template shows the newest report with the years as tabs: a list and an article at once.

History
  2026-11-22  first version, 139 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class HeilongjiangSpider(ProvinceSpider):
    name = "heilongjiang"
