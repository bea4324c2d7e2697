"""Verdicts given by hand: layers over the rule's, with raw untouched and numbers that follow."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processing.analysis import judge
from processing.hand_corrections import Correction, in_force, layered
from processing.indices import time_domain
from processing.values import Judgement, Verdict
from processing.windows import Series
from tests.processing.hearts import STREAM, items, resting, with_ectopy

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def layer(
    number: int,
    seq: int = 0,
    verdict: Verdict | None = None,
    *,
    intervals: int = 1,
    undoes: int | None = None,
    stream: str = STREAM,
) -> Correction:
    return Correction(number, stream, seq, 0.0, verdict, "AB", "seen in the trace", WHEN, intervals, undoes)


def judged() -> tuple[Judgement, ...]:
    return judge(items(resting(200, seed=2)))


def test_a_layer_changes_the_verdict_and_nothing_raw() -> None:
    """Interval, number and time are as recorded; every other judgement is the same object's equal."""
    before = judged()
    after = layered(before, [layer(1, before[50].seq, Verdict.LONG)], STREAM)
    assert after[50].verdict is Verdict.LONG
    assert after[50].nn_ms is None
    assert len(after[50].corrected_ms) == 1
    assert [(j.seq, j.time_s, j.rr_ms) for j in after] == [(j.seq, j.time_s, j.rr_ms) for j in before]
    assert after[:50] + after[51:] == before[:50] + before[51:]


def test_numbers_follow_the_layer() -> None:
    """A refused interval takes two pairs out of RMSSD."""
    before = judged()
    after = layered(before, [layer(1, before[50].seq, Verdict.LONG)], STREAM)
    pairs = []
    for each in (before, after):
        series = Series.of(each, ())
        pairs.append(time_domain(series.rr_ms, series.normal, series.follows == 0).pairs)
    assert pairs[0] - pairs[1] == 2


def test_a_later_layer_wins_and_an_undone_one_is_gone() -> None:
    """Undoing brings back what was before; undoing the undoing brings the layer back."""
    before = judged()
    seq = before[50].seq
    one, two, undo, again = (
        layer(1, seq, Verdict.LONG),
        layer(2, seq, Verdict.SHORT),
        layer(3, undoes=2),
        layer(4, undoes=3),
    )
    assert layered(before, [one, two], STREAM)[50].verdict is Verdict.SHORT
    assert layered(before, [one, two, undo], STREAM)[50].verdict is Verdict.LONG
    assert layered(before, [one, two, undo, again], STREAM)[50].verdict is Verdict.SHORT
    assert in_force([one, two, undo]) == (one,)
    assert layered(before, [one, layer(2, undoes=1)], STREAM) == before


def test_a_pair_shares_its_time() -> None:
    """An early beat by hand: the first interval carries two halves of both, the second nothing; a missed one two."""
    before = judged()
    seq, total = before[50].seq, before[50].rr_ms + before[51].rr_ms
    early = layered(before, [layer(1, seq, Verdict.ECTOPIC, intervals=2)], STREAM)
    assert early[50].corrected_ms == (total / 2, total / 2)
    assert (early[51].verdict, early[51].corrected_ms) == (Verdict.ECTOPIC, ())
    extra = layered(before, [layer(1, seq, Verdict.EXTRA, intervals=2)], STREAM)
    assert extra[50].corrected_ms == (total,)
    missed = layered(before, [layer(1, seq, Verdict.MISSED)], STREAM)
    assert missed[50].corrected_ms == (before[50].rr_ms / 2,) * 2


def test_taking_one_half_of_a_pair_back_leaves_no_shared_time_behind() -> None:
    """The other half keeps its verdict, with an interval that is usual here."""
    before = judge(items(with_ectopy(resting(300, seed=5), 0.03).rr_ms))
    first = next(at for at, j in enumerate(before) if j.verdict is Verdict.ECTOPIC and j.corrected_ms)
    for taken, left in ((first, first + 1), (first + 1, first)):
        after = layered(before, [layer(1, before[taken].seq, Verdict.NORMAL)], STREAM)
        assert after[taken].nn_ms == before[taken].rr_ms
        assert after[left].verdict is Verdict.ECTOPIC
        assert after[left].corrected_ms == pytest.approx((float(np.median([j.rr_ms for j in before])),), rel=0.15)


def test_other_streams_and_unknown_numbers_change_nothing() -> None:
    """A layer for the second person's stream is no layer over the first."""
    before = judged()
    layers = [layer(1, 10, Verdict.LONG, stream="heart-2"), layer(2, 99_999, Verdict.LONG)]
    assert layered(before, layers, STREAM) == before


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 199), st.sampled_from(Verdict), st.integers(1, 2)), max_size=12))
def test_any_layers_keep_every_interval_and_every_undoing_restores(layers: list[tuple[int, Verdict, int]]) -> None:
    """Whatever is laid over, raw stays, and undoing all of it gives the rule's verdicts back."""
    before = judged()
    laid = [layer(n, before[at].seq, verdict, intervals=two) for n, (at, verdict, two) in enumerate(layers, start=1)]
    after = layered(before, laid, STREAM)
    assert [(j.seq, j.rr_ms) for j in after] == [(j.seq, j.rr_ms) for j in before]
    undoing = [layer(len(laid) + n, undoes=n) for n in range(1, len(laid) + 1)]
    assert layered(before, [*laid, *undoing], STREAM) == before
