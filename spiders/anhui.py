"""安徽省: 龙讯 (Lonsun) in most prefectures, each organ with the same tree under its number.

阜阳, 铜陵, 宣城, 池州 and 亳州 run the /openness/ platform. The lists that portals were compared
with give 贵池 the host of 池州.

History
  2026        合肥 answers HTTP 521, 黄山 HTTP 412 to automated browsers
  2026-11-22  first version, 120 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class AnhuiSpider(ProvinceSpider):
    name = "anhui"
