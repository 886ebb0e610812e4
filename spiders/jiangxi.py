"""江西省: province and departments on queryList; 宜春 too.

抚州 and 鹰潭 run Hanweb, 吉安 static lists named xxgk-list-…, 赣州 kaipuyun. Some counties first
answer a stub of 1,166 bytes, which is a refusal.

History
  2026        departments moved from Hanweb (/module/web/jpage/) to queryList before this
  2026-11-22  first version, 112 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class JiangxiSpider(ProvinceSpider):
    name = "jiangxi"
