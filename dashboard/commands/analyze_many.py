"""Many files analysed: one after the other, side by side with joblib, or on a Dask cluster; results kept as they come.

What is done is kept in a folder under a name made from the file's bytes and the method, so that a run that was
interrupted goes on where it stopped, and a changed file, option or rule is computed anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acquisition.errors import BadInput, EnvironmentFault
from acquisition.samples import resolve
from dashboard.commands.folder import SAMPLE, recording_of
from dashboard.settings import WrongUse
from processing.analysis import analyze
from processing.method import Correction, method_of
from sessions.told import corrections_in

PART = ".part"
"""End of a result's name until it is whole."""
NAME_LETTERS, HASH_LETTERS = 60, 16
"""Letters of a file's name, and of its hash, in the name of its result."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to do with each file; small, and the same in every process."""

    data: str | None
    """The data folder, where one was named."""
    correction: Correction
    window_s: float | None
    step_s: float | None
    keep: Path | None
    """Folder of results, or None to keep none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file."""

    place: int
    """Where it stands among the files named."""
    name: str
    result: dict[str, Any] | None
    refused: str | None
    """Why it could not be used, or None."""
    status: int
    found: bool = False
    """Whether the result was there already."""


def outcomes(names: Sequence[str], wanted: Wanted, *, jobs: int, dask: str | None) -> Generator[Outcome, None, None]:
    """What came of each file, as soon as it is known, in any order. Close it to stop at once.

    Raises EnvironmentFault when the folder of results cannot be used, WrongUse when there is no Dask.
    """
    if wanted.keep is not None:
        with _told(wanted.keep):
            wanted.keep.mkdir(parents=True, exist_ok=True)
    if jobs == 1 and dask is None:
        yield from (outcome(place, name, wanted) for place, name in enumerate(names))
        return
    import joblib

    with _cluster(dask) as backend, joblib.parallel_config(backend=backend):
        tasks = (joblib.delayed(_in_worker)(place, name, wanted) for place, name in enumerate(names))
        found = joblib.Parallel(n_jobs=jobs if dask is None else -1, return_as="generator_unordered")(tasks)
        try:
            for each in found:  # noqa: UP028  # closing must reach the workers before joblib, which would wait for them
                yield each
        except (GeneratorExit, KeyboardInterrupt):
            _stop_workers()
            raise


def outcome(place: int, name: str, wanted: Wanted) -> Outcome:
    """One file, or its result where it was kept before."""
    try:
        kept = None if wanted.keep is None else wanted.keep / f"{_key(name, wanted)}.json"
        if kept is not None and kept.exists():
            return Outcome(place, name, {**json.loads(kept.read_text(encoding="utf-8")), "file": name}, None, 0, True)
        result = result_of(name, wanted)
        if kept is not None:
            _keep(kept, result)
    except BadInput as unusable:
        return Outcome(place, name, None, str(unusable), unusable.exit_status)
    return Outcome(place, name, result, None, 0)


def result_of(name: str, wanted: Wanted) -> dict[str, Any]:
    """One file in the documented shape; corrections by hand lie over the verdicts of our own rule."""
    recording = recording_of(name, argparse.Namespace(data=wanted.data))
    found = analyze(
        recording.items,
        correction=wanted.correction,
        window_s=wanted.window_s,
        step_s=wanted.step_s,
        layers=corrections_in(recording),
    )
    result: dict[str, Any] = {
        "file": name,
        "format": recording.format,
        "unit_decision": recording.unit_decision,
        "started_at": recording.started_at.isoformat() if recording.started_at else None,
        "rows_read": recording.rows_read,
        "rows_refused": recording.rows_refused,
        "details": dict(recording.details),
        **found.as_dict(),
    }
    if wanted.window_s is not None:
        result.setdefault("windows", [])
    return result


def _in_worker(place: int, name: str, wanted: Wanted) -> Outcome:
    """In a process beside: Ctrl-C is the first one's to answer."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return outcome(place, name, wanted)


def _stop_workers() -> None:
    """Nobody waits for what is half done; results are whole or not there."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=False, kill_workers=True)


def _key(name: str, wanted: Wanted) -> str:
    """Name of a file's result: its own, and a hash of its bytes, the options and the method."""
    digest = hashlib.sha256()
    path = Path(str(resolve(name))) if name.startswith(SAMPLE) else Path(name)
    if path.is_file():
        digest.update(path.read_bytes())
    else:  # a recording: everything that is kept of it
        digest.update(repr(recording_of(name, argparse.Namespace(data=wanted.data)).items).encode())
    method = method_of(wanted.correction, wanted.window_s, wanted.step_s)
    digest.update(json.dumps(method, sort_keys=True).encode())
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(name).name)[:NAME_LETTERS].strip("-.") or "file"
    return f"{plain}-{digest.hexdigest()[:HASH_LETTERS]}"


def _keep(kept: Path, result: dict[str, Any]) -> None:
    """A result is there whole or not at all."""
    part = kept.with_name(f"{kept.name}.{os.getpid()}{PART}")
    with _told(kept):
        part.write_text(json.dumps(result, allow_nan=False, ensure_ascii=False), encoding="utf-8")
        part.replace(kept)


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise EnvironmentFault(
            f"cannot be written ({fault.strerror})", place=str(place), remedy="give a folder you may write to"
        ) from fault


@contextmanager
def _cluster(address: str | None) -> Iterator[str]:
    """Name of joblib's backend: its own processes, or a Dask cluster that is connected to for as long as it takes."""
    if address is None:
        yield "loky"
        return
    try:
        from dask.distributed import Client
    except ImportError as missing:
        raise WrongUse("--dask needs Dask", remedy="pip install 'attunement[dask]'") from missing
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as fault:
        raise EnvironmentFault(
            f"no Dask cluster answers ({fault})", place=address, remedy="start one with `dask scheduler`"
        ) from fault
    with client:
        yield "dask"
