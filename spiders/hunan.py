"""湖南省: the provincial portal on TRS; 怀化 on kaipuyun, 常德 on 龙讯.

岳阳, 益阳, parts of 湘潭 and of 郴州 have addresses of numbers (/37584/38154/…/index.htm): not
VSB, though they end in .htm.

History
  2026        郴州 and 湘西 answer HTTP 412 to automated browsers
  2026-11-22  first version, 137 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class HunanSpider(ProvinceSpider):
    name = "hunan"
