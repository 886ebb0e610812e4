"""Who is told: a real command, a real HTTP server, a real SMTP server on this machine."""

import json
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from loopback import served

from gkcrawl.demo.certificates import self_signed
from gkcrawl.monitoring import hooks
from gkcrawl.monitoring.notifying import tell, with_secrets
from gkcrawl.monitoring.report import Report, lines_of, make_report
from gkcrawl.monitoring.rules import Mail, MonitorsError, Notify

FAILED = {
    "spider": "yunnan",
    "run_id": "1" * 32,
    "name": "refusals",
    "portal": "",
    "measured": 0.75,
    "expected": "<= 0.5",
    "message": "www.example.gov.cn",
}
SECRETS = {"GKCRAWL_NOTIFY_SMTP_USER": "me", "GKCRAWL_NOTIFY_SMTP_PASSWORD": "hush"}
RUN = {
    "id": "1" * 32,
    "spider": "yunnan",
    "started_at": "2026-05-02T22:00:00.000000Z",
    "ended_at": "2026-05-02T23:00:00.000000Z",
    "reason": "finished",
}


def report(*monitors: dict[str, Any], code: int = 3, before: Any = (), **told: Any) -> Report:
    summary = {"spiders": {"yunnan": 0}, "new": {"reports": 2}, "runs": [RUN], "monitors": monitors}
    return make_report("vm", "/data", code, summary, {"1" * 32: frozenset(before)}, **told)


BAD, GOOD = report(FAILED), report(code=0)


@pytest.mark.parametrize(
    ("made", "when", "wanted"),
    [
        (GOOD, "failed", False),
        (GOOD, "always", True),
        (BAD, "failed", True),
        (BAD, "new", True),
        (report(FAILED, before=[("refusals", "")]), "new", False),
        (report(FAILED, before=[("refusals", "")]), "failed", True),
        (report(FAILED, before=[("refusals", "530800")]), "new", True),
        (report(code=1), "new", True),
        (report(code=130), "failed", False),
        (report(code=1, error="OSError: no room"), "failed", True),
    ],
)
def test_people_are_told_when_they_asked_to_be(made: Report, when: Any, wanted: bool) -> None:
    assert made.is_wanted(when) is wanted


def test_the_report_says_what_failed_and_what_to_do() -> None:
    assert BAD.subject == "gkcrawl: 1 monitors failed (yunnan)"
    assert (
        "refusals\n  www.example.gov.cn: 0.75, expected <= 0.5\n  What to do: go slower" in BAD.text
    )
    assert report(code=1, error="x").subject == "gkcrawl: no crawl"
    assert "as before" in report(FAILED, before=[("refusals", "")]).text


def test_many_failures_of_one_rule_are_told_in_short() -> None:
    told = list(lines_of([FAILED | {"portal": str(n)} for n in range(30)]))
    assert told[0] == "monitor failed: refusals (30)"
    assert told[1] == "  yunnan 0: 0.75, expected <= 0.5 (www.example.gov.cn)"
    assert told[-2] == "  … and 20 more: table monitors of the catalog"
    assert told[-1].startswith("  what to do: go slower")


def test_a_command_gets_the_report_on_stdin(tmp_path: Path) -> None:
    file = tmp_path / "got.json"
    copy = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"
    assert tell(BAD, Notify(command=(sys.executable, "-c", copy, str(file))), {}) == []
    got = json.loads(file.read_text("utf-8"))
    assert got["exit_code"] == 3
    assert got["monitors"][0]["name"] == "refusals"
    assert got["monitors"][0]["remedy"].startswith("go slower")
    assert got["runs"] == [RUN]


def test_nobody_is_asked_to_tell_what_nobody_wants(tmp_path: Path) -> None:
    assert tell(GOOD, Notify(command=(str(tmp_path / "none"),)), {}) == []


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import sys; sys.exit('out of paper')", "exit status 1 out of paper"),
        ("import time; time.sleep(60)", "no end after 1 s"),
    ],
)
def test_a_command_that_fails_is_told(
    script: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "PATIENCE", 1.0)
    (problem,) = tell(BAD, Notify(command=(sys.executable, "-c", script)), {})
    assert problem.endswith(told)


def test_a_hook_that_fails_keeps_no_other_from_telling(tmp_path: Path) -> None:
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    mail = Mail(("a@example.org",), "b@example.org", f"127.0.0.1:{port}")
    notify = Notify(
        command=("/no/such/program",), webhook=f"http://127.0.0.1:{port}/s3cret", mail=mail
    )
    problems = tell(BAD, notify, {})
    closed.close()
    assert [one.split(":")[0] for one in problems] == [
        "/no/such/program",
        "webhook at 127.0.0.1",
        "mail through 127.0.0.1",
    ]
    assert not any("s3cret" in one for one in problems)


@contextmanager
def webhook(status: int, **headers: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append({"path": self.path, "type": self.headers["Content-Type"]} | json.loads(body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    with served(Handler) as address:
        yield address, got


def test_a_webhook_gets_the_report_as_json() -> None:
    with webhook(204) as (address, got):
        assert tell(BAD, Notify(webhook=f"{address}/hook?token=1"), {}) == []
    assert [(one["path"], one["type"]) for one in got] == [
        ("/hook?token=1", "application/json; charset=utf-8")
    ]
    assert got[0]["monitors"][0]["portal"] == ""


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_a_webhook_that_does_not_take_it_is_told_and_none_is_followed(status: int) -> None:
    with webhook(200) as (other, got), webhook(status, Location=f"{other}/else") as (address, _):
        (problem,) = tell(BAD, Notify(webhook=f"{address}/secret"), {})
    assert problem == f"webhook at 127.0.0.1: HTTP {status}"
    assert got == []


@dataclass
class Post:
    """What a mail server was told, and which letters it took."""

    said: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    address: str = ""


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[Post]:
    """Give a mail server (RFC 5321) that takes everything, over TLS where it has a certificate."""
    post = Post()

    class Handler(StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def handle(self) -> None:
            self.say("220 here")
            secure = False
            while line := self.rfile.readline().decode().strip():
                post.said.append(line)
                word = line.split()[0].upper()
                if word == "EHLO":
                    offer = "AUTH PLAIN" if secure or tls is None else "STARTTLS"
                    self.say(f"250-here\r\n250 {offer}")
                elif word == "STARTTLS" and tls is not None:
                    self.say("220 go on")
                    try:
                        self.request = tls.wrap_socket(self.request, server_side=True)
                    except ssl.SSLError:  # the client does not trust us
                        return
                    self.setup()
                    secure = True
                elif word == "AUTH":
                    self.say("235 welcome")
                elif word == "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    post.letters.append(b"".join(lines))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        post.address = f"localhost:{server.server_address[1]}"
        yield post
        server.shutdown()
        thread.join()


def mail(server: str) -> Mail:
    return Mail(("me@example.org", "you@example.org"), "gkcrawl@example.org", server)


def test_a_letter_has_the_report_for_people_and_for_programs() -> None:
    chinese = report(FAILED | {"message": "普洱市拒绝访问"})
    with mail_server() as post:
        assert tell(chinese, Notify(mail=mail(post.address)), {}) == []
    (raw,) = post.letters
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["Subject"] == "gkcrawl: 1 monitors failed (yunnan)"
    assert letter["To"] == "me@example.org, you@example.org"
    text, attached = letter.iter_parts()  # type: ignore[attr-defined]
    assert "普洱市拒绝访问" in text.get_content()
    assert json.loads(attached.get_content())["monitors"][0]["measured"] == 0.75


def test_a_password_is_not_sent_in_the_clear() -> None:
    with mail_server() as post:
        (problem,) = tell(BAD, Notify(mail=mail(post.address)), SECRETS)
    assert problem == f"{post.address} offers no TLS: the password is not sent"
    assert not any(line.startswith("AUTH") for line in post.said)
    assert post.letters == []


def test_tls_is_used_where_it_is_offered_and_then_the_password_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ssl, "create_default_context", trusting)
    with mail_server(self_signed("localhost")) as post:
        assert tell(BAD, Notify(mail=mail(post.address)), SECRETS) == []
    words = [line.split()[0].upper() for line in post.said]
    assert words.index("STARTTLS") < words.index("AUTH") < words.index("DATA")
    assert len(post.letters) == 1


def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_a_server_whose_certificate_nobody_signed_gets_nothing() -> None:
    with mail_server(self_signed("localhost")) as post:
        (problem,) = tell(BAD, Notify(mail=mail(post.address)), SECRETS)
    assert "certificate verify failed" in problem
    assert "hush" not in problem
    assert post.letters == []


def test_the_environment_stands_before_the_file() -> None:
    notify = Notify(command=("a",), webhook="http://file.example.org/")
    environment = {
        "GKCRAWL_NOTIFY_COMMAND": "tell 'two words'",
        "GKCRAWL_NOTIFY_WEBHOOK": "https://env.example.org/",
    }
    found = with_secrets(notify, environment)
    assert found.command == ("tell", "two words")
    assert found.webhook == "https://env.example.org/"
    assert with_secrets(notify, {}) == notify


@pytest.mark.parametrize(
    ("name", "value"),
    [("GKCRAWL_NOTIFY_WEBHOOK", "example.org"), ("GKCRAWL_NOTIFY_COMMAND", "tell 'me")],
)
def test_a_mistyped_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(MonitorsError, match=name):
        with_secrets(Notify(), {name: value})
