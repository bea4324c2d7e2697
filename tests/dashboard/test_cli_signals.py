"""``record --signals`` over the emulated Bluetooth: samples as chunks beside the beats, and who has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acquisition.beats import Item, SampleChunk
from sessions.records import Asker
from sessions.service import Service
from tests.bluetooth.fixtures import BluetoothStack
from tests.dashboard.command_line import Attune
from tests.dashboard.test_cli_bluetooth import done, lines

Stack = Callable[..., BluetoothStack]


def kept(data: Path, recording: str) -> tuple[Item, ...]:
    """Items of a recording."""
    with Service.open(data, writable=False) as service:
        return service.recording_file(Asker("clinician"), recording).items


def beats(told: Sequence[dict[str, Any]]) -> list[tuple[str, int, float]]:
    """Stream, number and interval of each, stream by stream."""
    return sorted((line["stream"], line["seq"], line["rr_ms"]) for line in told if line["kind"] == "beat")


@pytest.mark.bluetooth
def test_samples_are_kept_as_chunks_beside_the_beats(bluetooth_stack: Stack, attune: Attune, tmp_path: Path) -> None:
    """Of two sensors one has signals: each of its samples is kept once and in order, its pulse intervals are named by
    their stream, and the last line counts chunks; of the other it is told that it has none. Its intervals are kept."""
    stack, data = bluetooth_stack("polar", "strap"), tmp_path / "data"
    polar, strap = stack.addresses
    both = ("--sensor", polar, "--sensor", strap)
    told = done(stack, data, "record", *both, "--signals", "ecg,acc,ppi", "--seconds", "3", "--jsonl")
    assert told.returncode == 0, told.stderr
    start, *rest = lines(told.stdout)
    for signal in ("ecg", "acc", "ppi"):
        assert f"{strap}: no {signal}: this sensor does not offer it" in told.stderr
        assert f"{polar}: no {signal}" not in told.stderr

    chunks = [item for item in kept(data, start["recording"]) if isinstance(item, SampleChunk)]
    ecg = np.concatenate([chunk.samples for chunk in chunks if chunk.stream == "ecg-1"])
    assert ecg.tolist() == list(range(len(ecg)))
    assert {chunk.samples.shape[1:] for chunk in chunks if chunk.stream == "acc-1"} == {(3,)}
    counted = {name: sum(chunk.stream == name for chunk in chunks) for name in ("ecg-1", "acc-1")}
    assert rest[-1]["chunks"] == counted
    assert min(counted.values()) >= 1

    assert {stream for stream, _, _ in beats(rest)} == {"heart-1", "heart-2", "ppi-1"}
    assert {rr_ms for stream, _, rr_ms in beats(rest) if stream == "ppi-1"} == {250.0}
    again = attune("replay", start["recording"], "--speed", "max", "--jsonl").lines
    assert beats(again) == beats(rest)


def test_a_name_that_is_no_signal_is_refused(attune: Attune) -> None:
    """2, with the names that there are."""
    done = attune("record", "--sensor", "A0:00:00:00:00:01", "--signals", "ecg,ekg")
    assert done.status == 2
    assert "'ekg' is no signal; there are ecg, acc, ppi" in done.err
