"""What is kept, on the command line: listed, shown, copied, deleted."""

from __future__ import annotations

from pathlib import Path

from acquisition.samples import sample_path
from tests.dashboard.command_line import Attune


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
