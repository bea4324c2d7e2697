"""The short form of the fuzzing; the long one is ``python -m tests.fuzz_heart_rate``."""

from __future__ import annotations

import pytest

from tests.fuzz_heart_rate import fuzz


@pytest.mark.parametrize("seed", range(3))
def test_mangled_frames_never_stop_or_disorder_the_stream(seed: int) -> None:
    """Thousands of them are refused, counted, and survived."""
    counters = fuzz(5000, seed).stream.counters
    assert counters.frames == 5000
    assert counters.malformed > 500
    assert counters.duplicates > 10
    assert counters.beats > 5000
