"""浙江省: Hanweb at all levels, by the dialects jpage and, more and more, jpaas.

History
  2026-11-22  first version, 102 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class ZhejiangSpider(ProvinceSpider):
    name = "zhejiang"
