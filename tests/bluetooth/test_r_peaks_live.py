"""R peaks of an emulated sensor's ECG: over the real bleak, as a second stream of beats beside its intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from acquisition import Beat, SampleChunk
from acquisition.sensor import SensorSource
from processing.ecg_source import RPeakSource
from processing.r_peaks import LATEST_S
from tests.bluetooth.bluez import EmulatedBlueZ
from tests.bluetooth.listening import listening
from tests.bluetooth.polar import ECG_FRAME, ECG_HZ, EmulatedPolar
from tests.bluetooth.polar_frames import ecg_frame
from tests.bluetooth.quick import SHORT, FastClock
from tests.processing.ecg import ecg_of, peaks_of

pytestmark = pytest.mark.bluetooth

SPEED = 8.0
RR_MS = [800.0, 840.0, 760.0, 820.0] * 12
PATIENT = replace(SHORT, degraded_after_s=600.0, reconnect_after_s=1200.0)


class BeatingPolar(EmulatedPolar):
    """Sends the ECG of a heart with known intervals."""

    def _ecg(self) -> Iterator[tuple[float, bytes]]:
        microvolts = np.rint(ecg_of(peaks_of(RR_MS), 38.0, noise_uv=30)).astype(int).tolist()
        from_s = self._elapsed_s()
        for end in range(ECG_FRAME, len(microvolts), ECG_FRAME):
            at_s = from_s + end / ECG_HZ
            yield at_s, ecg_frame(self._stamp(at_s), microvolts[end - ECG_FRAME : end])


async def test_beats_of_the_ecg_come_beside_the_intervals_and_sooner(bluetooth: EmulatedBlueZ) -> None:
    """Its own intervals go on; those of its ECG are the heart's, and told as soon as is stated."""
    sensor = BeatingPolar("A0:00:00:00:00:01", "Polar H10 1", mean_rr_s=0.8, speed=SPEED)
    bluetooth.add(sensor)
    clock = FastClock(SPEED)
    own = SensorSource(sensor.address, timings=PATIENT, clock=clock, wall=clock, signals=("ecg",))
    async with listening(RPeakSource(own)) as heard:
        await heard.until(lambda: sum(beat.stream == "rpeak-1" for beat in heard.of(Beat)) >= 8)
        await heard.until(lambda: any(beat.stream == "heart-1" for beat in heard.of(Beat)))
    found = [beat.rr_ms for beat in heard.of(Beat) if beat.stream == "rpeak-1"]
    first = min(range(4), key=lambda k: abs(found[0] - RR_MS[k]))
    assert found == pytest.approx(RR_MS[first : first + len(found)], abs=4)
    waits_s, chunk_s, told = [], 0.0, 0
    for item in heard.items:
        if isinstance(item, SampleChunk):
            chunk_s = item.time_s
        elif isinstance(item, Beat) and item.stream == "rpeak-1":
            told += 1
            waits_s += [chunk_s - item.time_s] if told > 5 else []  # those before the first look waited for it
    assert max(waits_s) <= LATEST_S + 146 / ECG_HZ
