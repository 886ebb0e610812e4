"""内蒙古自治区: TRS; 赤峰, 呼和浩特 and 乌海 behind a shell (?gk=…), the list in data-url.

呼伦贝尔 runs the /openness/ platform.

History
  2017        the autonomous region kept its reports at /xxgkml/zzqzf/zfxxgknb/, gone since
  2026-11-22  first version, 116 portals
"""

from gkcrawl.crawl.spider import ProvinceSpider


class NeimengguSpider(ProvinceSpider):
    name = "neimenggu"
