"""The units that ``gkcrawl schedule print`` prints are ones that systemd, cron and GitHub take."""

import re
import shutil
import subprocess
from datetime import UTC, time, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from needed import missing

from gkcrawl.cli import main
from gkcrawl.schedule import printing
from gkcrawl.schedule.printing import Job

ODD = "/srv/a b/100%/$x"


def job(home: str = "/srv/gkcrawl", **more: object) -> Job:
    values = {
        "program": Path("/usr/bin/true"),
        "home": Path(home),
        "folder": Path("/"),
        "user": "root",
        "at": time(22, 30),
        "spiders": ("yunnan", "wenku"),
        "environment": {"GKCRAWL_CONTACT": "mailto:a@example.org"},
    }
    return Job(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("home", ["/srv/gkcrawl", ODD])
def test_systemd_accepts_service_and_timer(tmp_path: Path, home: str) -> None:
    if not shutil.which("systemd-analyze"):
        missing("systemd-analyze")
    files = printing.systemd(job(home))
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    units = [str(tmp_path / name) for name in files if not name.endswith(".env")]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    own = [line for line in done.stderr.splitlines() if "gkcrawl" in line]
    assert (own, done.returncode) == ([], 0)


def test_the_timer_is_for_a_time_in_china_and_makes_up_for_a_missed_night() -> None:
    timer = printing.systemd(job())["gkcrawl.timer"]
    assert "OnCalendar=*-*-* 22:30:00 Asia/Shanghai" in timer
    assert "Persistent=true" in timer


def test_the_service_may_write_to_its_home_and_passes_one_signal_on() -> None:
    service = printing.systemd(job(ODD))["gkcrawl.service"]
    assert 'ReadWritePaths="/srv/a b/100%%/$x"\n' in service
    assert 'Environment="GKCRAWL_HOME=/srv/a b/100%%/$x"\n' in service
    assert "EnvironmentFile=-/srv/a b/100%%/$x/gkcrawl.env\n" in service
    assert "KillMode=mixed" in service
    assert "ExecStart=/usr/bin/true crawl --due yunnan wenku\n" in service


def fields(text: str) -> tuple[dict[str, str], list[tuple[list[str], str]]]:
    """Return variables and (fields, command) of a crontab as crontab(5) reads it, strictly."""
    variables, jobs = {}, []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if setting := re.fullmatch(r'([A-Z_]+)="?([^"]*)"?', line):
            variables[setting[1]] = setting[2]
            continue
        *when, command = line.split(None, 5)
        assert len(when) == 5
        # An unescaped percent sign would end the command.
        head, sign, _ = re.sub(r"\\%", "\0", command).partition("%")
        assert not sign
        jobs.append((when, head.replace("\0", "%")))
    return variables, jobs


@pytest.mark.parametrize(
    ("zone", "expected"), [(UTC, ["30", "14"]), (timezone(timedelta(hours=8)), ["30", "22"])]
)
def test_the_crontab_names_the_time_of_the_machine(zone: timezone, expected: list[str]) -> None:
    variables, ((when, command),) = fields(printing.cron(job(), zone)["crontab"])
    assert when == [*expected, "*", "*", "*"]
    assert variables["GKCRAWL_HOME"] == "/srv/gkcrawl"
    assert variables["SHELL"] == "/bin/sh"
    assert "/usr/bin/true crawl --due yunnan wenku" in command


def test_what_cron_runs_is_run_as_it_is_meant(tmp_path: Path) -> None:
    """As cron does it: /bin/sh -c, the lines' variables, nothing else."""
    program = tmp_path / "my gkcrawl"
    program.write_text('#!/bin/sh\necho "$GKCRAWL_HOME|$PWD|$*"\n')
    program.chmod(0o755)
    home = tmp_path / "a b" / "100%" / "$x'y"
    text = printing.cron(job(str(home), program=program, folder=tmp_path))["crontab"]
    variables, ((_, command),) = fields(text)
    subprocess.run([variables["SHELL"], "-c", command], env=variables, check=True)
    log = (home / "logs" / "schedule.log").read_text("utf-8")
    assert log == f"{home}|{tmp_path}|crawl --due yunnan wenku\n"


def test_cron_takes_the_crontab(tmp_path: Path) -> None:
    if not shutil.which("crontab"):
        pytest.skip("crontab is not there; the parser of this file has read it")
    path = tmp_path / "crontab"
    path.write_text(printing.cron(job(ODD))["crontab"], "utf-8")
    help_text = subprocess.run(
        ["crontab", "-h"], capture_output=True, text=True, check=False
    ).stderr
    if "-T" not in help_text:
        pytest.skip("this crontab cannot test a file")
    subprocess.run(["crontab", "-T", str(path)], check=True)


@pytest.mark.parametrize("spiders", [(), ("yunnan", "wenku")])
def test_the_workflow_has_what_github_demands(spiders: tuple[str, ...]) -> None:
    raw = yaml.safe_load(printing.github(job(spiders=spiders))["crawl.yml"])
    # YAML 1.1 takes the key for a truth value; GitHub does not.
    assert raw[True]["schedule"] == [{"cron": "30 14 * * *"}]
    assert raw["concurrency"]["cancel-in-progress"] is False
    crawl = raw["jobs"]["crawl"]
    assert crawl["runs-on"]
    assert all(("uses" in step) != ("run" in step) for step in crawl["steps"])
    uses = [step.get("uses", "").partition("@")[0] for step in crawl["steps"]]
    assert uses.index("actions/cache/restore") < uses.index("actions/cache/save")
    assert "actions/upload-artifact" in uses
    (run,) = [step["run"] for step in crawl["steps"] if "--due" in step.get("run", "")]
    assert f"crawl --due{''.join(' ' + name for name in spiders)} ||" in run
    minutes = re.search(r"(\d+)m gkcrawl", run)
    assert minutes
    assert int(minutes[1]) < crawl["timeout-minutes"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_path_and_no_value_adds_a_line(path: str, value: str) -> None:
    odd = job("/srv/" + path, environment={"GKCRAWL_CONTACT": value})
    for make in (printing.systemd, printing.cron):
        try:
            files = make(odd)
        except ValueError:
            continue
        plain = make(job())
        for name, text in files.items():
            assert text.count("\n") == plain[name].count("\n")


def test_the_command_prints_or_writes_and_knows_its_spiders(tmp_path: Path) -> None:
    run = CliRunner()
    printed = run.invoke(
        main, ["schedule", "print", "systemd", "--spiders", "yunnan", "--at", "1:05"]
    )
    assert "01:05:00 Asia/Shanghai" in printed.stdout
    assert "crawl --due yunnan\n" in printed.stdout
    written = run.invoke(main, ["schedule", "print", "cron", "-o", str(tmp_path)])
    assert written.stdout == f"{tmp_path / 'crontab'}\n"
    assert (tmp_path / "crontab").exists()
    wrong = run.invoke(main, ["schedule", "print", "cron", "--spiders", "yunan"])
    assert (wrong.exit_code, "no spider 'yunan'" in wrong.output) == (2, True)
