"""湖北省: the provincial portal on TRS with igs (siteId 54) as its search; 荆门 on Hanweb.

黄冈 runs 龙讯, 孝感 JEECMS (.jhtml). Departments of 武汉 have columns such as /zwgk_918/xxgknb/.

History
  2026        the provincial portal answers HTTP 412 to automated browsers
  2026-11-22  first version, 117 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class HubeiSpider(ProvinceSpider):
    name = "hubei"
