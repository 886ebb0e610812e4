"""河北省: the province and 石家庄 with its counties on columns named by UUID.

衡水 and 承德 run Hanweb, 沧州 kaipuyun. 秦皇岛, 唐山 and 张家口 are a mixture: phpcms, thtml and
static lists. 邯郸 had a platform of its own for disclosure, hdzfxxgk.hd.gov.cn.

History
  2026        the districts of 唐山 move between hosts of their own and names below tangshan.gov.cn
  2026-11-22  first version, 180 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class HebeiSpider(ProvinceSpider):
    name = "hebei"
