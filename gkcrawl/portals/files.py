"""Portals files: ``config/portals/<spider>.yml`` read, with every mistake named."""

import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from archive.config import config_path
from gkcrawl.portals.fields import (
    API,
    APIS_HEAD,
    HEAD,
    PORTAL,
    SITE,
    SITES_HEAD,
    Fields,
    read_record,
    read_records,
)
from gkcrawl.portals.records import Api, Portal, PortalFile, Site

try:
    # Every crawl reads all files: libyaml does it ten times as fast as Python.
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]


# What a file may list -> the fields of its head.
_HEADS: Mapping[str, Fields] = {"portals": HEAD, "sites": SITES_HEAD, "apis": APIS_HEAD}


class PortalError(ValueError):
    """A portals file is not as it should be; the message has one line for each mistake."""


def load_portals(spider: str) -> PortalFile:
    """Return the portals of a spider; PortalError if the file is missing or wrong."""
    try:
        return read_portals(config_path(f"portals/{spider}.yml"))
    except FileNotFoundError as error:
        raise PortalError(str(error)) from error


def load_yaml(path: Path, mistake: type[ValueError]) -> Any:
    """Return what a YAML file says; raises ``mistake`` where it cannot be read, or says a thing
    twice."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=UniqueKeys)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise mistake(f"{path}: cannot be read: {error}") from error


def read_portals(path: Path) -> PortalFile:
    """Return what the YAML file ``path`` says; PortalError names everything that is wrong in it."""
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=UniqueKeys)
    except (OSError, UnicodeDecodeError) as error:
        raise PortalError(f"{path}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise PortalError(f"{path}{line}: not valid YAML: {problem}") from error
    listed = [name for name in _HEADS if isinstance(raw, dict) and name in raw]
    if len(listed) != 1:
        raise PortalError(f"{path}: expected a mapping with one of 'portals', 'sites' and 'apis'")
    problems: list[str] = []
    head = read_record(_HEADS[listed[0]], raw, str(path), problems)
    portals = read_records(PORTAL, raw.get("portals"), f"{path}, portal", problems)
    sites = read_records(SITE, raw.get("sites"), f"{path}, site", problems)
    apis = read_records(API, raw.get("apis"), f"{path}, api", problems)
    problems += _doubles(path, portals)
    problems += _one_way(path, apis)
    if problems:
        raise PortalError("\n".join(problems))
    return PortalFile(
        path=path,
        province=head.get("province"),
        name=head.get("name"),
        portals=tuple(Portal(**values) for values in portals),
        sites=tuple(Site(**values) for values in sites),
        apis=tuple(Api(**values) for values in apis),
    )


def all_portal_rows() -> list[dict[str, Any]]:
    """Return every portal and document site of every file as rows for the catalog's ``portals``.

    A file in the folder that ``GKCRAWL_CONFIG`` names stands in for the shipped one of that name.
    Raises PortalError like `load_portals`.
    """
    return [row for spider in spider_names() for row in _rows(spider, load_portals(spider))]


def _rows(spider: str, file: PortalFile) -> Iterator[dict[str, Any]]:
    for portal in file.portals:
        yield {
            "spider": spider,
            "kind": "portal",
            "province": file.province,
            "code": portal.code,
            "name": portal.name,
            "url": portal.url,
            "family": portal.family,
            "least_reports": portal.least_reports,
        }
    for site in file.sites:
        yield {"spider": spider, "kind": "document_site", "name": site.name, "url": site.url}


def spider_names() -> list[str]:
    """Return the names of all portals files (file name = spider name), sorted."""
    own = os.environ.get("GKCRAWL_CONFIG")
    folders = [Path(own) / "portals"] if own else []
    folders.append(config_path("portals"))
    return sorted({path.stem for folder in folders for path in folder.glob("*.yml")})


class UniqueKeys(SafeLoader):
    """Reads YAML and refuses a key that is written twice: YAML would silently forget the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        for n, (key_node, _) in enumerate(node.value):
            if keys[n] in keys[:n]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {keys[n]!r} is written twice", key_node.start_mark
                )
        return super().construct_mapping(node, deep=deep)


def _doubles(path: Path, portals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    seen: dict[tuple[str, str], int] = {}
    for n, portal in enumerate(portals, 1):
        key = (portal.get("code", ""), portal.get("url", ""))
        if all(key) and seen.setdefault(key, n) != n:
            yield f"{path}, portal {n}: code {key[0]} with {key[1]} is already portal {seen[key]}"


def _one_way(path: Path, apis: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for n, api in enumerate(apis, 1):
        if ("replay" in api) == ("data" in api):
            yield f"{path}, api {n}: expected one of 'replay' (Wayback) and 'data' (Common Crawl)"
