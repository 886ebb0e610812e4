"""甘肃省: the portal on pages close to kaipuyun; 兰州, 定西 and 武威 on Hanweb.

甘南 and 天水 run VSB, 陇南 龙讯, 酒泉 kaipuyun.

History
  2026        the provincial portal has moved from Hanweb (/col/col4729/) to /gsszf/c100055/ and
              answers HTTP 412 to automated browsers
  2026-11-22  first version, 101 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class GansuSpider(ProvinceSpider):
    name = "gansu"
