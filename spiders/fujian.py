"""福建省: TRS with the application fjdzapp, whose JSON gives a whole column in one answer.

莆田 and 三明 keep a column for each organ, in the same place below the organ (/zfxxgk/zfxxgknb/).
南平 has pages at /cms/html/.

History
  2026-11-22  first version, 93 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class FujianSpider(ProvinceSpider):
    name = "fujian"
