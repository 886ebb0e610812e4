"""山西省: the provincial portal on TRS, with the meta element SiteName twice and relative Url.

Most prefectures show static lists. Not to be mistaken for 陕西 (shaanxi).

History
  2026-11-22  first version, 129 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class ShanxiSpider(ProvinceSpider):
    name = "shanxi"
