"""``attune analyze`` over many files: side by side, gone on with, and stopped by Ctrl-C."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.dashboard.command_line import ROOT, Attune

SIGNALS = sys.platform != "win32"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Four short recordings, each a little different."""
    made = []
    for number in range(4):
        path = tmp_path / f"{number}.txt"
        values = [f"{900 + 10 * number + 40 * math.sin(i / 2):.0f}" for i in range(100)]
        path.write_text("\n".join(values), encoding="utf-8")
        made.append(path)
    return made


def test_side_by_side_gives_what_one_after_the_other_gives(attune: Attune, files: list[Path]) -> None:
    """The same list in the same order; one that cannot be used spoils nothing."""
    alone = attune("analyze", *files, "none.txt", "--json")
    beside = attune("analyze", *files, "none.txt", "--json", "--jobs", 2)
    assert beside.json == alone.json
    assert [result["file"] for result in beside.json] == [str(path) for path in files]
    assert (beside.status, alone.status) == (3, 3)
    assert "none.txt" in beside.err


def test_what_is_there_already_is_not_done_again(attune: Attune, files: list[Path], tmp_path: Path) -> None:
    """Results are whole JSON files; a changed file or option is computed anew."""
    keep = tmp_path / "results"
    first = attune("analyze", *files[:2], "--json", "--results", keep)
    kept = sorted(keep.glob("*.json"))
    assert [json.loads(path.read_text())["file"] for path in kept] == [str(path) for path in files[:2]]
    stamps = [path.stat().st_mtime_ns for path in kept]
    again = attune("analyze", *files, "--json", "--results", keep)
    assert again.json[:2] == first.json
    assert "2 of 4 were there already" in again.err
    assert [path.stat().st_mtime_ns for path in kept] == stamps
    files[0].write_text(files[0].read_text() + "\n900", encoding="utf-8")
    assert "1 of 2 were there already" in attune("analyze", *files[:2], "--json", "--results", keep).err
    assert "already" not in attune("analyze", files[1], "--json", "--results", keep, "--correction", "none").err
    assert not list(keep.glob("*.part"))


def test_a_kept_result_names_the_file_that_was_asked_for(attune: Attune, files: list[Path], tmp_path: Path) -> None:
    """Two equal files have one result, told under each name."""
    twin = tmp_path / "twin" / files[0].name
    twin.parent.mkdir()
    twin.write_bytes(files[0].read_bytes())
    done = attune("analyze", files[0], twin, "--json", "--results", tmp_path / "results")
    assert [result["file"] for result in done.json] == [str(files[0]), str(twin)]


def test_a_table_has_source_and_pipeline_in_every_row(attune: Attune, files: list[Path], tmp_path: Path) -> None:
    """The method card goes with each number."""
    out = tmp_path / "table.csv"
    assert attune("analyze", files[0], "--csv", out).status == 0
    heads, *rows = out.read_text().splitlines()
    assert heads.endswith("window_s,beats,corrected_percent,source,pipeline")
    assert all(row.rstrip('"').split("attunement ")[-1].endswith("rule 2") for row in rows)
    assert "Task Force 1996" in attune("analyze", files[0]).out


@pytest.mark.parametrize("words", [("--jobs", "0"), ("--jobs", "many")])
def test_a_number_of_jobs_that_makes_no_sense_is_wrong_use(attune: Attune, words: tuple[str, str]) -> None:
    """Status 2."""
    assert attune("analyze", "sample:clean-rest", *words).status == 2


def test_a_folder_that_cannot_be_written_is_named(attune: Attune, files: list[Path]) -> None:
    """Status 5, before anything is computed."""
    done = attune("analyze", files[0], "--json", "--results", files[1])
    assert (done.status, done.out) == (5, "")
    assert str(files[1]) in done.err


@pytest.mark.timeout(400)
@pytest.mark.skipif(not SIGNALS, reason="Ctrl-C is sent as a signal")
def test_ctrl_c_leaves_finished_results_and_the_same_command_goes_on(files: list[Path], tmp_path: Path) -> None:
    """Status 130, what is finished is put out and kept whole, and the rest follows on the next run."""
    keep = tmp_path / "results"
    many = [*map(str, files[:2]), "sample:out-of-reach", "sample:paced-6"]
    words = [sys.executable, "-m", "dashboard", "--data", str(tmp_path / "data"), "analyze", *many, "--json"]
    words += ["--jobs", "2", "--results", str(keep)]
    running = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 90
    while not list(keep.glob("*.json")) and time.monotonic() < until:
        assert running.poll() is None
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=120)
    finished = [json.loads(path.read_text()) for path in keep.glob("*.json")]
    assert running.returncode in (0, 130), err  # 0: all was done before the signal came
    if running.returncode == 130:
        assert "stopped after" in err
        assert "goes on from" in err
        assert len(json.loads(out)) <= len(finished)
        assert "Traceback" not in err
    again = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert [result["file"] for result in json.loads(again.stdout)] == many
    assert "were there already" in again.stderr
