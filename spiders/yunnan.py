"""云南省: 昆明 on TRS; 普洱, 楚雄, 红河, 保山 and 德宏 on VSB; 大理 and 文山 on queryList.

玉溪 runs JEECMS, 丽江, 临沧 and 迪庆 kaipuyun. The provincial portal is TRS with its pager hidden
in base64. 官渡 lists each street office (街道办事处) in a sub-column of its own under
政府信息公开年报.

History
  2010s       districts of 昆明 were names below km.gov.cn (xd., lq.), gone since
  2026-11-22  first version, three portals: 普洱, 官渡, 楚雄市; then all 151
"""

from gkcrawl.crawl.spider import ProvinceSpider


class YunnanSpider(ProvinceSpider):
    name = "yunnan"
