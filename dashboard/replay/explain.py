"""One beat in words: what its bytes say, what the rule found, what was decided. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from acquisition.beats import TICKS_PER_S
from dashboard.replay.frames import Frame
from processing.values import Verdict

MEDIAN_BEATS = 11
"""Normal intervals before this one whose median is named as "local"."""

TAGS: Mapping[Verdict, str] = {
    Verdict.NORMAL: "normal",
    Verdict.ECTOPIC: "early",
    Verdict.MISSED: "missed",
    Verdict.EXTRA: "extra",
    Verdict.LONG: "long",
    Verdict.SHORT: "short",
    Verdict.OUT_OF_RANGE: "impossible",
}
"""The verdict as one word in a table."""

FINDINGS: Mapping[Verdict, str] = {
    Verdict.NORMAL: "It fits the beats around it.",
    Verdict.ECTOPIC: "It and its neighbour are short and long in turn: a beat came early.",
    Verdict.MISSED: "It is about as long as two beats or more: a beat was not seen.",
    Verdict.EXTRA: "It and its neighbour together are about one beat: a beat was counted that was none.",
    Verdict.LONG: "It is longer than the beats around it allow.",
    Verdict.SHORT: "It is shorter than the beats around it allow.",
    Verdict.OUT_OF_RANGE: "No heart at rest beats like this, and nothing nearby explains it.",
}


@dataclass(frozen=True, slots=True)
class PlayedBeat:
    """What the run knows of one beat so far."""

    seq: int
    time_s: float
    rr_ms: float
    rr_ticks: int | None
    frame: int | None
    """Number of the frame that carried it, or None for a file without frames."""
    place: int
    """Which interval of its frame it is, from 0."""
    first: Verdict
    """What it was held to be when it arrived."""
    verdict: Verdict
    confirmed: bool
    nn_ms: float | None
    corrected_ms: tuple[float, ...] = ()


def explain(beat: PlayedBeat, frame: Frame | None, normal_before: Sequence[float]) -> tuple[str, ...]:
    """Sentences for the panel; ``normal_before`` are the normal intervals before this beat, oldest first, ms."""
    return (*_bytes(beat, frame), *_rule(beat, normal_before), *_decision(beat))


def _bytes(beat: PlayedBeat, frame: Frame | None) -> tuple[str, ...]:
    if beat.rr_ticks is None:
        return (f"The file gives this interval as {beat.rr_ms:.1f} ms; it holds no frames of a sensor.",)
    said = f"`0x{beat.rr_ticks:04X}` is {beat.rr_ticks:,} / {TICKS_PER_S} s, so `RR = {beat.rr_ms:.1f} ms`."
    if frame is not None and frame.intervals > 1:
        said += f" Its frame carries {frame.intervals} intervals; this is number {beat.place + 1}."
    return (said,)


def _rule(beat: PlayedBeat, normal_before: Sequence[float]) -> tuple[str, ...]:
    recent = list(normal_before)[-MEDIAN_BEATS:]
    found = FINDINGS[beat.verdict]
    if len(recent) < 3:
        return (found,)
    local = median(recent)
    return (f"That is {beat.rr_ms / local:.2f} times the local median of {local:.0f} ms. {found}",)


def _decision(beat: PlayedBeat) -> tuple[str, ...]:
    name = TAGS[beat.verdict]
    if not beat.confirmed:
        head = f"Taken as {name} for now; three more beats decide."
    elif beat.first is not beat.verdict:
        head = f"First taken as {TAGS[beat.first]}; three beats later judged {name}."
    else:
        head = f"Judged {name} at once, and three beats later still."
    if beat.verdict is Verdict.NORMAL:
        return (head, f"It counts: `NN = {beat.rr_ms:.1f} ms`.")
    left = "It is left out of heart rate, RMSSD and every other index in time."
    if beat.corrected_ms:
        instead = " + ".join(f"{interval:.0f}" for interval in beat.corrected_ms)
        left += f" The spectrum and the tachogram use `{instead} ms` in its place."
    return (head, left, "Its raw value stays in the recording.")
