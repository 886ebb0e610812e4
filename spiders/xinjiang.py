"""新疆维吾尔自治区: kaipuyun from the region down, reports on the template zfxxgk_gknbz.shtml.

新源 has a column for each year (…/xxgknb2024n/). The corps (兵团) has a spider of its own,
bingtuan.

History
  2026-11-22  first version, 111 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class XinjiangSpider(ProvinceSpider):
    name = "xinjiang"
