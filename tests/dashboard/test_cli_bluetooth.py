"""``scan`` and ``record`` over the emulated Bluetooth: what is printed has been committed, and nothing is lost."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from sessions.store.folder import DATABASE_NAME
from tests.bluetooth.fixtures import BluetoothStack

pytestmark = pytest.mark.bluetooth
ROOT = Path(__file__).resolve().parents[2]
Stack = Callable[..., BluetoothStack]


def command(data: Path, *words: str) -> list[str]:
    """``attune`` in a process of its own."""
    return [sys.executable, "-m", "dashboard", "--data", str(data), *words]


def done(stack: BluetoothStack, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command(data, *words), cwd=ROOT, env=stack.env, capture_output=True, text=True, timeout=100)


def lines(text: str) -> list[dict[str, Any]]:
    """JSON Lines."""
    return [json.loads(line) for line in text.splitlines()]


def kept_beats(data: Path) -> int:
    """Beats that are in the database, read past the program."""
    with closing(sqlite3.connect(f"file:{data / DATABASE_NAME}?mode=ro", uri=True)) as connection:
        return int(connection.execute("select count(*) from beat").fetchone()[0])


@contextmanager
def recording(stack: BluetoothStack, data: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """``attune record`` as it runs; it never outlives the test."""
    with subprocess.Popen(
        command(data, "record", *words),
        cwd=ROOT,
        env=stack.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_scan_lists_what_is_near_in_the_shape_of_the_contract(bluetooth_stack: Stack, tmp_path: Path) -> None:
    """Address, name, strength, services and offers of each strap; nothing is written."""
    stack = bluetooth_stack("strap", "no-rr")
    found = json.loads(done(stack, tmp_path / "d", "scan", "--seconds", "2", "--json").stdout)
    assert {sensor["address"] for sensor in found} == set(stack.addresses)
    for sensor in found:
        assert set(sensor) == {"address", "name", "rssi_dbm", "services", "offers"}
        assert "rr?" in sensor["offers"]
    assert not (tmp_path / "d").exists()


def test_two_sensors_are_recorded_on_one_clock(bluetooth_stack: Stack, tmp_path: Path) -> None:
    """Each line names its sensor; the stored recording replays to the same beats."""
    stack = bluetooth_stack("strap", "strap")
    first, second = stack.addresses
    told = done(stack, tmp_path, "record", "--sensor", first, "--sensor", second, "--seconds", "4", "--jsonl")
    assert told.returncode == 0, told.stderr
    start, *rest = lines(told.stdout)
    beats = [line for line in rest if line["kind"] == "beat"]
    assert (start["kind"], rest[-1]["kind"]) == ("start", "end")
    assert {beat["sensor"] for beat in beats} == {first, second}
    assert all(beat["arrival_s"] >= beat["time_s"] for beat in beats)
    assert {line["state"] for line in rest if line["kind"] == "link"} >= {"searching", "connecting", "streaming"}
    again = lines(done(stack, tmp_path, "replay", start["recording"], "--speed", "max", "--jsonl").stdout)
    told_again = [(line["stream"], line["seq"], line["rr_ms"]) for line in again if line["kind"] == "beat"]
    streams = {first: "heart-1", second: "heart-2"}
    assert sorted(told_again) == sorted((streams[beat["sensor"]], beat["seq"], beat["rr_ms"]) for beat in beats)


@pytest.mark.parametrize("wanted", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_recording_is_kept_whole_and_named(
    bluetooth_stack: Stack, tmp_path: Path, wanted: signal.Signals
) -> None:
    """130, its ID on stderr, every printed beat in the database, its state closed."""
    stack = bluetooth_stack("strap")
    with recording(stack, tmp_path, "--sensor", stack.addresses[0], "--jsonl") as process:
        assert process.stdout is not None
        told: list[dict[str, Any]] = []
        while sum(line["kind"] == "beat" for line in told) < 3:
            told.append(json.loads(process.stdout.readline()))
            if told[-1]["kind"] == "beat":
                assert kept_beats(tmp_path) >= sum(line["kind"] == "beat" for line in told)
        process.send_signal(wanted)
        told += lines(process.stdout.read())  # communicate() would miss what readline() has already taken in
        assert process.stderr is not None
        err = process.stderr.read()
        assert process.wait(60) == 130
    assert told[0]["recording"] in err
    (listed,) = json.loads(done(stack, tmp_path, "recordings", "--json").stdout)
    assert (listed["state"], listed["beats"]) == ("closed", sum(line["kind"] == "beat" for line in told))


def test_a_strap_that_is_not_there_leaves_no_recording(bluetooth_stack: Stack, tmp_path: Path) -> None:
    """Interrupted while it is looked for: 130, and nothing was kept, which is said."""
    stack = bluetooth_stack("strap")
    with recording(stack, tmp_path, "--sensor", "AA:BB:CC:DD:EE:FF") as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(6)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "nothing is kept" in err
    assert json.loads(done(stack, tmp_path, "recordings", "--json").stdout) == []
