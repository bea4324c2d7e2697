"""Felt and heart over sessions: the coefficient, its interval, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from processing.concordance import Said, concordance


def parts(share: float, *, sessions: int = 5, each: int = 4, seed: int = 1) -> list[Said]:
    """Heart and words that share so much of what moves them."""
    rng = np.random.default_rng(seed)
    shared, one, two = rng.normal(size=(3, sessions * each))
    felt, heart = (share * shared + (1 - share) * own for own in (one, two))
    return [
        Said(f"s{n % sessions}", float(f) * 20, float(h) * 8) for n, (f, h) in enumerate(zip(felt, heart, strict=True))
    ]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_it_is_spearmans_coefficient(share: float) -> None:
    """As SciPy has it, ties included, and it lies within its interval."""
    said = [Said(p.session, round(p.felt), round(p.heart_bpm)) for p in parts(share)]
    found = concordance(said)
    expected = spearmanr([p.felt for p in said], [p.heart_bpm for p in said]).statistic
    assert found.value == pytest.approx(expected, abs=1e-12)
    assert found.low is not None
    assert found.high is not None
    assert -1 <= found.low <= expected <= found.high <= 1


def test_under_four_sessions_or_twelve_parts_there_is_none() -> None:
    """Either is too few, and the reason counts both."""
    for said in (parts(0.9, sessions=3, each=6), parts(0.9, sessions=5, each=2)):
        found = concordance(said)
        assert (found.value, found.low, found.high) == (None, None, None)
        assert (found.reason or "").startswith("too_short: needs 4 sessions and 12 parts")


def test_a_side_that_never_changes_has_no_coefficient() -> None:
    """Named, not NaN."""
    said = [Said(part.session, 10.0, part.heart_bpm) for part in parts(0.5)]
    assert (concordance(said).reason or "").startswith("no_variability")


def test_unrelated_sides_have_an_interval_that_holds_zero() -> None:
    """In nine of ten draws or more."""
    held = 0
    for seed in range(20):
        found = concordance(parts(0.0, seed=seed))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0 <= found.high
    assert held >= 18


def test_the_note_goes_with_every_coefficient() -> None:
    """A quiet heart is not a calm person."""
    assert "not a calm person" in concordance(parts(0.5)).note
