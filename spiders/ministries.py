"""The organs of the State Council (国务院部门): one report a year from each.

工业和信息化部, 商务部, 市场监管总局 and 住房和城乡建设部 run Hanweb with jpaas; 医保局, 广电总局
and 知识产权局 ask with encrypted parameters, so that only the first pages of their lists can be
had.

History
  2026        水利部 has its disclosure on a host of its own, zwgk.mwr.gov.cn
  2026-11-22  first version, 51 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class MinistriesSpider(ProvinceSpider):
    name = "ministries"
