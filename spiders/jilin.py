"""吉林省: the provincial portal on TRS, with was5 as its search.

Districts of 长春, 四平 and 白山 stand on names below their city (nanguan.changchun.gov.cn). The
lists that portals were compared with give 珲春 the host of 延边.

History
  2026-11-22  first version, 70 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class JilinSpider(ProvinceSpider):
    name = "jilin"
