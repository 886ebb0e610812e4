"""A WARC file cut anywhere tells what it tells in one piece; a broken limit costs one document."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from warc_examples import RESPONSES, RUN, exchange, rendered, writer

from archive.catalog import Catalog
from archive.index import index_archive
from archive.records import Reading, Run, RunEnd, StoredExchange
from archive.sequence import Result, portions
from archive.slices import Item, Portion, Slice, cuts, read_slice
from archive.warc import WarcWriter, iter_exchanges, warc_files
from archive.worker import OutOfBounds, SliceReader
from bench.scale.index_pages import record


@pytest.fixture(scope="module")
def archive_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All kinds of exchanges in two files, and beside them one that others wrote."""
    home = tmp_path_factory.mktemp("sliced")
    for part in (0, 1):
        warc = WarcWriter(home / "warc", replace(RUN, id=f"{part:032x}"))
        for n, (response, *_) in enumerate(RESPONSES.values()):
            warc.write(exchange(response, n=n, url=f"http://www.a{part}.gov.cn/{n}"))
            if n % 5 == 0:
                warc.write(exchange(b"", n=n, failure="DownloadTimeoutError: 180 s"))
        warc.write_rendered(rendered(n=99))
        warc.write_run_end(RunEnd(RUN.id, "2026-11-22T01:00:00.000000Z", "finished"))
        warc.close()
    _foreign(home / "warc" / "foreign.warc.gz")
    return home


def _foreign(path: Path) -> None:
    """Two crawls of others in one file: requests before responses, no metadata."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with path.open("wb") as file:
        for crawl in range(2):
            told = f"software: other {crawl}\r\n".encode()
            file.write(record("warcinfo", "", told, "application/warc-fields", crawl))
            for n in range(6):
                url = f"http://www.other{crawl}.cn/{n}"
                file.write(record("request", url, b"GET / HTTP/1.1\r\n\r\n", "application/http"))
                file.write(record("response", url, answer, "application/http"))


def _told(item: Item) -> object:
    if isinstance(item, Reading):
        return item.stored.capture, item.outcome
    return item.capture if isinstance(item, StoredExchange) else item


class _Here:
    ahead = 3

    def submit(self, part: Slice) -> Result:
        return lambda: read_slice(part)


@pytest.mark.parametrize("step", [1, 700, 2500, 10**9])
def test_wherever_a_file_is_cut_the_same_comes_out(archive_home: Path, step: int) -> None:
    for path in warc_files(archive_home / "warc"):
        found = [
            item for _, portion in portions(cuts(path, step), _Here()) for item in portion.items
        ]
        whole = list(read_slice(Slice(path)).items)
        assert list(map(_told, found)) == list(map(_told, whole))
        captures = [x for x in iter_exchanges(path) if isinstance(x, StoredExchange)]
        assert [x.stored.capture for x in found if isinstance(x, Reading)] == [
            x.capture for x in captures
        ]


def test_wrong_guesses_and_slow_readers_change_nothing(archive_home: Path) -> None:
    """Cuts that are off, and stretches that end before their end."""

    class Slow(_Here):
        def submit(self, part: Slice) -> Result:
            return lambda: read_slice(part, patience=-1)

    chance = random.Random(7)
    for path in warc_files(archive_home / "warc"):
        whole = [_told(item) for item in read_slice(Slice(path)).items]
        parts = [
            replace(part, run=Run("no such run", "", ""))
            if part.start and chance.random() < 0.3
            else part
            for part in cuts(path, 600)
        ]
        for reader in (_Here(), Slow()):
            found = [_told(item) for _, told in portions(parts, reader) for item in told.items]
            assert found == whole


def test_behind_damage_comes_nothing_more_of_the_file(archive_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.warc.gz"
    content = bytearray(warc_files(archive_home / "warc")[-1].read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40] = bytes(40)
    path.write_bytes(content)
    whole = read_slice(Slice(path))

    told = [portion for _, portion in portions(cuts(path, 700), _Here())]

    assert whole.damage is not None
    assert [portion.damage is not None for portion in told] == [False] * (len(told) - 1) + [True]
    assert str(told[-1].damage) == str(whole.damage)
    found = [_told(item) for portion in told for item in portion.items]
    assert found == [_told(item) for item in whole.items]


def test_known_captures_are_told_and_not_read(archive_home: Path) -> None:
    path = warc_files(archive_home / "warc")[-1]
    captures = [item.stored.capture for item in read_slice(Slice(path)).readings]
    known = frozenset(capture.offset for capture in captures[::2])

    portion = read_slice(Slice(path, known=known))

    read = [reading.stored.capture for reading in portion.readings]
    assert read == captures[1::2]
    assert all(not reading.stored.content for reading in portion.readings)


def test_only_the_document_that_breaks_a_limit_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warc = writer(tmp_path)
    kept = [warc.write(exchange(RESPONSES["plain"][0], n=n)) for n in range(4)]
    warc.close()
    poison = kept[2]
    reader = SliceReader()

    def run(function: object, part: Slice, seconds: int) -> Portion:
        assert seconds > 0
        end = part.end or 10**9
        if part.start <= poison.offset < end:  # type: ignore[union-attr]
            raise OutOfBounds("the reading process died")
        return read_slice(part)

    monkeypatch.setattr(reader, "run", run)
    (path,) = warc_files(tmp_path / "warc")

    readings = reader.read(Slice(path)).readings

    outcomes = [reading.outcome for reading in readings]
    assert outcomes[2] == "unreadable"
    assert len(readings) == 4
    assert outcomes.count("unreadable") == 1


def test_progress_counts_each_byte_of_the_files_once(archive_home: Path, tmp_path: Path) -> None:
    told: list[int] = []
    with Catalog(tmp_path / "catalog.db") as catalog:
        index_archive(archive_home, catalog, jobs=0, advance=told.append)
    files = warc_files(archive_home / "warc")
    assert sum(told) == sum(path.stat().st_size for path in files)
