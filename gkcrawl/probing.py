"""A newcomer's commands: look at a portal, add it, add a province."""

import csv
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import click

from archive.config import config_path
from gkcrawl.crawl.runner import crawl
from gkcrawl.families import Kind
from gkcrawl.output import as_json, print_json
from gkcrawl.portals import Portal, load_portals, spider_names
from gkcrawl.portals.writing import new_file, with_portal
from gkcrawl.savedpages import save_page
from gkcrawl.settings import USER_AGENT
from gkcrawl.visits import Archive, Visited, describe, page_of

_CODE = re.compile(r"[1-9]\d{5}")
# A code that every reader takes for a place, where none was given: what is visited is not kept.
_ANY_CODE = "100000"
_SPIDER = '''"""{title}: {portals}

History
  {today}  first version
"""

from gkcrawl.crawl.spider import ProvinceSpider


class {cls}Spider(ProvinceSpider):
    name = "{name}"
'''


@click.command()
@click.argument("url")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting.")
@as_json
def probe(url: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Visit a portal once, politely, and say what it runs and where its reports are.

    URL is the home page, or a column of annual reports. At most 40 pages are asked for, three
    documents are opened, and nothing is kept. Exit status 1 where no report was found.
    """
    with visit(url, settings) as (_, visited):
        pass
    if as_json:
        print_json(asdict(visited))
    else:
        for line in describe(visited):
            click.echo(line)
    sys.exit(0 if visited.reports else 1)


@click.command("new-portal")
@click.argument("url")
@click.option("--code", required=True, help="Its division of GB/T 2260, six digits.")
@click.option("--spider", help="The file that it goes into; the province's unless given.")
@click.option("--name", help="The place, or the organ; the division's name unless given.")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting.")
def new_portal(
    url: str, code: str, spider: str | None, name: str | None, settings: tuple[str, ...]
) -> None:
    """Visit a portal and add it: an entry in config/portals/ and saved pages in tests/pages/.

    Run it in a checkout. With GKCRAWL_CONFIG set, the entry goes into that folder.
    """
    _add_portal(url, _checked(code), spider or _spider_of(code), name, settings)


@click.command("new-province")
@click.argument("name")
@click.argument("url", required=False)
@click.option("--code", required=True, help="Its division of GB/T 2260, six digits.")
@click.option("--title", help="What it is called; the division's name unless given.")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting.")
def new_province(
    name: str, url: str | None, code: str, title: str | None, settings: tuple[str, ...]
) -> None:
    """Make the spider NAME and its portals file, and add its first portal where URL is given.

    Run it in a checkout.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise click.UsageError(f"{name}: expected a name such as yunnan: it becomes a module")
    if name in spider_names():
        raise click.ClickException(f"there is a spider {name} already")
    called = title or _division(_checked(code))
    module, file = _root() / "spiders" / f"{name}.py", _portals_file(name)
    head = f"The portals that `scrapy crawl {name}` visits. The fields are explained in\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        new_file(f"{head}docs/add-a-province.md and at the head of yunnan.yml.", code, called),
        "utf-8",
    )
    module.write_text(
        _SPIDER.format(
            title=called,
            portals="say here what runs where.",
            today=date.today().isoformat(),
            cls="".join(part.capitalize() for part in name.split("_")),
            name=name,
        ),
        "utf-8",
    )
    for path in (file, module):
        click.echo(f"written: {path}")
    if url:
        _add_portal(url, code, name, called, settings)
    else:
        click.echo(f"Next: gkcrawl new-portal URL --code {code} --spider {name}")


@contextmanager
def visit(url: str, settings: tuple[str, ...] = ()) -> Iterator[tuple[Archive, Visited]]:
    """Visit a portal by the real engine; give the pages that came, gone afterwards, and what they
    showed. Raises ClickException where ``url`` is none or the spider failed."""
    if not re.match(r"https?://\w", url):
        raise click.UsageError(f"{url}: expected an http or https URL")
    portal = portal_at(url, _ANY_CODE, urlsplit(url).hostname or url)
    told = {"SPIDER_MODULES": "gkcrawl.crawl.probe", "LOG_LEVEL": "WARNING"}
    told |= dict(pair.split("=", 1) for pair in settings if "=" in pair)
    with TemporaryDirectory(prefix="gkcrawl-probe-") as folder:
        file = Path(folder, "portals.yml")
        file.write_text(with_portal(new_file("", _ANY_CODE, portal.name), portal), "utf-8")
        home = Path(folder, "home")
        summary = crawl(["probe"], home, arguments={"portals": str(file)}, settings=told)
        if code := summary.spiders["probe"]:
            raise click.ClickException(f"the visit failed with exit status {code}")
        archive = Archive(home, USER_AGENT)
        yield archive, archive.visited(url)


def portal_at(url: str, code: str, name: str) -> Portal:
    """Return a portal by its home page, or by a column: then that is the one it is known for."""
    parts = urlsplit(url)
    home = f"{parts.scheme}://{parts.netloc}/"
    is_home = re.fullmatch(r"/?|/(?:index|default|main)\.\w+", parts.path) and not parts.query
    return Portal(code, name, url if is_home else home, columns=() if is_home else (url,))


def _add_portal(
    url: str, code: str, spider: str, name: str | None, settings: tuple[str, ...]
) -> None:
    file, portal = _portals_file(spider), portal_at(url, code, name or _division(code))
    _added(file, portal)  # fails before the visit where it would fail after
    with visit(url, settings) as (archive, visited):
        for line in describe(visited):
            click.echo(line)
        portal = replace(
            portal,
            family=visited.family if visited.mark else None,
            notes={date.today().isoformat(): _note(visited)},
        )
        file.write_text(_added(file, portal), "utf-8")
        click.echo(f"\nwritten: {file}")
        for folder in _save(archive, visited, spider):
            click.echo(f"written: {folder}; look whether its expected.json is right")
    click.echo(f"Next: gkcrawl crawl {spider} --only {urlsplit(url).hostname}, then make test")


def _added(file: Path, portal: Portal) -> str:
    try:
        return with_portal(file.read_text("utf-8"), portal)
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _note(visited: Visited) -> str:
    """Return what a visit showed as a note of one line."""
    if not visited.columns:
        return "a visit found no column of annual reports"
    return f"年报 at {visited.columns[0].url}"


def _save(archive: Archive, visited: Visited, spider: str) -> Iterator[Path]:
    """Save a listing and a report of a visit; yield their folders."""
    column = next((one.url for one in visited.columns), None)
    reports = [one for one in visited.opened if one.outcome == "report"]
    report = max(reports, key=lambda one: one.year or 0).url if reports else None
    slug = (urlsplit(visited.url).hostname or "").removeprefix("www.").partition(".gov.cn")[0]
    kinds: dict[str, tuple[str | None, Kind | None]] = {
        "column": (column, "column"),
        "article": (report, None),
    }
    for what, (url, inside) in kinds.items():
        stored = archive.named(url) if url else None
        folder = _root() / "tests" / "pages" / spider / f"{slug}-{what}"
        if stored is None or folder.exists():
            continue
        save_page(folder, page_of(stored), visited.family, inside)
        yield folder


def _checked(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise click.UsageError(f"--code {code}: expected six digits such as 530800 (GB/T 2260)")
    return code


def _division(code: str) -> str:
    """Return the name of a division; raises ClickException where there is none of that code."""
    with config_path("divisions.csv").open(encoding="utf-8", newline="") as file:
        for division in csv.DictReader(file):
            if division["code"] == code:
                return division["name"]
    raise click.ClickException(f"no division has the code {code}: give its name with --name")


def _spider_of(code: str) -> str:
    """Return the spider of the province that a division lies in."""
    province = f"{code[:2]}0000"
    for name in spider_names():
        if any(portal.code == province for portal in load_portals(name).portals):
            return name
    raise click.ClickException(f"no spider visits the portals of {province}: give --spider")


def _portals_file(spider: str) -> Path:
    """Return the file that a spider's portals are written into, copied to one's own folder first
    where GKCRAWL_CONFIG names one."""
    own = os.environ.get("GKCRAWL_CONFIG")
    if not own:
        return _root() / "config" / "portals" / f"{spider}.yml"
    file = Path(own) / "portals" / f"{spider}.yml"
    if not file.exists() and spider in spider_names():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(config_path(f"portals/{spider}.yml").read_bytes())
    return file


def _root() -> Path:
    """Return the checkout in which the command runs; raises ClickException outside of one."""
    root = Path.cwd()
    if not (root / "scrapy.cfg").exists():
        raise click.ClickException(f"{root} is no checkout of gkcrawl: there is no scrapy.cfg")
    return root
