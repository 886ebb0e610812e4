"""陕西省: the provincial portal on TRS; 商洛 on VSB.

西安, 渭南 and 延安 page their lists as 1.html, 2.html, so that a column itself ends in /1.html.
Not to be mistaken for 山西 (shanxi).

History
  2026-11-22  first version, 119 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class ShaanxiSpider(ProvinceSpider):
    name = "shaanxi"
