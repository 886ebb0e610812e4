"""Values that can hardly be (合理性): flagged, never changed."""

from collections.abc import Iterator

from archive.records import LARGEST_COUNT, Finding, Number
from archive.report.findings.material import Material

TABLES = ("active_disclosure", "requests", "review_litigation")
_SIGNED = frozenset({"items_change"})
_MONEY = frozenset({"amount_10k_cny"})
# 规章 are made by departments of the State Council and by governments of provinces, districted
# cities and autonomous prefectures (立法法 第九十一条, 第九十三条); their offices tell them too.
_MAKERS = frozenset({"government", "government_office"})
_LOCAL_KINDS = frozenset({"town_government", "subdistrict_office", "development_zone"})

Cell = tuple[str, str, str, Number]


def plausible(material: Material) -> Iterator[Finding]:
    """Yield a finding for each kind of value that can hardly be, with all its cells."""
    cells = list(_cells(material))
    rules = (
        ("plausible.negative", "negative", _is_negative),
        ("plausible.fraction", "not a whole number", _is_fraction),
        ("plausible.magnitude", f"more than {LARGEST_COUNT}", _is_huge),
    )
    for name, words, rule in rules:
        if found := [cell for cell in cells if rule(cell)]:
            yield _suspicious(name, words, found)
    made = [cell for cell in cells if cell[1] == "regulations" and cell[3] > 0]
    if made and _makes_no_regulations(material):
        yield _suspicious("plausible.regulations", "an organ that makes no 规章", made)


def _cells(material: Material) -> Iterator[Cell]:
    for name in TABLES:
        for row, cells in (material.table(name) or {}).items():
            for column, value in cells.items():
                if value is not None:
                    yield name, row, column, value


def _is_negative(cell: Cell) -> bool:
    return cell[3] < 0 and cell[2] not in _SIGNED | _MONEY


def _is_fraction(cell: Cell) -> bool:
    return cell[2] not in _MONEY and cell[3] != int(cell[3])


def _is_huge(cell: Cell) -> bool:
    return cell[0] != "active_disclosure" and cell[3] > LARGEST_COUNT


def _makes_no_regulations(material: Material) -> bool:
    """Whether kind and place tell that the issuer can make no 规章; False where they do not."""
    issuer = material.issuer
    if issuer.kind in _LOCAL_KINDS or issuer.township_code:
        return True
    if issuer.division_code is None:
        return False
    return not issuer.division_code.endswith("00") or (
        issuer.kind is not None and issuer.kind not in _MAKERS | {"central_body"}
    )


def _suspicious(name: str, words: str, found: list[Cell]) -> Finding:
    cells = tuple(".".join(cell[:3]) for cell in found)
    shown = ", ".join(
        f"{cell} {value}" for cell, (*_, value) in zip(cells[:3], found, strict=False)
    )
    more = f" and {len(cells) - 3} more" if len(cells) > 3 else ""
    worst = max((cell[3] for cell in found), key=abs)
    return Finding(name, "suspicious", f"{words}: {shown}{more}", left=worst, cells=cells)
