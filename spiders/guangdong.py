"""广东省: every portal on 南方网's NFCMS with the platform gkmlpt beside it, and nobody else is.

The organs below a portal have the platform under a prefix of their own, with their own SID. One
report is shown under several paths with one number.

History
  2026-11-22  first version, one portal: 云浮; then all 146
"""

from gkcrawl.crawl.spider import ProvinceSpider


class GuangdongSpider(ProvinceSpider):
    name = "guangdong"
