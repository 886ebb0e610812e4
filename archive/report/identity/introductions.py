"""Who reports, as the report's own words tell: its introduction and its signature.

现公布X2024年…报告, 现将X…报告如下, 由X编制, 结合X实际, X认真贯彻…, 与X联系, and the organ above the
date at the end (落款). The names of cited documents are taken out first: they name other organs.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from archive.report.chars import HAN, fold, tight
from archive.report.identity.divisions import resolve
from archive.report.identity.grammar import is_report_title
from archive.report.identity.kinds import VERTICAL, is_central
from archive.report.identity.years import flowing

OPENING = 5000
"""Characters of the text in which the issuer introduces itself."""
ORGAN_END = (
    "人民政府(?:办公厅|办公室)?|街道办事处|管理委员会|管委会|委员会|办公室|办公厅|开发区|街道"
    "|局|厅|委|中心|镇|乡|大队|支队|总队|苏木|学校|医院|公司|法院|检察院"
)
# 我, 本局, 本委 and the like; 本溪 is a place.
PRONOUN = re.compile(
    r"^我|^本(?:[局厅委办院部署处站所省市县区州旗盟镇乡街级]|机关|单位|部门|中心|政府|年度?|$)"
)
CITED = re.compile(
    r"《[^《》]{0,120}》|<[^<>\n]{2,120}>|\([^()]{0,80}(?:\d号|简称|地址|电话)[^()]{0,200}\)"
)
_VERBS = (
    "认真|紧紧|严格|坚持|深入|积极|按照|根据|以|在|始终|全面|高度|扎实|切实|不断|持续|共|主动|围绕|坚决|结合|进一步|贯彻"
    "|着力|全年|通过|牢固|大力|继续|充分|收到|政府信息公开|信息公开|能够|依法|依据|对20|现|编制|制定|,"
)
_SHORT_FORM = re.compile(r"\((?:以下)?(?:统|简)称[^()]*\)")
_YEAR = r"(?:20\d\d)年?度?的?"
# 现公布《X2024年政府信息公开工作年度报告》, 现将X…, 编制了2024年X….
_ANNOUNCED = re.compile(
    r"(?P<verb>(?:现|特|兹)(?:向社会|将|予以|正式|对外)*(?:公开)?(?:公布|发布|公开)|现将|编制了?|形成了?)"
    rf"[:《<\"]*(?:{_YEAR}(?P<before>))?(?P<name>[{HAN}()]{{2,45}}?)的?(?(before)(?:{_YEAR})?|{_YEAR})"
    r"(?:政府|政务)?信息(?:与政务)?公开"
)
# Whom to ask is an office inside the organ; one that says 我办 has an 办公室 of its own, too.
_INSIDE = re.compile(r"(?:党政|综合|机关|秘书|政务公开)*办公室$")
_INSIDE_OFFICE = re.compile("(?<=办公[室厅])(?:党政|综合|秘书)*办公室$")
_GATHERED = re.compile(rf"由([{HAN}]{{2,30}}?(?:人民政府|政府))(?:办公厅|办公室)(?:负责)?汇总")
_END = rf"(?:{ORGAN_END})"
_TOLD: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            rf"本(?:年度)?报告是?由([{HAN}]{{2,40}}?(?:{_END}|[省市县区州旗部]))(?=根据|按照|依据|编制|负责)"
        ),
        0.85,
    ),
    (re.compile(rf"由([{HAN}]{{2,40}}?(?:{_END}|部))(?:编制|编写|制作|负责编制)"), 0.85),
    (
        re.compile(
            rf"(?:^|[。;:,\n])(?:20\d\d年(?:度|以来|来)?,?)?([{HAN}]{{2,40}}?{_END})"
            rf"(?=(?:20\d\d年度?,?)?(?:{_VERBS}))"
        ),
        0.85,
    ),
    (
        re.compile(rf"(?:结合|特?编制|以及)([{HAN}]{{2,40}}?{_END})(?=工作|实际|20\d\d|政府|信息)"),
        0.8,
    ),
)
# 北屯市结合…, 请与北屯市联系: the government, by the name of its area alone.
_AREA = re.compile(
    rf"(?:^|[。;:,\n])(?:20\d\d年,?)?([{HAN}]{{2,20}}?[省市县区州旗盟])(?={_VERBS})"
    rf"|请?与([{HAN}]{{2,20}}?[省市县区州旗盟])(?:\([^()]*\))?联系"
)
_CONTACT = re.compile(rf"(?:请与|与|向)([{HAN}]{{2,40}}?{_END})(?:\([^()]*\))?(?:联系|咨询|反映)")
# 我局, 本委 are said by the issuer; 我市 also by its departments.
_OWN = re.compile(r"[我本](局|委|厅|中心|街道|镇|乡|站|院|办(?![法理事])|处(?!理))")
_OWN_AREA = re.compile(r"我(省|市|县|区|州|旗|盟)")
# How the names of organs end that call themselves 我办, 我委.
_ENDS = {"办": "办(?:公[室厅])?", "委": "委(?:员会)?"}
_OFFICE = "(?:人民政府|办事处)?$"
_DATED = re.compile(r"(?:20\d\d|二[〇○零O0oＯ][一-九〇○零]{2})年[\d一-十]{1,3}月[\d一-十]{1,3}日")
_SIGNED = re.compile(rf"[{HAN}()]{{2,40}}?{_END}(?:\([^()]*\))?")


@dataclass(frozen=True, slots=True)
class Found:
    """A name of the issuer and what gave it."""

    name: str
    source: str
    """title, introduction, signature, meta, breadcrumb, listing."""
    confidence: float


def introduced(text: str) -> Iterator[Found]:
    """Yield the names in the introduction and the first sentences, the surest kinds first."""
    plain = flowing(text[:OPENING])
    for match in _ANNOUNCED.finditer(plain):
        name = _SHORT_FORM.sub("", match["name"].strip("《<"))
        # 现公布 names the issuer, with its place or not; the other words may precede anything.
        sure = match["verb"].startswith("现") and match["verb"] != "现将"
        if not PRONOUN.match(name) and (sure or resolve(name).end or is_central(name)):
            yield Found(name, "introduction", 0.95)
    own = own_word(plain)
    plain = CITED.sub("", plain)
    if gathered := _GATHERED.search(plain):
        yield Found(gathered[1], "introduction", 0.9)
    inside = _INSIDE_OFFICE if own == "办" else _INSIDE
    told = [(m[1], sure) for pattern, sure in _TOLD for m in pattern.finditer(plain)]
    asked = [(inside.sub("", m[1]), 0.8) for m in _CONTACT.finditer(plain)]
    organs = [(organ, sure) for name, sure in told if (organ := _from_place(name))]
    to_ask = [(organ, sure) for name, sure in asked if (organ := _from_place(name))]
    both = {organ for organ, _ in organs} & {organ for organ, _ in to_ask}
    for organ, confidence in [*organs, *to_ask]:
        if own in AREAS or re.search(_ENDS.get(own, own) + _OFFICE, organ):
            yield Found(organ, "introduction", confidence)
        elif organ in both:
            # A 委员会 that says 我局: what acts and is to be asked is the issuer all the same.
            yield Found(organ, "introduction", 0.7)
    areas = Counter(match[1] or match[2] for match in _AREA.finditer(plain))
    for area, count in areas.most_common(1) if own in AREAS else ():
        if count > 1 and resolve(area).end == len(area):
            yield Found(area, "introduction", 0.7)


def signed(text: str) -> Found | None:
    """Return the organ that stands by itself above the date at the end of the text; None: none."""
    lines = [tight(fold(line)) for line in text[-400:].split("\n") if line.strip()][-5:]
    for above, below in pairwise(lines):
        if _DATED.fullmatch(below) and _SIGNED.fullmatch(above) and not is_report_title(above):
            return Found(above, "signature", 0.85)
    return None


AREAS = frozenset({"", *"省市县区州旗盟"})


def own_word(text: str) -> str:
    """Return how the issuer's name ends where ``text`` (folded) says 我局, 我办, 我委; else what it
    calls its area (我县); else empty."""
    match = _OWN.search(text) or _OWN_AREA.search(text)
    return match[1] if match else ""


def _from_place(name: str) -> str | None:
    """Return the part of ``name`` from the first place, or the name of a central body, on; None: it
    names neither."""
    if upper := VERTICAL.search(name, 0, 20):
        return name[upper.start() :]
    for start in range(min(len(name) - 2, 12)):
        if is_central(name[start:]):
            return name[start:]
        if start and name[start - 1] in "省市县区州旗镇乡":
            continue
        if (place := resolve(name[start:])).end:
            return name[start:] if place.end >= 2 else None
    return None
