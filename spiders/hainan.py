"""海南省: static .shtml pages close to kaipuyun; 三亚 with its districts on kaipuyun.

Cities and counties stand on names below the province (wenchang.hainan.gov.cn).

History
  2026-11-22  first version, 28 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class HainanSpider(ProvinceSpider):
    name = "hainan"
