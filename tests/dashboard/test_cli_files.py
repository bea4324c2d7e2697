"""Files on the command line: what analyze, replay and simulate tell, in which shape."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from acquisition.samples import sample_path
from tests.dashboard.command_line import ROOT, VERDICTS, Attune

ARTIFACTS = (VERDICTS - {"normal"}) | {"corrected_percent"}


def test_good_files_are_listed_beside_a_bad_one(attune: Attune, rr_file: Path) -> None:
    """Status 3, and the list holds the good ones."""
    done = attune("analyze", rr_file, "no-such-file.txt", "--json")
    assert done.status == 3
    assert [result["file"] for result in done.json] == [str(rr_file)]
    assert "no-such-file.txt" in done.err


def test_an_analysis_has_the_shape_of_the_contract(attune: Attune, rr_file: Path) -> None:
    """Every key, and a value exactly where there is no reason."""
    (result,) = attune("analyze", rr_file, "--json").json
    head = {"file", "format", "unit_decision", "started_at", "rows_read", "rows_refused", "details"}
    assert set(result) == head | {"beats", "gaps", "duration_s", "artifacts", "indices", "method"}
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


def test_whoever_stops_listening_makes_no_noise() -> None:
    """``attune replay ... | head -1`` ends without a traceback."""
    command = f"{sys.executable} -m dashboard replay sample:clean-rest --speed max --jsonl | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["kind"] == "start"
    assert done.stderr == ""


def test_a_recording_that_was_cut_off_says_what_is_used(attune: Attune, tmp_path: Path) -> None:
    """What is whole is analysed and replayed; stderr says that the end is missing and what was kept."""
    path = tmp_path / "cut.attune.jsonl"
    path.write_bytes(sample_path("clean-rest").read_bytes()[:20_000])
    for words in (("analyze", path, "--json"), ("replay", path, "--speed", "max", "--jsonl")):
        done = attune(*words)
        assert done.status == 0
        assert re.fullmatch(rf"attune: {re.escape(str(path))}: the end is missing.* are whole and used\n", done.err)
    assert "truncated" in attune("analyze", path, "--json").json[0]["details"]
