"""The day of faults: its servers, what it does to files, and some hours of it."""

import random
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from needed import missing

from bench.scale import faults
from bench.scale.faults_kinds import HOST_FAULTS, MACHINE_FAULTS, rot
from bench.scale.faults_land import COLUMN, PLACES, served_land
from bench.scale.faults_web import Portal, Reply, free_port, page
from bench.scale.faults_wire import WIRE_FAULTS


def asked(portal: Portal, path: str) -> bytes:
    """Return what a portal sends for a path until it closes."""
    with socket.create_connection((portal.address, portal.port), timeout=10) as link:
        link.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        link.shutdown(socket.SHUT_WR)
        data = b""
        while more := link.recv(65536):
            data += more
        return data


@pytest.fixture
def portal() -> Any:
    address = "127.0.0.1"
    made = Portal(address, "530111", "官渡区", free_port([address]))
    made.pages["/"] = page(b"home")
    with made:
        yield made


def test_a_portal_answers_with_what_belongs_there(portal: Portal) -> None:
    assert asked(portal, "/").endswith(b"\r\n\r\nhome")
    assert asked(portal, "/no").startswith(b"HTTP/1.1 404")
    assert portal.asked == {"/", "/no"}


def test_a_portal_says_the_same_everywhere_where_it_is_told_to(portal: Portal) -> None:
    portal.everywhere = Reply((b"HTTP/1.1 502 Bad\r\n", b"\r\n"), "close")
    assert asked(portal, "/") == b"HTTP/1.1 502 Bad\r\n\r\n"
    assert portal.asked == set()


def test_a_portal_falls_silent_and_is_there_again(portal: Portal) -> None:
    portal.fall_silent()
    with pytest.raises(ConnectionRefusedError):
        asked(portal, "/")
    portal.listen()
    assert asked(portal, "/").endswith(b"home")


@pytest.mark.parametrize("name", HOST_FAULTS)
def test_what_ails_a_host_passes(portal: Portal, name: str) -> None:
    portal.pages[COLUMN] = portal.pages["/robots.txt"] = page(b"as ever")
    before = dict(portal.pages)
    HOST_FAULTS[name].begin(portal)
    HOST_FAULTS[name].end(portal)
    assert portal.pages == before
    assert asked(portal, COLUMN).endswith(b"as ever")


def test_a_bit_rots_and_the_good_copy_stays(tmp_path: Path) -> None:
    path, copies = tmp_path / "a.warc.gz", tmp_path / "copies"
    path.write_bytes(bytes(range(256)))
    copies.mkdir()
    rot(path, random.Random(1), copies)
    changed = bytes(a ^ b for a, b in zip(path.read_bytes(), bytes(range(256)), strict=True))
    assert sum(byte.bit_count() for byte in changed) == 1
    assert (copies / path.name).read_bytes() == bytes(range(256))


def test_every_fault_is_published_before_one_comes_again(tmp_path: Path) -> None:
    with served_land(tmp_path, seed=1) as land:
        kinds = [one.kind for _ in range(3) for one in land.publish()]
    assert set(kinds) == set(WIRE_FAULTS)
    assert len(kinds) == 3 * 2 * len(PLACES)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if shutil.which("faketime") is None:
        missing("faketime")
    return faults.play(tmp_path_factory.mktemp("day"), sample=True, seed=1)


def test_every_fault_of_some_hours_is_named(played: dict[str, Any]) -> None:
    assert played["unnamed"] == []
    assert played["named"] == played["injected"] >= 12


def test_the_archive_is_whole_in_the_end(played: dict[str, Any]) -> None:
    assert played["problems_at_the_end"] == []
    assert played["stuck"] == []
    assert all(played["kept"].values())


def test_the_machine_was_met(played: dict[str, Any]) -> None:
    assert {*faults.SAMPLE, "bit rot"} <= played["kinds"].keys()
    assert set(faults.SAMPLE) <= set(MACHINE_FAULTS)
    assert played["captures"]["report"] > 0
