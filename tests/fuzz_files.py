"""Mutation fuzzing of every file reader: ``python -m tests.fuzz_files [--files N] [--reader NAME] [--seed S]``.

Good files of each format are mangled (bits, bytes, length, lines, cells, numbers out of range, one file spliced into
another) and read. What must hold: a sound recording comes out, or an UnreadableFile that names the file and a remedy;
nothing else is raised, no process dies of its input, nothing takes longer than its limit.

Parsers that run in a process of their own do so here too, forked from this one to save the start of an interpreter;
one file in FRESH_ONE_IN goes through the very process that the program starts.
"""

from __future__ import annotations

import argparse
import math
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from random import Random

from acquisition.beats import Beat, Gap
from acquisition.errors import UnreadableFile
from acquisition.formats import RecordingFile, confined, own, read
from acquisition.formats.confined_child import answer, limit
from acquisition.formats.recording_file import MAX_DURATION_S
from acquisition.simulated_faults import Faults
from acquisition.simulated_strap import SimulatedStrap
from tests.acquisition import foreign_files as foreign
from tests.mutations import mutated

BEATS = 40
SECONDS = 60.0
"""Longest time for one file; the longest good one takes a hundredth of it on a quiet machine."""
FRESH_ONE_IN = 100


# ---- good files ---------------------------------------------------------------------------


def _text(rr: list[int]) -> bytes:
    return "\n".join(map(str, rr)).encode()


def _two_columns(rr: list[int]) -> bytes:
    rows = zip(foreign.ends_s(rr, {7: 9.0}), rr, strict=True)
    return "\n".join(f"{at_s:.3f};{value / 1000:.3f}".replace(".", ",") for at_s, value in rows).encode()


def _own(rr: list[int]) -> bytes:
    strap = SimulatedStrap(len(rr), faults=Faults(0.1, 0.02, 0.02, 0.05))
    items = [item for _ in range(len(rr)) for item in strap.next_second()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        own.write(path, own.make_header(start=None, source="fuzz", seed=1, software={}), items)
        return path.read_bytes()


def _xdf(rr: list[int]) -> bytes:
    rows = list(zip(foreign.ends_s(rr), map(float, rr), strict=True))
    return foreign.xdf({"RR one": rows, "RR two": rows}, [(4.0, "begin"), (9.0, "end")], 0.25)


def _archive(rr: list[int]) -> bytes:
    return foreign.zipped({"2026-04-24 14-10-00.txt": _text(rr), "notes/readme.txt": b"nothing to see", "a.bin": b"\0"})


LOST = {9: 8.0}
GOOD: dict[str, Callable[[list[int]], dict[str, bytes]]] = {
    "rr-text": lambda rr: {"x.txt": _text(rr)},
    "rr-columns": lambda rr: {"x.txt": _two_columns(rr)},
    "attune": lambda rr: {"x.attune.jsonl": _own(rr)},
    "polar-hrm": lambda rr: {"x.hrm": foreign.hrm(rr)},
    "polar-sensor-logger": lambda rr: {"x_RR.txt": foreign.polar_sensor_logger(rr, LOST)},
    "hrv-logger": lambda rr: {
        "x_RR_1.csv": foreign.hrv_logger(rr, LOST),
        "x_Events_1.csv": foreign.hrv_logger_events([(3.0, "a"), (9.5, "b, c")], "ms"),
    },
    "vns-analyse": lambda rr: {"15.03.2025 09.07.txt": foreign.vns_analyse(rr, {3: "Start"}, "cp1252")},
    "openhrv": lambda rr: {"x.csv": foreign.openhrv(rr, {4: "one, two"})},
    "empatica-ibi": lambda rr: {"IBI.csv": foreign.empatica_ibi(rr, LOST), "tags.csv": b"1777039830.50\n"},
    "emwave": lambda rr: {"x.csv": foreign.emwave(rr)},
    "kubios-report": lambda rr: {"x.csv": foreign.kubios_report(rr, beside=True)},
    "garmin-fit": lambda rr: {"x.fit": foreign.garmin_fit(rr, LOST, [10.0, 20.0])},
    "edf-plus": lambda rr: {"x.edf": foreign.edf_plus(foreign.ends_s(rr), [(7.0, "Eyes closed")])},
    "xdf": lambda rr: {"x.xdf": _xdf(rr)},
    "zip": lambda rr: {"x.zip": _archive(rr)},
    "gzip": lambda rr: {"x.gz": foreign.gzipped(_text(rr))},
}
"""For each reader the file to give, first, and those beside it."""


@cache
def good_files(reader: str, beats: int, seed: int) -> dict[str, bytes]:
    """Those of a heart; made once."""
    return GOOD[reader](foreign.heart(beats, seed))


# ---- reading ------------------------------------------------------------------------------


class Hang(BaseException):
    """Reading took longer than it may."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises Hang from whatever runs after so many seconds (POSIX, main thread; elsewhere there is no limit)."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def too_long(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def forked(parser: str, data: bytes) -> tuple[bytes, int]:
    """As ``confined.run_apart``, but in a fork of this process, under the same limits."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(out)
            limit(confined.MEMORY_BYTES, confined.SECONDS)
            with os.fdopen(into, "wb") as pipe:
                pipe.write(answer(parser, data).encode())
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    os.close(into)
    try:
        answered = _drained(out, time.monotonic() + confined.SECONDS)
    except subprocess.TimeoutExpired:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(out)
        _, status = os.waitpid(child, 0)
    return answered, os.waitstatus_to_exitcode(status)


def _drained(pipe: int, until: float) -> bytes:
    parts = []
    while True:
        ready, _, _ = select.select([pipe], [], [], max(until - time.monotonic(), 0.0))
        if not ready:
            raise subprocess.TimeoutExpired("forked", confined.SECONDS)
        part = os.read(pipe, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)


def check(recording: RecordingFile) -> None:
    """Raises AssertionError when a recording is not sound."""
    assert recording.unit_decision
    assert recording.details.get("recognised_by"), "the decision is not told"
    assert math.isfinite(recording.duration_s)
    assert all(math.isfinite(item.time_s) and abs(item.time_s) <= MAX_DURATION_S + 60 for item in recording.items)
    if recording.format == own.FORMAT:
        return  # lines of our own are taken as they are; what frames give has a fuzz of its own
    assert recording.beats
    for stream in recording.streams:
        check_stream([item for item in recording.items if isinstance(item, (Beat, Gap)) and item.stream == stream])


def check_stream(items: list[Beat | Gap]) -> None:
    """Beats count up and rise, each where the one before or a gap ends, and gaps lie before a beat."""
    beats = [item for item in items if isinstance(item, Beat)]
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    assert all(0 < beat.rr_ms <= 120_000 for beat in beats)
    for before, item in pairwise(items):
        if isinstance(item, Gap):
            assert isinstance(before, Beat)
            assert before.time_s <= item.to_s
            assert abs(item.from_s - before.time_s) < 1e-6
        else:
            begin = before.to_s if isinstance(before, Gap) else before.time_s
            assert abs(item.time_s - item.rr_ms / 1000 - begin) < 1e-6, (before, item)


def check_refusal(refusal: UnreadableFile, path: Path) -> None:
    """Raises AssertionError when a refusal helps nobody, or hides a death or a hang."""
    assert refusal.place.startswith(str(path)), f"the place is {refusal.place!r}"
    assert refusal.remedy, "there is no remedy"
    assert "died" not in refusal.what, refusal.what
    assert "takes longer" not in refusal.what, refusal.what


@dataclass
class Outcome:
    """What became of the files of one reader."""

    read: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    refusals: Counter[str] = field(default_factory=Counter)


def fuzz(reader: str, files: int, seed: int, folder: Path) -> Outcome:
    """So many mutated files for one reader; raises AssertionError with what would repeat the failure."""
    outcome = Outcome()
    straight, begin = confined.run_apart, zlib.crc32(reader.encode())
    for library in ("fitdecode", "edfio", "pyxdf"):
        import_module(library)  # once here, not in every fork
    for number in range(files):
        random = Random(begin + 1_000_003 * seed + number)
        good = dict(good_files(reader, random.choice([2, BEATS]), random.randrange(5)))
        other = good_files(random.choice(list(GOOD)), BEATS, 1) if random.random() < 0.05 else good
        names = list(good)
        victim = names[0] if random.random() < 0.9 else random.choice(names)
        good[victim] = mutated(random, good[victim], next(iter(other.values())))
        for name, data in good.items():
            (folder / name).write_bytes(data)
        confined.run_apart = straight if number % FRESH_ONE_IN == 0 or not hasattr(os, "fork") else forked
        try:
            _one(folder / names[0], outcome)
        except (Exception, Hang) as error:
            raise AssertionError(f"{reader}, seed {seed}, file {number} (kept as {folder}): {error!r}") from error
        finally:
            confined.run_apart = straight
    return outcome


def _one(path: Path, outcome: Outcome) -> None:
    began = time.perf_counter()
    try:
        with time_limit(SECONDS):
            recording = read(path)
    except UnreadableFile as refusal:
        outcome.refused += 1
        outcome.refusals[refusal.what.partition("(")[0][:60]] += 1
        check_refusal(refusal, path)
    else:
        outcome.read += 1
        check(recording)
    outcome.slowest_s = max(outcome.slowest_s, time.perf_counter() - began)


def main() -> int:
    """Fuzz as told on the command line and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=3000, help="for each reader (default 3000)")
    parser.add_argument("--reader", choices=sorted(GOOD), action="append", help="only this one; may be said again")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for reader in arguments.reader or GOOD:
        began = time.perf_counter()
        folder = Path(tempfile.mkdtemp())  # kept when a file is found that breaks a reader
        outcome = fuzz(reader, arguments.files, arguments.seed, folder)
        shutil.rmtree(folder)
        print(
            f"{reader}: {arguments.files} files in {time.perf_counter() - began:.0f} s, {outcome.read} read, "
            f"{outcome.refused} refused, 0 deaths, 0 hangs, slowest {outcome.slowest_s:.2f} s",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
