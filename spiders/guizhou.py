"""贵州省: TRS and lists that look like it; columns of organs at /zwgk_ and a number.

水城 keeps a column for each year (…/zfxxgknb/nb_2022n/).

History
  2026-11-22  first version, 98 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class GuizhouSpider(ProvinceSpider):
    name = "guizhou"
