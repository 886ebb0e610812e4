"""北京市: the city on pages of its own making, close to TRS; the districts each on their own.

通州 and 门头沟 run kaipuyun; 大兴 and 平谷 EasySite with static mirrors. Districts keep a column
for each year (密云 …/gknb2024/, 大兴 …/2024n/, 怀柔 …/2024nb/). robots.txt of 顺义 forbids
everything.

History
  2021        addresses of districts that were noted since 2019; ten and more of them were gone by
              2026
  2026-11-22  first version, 17 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class BeijingSpider(ProvinceSpider):
    name = "beijing"
