"""What is logged, and where: a JSON object a line (``GKCRAWL_LOG_FORMAT=json``), and the log of a
scheduled crawl in a folder (``GKCRAWL_LOGS``).

Without these two all is as Scrapy does it. Only the standard library's logging is used.
"""

import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_COMMAND = "gkcrawl.crawl.commands.crawl"
"""The logger of ``scrapy crawl``."""


class LogsError(ValueError):
    """A variable says nothing that can be done; the message names it."""


class JsonLines(logging.Formatter):
    """A JSON object a line: ``time`` (UTC), ``level``, ``logger``, ``message``, where known
    ``spider`` and ``run``, and ``exception`` with its stack trace."""

    def __init__(self) -> None:
        super().__init__()
        self.about: dict[str, str] = {}
        """What is known of all that this process logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end; line breaks within are escaped."""
        moment = datetime.fromtimestamp(record.created, UTC)
        said = {
            "time": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        } | self.about
        if name := getattr(getattr(record, "spider", None), "name", None):
            said["spider"] = name
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


_lines = JsonLines()


def tell_about(**known: str) -> None:
    """Let every further line say this too, such as the id of the run."""
    _lines.about |= known


def log_commands(environment: Mapping[str, str] = os.environ) -> None:
    """Let warnings and errors of a command be JSON too, where that is asked for.

    Raises LogsError where GKCRAWL_LOG_FORMAT is neither json nor text.
    """
    if _is_json(environment.get("GKCRAWL_LOG_FORMAT", "")):
        logging.basicConfig(handlers=[_handler(logging.StreamHandler(), logging.WARNING, _lines)])


def log_crawl(settings: Any, spider: str, now: datetime) -> None:
    """Take the log of a crawl over from Scrapy where its ``settings`` ask for what it cannot do.

    In a folder a spider has a file for each month; what ends a crawl is said on stderr too. Raises
    LogsError as ``log_commands``, and OSError where the file cannot be written.
    """
    as_json, folder = _is_json(settings["GKCRAWL_LOG_FORMAT"]), settings["GKCRAWL_LOGS"]
    if not (as_json or folder) or not settings.getbool("LOG_ENABLED"):
        return
    text = logging.Formatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"])
    formatter = _lines if as_json else text
    tell_about(spider=spider)
    file = settings["LOG_FILE"] or (folder and Path(folder) / f"{spider}-{now:%Y-%m}.log")
    level = settings["LOG_LEVEL"]
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        written = logging.FileHandler(file, encoding="utf-8")
        logging.root.addHandler(_handler(written, level, formatter))
    if folder or not file:
        said = _handler(logging.StreamHandler(sys.stderr), level, formatter)
        if file:
            said.addFilter(_ends_the_crawl)
        logging.root.addHandler(said)
    logging.root.setLevel(logging.NOTSET)
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")


def _ends_the_crawl(record: logging.LogRecord) -> bool:
    """Return whether a record tells why there is no crawl, or no further one."""
    of_command = record.name == _COMMAND and record.levelno >= logging.ERROR
    return of_command or record.levelno >= logging.CRITICAL


def _handler(
    handler: logging.Handler, level: int | str, formatter: logging.Formatter
) -> logging.Handler:
    handler.setLevel(level)
    handler.setFormatter(formatter)
    return handler


def _is_json(wanted: str | None) -> bool:
    if wanted in (None, "", "text"):
        return False
    if wanted != "json":
        raise LogsError(f"GKCRAWL_LOG_FORMAT={wanted}: expected json or text")
    return True
