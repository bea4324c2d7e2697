"""The sample recordings: found by name, the same bytes on every run, and as their README says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from acquisition.errors import UnreadableFile
from acquisition.formats import read
from acquisition.samples import resolve, sample_folder, sample_names, sample_path
from acquisition.scenarios import SCENARIOS, main

LARGEST_BYTES = 6 * 1024 * 1024
"""All samples together; they travel in every wheel."""


def test_every_scenario_is_a_sample() -> None:
    """And there are no others."""
    assert sample_names() == tuple(sorted(SCENARIOS))
    assert {"clean-rest", "out-of-reach", "paced-6", "ectopic-5", "ectopic-12", "calm-words-body-up"} < set(SCENARIOS)


def test_making_the_samples_again_gives_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Recordings and answers, to the last byte; the command names each file on stderr."""

    def hashes(folder: Path) -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.attune.jsonl*")}

    assert main(["--all", str(tmp_path / "again")]) == 0
    assert hashes(tmp_path / "again") == hashes(sample_folder())
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == len(SCENARIOS)


def test_the_samples_stay_small() -> None:
    """All together below 6 MB."""
    assert sum(path.stat().st_size for path in sample_folder().iterdir()) < LARGEST_BYTES


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_sample_is_read_as_a_whole_recording(name: str) -> None:
    """Its frames give its beats, its answers name its seed, and the README names both."""
    recording = read(sample_path(name))
    answers = json.loads((sample_folder() / f"{name}.attune.jsonl.answers.json").read_text(encoding="utf-8"))
    assert "truncated" not in recording.details
    assert recording.details["derived"].endswith("equal to the file's lines")
    assert recording.header["seed"] == answers["seed"] == SCENARIOS[name].seed
    assert len(recording.beats) == answers["received"]
    assert [(round(g.from_s, 4), round(g.to_s, 4)) for g in recording.gaps] == [
        (gap["from_s"], gap["to_s"]) for gap in answers["gaps"]
    ]
    readme = (sample_folder() / "README.md").read_text(encoding="utf-8")
    assert f"| {name} | {answers['seed']} | {answers['minutes']:.0f} min |" in readme


def test_a_sample_is_named_wherever_a_file_may_stand() -> None:
    """``sample:NAME`` is its path; anything else is a path as it stands."""
    assert resolve("sample:clean-rest") == sample_path("clean-rest")
    assert resolve("some/file.txt") == Path("some/file.txt")


@pytest.mark.parametrize("name", ["nothing", "", "../README", "clean-rest.attune.jsonl", "/etc/passwd"])
def test_an_unknown_sample_is_told_with_the_names_there_are(name: str) -> None:
    """And no path leads out of the folder."""
    with pytest.raises(UnreadableFile, match="clean-rest"):
        resolve(f"sample:{name}")
