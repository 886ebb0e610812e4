"""The publishing systems (内容管理系统) behind the portals: what their pages look like.

Everything here is pure: a page goes in, plain records come out.
"""

from gkcrawl.families.article import Article
from gkcrawl.families.base import Family
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.easysite import EasySite
from gkcrawl.families.epoint import Epoint
from gkcrawl.families.gkmlpt import Gkmlpt
from gkcrawl.families.hanweb import Hanweb
from gkcrawl.families.jeecms import Jeecms
from gkcrawl.families.kaipuyun import Kaipuyun
from gkcrawl.families.lonsun import Lonsun
from gkcrawl.families.numberedfolders import Hunan, Nw, Thtml
from gkcrawl.families.openness import Openness
from gkcrawl.families.page import Page
from gkcrawl.families.querylist import QueryList
from gkcrawl.families.recognition import drifted, recognise
from gkcrawl.families.rows import Entry, Listing, Next
from gkcrawl.families.sitemaps import SiteMap
from gkcrawl.families.sitesearch import SiteSearch
from gkcrawl.families.static import Static
from gkcrawl.families.titles import may_be_report, report_year
from gkcrawl.families.trs import Trs
from gkcrawl.families.uuidcolumns import UuidColumns
from gkcrawl.families.vsb import Vsb
from gkcrawl.families.wenku import Wenku

__all__ = [
    "Article",
    "Entry",
    "Family",
    "Kind",
    "Lead",
    "Listing",
    "Next",
    "Page",
    "drifted",
    "family",
    "may_be_report",
    "recognise",
    "report_year",
]

_FAMILIES: dict[str, Family] = {
    "vsb": Vsb(),
    "kaipuyun": Kaipuyun(),
    "lonsun": Lonsun(),
    "querylist": QueryList(),
    "epoint": Epoint(),
    "uuidcolumns": UuidColumns(),
    "easysite": EasySite(),
    "openness": Openness(),
    "jeecms": Jeecms(),
    "thtml": Thtml(),
    "nw": Nw(),
    "hunan": Hunan(),
    "trs": Trs(),
    "fjdzapp": Trs(),
    "gkmlpt": Gkmlpt(),
    "nfcms": Gkmlpt(),
    "hanweb": Hanweb(),
    "static": Static(),
    "wenku": Wenku(),
    # No systems: answers of a portal's search, its map for machines.
    "search": SiteSearch(),
    "sitemap": SiteMap(),
}


def family(name: str) -> Family:
    """Return the family of that name; one that has no module of its own yet is read as static."""
    return _FAMILIES.get(name, _FAMILIES["static"])
