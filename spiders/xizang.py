"""西藏自治区: the portal close to TRS; 昌都 and 林芝 on kaipuyun, 日喀则 on thtml, 阿里 on VSB.

Counties of 昌都 stand on names below the city (jiangda.changdu.gov.cn).

History
  2026-11-22  first version, 82 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class XizangSpider(ProvinceSpider):
    name = "xizang"
