"""What kind of organ a name means, and whose figures its report gives."""

import re
from typing import Literal

from archive.report.divisions import Place

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
            r"|(?:开发|高新|工业园|产业园|园|示范|保税|度假|风景名胜|风景|合作|试验|自贸|经开|功能)区$"
            r"|(?:产业|工业|科技)(?:园|新城)$",
        ),
        ("government_office", rf"(?:{_GOVERNMENT})(?:综合)?(?:办公厅|办公室|办|机关|本级)$"),
        ("government", rf"(?:{_GOVERNMENT})(?:\(.*\))?$"),
        (
            "department",
            r"(?:局|厅|委|委员会|署|检察院|法院|支队|总队|大队|税务所|司法所|海关)(?:\(.*\))?$",
        ),
        (
            "public_institution",
            r"(?:中心|学校|[中小大]学|学院|医院|馆|站|院|所|公司|集团|台|社|银行|协会|联合会|幼儿园|库|场|队|团)$",
        ),
        ("department", r"(?:办公室|办|处|部|组)(?:\(.*\))?$"),
    )
)
_CENTRAL = re.compile(
    r"^(?:国家|国务院|中华人民共和国|中国)[^省市县区州]*(?:部|委员会|总局|局|署|院|办公厅|办公室|行|会)$"
    r"|^(?:外交|国防|教育|科学技术|工业和信息化|公安|国家安全|民政|司法|财政|人力资源和?社会保障|自然资源|生态环境"
    r"|住房和城乡建设|交通运输|水利|农业农村|商务|文化和旅游|退役军人事务|应急管理)部$|^(?:海关总|审计)署$"
)


def is_central(name: str) -> bool:
    """Whether ``name`` is that of a body of the central government (``国家档案局``, ``财政部``)."""
    return _CENTRAL.match(name) is not None


def kind_of(name: str, place: Place) -> str | None:
    """Return the kind of the organ called ``name`` (``place`` as found in it); None: not told."""
    rest = name[place.end :]
    if not rest:
        return _kind_of_place(name, place)
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
