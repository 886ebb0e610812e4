"""四川省: the province, 成都 and 阿坝 on kaipuyun; the prefectures each on their own.

自贡, 广安 and 资阳 run queryList, 德阳 and 眉山 VSB, 巴中 龙讯, 达州 static lists named
xxgk-list-….

History
  2026        成都 answers HTTP 412, 广元 HTTP 468 to automated browsers
  2026-11-22  first version, 205 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class SichuanSpider(ProvinceSpider):
    name = "sichuan"
