"""The table of delays: where a figure comes from, and one's own before it."""

from __future__ import annotations

import pytest

from acquisition.sensor_delay import DELAYS, UNKNOWN, delay_of, delay_s


def test_every_figure_has_a_source() -> None:
    """None is a guess."""
    assert all(delay.source and delay.seconds > 0 for delay in DELAYS)


@pytest.mark.parametrize("name", ["Polar H10 1234ABCD", "POLAR H10 1", "my polar h10"])
def test_a_model_is_known_by_part_of_its_name(name: str) -> None:
    """However it is written."""
    assert delay_s(name) == 2.6


def test_a_model_that_is_not_known_counts_as_without_delay_and_says_so() -> None:
    """No figure is invented."""
    assert delay_of("Strap 4711") is UNKNOWN
    assert "unknown" in UNKNOWN.source


def test_the_users_own_figure_goes_before_the_table() -> None:
    """Also when it is 0."""
    assert (delay_s("Polar H10 1", 2.2), delay_s("Polar H10 1", 0.0)) == (2.2, 0.0)
    assert delay_of("Polar H10 1", 2.2).source == "given by the user"
