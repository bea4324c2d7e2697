"""A review as a frame."""

from __future__ import annotations

import pytest

from acquisition import formats
from acquisition.samples import resolve
from sessions.frames import phase_table_frame
from sessions.review import review


def test_the_frame_has_the_numbers_of_the_review() -> None:
    """A row a part, a column a number, the change beside its reference; what is withheld is missing."""
    found = review(None, formats.read(resolve("sample:out-of-reach")))
    table = phase_table_frame(found).set_index("part")
    assert list(table.index) == [row.span.name for row in found.phases]
    for row in found.phases:
        rate = row.indices["mean_hr_bpm"].value
        assert table.loc[row.span.name, "mean_hr_bpm"] == pytest.approx(rate)
    assert table.loc["out-of-reach", "reference"] == "plain-scene"
    assert table.loc["out-of-reach", "change_mean_hr_bpm"] == pytest.approx(14, abs=2)
    assert table["recovery_slope_bpm_per_min"].notna().sum() == 2
