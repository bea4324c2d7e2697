"""The stream as the live pipeline sees it, as lines: the shapes that ``replay`` and ``record`` share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from acquisition.beats import Beat, Gap, Item, LinkChange
from processing.pipeline import BeatUpdate, GapUpdate, LivePipeline, Revision, Update
from processing.values import Judgement

SCHEMA = 1
"""Version of these lines."""

REVISED_WITHIN = 64
"""Beats after which no verdict changes any more; it takes three, this is far beyond."""

Line = dict[str, object]


def update_line(update: Update) -> Line | None:
    """The line of an update, or None where the contract has none (a second that only moved the clock)."""
    if isinstance(update, BeatUpdate):
        return {
            "kind": "beat",
            "seq": update.seq,
            "time_s": update.time_s,
            "rr_ms": update.rr_ms,
            "verdict": str(update.verdict),
            "provisional": update.provisional,
            "nn_ms": update.nn_ms,
            "indices": {name: {"value": index.value, "reason": index.reason} for name, index in update.indices.items()},
        }
    if isinstance(update, GapUpdate):
        return {"kind": "gap", "from_s": update.from_s, "to_s": update.to_s, "reason": update.reason}
    if isinstance(update, Revision):
        return {
            "kind": "revision",
            "seq": update.seq,
            "time_s": update.time_s,
            "verdict": str(update.verdict),
            "nn_ms": update.nn_ms,
        }
    return None


def link_line(change: LinkChange) -> Line:
    """The line of a change of the link."""
    return {"kind": "link", "state": str(change.state), "reason": change.reason}


class Teller:
    """Items of one or more streams through one pipeline each; counts what the end line says."""

    def __init__(self, streams: Sequence[str], delay_s: float = 0.0) -> None:
        self._pipelines: Mapping[str, LivePipeline] = {name: LivePipeline(name, delay_s) for name in streams}
        self._summed_s = dict.fromkeys(streams, 0.0)
        self._raw_ms: dict[tuple[str, int], float] = {}
        self.beats = 0

    @property
    def duration_s(self) -> float:
        """Sum of RR plus gaps so far; of the longest stream when there are several."""
        return max(self._summed_s.values(), default=0.0)

    def feed(self, item: Item) -> list[Update]:
        """What follows from an item."""
        pipeline = self._pipelines.get(item.stream)
        if pipeline is None:
            return []
        if isinstance(item, Beat):
            self.beats += 1
            self._summed_s[item.stream] += item.rr_ms / 1000.0
            self._raw_ms[item.stream, item.seq] = item.rr_ms
            self._raw_ms.pop((item.stream, item.seq - REVISED_WITHIN), None)
        elif isinstance(item, Gap):
            self._summed_s[item.stream] += item.to_s - item.from_s
        return pipeline.feed(item)

    def finish(self) -> Iterator[tuple[str, Update]]:
        """The last beats of each stream, settled with what is known."""
        for name, pipeline in self._pipelines.items():
            for update in pipeline.finish():
                yield name, update

    def judgement(self, stream: str, update: Update) -> Judgement | None:
        """The verdict that an update speaks, as it is kept, or None."""
        if isinstance(update, BeatUpdate):
            return Judgement(update.seq, update.time_s, update.rr_ms, update.verdict, update.provisional)
        raw_ms = self._raw_ms.get((stream, update.seq)) if isinstance(update, Revision) else None
        if not isinstance(update, Revision) or raw_ms is None:
            return None
        return Judgement(update.seq, update.time_s, raw_ms, update.verdict, False, tuple(update.corrected_ms))
