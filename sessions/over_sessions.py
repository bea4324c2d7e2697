"""What only several sessions of one person can say: whether words and heart go together, and what the guide does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from processing.coming_back import breathing_effect
from processing.concordance import Concordance, Said, concordance
from processing.values import IndexValue
from sessions.felt_and_heart import FELT_PROMPTS
from sessions.review import Review

SLOPE = "recovery_slope_bpm_per_min"


@dataclass(frozen=True, slots=True)
class OverSessions:
    """One person's sessions together; nobody is compared with anybody else."""

    concordance: Concordance
    breathing_effect: IndexValue


def over_sessions(reviews: Sequence[Review]) -> OverSessions:
    """Read reviews of one person's sessions together; what is too little for it is named."""
    guided, unguided = _slopes(reviews)
    said = [part for found in reviews for part in _said(found)]
    return OverSessions(concordance(said), breathing_effect(guided, unguided))


def _said(found: Review) -> Iterator[Said]:
    """Parts with both sides, on distress where it was answered twice, else on how stirred up the body felt."""
    for pair in found.pairs:
        prompt = next((name for name in FELT_PROMPTS if name in pair.felt and name in pair.felt_reference), None)
        if prompt is not None and pair.left_out is None and pair.change_bpm is not None:
            yield Said(found.id, pair.felt[prompt] - pair.felt_reference[prompt], pair.change_bpm)


def _slopes(reviews: Iterable[Review]) -> tuple[list[IndexValue], list[IndexValue]]:
    """Slopes of the first part after each last stressor: with a breath guide, and without."""
    guided: list[IndexValue] = []
    unguided: list[IndexValue] = []
    for found in reviews:
        on_the_way = [row for row in found.phases if row.span.seq in found.coming_back]
        for row in on_the_way[:1]:
            with_guide = bool(found.told.guides_in(row.span.start_s, row.span.end_s or row.span.start_s))
            (guided if with_guide else unguided).append(found.coming_back[row.span.seq][SLOPE])
    return guided, unguided
