"""The portals of the land as ``data/land.yml`` has them: one line each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gkcrawl.demo.forms import read_data


@dataclass(frozen=True, slots=True)
class Spec:
    """One portal: what runs it, how its columns are reached, what is odd about it."""

    key: str
    system: str
    """Name of the publishing system with its dialect, a key of `systems.SYSTEMS`."""
    host: str
    name: str
    code: str
    """GB/T 2260."""
    scheme: str = "https"
    shape: str = "tree"
    """How organ columns are reached, a key of `shapes.SHAPES`."""
    departments: int = 7
    towns: int = 2
    oldest: int = 2013
    """The first year that the portal's own column reports on."""
    per_page: int = 15
    slug: str = "zfxxgknb"
    column_name: str = "政府信息公开年报"
    charset: str = "utf-8"
    sid: str = ""
    forms: tuple[str, ...] = ()
    """Forms of the first of every twelve documents (`records.Doc.form`)."""
    mixed_titles: bool = False
    short_titles: bool = False
    """Departments leave themselves out of their titles."""
    missing: str = "404"
    """What stands where nothing is: ``404``, ``soft`` (200 with an apology), ``home`` (302)."""
    traps: frozenset[str] = frozenset()
    robots: str = ""
    """robots.txt; empty: there is none."""
    option: Mapping[str, Any] = field(default_factory=dict)
    """What only its system knows."""

    title: str = ""
    """Name of the site; empty: the government's."""

    @property
    def site_name(self) -> str:
        """Return the name of the site."""
        return self.title or f"{self.name}人民政府"

    @property
    def home(self) -> str:
        """Return the address of the home page."""
        return f"{self.scheme}://{self.host}/"

    @property
    def entrance(self) -> str:
        """Return the home page as a portals file has it: where the portal was, if it moved."""
        host = self.option.get("moved_from", self.host)
        return f"{self.scheme}://{host}/"

    @property
    def site_id(self) -> str:
        """Return the 网站标识码 (ten digits)."""
        return f"{self.code}0001"


def load_specs() -> tuple[Spec, ...]:
    """Return the portals of the land."""
    return tuple(
        Spec(**{
            **line,
            "forms": tuple(line.get("forms", ())),
            "traps": frozenset(line.get("traps", ())),
        })
        for line in read_data("land.yml")["portals"]
    )  # fmt: skip
