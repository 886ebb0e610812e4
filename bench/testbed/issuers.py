"""Issuers drawn from the real divisions of China, named as of the report's year."""

import random
from dataclasses import dataclass

from bench.testbed import places

BUREAUS = (
    "财政局", "教育体育局", "民政局", "水务局", "农业农村局", "卫生健康局", "市场监督管理局",
    "自然资源局", "人力资源和社会保障局", "应急管理局", "住房和城乡建设局", "发展和改革局",
    "司法局", "审计局", "统计局", "交通运输局", "文化和旅游局", "退役军人事务局", "医疗保障局",
    "林业和草原局", "政务服务管理局", "城市管理综合执法局", "信访局", "科学技术局", "档案局",
    "工业和信息化委员会", "乡村振兴局", "数据局",
    "发展和改革委员会", "民族宗教事务委员会", "公安局", "体育局", "教育局", "水利局", "商务局",
)  # fmt: skip
MINISTRIES = (
    "水利部", "教育部", "农业农村部", "国家统计局", "国家能源局", "退役军人事务部", "审计署",
    "国家林业和草原局", "海关总署", "国家医疗保障局", "国家文物局", "生态环境部",
)  # fmt: skip


@dataclass(frozen=True)
class Organ:
    """Who reports, and what a reader may say of it."""

    name: str
    short: str
    """As it speaks of itself: 我局, 本镇."""
    kind: str
    scope: str | None
    codes: frozenset[str]
    """Division codes that are right; empty: none is."""
    township: str | None = None
    site: str = ""
    """Name of the portal it publishes on."""
    sure: bool = True
    """Whether name alone tells the division; else null is as good."""
    province: str = ""


def organ(rng: random.Random, year: int) -> Organ:
    """Return an organ that could report on ``year``."""
    kinds = {
        _government: 22, _office: 10, _department: 30, _town: 22, _branch: 5, _tax: 3,
        _zone: 3, _corps: 1, _ministry: 2, _former: 5, _shared: 3,
    }  # fmt: skip
    if not 2010 <= year <= 2019:
        # Later changes are too few to draw from.
        kinds.pop(_former)
    if year < 2018:
        kinds.pop(_tax)
    return rng.choices(list(kinds), weights=list(kinds.values()))[0](rng, year)


def _place(
    rng: random.Random, county: places.Division, province: str, prefecture: str
) -> tuple[str, bool]:
    """Return how a county is named in full or in short, and whether that is enough."""
    above = prefecture or (province if province[-1] == "市" else "")
    shared = county.name in places.shared_names()
    if above and above[-1] == "市" and (shared or rng.random() < 0.5):
        return above + county.name, True
    if rng.random() < 0.08:
        return province + prefecture + county.name, True
    return county.name, not shared


def _organ(rng: random.Random, place: str, suffix: str, **values: object) -> Organ:
    site = values.pop("site", place + "人民政府")
    return Organ(name=place + suffix, site=str(site), **values)  # type: ignore[arg-type]


def _government(rng: random.Random, year: int) -> Organ:
    if rng.random() < 0.35:
        return _prefecture(
            rng, year, rng.choice(("人民政府", "人民政府", "")), "government", "aggregate"
        )
    county, province, prefecture = places.pick_county(rng, year, former=False)
    place, sure = _place(rng, county, province, prefecture)
    short = "我" + county.name[-1]
    return _organ(
        rng, place, rng.choice(("人民政府", "人民政府", "")), short=short, kind="government",
        scope="aggregate", codes=frozenset({county.code}), sure=sure, province=province,
    )  # fmt: skip


def _prefecture(rng: random.Random, year: int, suffix: str, kind: str, scope: str) -> Organ:
    while True:
        code = rng.choice(
            [c for c in places.of_length(6) if c.endswith("00") and not c.endswith("0000")]
        )
        division = places.named(code, year)
        if division and division.at(year) and division.name[-1] in "市州":
            break
    province, _ = places.parents(code, year)
    place = province + division.name if rng.random() < 0.08 else division.name
    return _organ(
        rng, place, suffix, short="我" + (division.name[-1] if kind == "government" else "局"),
        kind=kind, scope=scope, codes=frozenset({code}), province=province,
    )  # fmt: skip


def _office(rng: random.Random, year: int) -> Organ:
    county, province, prefecture = places.pick_county(rng, year, former=False)
    place, sure = _place(rng, county, province, prefecture)
    return _organ(
        rng, place, "人民政府办公室", short="我办", kind="government_office", scope="own",
        codes=frozenset({county.code}), sure=sure, province=province,
    )  # fmt: skip


def _department(rng: random.Random, year: int) -> Organ:
    bureau = rng.choice(BUREAUS)
    if rng.random() < 0.4:
        return _prefecture(rng, year, bureau, "department", "own")
    county, province, prefecture = places.pick_county(rng, year, former=False)
    place, sure = _place(rng, county, province, prefecture)
    return _organ(
        rng, place, bureau, short="我局", kind="department", scope="own",
        codes=frozenset({county.code}), sure=sure, province=province,
    )  # fmt: skip


def _town(rng: random.Random, year: int) -> Organ:
    town, county, province, prefecture = places.pick_town(rng, year)
    place, sure = _place(rng, county, province, prefecture)
    if town.name.endswith("街道"):
        suffix = rng.choice((f"人民政府{town.name}办事处", f"{town.name}办事处", town.name))
        kind, short = "subdistrict_office", "我街道"
    else:
        suffix = town.name + rng.choice(("人民政府", "人民政府", ""))
        kind, short = "town_government", "我镇" if town.name[-1] == "镇" else "我乡"
    return _organ(
        rng, place, suffix, short=short, kind=kind, scope="own", codes=frozenset({county.code}),
        township=town.code, sure=sure, province=province,
    )  # fmt: skip


def _branch(rng: random.Random, year: int) -> Organ:
    """Return a bureau's branch for a district (分局): it belongs to the district it serves."""
    while True:
        county, province, prefecture = places.pick_county(rng, year, former=False)
        if prefecture.endswith("市") and len(county.name) > 2 and "自治" not in county.name:
            break
    bureau = rng.choice(("公安局", "生态环境局", "自然资源和规划局"))
    return Organ(
        name=f"{prefecture}{bureau}{county.name[:-1]}分局", short="我局", kind="department",
        scope="own", codes=frozenset({county.code, county.code[:4] + "00"}), sure=False,
        site=prefecture + "人民政府", province=province,
    )  # fmt: skip


def _tax(rng: random.Random, year: int) -> Organ:
    county, province, prefecture = places.pick_county(rng, year, former=False)
    place, sure = _place(rng, county, province, prefecture)
    return Organ(
        name=f"国家税务总局{place}税务局", short="我局", kind="department", scope="own",
        codes=frozenset({county.code}), sure=sure, site="国家税务总局", province=province,
    )  # fmt: skip


def _zone(rng: random.Random, year: int) -> Organ:
    host = _prefecture(rng, year, "", "government", "aggregate")
    zone = rng.choice(("经济技术开发区", "高新技术产业开发区", "经济开发区", "综合保税区"))
    code = next(iter(host.codes))
    allowed = frozenset(c for c in places.of_length(6) if c.startswith(code[:4]))
    return Organ(
        name=f"{host.name}{zone}{rng.choice(('管理委员会', '管委会'))}", short="我区",
        kind="development_zone", scope=None, codes=allowed, sure=False, site=host.site,
        province=host.province,
    )  # fmt: skip


def _corps(rng: random.Random, year: int) -> Organ:
    """Return a city of the production corps (兵团), which stands under no prefecture."""
    cities = {"659001": "第八师石河子市", "659002": "第一师阿拉尔市", "659004": "第六师五家渠市"}
    code = rng.choice(list(cities))
    body = rng.choice(("人民政府", "财政局", "教育局", "人民政府办公室"))
    kind = {"人民政府": "government", "人民政府办公室": "government_office"}.get(body, "department")
    return Organ(
        name="新疆生产建设兵团" * (rng.random() < 0.5) + cities[code] + body, short="我市",
        kind=kind, scope="aggregate" if kind == "government" else "own", codes=frozenset({code}),
        sure=False, site=cities[code][-4:] + "人民政府", province="新疆维吾尔自治区",
    )  # fmt: skip


def _ministry(rng: random.Random, year: int) -> Organ:
    name = rng.choice(MINISTRIES)
    return Organ(
        name=name, short="我" + name[-1], kind="central_body", scope=None, codes=frozenset(),
        site=name,
    )  # fmt: skip


def _former(rng: random.Random, year: int) -> Organ:
    """Return an organ of a county that has since been renamed, raised or merged."""
    county, province, prefecture = places.pick_county(rng, year, former=True)
    place = rng.choice((prefecture, "")) + county.name if prefecture.endswith("市") else county.name
    body = rng.choice(("人民政府", "财政局", "人民政府办公室"))
    kind = {"人民政府": "government", "人民政府办公室": "government_office"}.get(body, "department")
    same = {d.code for d in places.counties() if d.name == county.name}
    return Organ(
        name=place + body, short="我县", kind=kind,
        scope="aggregate" if kind == "government" else "own", codes=frozenset({county.code}),
        sure=len(same) == 1 or place != county.name, site=place + "人民政府", province=province,
    )  # fmt: skip


def _shared(rng: random.Random, year: int) -> Organ:
    """Return an organ that names its county only, and several counties have that name."""
    pool = [d for d in places.counties() if d.name in places.shared_names() and d.at(year)]
    county = rng.choice(pool)
    province, prefecture = places.parents(county.code, year)
    body = rng.choice(("人民政府", "民政局"))
    kind = "government" if body == "人民政府" else "department"
    return Organ(
        name=county.name + body, short="我区", kind=kind,
        scope="aggregate" if kind == "government" else "own", codes=frozenset({county.code}),
        sure=False, site=(prefecture or province) + county.name + "人民政府", province=province,
    )  # fmt: skip
