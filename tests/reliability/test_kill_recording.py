"""The short form of kill_recording.py; the long form is a command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_nothing_acknowledged_is_lost_when_the_process_is_killed() -> None:
    """Eight processes are killed at random moments; every line they had told is found again.

    The command runs in a process of its own: it forks, and the test runner has threads.
    """
    command = [sys.executable, "-m", "tests.reliability.kill_recording", "--kills", "8", "--seed", "5"]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kills=8" in done.stdout
    assert "promised=0" not in done.stdout
