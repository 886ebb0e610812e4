"""One index over all files: what ``LC_ALL=C sort -m`` makes, and every capture found in it."""

import json
import os
import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.warc import merged, url_key
from archive.warc.merged import (
    IndexEntry,
    first_not_less,
    lookup,
    merge_index,
    merge_sorted,
    parse_line,
)

LINES = st.lists(
    st.lists(st.binary(min_size=1, max_size=6).map(lambda b: b.replace(b"\n", b"")), max_size=6),
    max_size=7,
)
URLS = ("http://www.a.gov.cn/1.htm", "https://a.gov.cn/1.HTM", "http://b.gov.cn/", "urn:x:y")


@given(LINES)
@settings(max_examples=40, deadline=None)
def test_merging_equals_sort(
    tmp_path_factory: pytest.TempPathFactory, contents: list[list[bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("sorted")
    files = [folder / str(n) for n in range(len(contents))]
    for file, lines in zip(files, contents, strict=True):
        file.write_bytes(b"".join(line + b"\n" for line in sorted(lines)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merged, "_AT_ONCE", 2)
        merge_sorted(files, folder / "ours")
    wanted = subprocess.run(
        ["sort", "-m", *map(str, files), "/dev/null"],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    assert (folder / "ours").read_bytes() == wanted.stdout
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["ours", *(file.name for file in files)]
    )


@given(
    # Of bytes above that of the line's end, as keys and times are: only so both orders are one.
    st.lists(st.binary(max_size=4).map(lambda b: bytes(c for c in b if c > 10)), max_size=20),
    st.binary(),
)
@settings(deadline=None)
def test_the_search_finds_the_first_line_that_is_not_less(lines: list[bytes], key: bytes) -> None:
    key = key.replace(b"\n", b"")
    whole = [line + b"\n" for line in sorted(lines)]
    before = sum(len(line) for line in whole if line < key)
    assert first_not_less(b"".join(whole), key) == before


def write_index(home: Path, name: str, entries: list[IndexEntry], ending: str = ".cdxj") -> None:
    lines = []
    for entry in entries:
        told = {"url": entry.url, "length": "1", "offset": str(entry.offset)}
        told["filename"] = entry.warc
        lines.append(f"{url_key(entry.url)} {entry.timestamp} {json.dumps(told)}\n")
    (home / "warc").mkdir(parents=True, exist_ok=True)
    (home / "warc" / f"{name}{ending}").write_text("".join(sorted(lines)), "utf-8")


def some_entries(chance: random.Random, name: str) -> list[IndexEntry]:
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(9)]
    return [
        IndexEntry(
            chance.choice(URLS), f"{chance.choice(moments):%Y%m%d%H%M%S}", f"{name}.warc.gz", n, 1
        )
        for n in range(chance.randrange(12))
    ]


def seconds(timestamp: str) -> float:
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").timestamp()


@pytest.mark.parametrize("seed", range(12))
def test_every_capture_is_found_whether_its_index_is_merged_or_not(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    everything: list[IndexEntry] = []
    for n in range(6):
        entries = some_entries(chance, str(n))
        everything += entries
        write_index(tmp_path, str(n), entries, ending=".cdxj.open" if n == 5 else ".cdxj")
        if n == chance.randrange(5):
            merge_index(tmp_path)
    for url in URLS:
        wanted = [entry for entry in everything if url_key(entry.url) == url_key(url)]
        found = lookup(tmp_path, url, "2026-01-01T04:00:00Z")
        assert set(found) == set(wanted)
        middle = seconds("20260101040000")
        distances = [abs(seconds(entry.timestamp) - middle) for entry in found]
        assert distances == sorted(distances)
        newest = [entry.timestamp for entry in lookup(tmp_path, url)]
        assert newest == sorted(newest, reverse=True)


def test_of_captures_of_one_second_those_of_exactly_the_url_come_first(tmp_path: Path) -> None:
    at = "20260101000000"
    entries = [IndexEntry(url, at, "x.warc.gz", n, 1) for n, url in enumerate(URLS[:2])]
    write_index(tmp_path, "x", entries)
    assert [entry.url for entry in lookup(tmp_path, URLS[1], "2026")] == [URLS[1], URLS[0]]
    assert lookup(tmp_path, URLS[1], "2026", limit=1)[0].url == URLS[1]


def test_merging_again_reads_only_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        write_index(tmp_path, name, [IndexEntry(URLS[0], "20260101000000", name, 1, 1)])
    index = merge_index(tmp_path)
    state = index.stat().st_mtime_ns, index.stat().st_ino
    assert merge_index(tmp_path) == index
    assert (index.stat().st_mtime_ns, index.stat().st_ino) == state
    write_index(tmp_path, "c", [IndexEntry(URLS[0], "20260101000000", "c", 1, 1)])
    asked: list[list[str]] = []
    monkeypatch.setattr(
        merged,
        "merge_sorted",
        lambda sources, target: (
            asked.append([source.name for source in sources]),
            merge_sorted(sources, target),
        ),
    )
    merge_index(tmp_path)
    assert asked == [["index.cdxj", "c.cdxj"]]
    assert [parse_line(line).warc for line in index.read_bytes().splitlines()] == ["a", "b", "c"]


@pytest.mark.parametrize("change", ["gone", "other", "index", "list", "no index"])
def test_an_index_that_is_not_what_it_was_is_merged_anew(tmp_path: Path, change: str) -> None:
    entries = {name: [IndexEntry(URLS[0], "20260101000000", name, 1, 1)] for name in "ab"}
    for name in entries:
        write_index(tmp_path, name, entries[name])
    index = merge_index(tmp_path)
    if change == "gone":
        (tmp_path / "warc" / "b.cdxj").unlink()
        del entries["b"]
    elif change == "other":
        entries["b"] = [IndexEntry(URLS[0], "20270101000000", "b", 1234, 1)]
        write_index(tmp_path, "b", entries["b"])
    elif change == "index":
        index.write_bytes(index.read_bytes() + b"zz")
    elif change == "list":
        index.with_name("merged.json").write_text("{")
    else:
        index.unlink()
    wanted = {entry for some in entries.values() for entry in some}
    if change != "gone":  # what is gone is known only after merging
        assert set(lookup(tmp_path, URLS[0])) >= wanted
    merge_index(tmp_path)
    assert set(lookup(tmp_path, URLS[0])) == wanted
    assert {parse_line(line) for line in index.read_bytes().splitlines()} == wanted


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="YYYYMMDDhhmmss"):
        lookup(tmp_path, URLS[0], "now")
