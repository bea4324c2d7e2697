"""Kill a recording process at random moments and look whether anything that it had acknowledged is missing.

``python -m tests.reliability.kill_recording --kills 300``
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sessions.service import Service
from tests.reliability.recording_process import SYSTEM, kept_lines, record

LONGEST_LIFE_S = 1.6
"""A process lives for a random time up to this, counted from the moment at which its recording is there."""
EARLY_DEATHS = 0.15
"""Share of processes whose time is counted from their start: many of those die while opening the store."""
SPEED = 30.0
"""Seconds of heart in a second, so that every commit carries much."""


@dataclass(slots=True)
class Outcome:
    """What a row of kills has shown."""

    kills: int = 0
    """Processes killed after they had acknowledged something."""
    early: int = 0
    """Processes killed before that."""
    promised: int = 0
    """Items acknowledged in all."""
    seconds: float = 0.0
    """Seconds of heart recorded in all."""
    lost: int = 0
    """Items acknowledged and not found again."""
    holes: int = 0
    """Beats missing between others."""
    wrong_states: int = 0
    """Recordings that were not ``recovered`` and named at the next start."""

    @property
    def whole(self) -> bool:
        """True when every promise was kept."""
        return self.lost == self.holes == self.wrong_states == 0


def kill_one(folder: Path, seed: int, life_s: float, *, early: bool) -> list[str]:
    """Start a process that records, kill it after ``life_s``; returns the whole lines that it had told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            record(folder, writing, seed=seed, speed=SPEED, seconds=3600.0)
        finally:
            os._exit(0)
    os.close(writing)
    told = b"" if early else os.read(reading, 1 << 16)
    told += _read_for(reading, life_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 1 << 16):
        told += more
    os.close(reading)
    return told.decode().split("\n")[:-1]


def _read_for(handle: int, seconds: float) -> bytes:
    told = b""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([handle], [], [], left)[0]:
            told += os.read(handle, 1 << 16)
    return told


def look_back(folder: Path, lines: Sequence[str], outcome: Outcome) -> None:
    """Open the store as a reader and as the next writer, and compare with what was told."""
    if not lines:
        outcome.early += 1
        Service.open(folder, writable=True).close()
        return
    recording_id, promised = lines[0].removeprefix("recording "), set(lines[1:])
    with Service.open(folder, writable=False) as reader:
        seen_by_reader = reader.recording(SYSTEM, recording_id).summary.state
    with Service.open(folder, writable=True) as service:
        stored = service.recording(SYSTEM, recording_id)
        kept = kept_lines(service, recording_id)
        named = recording_id in service.recovered_at_start
    outcome.kills += bool(promised)
    outcome.early += not promised
    outcome.promised += len(promised)
    outcome.seconds += stored.summary.duration_s
    outcome.lost += len(promised - kept)
    outcome.holes += stored.missing_beats + stored.refused
    outcome.wrong_states += (seen_by_reader, stored.summary.state, named) != ("recovered", "recovered", True)


def run(kills: int, seed: int, *, progress: bool = False) -> Outcome:
    """Kill until ``kills`` processes had promised something, all on one data folder; look back after each."""
    chance = random.Random(seed)
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        while outcome.kills < kills:
            number = outcome.kills + outcome.early
            life_s, early = chance.uniform(0.0, LONGEST_LIFE_S), chance.random() < EARLY_DEATHS
            look_back(folder, kill_one(folder, seed + number, life_s, early=early), outcome)
            if progress and (number + 1) % 25 == 0:
                print(outcome, file=sys.stderr)
        with closing(sqlite3.connect(folder / "attunement.db")) as database:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                outcome.lost += 1
    return outcome


def main() -> int:
    """Say what was found; exit status 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(outcome := run(args.kills, args.seed, progress=True))
    return 0 if outcome.whole else 1


if __name__ == "__main__":
    sys.exit(main())
