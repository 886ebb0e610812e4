"""The portals of the day of faults, and what they publish hour by hour.

Each portal has one column (年报栏目) with the reports of its bureaus, one after the other; each
hour there are more. Some of the new documents are not what they should be.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import yaml

from bench.scale.faults_machine import SPIDER
from bench.scale.faults_web import Portal, Reply, free_port, page, redirect
from bench.scale.faults_wire import WIRE_FAULTS

PLACES = (
    ("530102", "五华区"),
    ("530103", "盘龙区"),
    ("530111", "官渡区"),
    ("530112", "西山区"),
    ("530113", "东川区"),
    ("530114", "呈贡区"),
)
COLUMN = "/zfxxgk/zfxxgknb/"
NOWHERE = {"code": "530124", "name": "富民县", "url": "http://no-such-portal.invalid/"}
"""A portal whose name has no address (RFC 6761: nobody ever has one below .invalid)."""
FAULTS_A_VISIT = 2
"""Wrong documents of a portal in an hour: more in a row, and it would be left in peace."""
_BUREAUS = [
    "财政局",
    "教育局",
    "民政局",
    "司法局",
    "水务局",
    "审计局",
    "统计局",
    "医疗保障局",
    "农业农村局",
    "卫生健康局",
]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A document that is served with a fault."""

    kind: str
    portal: Portal
    path: str
    words: frozenset[str]
    """Of its outcome or its failure: any of them names it."""


@dataclass
class Land:
    """All portals, and which wrong documents were published."""

    portals: Sequence[Portal]
    config: Path
    rng: random.Random
    _rows: dict[str, list[str]] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        kinds = list(WIRE_FAULTS)
        self.rng.shuffle(kinds)
        self._kinds = cycle(kinds)
        for portal in self.portals:
            portal.pages["/robots.txt"] = page(b"User-agent: *\nAllow: /\n", "text/plain")
            portal.pages["/circle.html"] = redirect("/circle.html")
            link = f'<a href="{COLUMN}">政府信息公开年报</a>'
            portal.pages["/"] = page(_html(f"{portal.name}人民政府", link))
            for _ in range(3):
                self._publish(portal)
        self.write_config()

    def publish(self) -> list[Wrong]:
        """Let every portal publish a good report and some that are not; return these."""
        wrong = []
        for portal in self.portals:
            for _ in range(FAULTS_A_VISIT):
                kind = next(self._kinds)
                fault = WIRE_FAULTS[kind]
                path = self._publish(portal, fault.reply, fault.suffix)
                wrong.append(Wrong(kind, portal, path, fault.words))
            self._publish(portal)
        return wrong

    def write_config(self, *more: dict[str, str]) -> None:
        """Write the portals file; ``more``: entries besides."""
        entries = [
            {
                "code": portal.code,
                "name": portal.name,
                "url": portal.url,
                "family": "static",
                "columns": [portal.url.rstrip("/") + COLUMN],
            }
            for portal in self.portals
        ]
        folder = self.config / "portals"
        folder.mkdir(parents=True, exist_ok=True)
        raw = {"province": "530000", "name": "云南省", "portals": [*entries, *more]}
        text = yaml.safe_dump(raw, allow_unicode=True, sort_keys=False)
        (folder / f"{SPIDER}.yml").write_text(text, "utf-8")

    def _publish(self, portal: Portal, reply: Reply | None = None, suffix: str = ".html") -> str:
        """Put a document on the portal's column; return its path."""
        self._number += 1
        organ = portal.name + _BUREAUS[self._number % len(_BUREAUS)]
        title = f"{organ}{2008 + self._number % 18}年政府信息公开工作年度报告"
        path = f"{COLUMN}202601/t20260120_{self._number:06}{suffix}"
        portal.pages[path] = reply or page(_report(title, organ, self._number))
        rows = self._rows.setdefault(portal.code, [])
        rows.append(f'<li><a href="{path}" title="{title}">{title}</a><span>2026-01-20</span></li>')
        portal.pages[COLUMN] = page(_html("政府信息公开年报", f"<ul>{''.join(rows)}</ul>"))
        return path


@contextmanager
def served_land(folder: Path, seed: int) -> Iterator[Land]:
    """Serve the land from threads of this process; its configuration lies in ``folder``."""
    addresses = [f"127.0.0.{number}" for number in range(2, 2 + len(PLACES))]
    port = free_port(addresses)
    portals = [
        Portal(address, code, f"昆明市{name}", port)
        for address, (code, name) in zip(addresses, PLACES, strict=True)
    ]
    with ExitStack() as stack:
        for portal in portals:
            stack.enter_context(portal)
        yield Land(portals, folder, random.Random(f"land {seed}"))


def _html(title: str, body: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def _report(title: str, organ: str, number: int) -> bytes:
    parts = (
        *("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"),
        *("四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况"),
        "六、其他需要报告的事项",
    )
    said = f"{organ}依法公开信息{number}条，收到申请{number % 7}件，均已按期答复。"
    text = "".join(f"<p>{part}</p><p>{said}</p>" for part in parts)
    return _html(title, f"<h1>{title}</h1><p>发布时间：2026-01-20</p>{text}")
