"""A command run in this process on a data folder of its own, and a small file to give it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from dashboard.__main__ import main
from tests.dashboard.command_line import Attune, Done


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
