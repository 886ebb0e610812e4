"""Who gives the report: name, kind, scope and place of the issuing organ (发布机关).

Asked in order: the title, the introduction (现公布X…年…报告, 由X汇总编制, X结合…, 我局 with the
name before it), the page's facts (ContentSource, 发布机构), its breadcrumb, the listing. The names
of cited documents are taken out first: they name other governments. What stays unknown is None.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from archive.records import Issuer
from archive.report.chars import HAN, fold, simplified, tight
from archive.report.divisions import Place, resolve
from archive.report.gazetteer import division_name, division_path
from archive.report.kinds import is_central, kind_of, scope_of
from archive.report.titles import issuer_part, tight_lines

# Bodies of the upper system that carry the place behind their own name.
_VERTICAL = re.compile(
    r"^(?:国家税务总局|中国证券监督管理委员会|中国人民银行|国家统计局|中国气象局|中华人民共和国|国家外汇管理局|中共)"
)
_PRONOUN = re.compile(r"^(?:我|本)")
_ORGAN_END = (
    "人民政府(?:办公厅|办公室)?|街道办事处|管理委员会|管委会|委员会|办公室|办公厅|开发区|街道"
    "|局|厅|委|中心|镇|乡|大队|支队"
)
_VERBS = (
    "认真|紧紧|严格|坚持|深入|积极|按照|根据|以|在|始终|全面|高度|扎实|切实|不断|持续|共|主动|围绕|坚决|结合|进一步|贯彻"
    "|着力|全年|通过|牢固|大力|继续|充分|收到|政府信息公开|信息公开|能够|依法|现|编制|制定|,"
)
_PLACE = rf"[{HAN}]{{1,12}}?[省市县区州旗盟]|[{HAN}]{{1,6}}(?:街道|镇|乡)"
_OWN_NAME = re.compile(rf"([{HAN}()]{{3,45}}?)(?:20\d\d)?年?度?(?:政府|政务)?信息公开")
_SHORT_FORM = re.compile(r"\((?:以下)?简称[^()]*\)")
_YEAR = r"(?:20\d\d)年?度?的?"
# 现公布《X2024年政府信息公开工作年度报告》, 现将X…, 编制了2024年X….
_ANNOUNCED = re.compile(
    r"(?P<verb>(?:现|特|兹)(?:向社会|将|予以|正式|对外)*(?:公开)?(?:公布|发布|公开)|现将|编制了?|形成了?)"
    rf"[:《<\"]*(?:{_YEAR}(?P<before>))?(?P<name>[{HAN}()]{{2,45}}?)的?(?(before)(?:{_YEAR})?|{_YEAR})"
    r"(?:政府|政务)?信息(?:与政务)?公开"
)
# Whom to ask is an office inside the organ.
_CONTACT = re.compile(r"(?<=[局厅委会署处心])(?:党政|综合|机关|秘书|政务公开)*办公室$")
_CITED = re.compile(
    r"《[^《》]{0,120}》|<[^<>\n]{2,120}>|\([^()]{0,80}(?:\d号|简称|地址|电话)[^()]{0,200}\)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A name and what gave it."""

    name: str
    source: str
    confidence: float


def identify(
    *,
    title: str | None,
    text: str,
    metas: Mapping[str, str],
    head: str,
    breadcrumb: str,
    hints: Mapping[str, str],
    year: int | None = None,
) -> tuple[Issuer, tuple[str, ...]]:
    """Return the issuer and warnings. ``text`` is the report, ``head`` the page above it, ``year``
    the year reported on: places have the names and codes that they had in it.

    ``hints["portal"]`` (a division code) decides between places of one name and is the place of
    last resort; ``hints["anchor"]`` is the text of the link in the listing.
    """
    context = hints.get("portal") or _site_code(metas)
    found = list(_names(title, text, metas, head, breadcrumb, hints))
    best = next((f for f in found if _is_full(f.name)), found[0] if found else None)
    if best is None:
        issuer, place = Issuer(), resolve("")
    else:
        issuer, place = _described(replace(best, name=_as_found(best.name, text)), context, year)
    return _placed(issuer, place, found, context, hints, year)


def _as_found(name: str, text: str) -> str:
    """Return ``name`` with its brackets as the text has them (matching is done on folded text)."""
    wide = name.replace("(", "（").replace(")", "）")
    return wide if wide in tight(text) else name


def _described(found: Found, context: str | None, year: int | None) -> tuple[Issuer, Place]:
    place = _place_of(found.name, context, year)
    kind = kind_of(found.name, place)
    issuer = Issuer(
        name=found.name,
        kind=kind,
        scope=scope_of(found.name, kind),
        division_code=place.code,
        township_code=place.township_code,
        path=place.path,
        source=found.source,
        confidence=found.confidence if place.found else round(found.confidence * 0.7, 2),
    )
    return issuer, place


def _place_of(name: str, context: str | None = None, year: int | None = None) -> Place:
    name = simplified(name)
    place = resolve(name, context, year)
    if not place.end and (match := _VERTICAL.match(name)):
        place = resolve(name[match.end() :], context, year)
        return replace(place, end=place.end + match.end()) if place.end else place
    return place


def _placed(
    issuer: Issuer,
    place: Place,
    found: list[Found],
    context: str | None,
    hints: Mapping[str, str],
    year: int | None,
) -> tuple[Issuer, tuple[str, ...]]:
    """Return the issuer with a place from elsewhere where its own name gives none, and warnings."""
    warnings: list[str] = []
    if place.ambiguous:
        names = f"{len(place.ambiguous)} divisions"
        warnings.append(f"issuer: the place of {issuer.name} fits {names}; left open")
        for other in found:
            whole = _place_of(other.name, context, year)
            inside = [
                c
                for c in place.ambiguous
                if whole.found and c == (whole.township_code or whole.code)
            ]
            if inside:
                return _at(issuer, inside[0], year), ()
        return issuer, tuple(warnings)
    if place.found:
        return issuer, ()
    portal = hints.get("portal", "")
    below = issuer.kind in ("subdistrict_office", "town_government", "development_zone")
    if portal and division_name(portal) and not below and issuer.name is not None:
        warnings.append(f"issuer: {issuer.name} names no place; the portal's division is taken")
        return replace(_at(issuer, portal, year), confidence=min(issuer.confidence, 0.5)), tuple(
            warnings
        )
    if issuer.name is None:
        warnings.append("issuer: not found")
    elif issuer.kind != "central_body":
        warnings.append(f"issuer: the place of {issuer.name} is not known")
    return issuer, tuple(warnings)


def _at(issuer: Issuer, code: str, year: int | None) -> Issuer:
    township = code if len(code) == 9 else None
    return replace(
        issuer, division_code=code[:6], township_code=township, path=division_path(code, year)
    )


def _site_code(metas: Mapping[str, str]) -> str | None:
    """Return the division in the page's SiteIDCode (six digits of it are a division code)."""
    match = re.match(r"(\d{6})\d{4}$", metas.get("siteidcode", ""))
    return match[1] if match and division_name(match[1]) else None


def _is_full(name: str) -> bool:
    """Whether ``name`` stands by itself: it names a place, or a central body."""
    return bool(_place_of(name).end or is_central(name))


def _names(
    title: str | None,
    text: str,
    metas: Mapping[str, str],
    head: str,
    breadcrumb: str,
    hints: Mapping[str, str],
) -> Iterator[Found]:
    """Yield the names that the document and its page give, the surest first."""
    if title and (name := issuer_part(title)) and not _PRONOUN.match(name):
        yield Found(name, "title", 0.98)
    yield from _introduced(text)
    for key in ("contentsource", "source", "author", "publisher"):
        if name := _organ(metas.get(key, "")):
            yield Found(name, "meta", 0.7)
    label = re.search(
        rf"(?:发布机构|发文机关|公开机构|制作单位|发布单位|信息来源|来源)\s*[:|]*\s*([{HAN}]{{3,30}})",
        fold(head),
    )
    if label and (name := _organ(label[1])):
        yield Found(name, "meta", 0.7)
    for part in reversed(re.split(r"[>»/|\s]+", breadcrumb)):
        if name := _organ(part):
            yield Found(name, "breadcrumb", 0.6)
    if name := issuer_part(hints.get("anchor", "")):
        yield Found(name, "listing", 0.6)


def _organ(text: str) -> str | None:
    """Return ``text`` where it names an organ with its place; None: 本站, 原创, a website."""
    plain = fold(text).strip()
    match = re.fullmatch(rf"(?:{_PLACE})*[{HAN}]*?(?:{_ORGAN_END}|[省市县区州])", plain)
    return plain if match and 3 <= len(plain) <= 40 and _is_full(plain) else None


def _introduced(text: str) -> Iterator[Found]:
    """Yield the names in the introduction and the first sentences."""
    plain = tight_lines(fold(text[:5000]))
    for match in _ANNOUNCED.finditer(plain):
        name = _SHORT_FORM.sub("", match["name"].strip("《<"))
        # 现公布 names the issuer, with its place or not; the other words may precede anything.
        sure = match["verb"].startswith("现") and match["verb"] != "现将"
        if not _PRONOUN.match(name) and (sure or _place_of(name).end):
            yield Found(name, "introduction", 0.95)
    plain = _CITED.sub("", plain)
    gathered = re.search(rf"由([{HAN}]{{2,30}}?(?:人民政府|政府))(?:办公厅|办公室)汇总", plain)
    if gathered:
        yield Found(gathered[1], "introduction", 0.9)
    for pattern, confidence in _TOLD:
        for match in pattern.finditer(plain):
            organ = _from_place(_CONTACT.sub("", match[1]))
            if organ and re.search(_pronoun(plain) + "(?:人民政府|办事处)?$", organ):
                yield Found(organ, "introduction", confidence)


_END = rf"(?:{_ORGAN_END})"
_TOLD: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(rf"本(?:年度)?报告由([{HAN}]{{2,40}}?{_END})(?=根据|按照|依据|编制|负责)"), 0.85),
    (re.compile(rf"由([{HAN}]{{2,40}}?{_END})(?:编制|制作|负责编制)"), 0.85),
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
    (re.compile(rf"(?:请与|与|向)([{HAN}]{{2,40}}?{_END})(?:\([^()]*\))?(?:联系|咨询|反映)"), 0.8),
)


def _from_place(name: str) -> str | None:
    """Return the part of ``name`` from the first place on; None: it names no place."""
    for start in range(min(len(name) - 2, 12)):
        if start and name[start - 1] in "省市县区州旗镇乡":
            continue
        if (place := resolve(name[start:])).end:
            return name[start:] if place.end >= 2 else None
    return None


def _pronoun(text: str) -> str:
    """Return how the issuer's name ends where the text says 我局, 我办, 我委; else empty."""
    match = re.search(r"[我本](局|委|厅|中心|街道|镇|乡|站|院)", text)
    return match[1] if match else ""
