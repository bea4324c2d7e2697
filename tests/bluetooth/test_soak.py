"""The short form of the soak run."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.bluetooth.fixtures import BUS
from tests.bluetooth.soak import soak

pytestmark = pytest.mark.bluetooth


def test_two_sensors_with_ecg_lose_nothing_without_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through faults at random: each beat is recorded or inside a gap, no sample comes twice, and queues stay short."""
    monkeypatch.setenv(BUS, "")  # put back afterwards
    found: dict[str, Any] = asyncio.run(soak(minutes=2.0, speed=10.0, seed=3))
    for sensor in found["sensors"]:
        assert sensor["frames_received"] > 20
        assert sensor["samples"] > 1000
        assert sensor["beats_lost_unmarked"] == 0
        assert sensor["samples_doubled_or_disordered"] == 0
        assert sensor["longest_queue"] < 200
