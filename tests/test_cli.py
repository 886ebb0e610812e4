"""The commands as somebody types them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, DemoArchive, gkcrawl

from gkcrawl.harvest import Harvest, Trouble, lines

PAGE = ROOT / "tests" / "pages" / "yunnan"


def test_read_prints_an_object_for_each_file_in_the_order_given(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.html", tmp_path / "note.txt"
    empty.write_bytes(b"")
    text.write_text("今天天气很好。", "utf-8")
    done = gkcrawl("read", str(text), str(empty), home=tmp_path)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(entry["file"]).name for entry in found] == ["note.txt", "empty.html"]
    assert [entry["is_report"] for entry in found] == [False, False]
    assert found[1]["reason"] == "empty"


def test_read_names_a_file_that_is_not_there_and_goes_on(tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text("今天天气很好。", "utf-8")
    done = gkcrawl("read", "nowhere.html", str(text), home=tmp_path, check=False)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["reason"], second["file"]) == ("no_file", str(text))
    assert "nowhere.html" in first["message"]
    assert done.returncode == 1


def test_read_takes_a_manifest(tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text("今天天气很好。", "utf-8")
    manifest = tmp_path / "m.jsonl"
    entry = {"file": str(text), "url": "http://www.cxs.gov.cn/info/1.htm"}
    manifest.write_text(json.dumps(entry) + "\n\n", "utf-8")
    done = gkcrawl("read", "--manifest", str(manifest), home=tmp_path)
    assert json.loads(done.stdout)["url"] == "http://www.cxs.gov.cn/info/1.htm"


def test_read_says_which_line_of_a_manifest_is_wrong(tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl"
    manifest.write_text('\n{"datei": "x"}\n', "utf-8")
    done = gkcrawl("read", "--manifest", str(manifest), home=tmp_path, check=False)
    assert done.returncode == 1
    assert "line 2" in done.stderr


def test_read_gives_every_page_of_a_warc(demo_archive: DemoArchive, tmp_path: Path) -> None:
    (file,) = (demo_archive.home / "warc").glob("wenku-*.warc.gz")
    done = gkcrawl("read", str(file), home=tmp_path)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert ("济宁市任城区人民政府", 2021) in {
        (entry["issuer"]["name"], entry["year"]) for entry in found if entry["is_report"]
    }


@pytest.mark.parametrize("command", ["crawl", "index", "schedule", "search", "serve", "status"])
def test_a_command_imports_only_what_it_needs(command: str) -> None:
    """All of gkcrawl takes two seconds to import."""
    slow = ("scrapy", "twisted", "datasette", "archive.report", "numpy", "pandas", "distributed")
    code = f"""
import sys
from gkcrawl.cli import main
main.commands[{command!r}]
print([name for name in {slow!r} if name in sys.modules])"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    "command", ["status", "verify", "serve", "search 诉讼", "missing --year 2024"]
)
def test_a_command_without_a_catalog_says_what_to_do(command: str, tmp_path: Path) -> None:
    done = gkcrawl(*command.split(), home=tmp_path, check=False)
    assert done.returncode == 1
    assert "crawl first" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_spider_is_a_usage_error_that_names_the_known(tmp_path: Path) -> None:
    done = gkcrawl("crawl", "yunan", home=tmp_path, check=False)
    assert done.returncode == 2
    assert "yunnan" in done.stderr


def test_a_broken_portals_file_is_reported_before_anything_is_fetched(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text('province: "530000"\nname: 云南省\nportals:\n  - {code: 530800}\n', "utf-8")
    done = gkcrawl("crawl", "yunnan", "--portals", str(file), home=tmp_path / "home", check=False)
    assert done.returncode == 1
    assert "mine.yml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "warc").exists()


def test_status_missing_and_checks_have_json(demo_archive: DemoArchive) -> None:
    home = demo_archive.home
    status = json.loads(gkcrawl("status", "--json", home=home).stdout)
    assert status["reports"]["total"] == demo_archive.summary["new"]["reports"]
    missing = json.loads(gkcrawl("missing", "--year", "2024", "--json", home=home).stdout)
    assert "济宁市任城区人民政府" in {row["name"] for row in missing}
    checks = json.loads(gkcrawl("checks", "--source", "identity", "--json", home=home).stdout)
    assert {row["issuer"] for row in checks} == {"昆明市官渡区人民政府太和街道办事处"}


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("missing --year 9999", 2, "9999 is not in the range"),
        ("missing --year 2024 --kind bureau", 2, "'bureau' is not one of"),
        ("missing --year 2024 --place 999999", 1, "of the place '999999'"),
        ("missing --year 2024 --place central --kind department", 0, "nothing that is known"),
        ("findings --status bogus", 2, "'bogus' is not one of"),
        ("findings --year 1999", 0, "nothing found"),
    ],
)
def test_a_mistyped_filter_is_no_empty_list(
    demo_archive: DemoArchive, command: str, code: int, told: str
) -> None:
    done = gkcrawl(*command.split(), home=demo_archive.home, check=False)
    assert done.returncode == code
    assert told in done.stderr
    assert done.stdout == ""


def test_the_tables_for_people_are_not_cut_off_in_a_pipe(demo_archive: DemoArchive) -> None:
    shown = gkcrawl("missing", "--year", "2024", home=demo_archive.home).stdout
    assert "济宁市任城区人民政府" in shown
    assert "…" not in shown


def test_doctor_looks_at_everything_that_is_needed(tmp_path: Path) -> None:
    findings = json.loads(gkcrawl("doctor", "--json", home=tmp_path).stdout)
    names = {finding["name"] for finding in findings}
    assert names == {"python", "sqlite", "chromium", "fonts", "disk", "clock", "proxy"}


def test_the_summary_says_what_each_host_gave_and_what_gave_nothing(
    demo_archive: DemoArchive,
) -> None:
    hosts = {place["host"]: place for place in demo_archive.summary["hosts"]}
    assert hosts["www.cxs.gov.cn"]["name"] == "楚雄市"
    assert hosts["www.cxs.gov.cn"]["outcomes"]["report"] == 3
    troubles = [trouble for place in hosts.values() for trouble in place["troubles"]]
    assert {trouble["outcome"]: trouble["detail"] for trouble in troubles} == {
        "http_error": "HTTP 500",
        "not_found": "HTTP 404",
        "blocked": "HTTP 412",
        "empty": "",
        "unreadable": "",
        "truncated": "",
        "soft_404": "",
    }


def test_the_harvest_reads_as_lines() -> None:
    gone = Trouble("http://a.example/1", "not_found", "HTTP 404")
    place = Harvest("yunnan", "a.example", "某市", {"report": 2, "not_found": 1}, [gone])
    assert list(lines([place])) == [
        "yunnan",
        "      2 reports on     3 pages  a.example  某市",
        "",
        "Gave nothing, and is tried again when due: 1",
        "  not_found   http://a.example/1  (no longer there, HTTP 404)",
    ]
