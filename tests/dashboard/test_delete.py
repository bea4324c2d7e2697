"""``attune delete``: whoever sits at the command line owns the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.__main__ import main
from dashboard.demonstration import seed_folder
from sessions.records import Asker
from sessions.service import Service

SYSTEM = Asker("system")


def kept(data: Path, scope: str) -> str:
    """The id of a finished recording whose person has chosen who may see it."""
    with Service.open(data, writable=True) as service:
        seed_folder(service, "clean-rest")
        (summary,) = service.recordings(SYSTEM)
        service.set_visibility(SYSTEM, summary.id, scope)
    return summary.id


@pytest.mark.parametrize("scope", ["private", "clinician_without_words", "clinician"])
def test_a_recording_can_be_deleted_whoever_may_see_it(
    tmp_path: Path, scope: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A recording that its person shares with nobody is theirs to remove too."""
    identity = kept(tmp_path / "d", scope)
    assert main(["--data", str(tmp_path / "d"), "delete", identity, "--yes"]) == 0
    assert f"removed recording {identity}" in capsys.readouterr().err
    with Service.open(tmp_path / "d", writable=False) as service:
        assert service.recordings(SYSTEM) == []


def test_an_unknown_recording_is_status_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is removed, and the others are still there."""
    kept(tmp_path / "d", "private")
    assert main(["--data", str(tmp_path / "d"), "delete", "ffffffff", "--yes"]) == 3
    assert "no such recording" in capsys.readouterr().err
    with Service.open(tmp_path / "d", writable=False) as service:
        assert len(service.recordings(SYSTEM)) == 1
