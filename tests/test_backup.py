"""The archive copied while a crawl runs, by gkcrawl and by others: it verifies and goes on."""

import json
import random
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from verified import problems

import gkcrawl.demo
from archive.backup import NOTE, BackupError, back_up
from archive.catalog import Catalog, differences
from archive.index import index_archive
from archive.warc import recover
from gkcrawl.cli import main
from gkcrawl.demo import run_demo

MOMENTS = 6


def faults(home: Path) -> list[object]:
    """Take in what the copy's files hold beyond its catalog; return what is wrong then."""
    recover(home)
    with Catalog(home / "catalog.db") as catalog:
        index_archive(home, catalog, jobs=0)
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        return [*problems(home), *differences(catalog.db)]


def pages(home: Path) -> dict[str, int]:
    """Return how often each page was captured."""
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        sql = "select url, count(*) from captures where kind not in ('robots') group by url"
        return dict(catalog.db.execute(sql).fetchall())


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an archive and copies of it, taken at moments of its crawl."""
    folder = tmp_path_factory.mktemp("backup")
    chance = random.Random(7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gkcrawl.demo, "SPIDERS", ("shandong",))
        crawl = threading.Thread(target=run_demo, args=(folder / "home",))
        crawl.start()
        taken = 0
        while crawl.is_alive():
            if list((folder / "home" / "warc").glob("*.open")) and taken < MOMENTS:
                back_up(folder / "home", folder / f"copy{taken}")
                back_up(folder / "home", folder / "again")
                shutil.copytree(folder / "home" / "warc", folder / f"plain{taken}" / "warc")
                taken += 1
                time.sleep(chance.uniform(0, 0.2))
            time.sleep(0.01)
        crawl.join()
        yield folder


def test_a_copy_of_any_moment_of_a_crawl_verifies(crawled: Path) -> None:
    copies = sorted(crawled.glob("copy*"))
    assert len(copies) > 2
    for copy in copies:
        assert faults(copy) == [], copy


def test_a_copy_that_is_brought_up_again_and_again_is_the_archive(crawled: Path) -> None:
    last = back_up(crawled / "home", crawled / "again")
    assert back_up(crawled / "home", crawled / "again").files == 0 <= last.files
    names = {path.name for path in (crawled / "again" / "warc").iterdir()}
    assert names == {path.name for path in (crawled / "home" / "warc").iterdir()}
    assert faults(crawled / "again") == []
    assert pages(crawled / "again") == pages(crawled / "home")


def test_files_that_were_copied_by_others_make_the_same_catalog(crawled: Path) -> None:
    """As rsync, cp -a and tar copy them: file by file, those that grow as far as they are."""
    for copy in sorted(crawled.glob("plain*"))[-2:]:
        assert faults(copy) == [], copy


def test_a_crawl_goes_on_from_a_copy(crawled: Path) -> None:
    copy = sorted(crawled.glob("copy*"))[1]
    recover(copy)
    before = pages(copy)
    run_demo(copy)

    assert pages(copy).keys() == pages(crawled / "home").keys()
    # Lists are asked again, and what was captured before is not.
    articles = [url for url in before if "/t20" in url]
    assert all(pages(copy)[url] == 1 for url in articles)
    assert faults(copy) == []


def test_what_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, copy, config = tmp_path / "home", tmp_path / "copy", tmp_path / "my-config"
    for path in ("verdicts.jsonl", "quarantine/torn", "gkcrawl.env", "locks/a.lock", "verify.db"):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(path)
    (config / "portals").mkdir(parents=True)
    (config / "portals" / "yunnan.yml").write_text("name: 云南省")
    (home / "keys").mkdir()
    (home / "keys" / "key.pem").touch(0o600)
    Catalog(home / "catalog.db").close()
    monkeypatch.setenv("GKCRAWL_HOME", str(home))
    monkeypatch.setenv("GKCRAWL_CONFIG", str(config))

    told = CliRunner().invoke(main, ["backup", str(copy), "--json"], catch_exceptions=False)

    assert told.exit_code == 0
    assert json.loads(told.stdout)["files"] == 4
    assert {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()} == {
        *("backup.json", "catalog.db", "config/portals/yunnan.yml", "gkcrawl.env"),
        *("keys/key.pem", "quarantine/torn", "verdicts.jsonl"),
    }
    assert (copy / "keys" / "key.pem").stat().st_mode & 0o777 == 0o600


def test_another_archive_is_not_written_over(tmp_path: Path) -> None:
    for name in ("home", "other"):
        Catalog(tmp_path / name / "catalog.db").close() if (tmp_path / name).mkdir() else None
        (tmp_path / name / "verdicts.jsonl").write_text(name)
    with pytest.raises(BackupError, match="is not empty, and holds no backup of"):
        back_up(tmp_path / "home", tmp_path / "other")
    with pytest.raises(BackupError, match="lies in the archive itself"):
        back_up(tmp_path / "home", tmp_path / "home" / "backup")
    with pytest.raises(BackupError, match="there is no archive at"):
        back_up(tmp_path / "none", tmp_path / "copy")
    assert (tmp_path / "other" / "verdicts.jsonl").read_text() == "other"


def test_a_backup_that_was_killed_goes_on(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy"
    home.mkdir()
    (home / "a").write_text("a")
    back_up(home, copy)
    (home / "b").write_text("b")
    (copy / "b.part").write_text("half")
    (copy / NOTE).write_text(json.dumps({"at": None, "of": str(home)}))

    assert back_up(home, copy).files == 1
    assert (copy / "b").read_text() == "b"
