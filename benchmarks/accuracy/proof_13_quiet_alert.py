"""The quiet alert: rises that are offered a pause, offers without a rise, and none while somebody begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.accuracy.claims import Cell, Claim, Setting
from benchmarks.accuracy.rising_hearts import CONTROL_S, REST_S, Part, RisingHeart, sitting
from processing.arousal import BaselineReference
from processing.live import LiveIndices
from processing.pipeline import LivePipeline, SecondUpdate
from processing.quiet_alert import AlertEvent, QuietAlert, RiseSustained, RiseWithheld, Second
from processing.thresholds import SPECS
from processing.values import IndexValue
from processing.windows import withheld

RATE = SPECS["mean_hr_bpm"]
SITTINGS, FEW = 200, 2
LEAST_OFFERED_PERCENT, MOST_FALSE_IN_10_H = 95.0, 1.0
IGNORED_S = 45.0
"""Stated here once more: the proof must not take it from what it proves."""
BETWEEN_BPM = (14.0, 16.0, 18.0, 20.0, 22.0, 24.0)
"""Edges of the rows of rises that lie about the line."""


class RatePipeline(LivePipeline):
    """The live pipeline with heart rate as its only number: the waves and the rest take nine tenths of the time."""

    def __init__(self) -> None:
        super().__init__()
        self._live = _RateAlone()


class _RateAlone(LiveIndices):
    def numbers(self) -> dict[str, IndexValue]:
        facts, first = self._beats.window(RATE.minimum_s)
        reason = withheld(RATE, facts, short="warming_up")
        value = None if reason is not None else self._beats.mean_hr_bpm(first)
        share = facts.corrected_percent
        return {RATE.name: IndexValue(RATE.name, value, RATE.unit, RATE.minimum_s, facts.beats, share, reason)}


@dataclass(frozen=True, slots=True)
class Heard:
    """One sitting with what the alert said in it."""

    heart: RisingHeart
    events: tuple[AlertEvent, ...]

    def offers(self, part: Part) -> list[float]:
        """Times of offers in a part."""
        told = [event.time_s for event in self.events if isinstance(event, RiseSustained)]
        return [time_s for time_s in told if part.from_s < time_s <= part.to_s]


def claims(setting: Setting) -> Iterator[Claim]:
    """Offered rises, false offers, offers at onsets, delay, and what happens about the line."""
    rng = np.random.default_rng((setting.seed, 13))
    heard = [listened(sitting(rng)) for _ in range(FEW if setting.short else SITTINGS)]
    parts = [(part, one.offers(part)) for one in heard for part in one.heart.parts]
    rises = [(part, offers) for part, offers in parts if part.kind == "rise"]
    share = 100 * sum(any(at >= part.rises_s for at in offers) for part, offers in rises) / max(1, len(rises))
    yield Claim(
        "rises of 24 to 45 beats/min held for 75 s that are offered a pause (%)",
        "95 or more",
        round(share, 1),
        len(rises),
        share >= LEAST_OFFERED_PERCENT,
    )
    plain = [(part, offers) for part, offers in parts if part.kind != "between"]
    hours = sum(part.to_s - part.from_s for part, _ in plain) / 3600
    false = sum(part.kind == "none" or at < part.rises_s for part, offers in plain for at in offers)
    yield Claim(
        f"offers without a rise in 10 h ({false} in {hours:.1f} h of parts with laughs, coughs, speech, holes)",
        "1 or fewer",
        round(10 * false / hours, 2),
        len(plain),
        10 * false / hours <= MOST_FALSE_IN_10_H,
    )
    early = sum(at < deaf_until(part) for part, offers in parts for at in offers)
    what = "offers in the first 45 s of a part or of speech"
    yield Claim(what, "0", early, len(parts), early == 0)
    delays = [offers[0] - max(part.rises_s, deaf_until(part)) for part, offers in rises if offers]
    median = round(float(np.median(delays)), 0) if delays else None
    yield Claim("median time to an offer from a rise, or from when it counts (s)", "", median, len(delays), None)
    quality = sum(isinstance(e, RiseWithheld) and e.reason == "quality" for one in heard for e in one.events)
    yield Claim("rises withheld for poor signal", "", quality, len(parts), None)
    yield from _between([each for each in parts if each[0].kind == "between"])


def deaf_until(part: Part) -> float:
    """Until when nothing may be told in a part."""
    return max(part.from_s, part.onset_s or 0.0) + IGNORED_S


def listened(heart: RisingHeart) -> Heard:
    """The sitting as the live pipeline hears it, second by second, with the parts told to the alert."""
    pipeline, alert = RatePipeline(), QuietAlert()
    events: list[AlertEvent] = []
    marks = _marks(heart)
    for item in heart.items:
        for update in pipeline.feed(item):
            if isinstance(update, SecondUpdate):
                while marks and marks[0][0] <= update.time_s:
                    events += _follow(alert, pipeline, heart, *marks.pop(0))
                rate = update.indices.get("mean_hr_bpm")
                if rate is not None:
                    events += alert.hear(Second.of(update.time_s, rate))
    return Heard(heart, tuple(events))


def _marks(heart: RisingHeart) -> list[tuple[float, str]]:
    """What the sitting tells the alert, and when."""
    marks = [(REST_S, "rest"), (REST_S + CONTROL_S, "control")]
    for part in heart.parts:
        marks += [(part.from_s, "enter"), (part.to_s, "leave")]
        marks += [(part.onset_s, "speech")] if part.onset_s is not None else []
    return sorted(marks)


def _follow(
    alert: QuietAlert, pipeline: LivePipeline, heart: RisingHeart, time_s: float, what: str
) -> Sequence[AlertEvent]:
    if what == "enter":
        return alert.enter(time_s, spoken=heart.spoken)
    if what == "leave":
        return alert.leave(time_s)
    if what == "speech":
        return alert.speech_begins(time_s)
    spans: Mapping[str, tuple[float, float, bool]] = {
        "rest": (0.0, REST_S, False),
        "control": (REST_S, REST_S + CONTROL_S, heart.spoken),
    }
    from_s, to_s, spoken = spans[what]
    found: BaselineReference | None = pipeline.baseline_between(from_s, to_s, spoken=spoken)
    if found is not None and (what == "rest" or spoken):
        alert.rests(found)
    return []


def _between(parts: Sequence[tuple[Part, Sequence[float]]]) -> Iterator[Claim]:
    """Rises about the line, by their size: drift decides there, and no target is set."""
    for low, high in pairwise(BETWEEN_BPM):
        inside = [bool(offers) for part, offers in parts if low <= part.lift_bpm < high]
        if not inside:
            continue
        share = f"{100 * np.mean(inside):.0f}"
        row = f"{low:g} to {high:g} beats/min"
        for column, value in (("offered (%)", share), ("n", str(len(inside)))):
            cell = Cell("Rises about the line of 20 beats/min", row, column)
            yield Claim(f"rises of {row}, {column}", "", value, len(inside), None, cell)
