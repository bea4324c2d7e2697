"""Verdicts given by hand, as layers over the rule's: raw intervals stay, every layer stays, and numbers follow.

A layer says what one event is held to be, by whom and why; another layer can undo it. Nothing is ever taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from processing.second_judge import MOST_BEATS, local_median
from processing.values import Judgement, Verdict

PAIRS = (Verdict.ECTOPIC, Verdict.EXTRA)
"""Verdicts whose event takes two intervals."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One layer over a recording's verdicts."""

    number: int
    """Counts up from 1 within the recording."""
    stream: str
    seq: int
    """Number of the event's first interval."""
    time_s: float
    """When that interval ended."""
    verdict: Verdict | None
    """What the event is held to be; None in a layer that only undoes."""
    author: str
    reason: str
    at: datetime
    intervals: int = 1
    """How many intervals the event takes, 1 or 2."""
    undoes: int | None = None
    """Number of the layer that this one undoes, or None."""


def in_force(layers: Iterable[Correction]) -> tuple[Correction, ...]:
    """Corrections that nothing undoes, in order; undoing an undoing brings the layer back."""
    undone: set[int] = set()
    kept: list[Correction] = []
    for layer in sorted(layers, key=lambda one: one.number, reverse=True):
        if layer.number in undone:
            continue
        if layer.undoes is not None:
            undone.add(layer.undoes)
        else:
            kept.append(layer)
    return tuple(reversed(kept))


def layered(judgements: Sequence[Judgement], layers: Iterable[Correction], stream: str) -> tuple[Judgement, ...]:
    """The judgements of one stream with the layers in force over them; a later layer wins.

    Raw intervals and times are as they were. What stands in place of a refused event follows its new verdict. Layers
    of other streams, and of numbers that are not there, change nothing.
    """
    found = list(judgements)
    place = {judgement.seq: at for at, judgement in enumerate(found)}
    for layer in in_force(layers):
        at = place.get(layer.seq)
        if layer.stream != stream or at is None or layer.verdict is None:
            continue
        event = [at + step for step in range(layer.intervals) if place.get(layer.seq + step) == at + step]
        _free_partners(found, event)
        for step, value in zip(event, _corrected(found, event, layer.verdict), strict=True):
            found[step] = replace(found[step], verdict=layer.verdict, corrected_ms=value, provisional=False)
    return tuple(found)


def _corrected(judged: Sequence[Judgement], event: Sequence[int], verdict: Verdict) -> list[tuple[float, ...]]:
    """What stands in place of each interval of an event."""
    if verdict in (Verdict.NORMAL, Verdict.OUT_OF_RANGE):
        return [()] * len(event)
    rr = [judgement.rr_ms for judgement in judged]
    total = sum(rr[at] for at in event)
    usual = local_median(rr, event[0]) or total / len(event)
    if verdict is Verdict.MISSED:
        beats = min(max(2, round(total / usual)), MOST_BEATS)
    elif verdict in PAIRS and len(event) == 2:
        beats = 2 if verdict is Verdict.ECTOPIC else 1
    else:
        return [(usual,) for _ in event]
    return [(total / beats,) * beats, *([()] * (len(event) - 1))]


def _free_partners(judged: list[Judgement], event: Sequence[int]) -> None:
    """An interval whose partner the event takes away no longer shares its time: it gets what is usual here."""
    rr = [judgement.rr_ms for judgement in judged]
    for at in event:
        here = judged[at]
        if here.verdict not in PAIRS:
            continue
        partner = at + 1 if here.corrected_ms else at - 1
        if not 0 <= partner < len(judged) or partner in event or judged[partner].verdict is not here.verdict:
            continue
        if bool(judged[partner].corrected_ms) is bool(here.corrected_ms):
            continue
        judged[partner] = replace(judged[partner], corrected_ms=(local_median(rr, partner) or rr[partner],))
