"""The command line keeps its contract: shapes, exit codes, what goes to stdout and what to stderr."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from acquisition.samples import sample_path
from dashboard.__main__ import COMMANDS, build_parser, main

ROOT = Path(__file__).resolve().parents[2]
VERDICTS = {"normal", "ectopic", "missed", "extra", "long", "short", "out_of_range"}
ARTIFACTS = (VERDICTS - {"normal"}) | {"corrected_percent"}


@dataclass
class Done:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Stdout as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Attune = Callable[..., Done]


@pytest.fixture
def attune(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Attune:
    """Run a command in this process on a data folder of its own."""
    monkeypatch.delenv("ATTUNE_DATA", raising=False)

    def run(*words: object) -> Done:
        capsys.readouterr()
        try:
            status = main(["--data", str(tmp_path / "data"), *map(str, words)])
        except SystemExit as ended:  # argparse leaves that way
            status = int(str(ended.code or 0))
        told = capsys.readouterr()
        return Done(status, told.out, told.err)

    return run


@pytest.fixture
def rr_file(tmp_path: Path) -> Path:
    """Two minutes of plain intervals, about 60 a minute."""
    path = tmp_path / "calm.txt"
    path.write_text("\n".join(f"{1000 + 40 * math.sin(i / 2):.0f}" for i in range(120)), encoding="utf-8")
    return path


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


def test_good_files_are_listed_beside_a_bad_one(attune: Attune, rr_file: Path) -> None:
    """Status 3, and the list holds the good ones."""
    done = attune("analyze", rr_file, "no-such-file.txt", "--json")
    assert done.status == 3
    assert [result["file"] for result in done.json] == [str(rr_file)]
    assert "no-such-file.txt" in done.err


def test_an_analysis_has_the_shape_of_the_contract(attune: Attune, rr_file: Path) -> None:
    """Every key, and a value exactly where there is no reason."""
    (result,) = attune("analyze", rr_file, "--json").json
    head = {"file", "format", "unit_decision", "started_at", "beats", "gaps", "duration_s"}
    assert set(result) == head | {"artifacts", "indices", "method"}
    assert result["beats"] == 120
    assert set(result["artifacts"]) == ARTIFACTS
    for name in (
        "mean_hr_bpm",
        "rmssd_ms",
        "sdnn_ms",
        "pnn50_percent",
        "hf_ms2",
        "lf_ms2",
        "swing_bpm",
        "rhythm_score",
    ):
        index = result["indices"][name]
        assert {"value", "unit", "reason", "window_s", "beats"} <= set(index)
        assert (index["value"] is None) == (index["reason"] is not None)


def test_a_short_recording_is_not_unusable(attune: Attune, tmp_path: Path) -> None:
    """Ten beats give an analysis in which each index says why it is withheld."""
    path = tmp_path / "short.txt"
    path.write_text("\n".join(["1000", "1010"] * 5), encoding="utf-8")
    done = attune("analyze", path, "--json")
    assert done.status == 0
    assert done.json[0]["indices"]["lf_ms2"]["reason"].startswith("too_short")


def test_windows_are_there_when_asked_for(attune: Attune, rr_file: Path) -> None:
    """Each with its own span and indices."""
    (result,) = attune("analyze", rr_file, "--json", "--window", "60", "--step", "30").json
    assert [window["end_s"] - window["start_s"] for window in result["windows"]] == pytest.approx([60.0] * 3)
    assert all("rmssd_ms" in window["indices"] for window in result["windows"])


def test_a_table_holds_the_numbers_of_the_json(attune: Attune, rr_file: Path, tmp_path: Path) -> None:
    """The same digits in both, and nothing on stdout beside a table."""
    (result,) = attune("analyze", rr_file, "--json").json
    out = tmp_path / "table.csv"
    assert attune("analyze", rr_file, "--csv", out).out == ""
    with out.open(encoding="utf-8", newline="") as file:
        rows = {row["index"]: row for row in csv.DictReader(file)}
    assert float(rows["rmssd_ms"]["value"]) == result["indices"]["rmssd_ms"]["value"]
    assert {name for name, row in rows.items() if row["value"] == ""} == {
        name for name, index in result["indices"].items() if index["value"] is None
    }


def test_no_cell_of_a_table_is_a_formula(
    attune: Attune, rr_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file named like a formula is text in the table."""
    monkeypatch.chdir(tmp_path)
    rr_file.rename(tmp_path / "=1+1.txt")
    assert attune("analyze", "=1+1.txt", "--csv", "table.csv").status == 0
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        assert {row["file"] for row in csv.DictReader(file)} == {"'=1+1.txt"}


def test_a_table_that_cannot_be_written_is_status_5(attune: Attune, rr_file: Path, tmp_path: Path) -> None:
    """The place is named."""
    done = attune("analyze", rr_file, "--csv", tmp_path / "no" / "folder.csv")
    assert done.status == 5
    assert "folder.csv" in done.err


def test_a_replay_has_the_lines_of_the_contract(attune: Attune) -> None:
    """Start, beats, gaps, revisions and end, in order, with their keys."""
    lines = attune("replay", "sample:ectopic-5", "--speed", "max", "--jsonl").lines
    assert (lines[0]["kind"], lines[0]["schema"], lines[-1]["kind"]) == ("start", 1, "end")
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        by_kind.setdefault(line["kind"], []).append(line)
    assert set(by_kind) == {"start", "beat", "gap", "revision", "end"}
    for beat in by_kind["beat"]:
        assert {"seq", "time_s", "rr_ms", "verdict", "nn_ms", "indices"} <= set(beat)
        assert beat["verdict"] in VERDICTS
        assert (beat["nn_ms"] is None) == (beat["verdict"] != "normal")
        assert all(set(index) == {"value", "reason"} for index in beat["indices"].values())
    assert all(set(gap) == {"kind", "from_s", "to_s", "reason"} for gap in by_kind["gap"])
    assert all(set(line) == {"kind", "seq", "time_s", "verdict", "nn_ms"} for line in by_kind["revision"])
    assert by_kind["end"][0]["beats"] == len(by_kind["beat"])


def test_every_speed_gives_the_same_bytes(attune: Attune) -> None:
    """A thousand times real time, once more, and as fast as can be: not one byte differs."""
    told = [attune("replay", "sample:restless-strap", "--jsonl", "--speed", speed).out for speed in (1000, 1000, "max")]
    assert told[0] == told[1] == told[2]
    assert "NaN" not in told[0]


@pytest.mark.parametrize("sample", ["ectopic-12", "restless-strap"])
def test_an_analysis_has_the_final_verdicts_of_a_replay(attune: Attune, sample: str) -> None:
    """Counting refused intervals after all revisions gives the share that analyze gives."""
    final = dict[int, str]()
    for line in attune("replay", f"sample:{sample}", "--speed", "max", "--jsonl").lines:
        if line["kind"] in ("beat", "revision"):
            final[line["seq"]] = line["verdict"]
    (result,) = attune("analyze", f"sample:{sample}", "--json").json
    refused = sum(verdict != "normal" for verdict in final.values())
    assert result["beats"] == len(final)
    assert result["artifacts"]["corrected_percent"] == pytest.approx(100 * refused / len(final))


def test_a_replay_for_people_is_readable(attune: Attune, rr_file: Path) -> None:
    """Without --jsonl it is lines of words and numbers."""
    done = attune("replay", rr_file, "--speed", "max")
    assert done.status == 0
    assert "120 beats" in done.out
    assert "{" not in done.out


def test_a_simulated_recording_is_the_same_for_the_same_seed(attune: Attune, tmp_path: Path) -> None:
    """Both files, byte by byte; another seed is another heart."""
    made = {}
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        path = tmp_path / f"{name}.attune.jsonl"
        done = attune("simulate", "--scenario", "clean-rest", "--minutes", 1, "--seed", seed, "--out", path)
        assert done.out.splitlines() == [str(path), f"{path}.answers.json"]
        made[name] = path.read_bytes()
    assert made["a"] == made["b"] != made["c"]
    assert attune("analyze", tmp_path / "a.attune.jsonl", "--json").status == 0


def test_nothing_kept_is_an_empty_list(attune: Attune, tmp_path: Path) -> None:
    """Asking makes no folder."""
    done = attune("recordings", "--json")
    assert (done.status, done.json) == (0, [])
    assert not (tmp_path / "data").exists()


def keep_sample(folder: Path, sample: str) -> str:
    """A recording in the folder, as the demo puts it there."""
    from acquisition.formats import read
    from dashboard.demonstration import keep
    from sessions.service import Service

    with Service.open(folder, writable=True) as service:
        return keep(service, read(sample_path(sample)))


def test_a_kept_recording_is_listed_shown_replayed_analysed_and_deleted(attune: Attune, tmp_path: Path) -> None:
    """Its ID stands wherever FILE stands; afterwards it is gone."""
    recording = keep_sample(tmp_path / "data", "paced-6")
    (listed,) = attune("recordings", "--json").json
    assert set(listed) == {"id", "started_at", "state", "source", "exercise", "client", "beats", "gaps", "duration_s"}
    assert (listed["id"], listed["state"], listed["exercise"]) == (recording, "closed", None)
    (by_id,) = attune("analyze", recording, "--json").json
    (by_file,) = attune("analyze", "sample:paced-6", "--json").json
    assert (by_id["beats"], by_id["indices"]) == (by_file["beats"], by_file["indices"])
    lines = attune("replay", recording, "--speed", "max", "--jsonl").lines
    assert lines[1:] == attune("replay", "sample:paced-6", "--speed", "max", "--jsonl").lines[1:]
    assert attune("delete", recording).status == 0
    assert attune("recordings", "--json").json == []
    assert attune("show", recording).status == 3


def test_a_review_has_the_shape_of_the_contract(attune: Attune, tmp_path: Path) -> None:
    """Parts with ratings, indices and reactivity, and the half-time of the way back."""
    recording = keep_sample(tmp_path / "data", "out-of-reach")
    shown = attune("show", recording, "--json").json
    assert {"id", "state", "exercise", "phases", "half_time", "flags", "method"} <= set(shown)
    assert {"value_s", "censored", "paced", "fitted_s", "reason"} <= set(shown["half_time"])
    assert shown["phases"]
    for phase in shown["phases"]:
        assert {"name", "kind", "speech", "start_s", "end_s", "usable_percent", "corrected_percent", "gaps"} <= set(
            phase
        )
        assert {"ratings", "indices"} <= set(phase)
    assert any(phase.get("reactivity") for phase in shown["phases"])
    assert "out-of-reach" in attune("show", recording).out


def test_a_copy_is_made_once_and_never_over_a_file(attune: Attune, tmp_path: Path) -> None:
    """The copy is named on stdout; a second one to the same name is refused."""
    keep_sample(tmp_path / "data", "clean-rest")
    target = tmp_path / "copy.sqlite"
    done = attune("backup", target)
    assert (done.status, done.out) == (0, f"{target}\n")
    assert attune("backup", target).status == 3


def test_a_folder_in_use_is_status_5(attune: Attune, tmp_path: Path) -> None:
    """Whoever comes second is told who has it; reading goes on."""
    from sessions.service import Service

    recording = keep_sample(tmp_path / "data", "clean-rest")
    with Service.open(tmp_path / "data", writable=True):
        done = attune("delete", recording)
        assert (done.status, done.out) == (5, "")
        assert "in use" in done.err
        assert len(attune("recordings", "--json").json) == 1


def test_a_file_where_the_folder_should_be_is_status_5(attune: Attune, tmp_path: Path) -> None:
    """A data folder that is a file cannot be used, and stays as it is."""
    (tmp_path / "data").write_text("mine", encoding="utf-8")
    assert attune("serve", "--no-browser", "--port", "0").status == 5
    assert (tmp_path / "data").read_text(encoding="utf-8") == "mine"


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


def test_whoever_stops_listening_makes_no_noise() -> None:
    """``attune replay ... | head -1`` ends without a traceback."""
    command = f"{sys.executable} -m dashboard replay sample:clean-rest --speed max --jsonl | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["kind"] == "start"
    assert done.stderr == ""
