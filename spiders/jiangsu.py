"""江苏省: the province, 盐城 and many departments on Hanweb; other cities each on their own.

宿迁, 无锡 and counties of 苏州 run a CMS whose lists end in _list.shtml; 南京 looks like TRS; 南通
and 如皋 run truecms; 徐州 Epoint. Lists of 常州 and of counties of 淮安 stand in frames.

History
  2026-11-22  first version, 111 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class JiangsuSpider(ProvinceSpider):
    name = "jiangsu"
