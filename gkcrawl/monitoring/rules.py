"""What is expected of a run: ``config/monitors.yml`` read, each mistake named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from archive.config import config_path
from gkcrawl.monitoring.kinds import KINDS, RULES, Numbers
from gkcrawl.portals import load_yaml
from gkcrawl.portals.fields import Fields, mapping, read_record

When = Literal["failed", "new", "always"]


class MonitorsError(ValueError):
    """monitors.yml is not as it should be; the message has one line for each mistake."""


@dataclass(frozen=True, slots=True)
class Mail:
    """To whom the report is sent, and through which server."""

    to: tuple[str, ...]
    sender: str
    server: str
    """``host:port``."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Who is told after a crawl; what is None or empty is not done."""

    when: When = "failed"
    command: tuple[str, ...] = ()
    webhook: str | None = None
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What monitors.yml says."""

    rules: Mapping[str, Numbers | None]
    """Rule -> its numbers; None: it is switched off."""
    portals: Mapping[str, Mapping[str, Numbers | None]] = field(default_factory=dict)
    """Code of a portal -> rules that differ there."""
    notify: Notify = Notify()

    def of(self, rule: str, portal: str) -> Numbers | None:
        """Return the numbers of a rule for a portal (empty: for the run); None: not judged."""
        numbers = self.rules[rule]
        own = self.portals.get(portal, {})
        if rule not in own:
            return numbers
        changed = own[rule]
        return None if changed is None else {**(numbers or {}), **changed}


def load_expected() -> Expected:
    """Return what is in force: GKCRAWL_CONFIG's monitors.yml, else the shipped one.

    Raises MonitorsError. A file is read once in a process.
    """
    return _read_once(config_path("monitors.yml"))


def read_expected(path: Path) -> Expected:
    """Return what ``path`` says; MonitorsError names everything that is wrong in it."""
    raw = load_yaml(path, MonitorsError)
    problems: list[str] = []
    head = read_record(_HEAD, raw, str(path), problems)
    rules = _rules(head.get("rules", {}), f"{path}, rules", problems)
    problems += [f"{path}, rules: {name!r} is missing" for name in RULES if name not in rules]
    portals = {
        str(code): _changed(own, f"{path}, portals, {code}", problems)
        for code, own in head.get("portals", {}).items()
    }
    told = read_record(_NOTIFY, head.get("notify", {}), f"{path}, notify", problems)
    mail = (
        read_record(_MAIL, told["mail"], f"{path}, notify, mail", problems)
        if told.get("mail")
        else {}
    )
    if problems:
        raise MonitorsError("\n".join(problems))
    told["mail"] = Mail(mail["to"], mail["from"], mail["server"]) if mail else None
    return Expected(rules, portals, Notify(**told))


_read_once = cache(read_expected)


def _rules(raw: Mapping[str, Any], where: str, problems: list[str]) -> dict[str, Numbers | None]:
    """Return the rules, each with all its numbers."""
    found: dict[str, Numbers | None] = {}
    for name, numbers in raw.items():
        if rule := _known(name, where, problems):
            fields: Fields = dict.fromkeys(KINDS[rule].numbers, (_number, True))
            found[name] = _numbers(fields, numbers, f"{where}, {name}", problems)
    return found


def _changed(raw: Any, where: str, problems: list[str]) -> dict[str, Numbers | None]:
    """Return the rules that differ for a portal, each with the numbers that do."""
    if not isinstance(raw, dict):
        problems.append(f"{where}: expected a mapping of rules, found {raw!r}")
        return {}
    found: dict[str, Numbers | None] = {}
    for name, numbers in raw.items():
        if (rule := _known(name, where, problems)) is None:
            continue
        if not RULES[name].of_portal:
            problems.append(f"{where}: {name!r} is of the whole run, not of a portal")
            continue
        fields: Fields = dict.fromkeys(KINDS[rule].numbers, (_number, False))
        found[name] = _numbers(fields, numbers, f"{where}, {name}", problems)
    return found


def _known(name: Any, where: str, problems: list[str]) -> str | None:
    if name in RULES:
        return RULES[name].kind
    problems.append(f"{where}: rule {name!r} is unknown (known: {', '.join(RULES)})")
    return None


def _numbers(fields: Fields, raw: Any, where: str, problems: list[str]) -> Numbers | None:
    if raw is False:
        return None
    if not fields and raw not in ({}, None):
        problems.append(f"{where}: expected no numbers, or false, found {raw!r}")
        return {}
    return read_record(fields, raw, where, problems) if fields else {}


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError("a number from 0 on")
    return value


def _one_of(*known: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in known:
            raise ValueError(f"one of {', '.join(known)}")
        return str(value)

    return read


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise ValueError("a list of texts")
    return tuple(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text")
    return value


def url(value: Any) -> str:
    """Return the address of a webhook; ValueError for what is none."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise ValueError("an http or https address")
    return value


def server(value: Any) -> str:
    """Return ``host:port``; ValueError for anything else."""
    _, _, port = value.rpartition(":") if isinstance(value, str) else ("", "", "")
    if not port.isdigit():
        raise ValueError('host and port such as "smtp.example.org:587"')
    return str(value)


_HEAD: Fields = {
    "rules": (mapping, True),
    "portals": (mapping, False),
    "notify": (mapping, False),
}
_NOTIFY: Fields = {
    "when": (_one_of("failed", "new", "always"), False),
    "command": (_texts, False),
    "webhook": (url, False),
    "mail": (mapping, False),
}
_MAIL: Fields = {"to": (_texts, True), "from": (_text, True), "server": (server, True)}
