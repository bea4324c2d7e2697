"""``attune exercises``: what a clinic does with scripts of its own, from the copy to the check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.__main__ import main


def attune(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> tuple[int, str, str]:
    status = main(["--data", str(data), "exercises", *words])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_without_a_file_every_script_is_checked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The supplied ones are sound; a broken one of one's own is named with its line."""
    assert attune(capsys, tmp_path, "lint") == (0, "", "")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "broken.yaml").write_text("id: tour\n", encoding="utf-8")
    status, out, _ = attune(capsys, tmp_path, "lint")
    assert status == 3
    assert "broken.yaml:1: id 'tour' is taken by tour.yaml" in out


def test_a_script_of_ones_own_is_copied_checked_and_previewed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Copy, edit, check, look at it, use it: the copy has its own id and is listed."""
    status, out, _ = attune(capsys, tmp_path, "copy", "body-scan", "my-scan")
    assert (status, Path(out.strip())) == (0, tmp_path / "exercises" / "my-scan.yaml")
    assert attune(capsys, tmp_path, "lint", out.strip()) == (0, "", "")
    assert "my-scan" in attune(capsys, tmp_path, "list")[1]
    preview = attune(capsys, tmp_path, "preview", "my-scan")[1].splitlines()
    assert preview[0] == "Body scan, version 1.0.0: 20 minutes, level 1"
    assert [line.split()[0] for line in preview[1::3]] == ["0:00", "5:00", "17:00"]
    assert json.loads(attune(capsys, tmp_path, "show", "unanswered-message")[1])["needs"] == ["chat"]


@pytest.mark.parametrize("new", ["tour", "My Scan", "../out", "a" * 5 + "/b", ""])
def test_a_copy_gets_a_name_that_is_free_and_plain(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, new: str
) -> None:
    """Nothing is written over, and no path is made of an id."""
    status, out, err = attune(capsys, tmp_path, "copy", "body-scan", new)
    assert (status, out) == (3, "")
    assert err.startswith("attune: ")
    assert list(tmp_path.rglob("*.yaml")) == []


def test_the_list_says_what_a_script_waits_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A screen that the pages do not have yet is named; the three lengths of breathing are, too."""
    rows = {line.split()[0]: line for line in attune(capsys, tmp_path, "list")[1].splitlines()}
    assert rows["two-person-conversation"].rstrip().endswith("clinician, two-people")
    assert rows["body-scan"].rstrip().endswith("-")
    assert "5 or 10 or 20" in rows["breathing-practice"]
