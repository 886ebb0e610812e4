"""河南省: the provincial portal on static lists; 开封 on queryList, 许昌 on Epoint.

郑州 has a host of its own for disclosure (public.zhengzhou.gov.cn). On 许昌 an organ is named by
its credit code (统一社会信用代码) in the address.

History
  2026-11-22  first version, 175 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class HenanSpider(ProvinceSpider):
    name = "henan"
