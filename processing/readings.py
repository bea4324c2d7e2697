"""Three defensible ways of reading one recording's intervals: leave refused ones out, mend them, or ask NeuroKit2.

For asking how much hangs on the verdict rule; pages and exports use the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from acquisition.beats import Beat, Gap
from processing.kubios import kubios_stretch
from processing.values import Judgement, Verdict

Rule = Literal["left out", "mended", "kubios"]
RULES: Mapping[Rule, str] = {
    "left out": "refused intervals are left out (the product's own)",
    "mended": "refused intervals are replaced by what the product's rule puts in their place",
    "kubios": "NeuroKit2's pass of Lipponen and Tarvainen over each whole stretch, its mended intervals",
}
"""Each way in words."""


def readings(judgements: Sequence[Judgement], gaps: Sequence[Gap]) -> dict[Rule, tuple[Judgement, ...]]:
    """The recording in each way; mended ones count every interval as normal, broken where nothing can stand."""
    return {"left out": tuple(judgements), "mended": mended(judgements), "kubios": _kubios(judgements, gaps)}


def mended(judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """Intervals with what stands in place of the refused, end to end from where each began.

    >>> extra = Judgement(2, 2.0, 400.0, Verdict.EXTRA, False, (1000.0,))
    >>> [j.rr_ms for j in mended([Judgement(1, 1.6, 1000.0, Verdict.NORMAL, False), extra])]
    [1000.0, 1000.0]
    """
    found: list[Judgement] = []
    seq = 0
    last: int | None = None
    for judgement in judgements:
        follows = last is not None and judgement.seq == last + 1
        last = judgement.seq
        second_of_pair = judgement.verdict in (Verdict.ECTOPIC, Verdict.EXTRA) and not judgement.corrected_ms
        if second_of_pair and follows:
            continue
        values = (judgement.rr_ms,) if judgement.verdict is Verdict.NORMAL else judgement.corrected_ms
        # One number is left out where nothing can stand, as between beats of which one was lost.
        seq += 1 if follows and values else 2
        if judgement.verdict in (Verdict.LONG, Verdict.SHORT):
            found += [_normal(seq, judgement.time_s, value) for value in values]
            continue
        end_s = judgement.time_s - judgement.rr_ms / 1000.0
        for place, value in enumerate(values):
            end_s += value / 1000.0
            seq += place > 0
            found.append(_normal(seq, end_s, value))
    return tuple(found)


def stretches(judgements: Sequence[Judgement], gaps: Sequence[Gap]) -> list[list[Judgement]]:
    """Runs of intervals without a gap or a missing number between them."""
    bounds = sorted((gap.from_s + gap.to_s) / 2 for gap in gaps)
    found: list[list[Judgement]] = []
    at = 0
    for judgement in judgements:
        broken = not found or judgement.seq != found[-1][-1].seq + 1
        while at < len(bounds) and bounds[at] <= judgement.time_s:
            at, broken = at + 1, True
        if broken:
            found.append([])
        found[-1].append(judgement)
    return found


def _kubios(judgements: Sequence[Judgement], gaps: Sequence[Gap]) -> tuple[Judgement, ...]:
    found: list[Judgement] = []
    for number, stretch in enumerate(stretches(judgements, gaps)):
        _, fixed = kubios_stretch([Beat("", j.seq, j.time_s, j.rr_ms) for j in stretch])
        found += [_normal(number + len(found) + place, b.time_s, b.rr_ms) for place, b in enumerate(fixed, start=1)]
    return tuple(found)


def _normal(seq: int, time_s: float, rr_ms: float) -> Judgement:
    return Judgement(seq, time_s, rr_ms, Verdict.NORMAL, False)
