"""What the person said beside what the heart did, part by part; neither is the truth about the other.

Felt on its full 0 to 100, heart in beats/min and SD from the reference. No coefficient: one sitting has too few parts
(docs/protocol.md: none under 4 sessions or 12 phases).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sessions.phase_table import PhaseRow
from sessions.reactivity import Reactivity

HEART_UP_BPM = 5.0
"""Heart up: at least so many beats/min above the reference, and over 1 SD of it (docs/protocol.md)."""
HEART_UP_SD = 1.0
SAID_UP = 15.0
"""Said up: at least so many of 100 above the reference's answer (docs/protocol.md)."""
LEAST_PHASES = 12
"""Parts under which no coefficient is given."""
FELT_PROMPTS = ("suds", "body")

CAVEAT = (
    "Heart rate is one channel. In studies, avoidance showed mostly in skin conductance, which this recording does "
    "not have. A steady heart does not show that nothing was felt. A split between words and heart has many causes "
    "(fitness, drugs, talking, not noticing, not saying)."
)


@dataclass(frozen=True, slots=True)
class FeltAndHeart:
    """One part's two sides."""

    seq: int
    name: str
    title: str
    kind: str
    reference: str
    change_bpm: float | None
    change_sd: float | None
    felt: Mapping[str, float]
    """Answers by prompt, 0 to 100, given before the heart was shown."""
    felt_reference: Mapping[str, float]
    says: str
    """Such as "heart up, said calm"; empty where a side is missing."""
    left_out: str | None
    """Why the part has no place here, or None."""


def felt_and_heart(rows: Sequence[PhaseRow], found: Mapping[int, Reactivity]) -> tuple[FeltAndHeart, ...]:
    """Every part that was rated and has a reference."""
    pairs = []
    for at, row in enumerate(rows):
        change = found.get(row.span.seq)
        if change is None or not row.ratings:
            continue
        earlier = [other for other in rows[:at] if other.span.name == change.reference]
        pairs.append(_pair(row, earlier[-1], change))
    return tuple(pairs)


def _pair(row: PhaseRow, reference: PhaseRow, change: Reactivity) -> FeltAndHeart:
    felt, before = _felt(row), _felt(reference)
    rate = change.mean_hr_bpm
    left_out = rate.reason
    if left_out is None and not felt:
        shown = any(rating.after_feedback for rating in row.ratings)
        left_out = "answered after the heart was shown" if shown else "not answered"
    return FeltAndHeart(
        seq=row.span.seq,
        name=row.span.name,
        title=row.title,
        kind=row.span.kind,
        reference=change.reference,
        change_bpm=rate.value,
        change_sd=rate.sd,
        felt=felt,
        felt_reference=before,
        says=_says(rate.value, rate.sd, felt, before) if left_out is None else "",
        left_out=left_out,
    )


def _felt(row: PhaseRow) -> dict[str, float]:
    answers = {prompt: row.rating(prompt) for prompt in FELT_PROMPTS}
    return {prompt: value for prompt, value in answers.items() if value is not None}


def _says(bpm: float | None, sd: float | None, felt: Mapping[str, float], before: Mapping[str, float]) -> str:
    """The finding in words, on distress where both sides have it, else on how stirred up the body felt."""
    prompt = next((name for name in FELT_PROMPTS if name in felt and name in before), None)
    if bpm is None or prompt is None:
        return ""
    heart_up = bpm >= HEART_UP_BPM and (sd is None or sd > HEART_UP_SD)
    said_up = felt[prompt] - before[prompt] >= SAID_UP
    if heart_up:
        return "heart up, said up" if said_up else "heart up, said calm"
    return "said up, heart steady" if said_up else "both steady"
