"""Cut the power at random moments, on paper, and look whether anything acknowledged is missing.

``python -m tests.reliability.power_cut --images 1000``

A kill leaves the system's cache alive; a power cut does not: of what was not yet synchronised, any of the disk's
sectors may or may not have arrived. After each acknowledged commit database and log are copied: all of that was
synchronised (``synchronous = FULL``). An image of a cut is one such state with random sectors of the next one laid
over it: either sectors of the log; or, where the log was moved into the file, the whole log and random sectors of the
file, since the log is synchronised before the file is touched. Directory entries are taken to be durable.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from acquisition.beats import Beat
from sessions.records import RecordingMeta
from sessions.service import Service
from tests.reliability.recording_process import SYSTEM
from tests.sessions.keeping import STARTED, STREAM

SECTOR = 512
"""Bytes that a disk writes whole, or not at all."""
BEATS_A_COMMIT = 150
"""Enough that the log is moved into the file every few commits."""

FILE_SHARE = 0.3
"""Share of the cuts that fall into a move of the log into the file."""


@dataclass(frozen=True, slots=True)
class State:
    """Database and log right after a commit was acknowledged."""

    acknowledged: int
    database: bytes
    log: bytes


@dataclass(slots=True)
class Outcome:
    """What the images have shown."""

    images: int = 0
    file_images: int = 0
    """Cuts while the log was being moved into the file."""
    unreadable: int = 0
    lost: int = 0
    """Images that held less than was acknowledged."""

    @property
    def whole(self) -> bool:
        """True when every image could be read and held everything acknowledged."""
        return self.unreadable == self.lost == 0


def states(folder: Path, commits: int) -> list[State]:
    """Record and keep a copy of the files after each acknowledged commit."""
    found: list[State] = []
    database, log = folder / "attunement.db", folder / "attunement.db-wal"

    def copy(number: int) -> None:
        found.append(State(number, database.read_bytes(), log.read_bytes()))

    with Service.open(folder, writable=True) as service:
        recorder = service.start_recording(SYSTEM, RecordingMeta("power cut", STARTED, (STREAM,)), copy)
        for number in range(commits):
            for seq in range(number * BEATS_A_COMMIT, (number + 1) * BEATS_A_COMMIT):
                recorder.put(Beat(STREAM, seq, (seq + 1) * 0.8, 800.0, 819, (seq + 1) * 0.8 + 0.3, 12.0))
            recorder.flush()
        recorder.close()
    return found


def torn(before: bytes, after: bytes, share: float, chance: random.Random) -> bytes:
    """``before`` with about ``share`` of the sectors in which ``after`` differs; of either length."""
    length = chance.choice((len(before), len(after)))
    image = bytearray(before[:length].ljust(length, b"\x00"))
    for start in range(0, min(length, len(after)), SECTOR):
        if chance.random() < share:
            sector = after[start : start + SECTOR]
            image[start : start + len(sector)] = sector
    return bytes(image)


def look_into(folder: Path, database: bytes, log: bytes) -> int | None:
    """Open an image as the next start would; the last place it holds, or None when it cannot be read."""
    path = folder / "attunement.db"
    path.write_bytes(database)
    (folder / "attunement.db-wal").write_bytes(log)
    (folder / "attunement.db-shm").unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            row = connection.execute("SELECT puts, (SELECT count(*) FROM beat) FROM recording").fetchone()
            return None if row is None or row[0] != row[1] else int(row[0])
    except sqlite3.DatabaseError:
        return None


def run(images: int, seed: int, commits: int = 100) -> Outcome:
    """Make ``images`` cuts between commits of one recording and look into each."""
    chance = random.Random(seed)
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as name:
        found = states(Path(name) / "data", commits)
        cut = Path(name) / "cut"
        cut.mkdir()
        moves = [at for at in range(len(found) - 1) if found[at].database != found[at + 1].database]
        while outcome.images < images:
            in_file = chance.random() < FILE_SHARE
            at = chance.choice(moves) if in_file else chance.randrange(len(found) - 1)
            before, after, share = found[at], found[at + 1], chance.random()
            if in_file:
                held = look_into(cut, torn(before.database, after.database, share, chance), after.log)
            else:
                held = look_into(cut, before.database, torn(before.log, after.log, share, chance))
            outcome.file_images += in_file
            outcome.images += 1
            outcome.unreadable += held is None
            outcome.lost += held is not None and held < before.acknowledged
    return outcome


def main() -> int:
    """Say what was found; exit status 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(outcome := run(args.images, args.seed))
    return 0 if outcome.whole else 1


if __name__ == "__main__":
    sys.exit(main())
