"""Bytes that answer nothing: kept with the message before, or dropped with their connection and
told; never taken for the answer to the next request."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from wire_crawl import by_path, crawl
from wire_server import Answer, WireServer, answer, certificate

from archive.records import Failure

HEAD = b"HTTP/1.1 200 OK\r\n"
MESSAGE = HEAD + b"Content-Length: 2\r\n\r\nok"
POISON = HEAD + b"Content-Length: 6\r\n\r\npoison"
MINE = HEAD + b"Content-Length: 4\r\n\r\nmine"


def test_bytes_on_a_connection_at_rest_are_told_and_end_it(tmp_path: Path) -> None:
    with WireServer({"/1": answer(MESSAGE, POISON), "/2": answer(MINE)}) as server:
        plan = [{"url": server.url(path)} for path in server.answers]
        recorded = crawl(tmp_path, plan, DOWNLOAD_DELAY=0.3)
        assert [one.connection for one in server.received] == [0, 1]
    assert [one.response for one, _ in recorded["exchanges"]] == [MESSAGE, MINE]
    assert recorded["stats"]["gk/unasked_bytes"] == len(POISON)
    assert f"127.0.0.1 sent {len(POISON)} bytes that answer nothing" in recorded["log"]


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_bytes_that_were_on_their_way_before_the_request_are_no_answer(
    tmp_path: Path, secure: bool
) -> None:
    """They come when the next request was handed over, and has not left yet."""
    tls = certificate(tmp_path) if secure else None
    answers = {"/1": answer(MESSAGE, POISON, pause=0.15), "/2": answer(MINE)}
    with WireServer(answers, tls) as server:
        plan = [{"url": server.url(path)} for path in answers]
        recorded = crawl(tmp_path, plan, BUSY=0.4)
    assert [one["body"] for one in recorded["seen"]] == [b"ok", b"mine"]
    [unanswered, answered] = by_path(recorded, "/2")
    assert (unanswered.response, unanswered.failure[:21]) == (b"", "ResponseNeverReceived")
    assert answered.response == MINE
    assert recorded["stats"]["gk/unasked_bytes"] == len(POISON)
    assert [isinstance(kept, Failure) for _, kept in recorded["exchanges"]] == [False, True, False]


DISPUTABLE: dict[str, Answer] = {
    "excess": answer(MESSAGE + POISON),
    "twice the same length": answer(HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nok"),
    "a list of lengths": answer(HEAD + b"Content-Length: 2, 2\r\n\r\nok"),
    "length and chunks": answer(
        HEAD + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    ),
    "a body that may not be": answer(b"HTTP/1.1 204 No Content\r\n\r\nok"),
}
ENDED_WELL: dict[str, Answer] = {
    "length": answer(MESSAGE),
    "chunks": answer(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
    "no body": answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "length of what is not sent": answer(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n"),
}


def test_a_message_whose_end_can_be_disputed_is_the_last_of_its_connection(tmp_path: Path) -> None:
    replies = DISPUTABLE | ENDED_WELL
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(WireServer({"/1": reply, "/2": answer(MINE)}))
            for name, reply in replies.items()
        }
        plan = [{"url": one.url(path)} for one in servers.values() for path in one.answers]
        recorded = crawl(tmp_path, plan)
    used = {name: [one.connection for one in server.received] for name, server in servers.items()}
    assert used == {name: [0, int(name in DISPUTABLE)] for name in replies}
    assert all(one.response == MINE for one in by_path(recorded, "/2"))
    assert "gk/unasked_bytes" not in recorded["stats"]
