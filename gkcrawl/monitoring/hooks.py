"""The ways in which a report reaches a person: a command, a webhook, a letter.

Each returns when the report is handed over and raises HookError, with what went wrong and without
any secret, when it is not.
"""

import json
import smtplib
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence
from email.message import EmailMessage
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from gkcrawl.monitoring.report import Report
from gkcrawl.monitoring.rules import Mail

PATIENCE = 30.0
"""Seconds that a hook may take."""
_SMTPS = 465
"""Port where TLS begins at once (RFC 8314)."""


class HookError(Exception):
    """Nobody was told; the message says why."""


def run_command(command: Sequence[str], report: Report) -> None:
    """Run a program, without a shell, and give it the report as JSON on stdin."""
    try:
        done = subprocess.run(
            command, input=_json(report), capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise HookError(f"{command[0]}: {_why(error)}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise HookError(f"{command[0]}: exit status {done.returncode} {''.join(said)}".rstrip())


class _Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere but to the address that was named: the report is not for others."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def post(address: str, report: Report) -> None:
    """Send the report as JSON by POST; any answer but a 2xx is a failure, a redirect too."""
    host = urlsplit(address).hostname
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "gkcrawl"}
    request = urllib.request.Request(address, _json(report), headers, method="POST")
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(request, timeout=PATIENCE):
            pass
    except urllib.error.HTTPError as error:
        with error:
            raise HookError(f"webhook at {host}: HTTP {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise HookError(f"webhook at {host}: {_why(error)}") from error


def send(mail: Mail, report: Report, user: str = "", password: str = "") -> None:
    """Send the report as a letter, over TLS where the server offers it.

    With a password nothing is sent without TLS.
    """
    letter = EmailMessage()
    letter["From"], letter["To"] = mail.sender, ", ".join(mail.to)
    letter["Subject"] = report.subject
    letter.set_content(report.text)
    letter.add_attachment(_json(report), "application", "json", filename="report.json")
    host, _, port = mail.server.rpartition(":")
    try:
        with _connected(host, int(port)) as server:
            if user:
                if not isinstance(server.sock, ssl.SSLSocket):
                    raise HookError(f"{mail.server} offers no TLS: the password is not sent")
                server.login(user, password)
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        raise HookError(f"mail through {mail.server}: {_why(error)}") from error


def _connected(host: str, port: int) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if port == _SMTPS:
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(host, port, timeout=PATIENCE)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
    except BaseException:
        server.close()
        raise
    return server


def _json(report: Report) -> bytes:
    return json.dumps(report.as_dict(), ensure_ascii=False).encode()


def _why(error: Exception) -> str:
    """Return what went wrong without what was sent: a timeout of subprocess shows its input."""
    if isinstance(error, subprocess.TimeoutExpired | TimeoutError):
        return f"no end after {PATIENCE:.0f} s"
    if isinstance(error, urllib.error.URLError):
        return f"{error.reason}"
    return f"{type(error).__name__}: {error}"
