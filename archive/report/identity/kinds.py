"""What kind of organ a name means, and whose figures its report gives."""

import re
from typing import Literal

from archive.report.identity.divisions import Place

Scope = Literal["aggregate", "own"]

# 行政公署 governs a league (盟) or an area (地区) for the province.
_GOVERNMENT = "人民政府|政府|行政公署|行署"
# Kind -> how its names end, in order: the first that fits says what the organ is.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # 派出机关 of a district or city.
        ("subdistrict_office", r"(?:街道(?:办事处|办|党工委)?|办事处)(?:办公室|本级|机关)?$"),
        (
            "town_government",
            rf"[^城](?:镇|乡|苏木)(?:{_GOVERNMENT})?(?:(?:党政)?(?:综合)?办公室|本级|机关)?$",
        ),
        (
            "development_zone",
            r"(?:区|园|城|岛|谷|湖|港|新城|基地)(?:党工委)?(?:\(.*\))?(?:管理委员会|管委会)(?:办公室)?$"
            r"|(?:开发|高新|工业园|产业园|园|示范|保税|度假|风景名胜|风景|合作|试验|自贸|经开|功能|新)区$"
            r"|(?:产业|工业|科技)(?:园|新城)$",
        ),
        ("government_office", rf"(?:{_GOVERNMENT})(?:综合)?(?:办公厅|办公室|办|机关|本级)$"),
        ("government", rf"(?:{_GOVERNMENT})(?:\(.*\))?$"),
        (
            "department",
            r"(?:局|厅|委|委员会|署|检察院|法院|支队|总队|大队|调查队|支行|税务所|司法所|海关)(?:\(.*\))?$",
        ),
        (
            "public_institution",
            r"(?:中心|学校|[中小大]学|学院|医院|馆|站|院|所|公司|集团|台|社|银行|协会|联合会|幼儿园|库|场|队|(?:歌舞|文工|剧|艺术|歌)团)$",
        ),
        ("department", r"(?:办公室|办|处|部|组)(?:\(.*\))?$"),
    )
)
# Bodies of the upper system that carry the place behind their own name.
VERTICAL = re.compile(
    r"(?:国家税务总局|中国(?:证券|银行|保险|银行保险)监督管理委员会|中国人民银行|国家统计局|中国气象局|中华人民共和国|国家外汇管理局"
    r"|国家金融监督管理总局|国家能源局|国家矿山安全监察局|国家邮政局|国家粮食和物资储备局|中共|共青团)"
)
# 新疆生产建设兵团 and its divisions (师) govern, and are no places of GB/T 2260.
_CORPS = re.compile(
    "(?:新疆生产建设)?兵团(?:第[一二三四五六七八九十]+师)?|第[一二三四五六七八九十]+师"
)
_TOWN = re.compile("(?:镇|乡|苏木|街道)$")
_OWN_OFFICE = re.compile(
    rf"(?:{_GOVERNMENT}|办事处|街道办|党工委|党委|办)?(?:(?:党政)?(?:综合)?办公室|本级|机关)?"
)
# Bodies of the central government, now and in the years since 2008.
_CENTRAL = re.compile(
    r"(?:国家|国务院|中华人民共和国|中国)(?:市场|[^省市县区州])*(?:部|委员会|总局|局|署|院|办公厅|办公室|行|会|室)"
    r"|(?:外交|国防|教育|科学技术|科技|工业和信息化|公安|国家安全|民政|司法|财政|人力资源和?社会保障|自然资源|生态环境"
    r"|住房和城乡建设|交通运输|水利|农业农村|商务|文化和旅游|退役军人事务|应急管理|卫生|铁道|农业|环境保护|文化|国土资源"
    r"|监察|建设|信息产业|人事|劳动和社会保障)部|(?:海关总|审计|新闻出版总)署|最高人民(?:法院|检察院)"
    r"|全国(?:社会保障基金理事会|人民代表大会常务委员会办公厅)"
)


def is_central(name: str) -> bool:
    """Whether ``name`` is that of a body of the central government (``国家档案局``, ``财政部``).

    Its office in a province is none (``国家能源局云南监管办公室``).
    """
    if _CENTRAL.fullmatch(name) is None:
        return False
    begins = (name[:end] for end in range(3, len(name) - 1))
    return not any(begin != "中国银行" and _CENTRAL.fullmatch(begin) for begin in begins)


def kind_of(name: str, place: Place) -> str | None:
    """Return the kind of the organ called ``name`` (``place`` as found in it); None: not told."""
    rest = name[place.end :]
    if _CORPS.fullmatch(name):
        return "government"
    if not rest:
        return _kind_of_place(name, place)
    if _TOWN.search(name[: place.end]) and _OWN_OFFICE.fullmatch(rest):
        # 造甲城镇人民政府, 和平街街道办事处综合办公室.
        return _kind_of_place(name[: place.end], place)
    if is_central(name) and not place.end:
        return "central_body"
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), None)


def _kind_of_place(name: str, place: Place) -> str | None:
    """Return the kind of the organ where only the place is named (``上海市``, ``六甲街道``)."""
    if name.endswith(("街道", "办事处")):
        return "subdistrict_office"
    if place.township_code or name.endswith(("镇", "乡", "苏木")):
        return "development_zone" if name.endswith("区") else "town_government"
    return "government"


def scope_of(name: str, kind: str | None) -> Scope | None:
    """Return whether the figures are of the whole area (``X市人民政府``) or of the organ alone."""
    if kind == "government":
        return "own" if re.search(r"\(.*办.*\)|本级|机关", name) else "aggregate"
    return None if kind in (None, "development_zone") else "own"
