"""The benchmarks still run; what they measure is never a test."""

from __future__ import annotations

import pytest

from benchmarks import live_kernel

BEATS = 60


@pytest.mark.timeout(300)
def test_the_kernel_benchmark_gives_every_figure() -> None:
    """The short form of ``python -m benchmarks.live_kernel``."""
    table = live_kernel.table(live_kernel.summary(live_kernel.measure(BEATS)))
    assert all(words in table for _, words in live_kernel.ROWS)
