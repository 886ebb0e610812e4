"""山东省: the province, 济宁, 烟台, 东营 and 泰安 on Hanweb; 临沂 on VSB; others on static lists.

Columns of 济宁 carry the number of their catalogue in the query string (``?number=RCA07``), which
is therefore part of the address.

History
  2026        金乡, 嘉祥 and 曲阜 answer HTTP 412 to automated browsers
  2026-11-22  first version, two portals: 任城, 即墨; then all 153
"""

from gkcrawl.crawl.spider import ProvinceSpider


class ShandongSpider(ProvinceSpider):
    name = "shandong"
