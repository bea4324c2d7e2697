"""The command line keeps its contract: wrong use, unusable input, and commands that need no recording."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.__main__ import COMMANDS, build_parser
from tests.dashboard.command_line import ROOT, Attune, Done


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["dance"],
        ["replay"],
        ["replay", "x", "--speed", "0"],
        ["replay", "x", "--speed", "fast"],
        ["replay", "x", "--speed", "nan"],
        ["analyze", "x", "--correction", "magic"],
        ["analyze", "x", "--window", "60"],
        ["serve", "--host", "0.0.0.0"],
        ["serve", "--port", "-1"],
        ["serve", "--port", "70000"],
        ["record"],
        ["record", "--sensor", "A", "--sensor", "B", "--sensor", "C"],
        ["record", "--sensor", "A", "--sensor", "A"],
        ["simulate", "--scenario", "no-such", "--out", "x"],
        ["exercises"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_status_2_and_says_why_in_one_line(attune: Attune, words: list[str]) -> None:
    """Nothing on stdout, one line on stderr."""
    done = attune(*words)
    assert (done.status, done.out) == (2, "")
    assert re.fullmatch(r"attune: .+\n", done.err)


def test_another_host_is_refused_with_the_reason(attune: Attune) -> None:
    """Nobody serves health data to the network by accident."""
    assert "no login" in attune("serve", "--host", "192.168.1.20").err


@pytest.mark.parametrize("command", ["replay", "analyze"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("binary.txt", bytes(range(256)) * 10),
        ("empty.txt", b""),
        ("rate.txt", b"\n".join(b"%d" % (60 + i % 9) for i in range(300))),
        ("absurd.txt", b"-5\n0\n99999999\n"),
        ("words.txt", b"dear diary\nit was fine\n"),
        ("cut.attune.jsonl", b'{"kind": "header", "schema": 1'),
        ("interval.hrm", b"[Params]\r\nVersion=106\r\nInterval=5\r\n[HRData]\r\n80\r\n81\r\n"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unusable_file_is_status_3(attune: Attune, tmp_path: Path, command: str, name: str, content: bytes) -> None:
    """Stderr names the file, what is wrong and what to do; stdout stays empty."""
    path = tmp_path / name
    path.write_bytes(content)
    done = attune(command, path)
    assert (done.status, done.out) == (3, "")
    assert re.fullmatch(rf"attune: {re.escape(str(path))}(:\d+)?: .+; .+\n", done.err)


@pytest.mark.parametrize("name", ["no-such-file.txt", "sample:no-such", "0b2f8c1e-aaaa", "/etc"])
def test_a_missing_file_is_status_3(attune: Attune, name: str) -> None:
    """A path, a sample or an ID that is not there, or a folder."""
    done = attune("analyze", name, "--json")
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith("attune: ")


def test_exercises_are_listed_shown_and_checked(attune: Attune, tmp_path: Path) -> None:
    """Each script that is supplied is sound; a broken one is named by file and line."""
    assert {"tour", "out-of-reach", "resting-start"} <= {
        line.split()[0] for line in attune("exercises", "list").out.splitlines()
    }
    assert attune("exercises", "show", "tour").json["id"] == "tour"
    assert attune("exercises", "show", "no-such").status == 3
    scripts = sorted((ROOT / "sessions" / "exercises").glob("*.yaml"))
    assert attune("exercises", "lint", *scripts) == Done(0, "", "")
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: Not A Slug\nphases: 3\n", encoding="utf-8")
    done = attune("exercises", "lint", broken)
    assert done.status == 3
    assert all(re.fullmatch(rf"{re.escape(str(broken))}:\d+: .+; .+", line) for line in done.out.splitlines())


def test_the_doctor_says_where_everything_lies(attune: Attune, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions, folder, log, Bluetooth and samples; no Bluetooth is a finding, not an error."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    done = attune("doctor", "--json")
    assert done.status == 0
    assert done.json["data_folder"] == str(tmp_path / "data")
    assert done.json["log"].startswith(str(tmp_path / "data"))
    assert {"python", "sqlite", "neurokit2"} <= set(done.json["versions"])
    assert "clean-rest" in done.json["samples"]
    assert set(done.json["bluetooth"]) == {"ready", "state"}


@pytest.mark.skipif(sys.platform != "linux", reason="takes the message bus away")
@pytest.mark.parametrize("words", [["scan", "--seconds", "0.1", "--json"], ["record", "--sensor", "AA:BB:CC:DD:EE:FF"]])
def test_no_bluetooth_is_status_4_with_the_reason(words: list[str], tmp_path: Path) -> None:
    """Without a message bus nothing hangs: the reason and what to do are said, and nothing is recorded."""
    env = {
        **os.environ,
        "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus",
        "ATTUNE_DATA": str(tmp_path / "data"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert "Bluetooth" in done.stderr
    listed = subprocess.run(
        [sys.executable, "-m", "dashboard", "recordings", "--json"], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert json.loads(listed.stdout) == []


def test_every_command_of_the_help_is_there() -> None:
    """Each name in the help has a file that takes arguments and runs."""
    parser = build_parser()
    for name in COMMANDS:
        assert name in parser.format_help()
