"""What a review says in sentences, each with how many of the defensible ways of computing it agree.

A sentence that does not hold in most of them is not printed. The grid is ``processing.choices``; what counts as the
same finding is below.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from processing.choices import Part, Quantity, Way, band_ways, change_ways, half_time_ways, recovery_ways
from processing.own_band import LEAST_RESTS
from processing.readings import Rule, readings
from processing.recovery import LEAST_RISE_BPM
from processing.windows import Series
from sessions.felt_and_heart import HEART_UP_BPM
from sessions.own_rest import EarlierRest
from sessions.phase_table import COMPARED_S, PhaseRow, Stream, compared_rest, excerpt
from sessions.reactivity import SPOKEN, Reactivity
from sessions.review import Review
from sessions.way_back import Way as WayBack
from sessions.way_back import way_of

MOST = 0.5
"""Share of the ways in which a sentence must hold, and more than that, to be printed."""
SAME_BPM = LEAST_RISE_BPM
"""Two changes of heart rate nearer than this are the same finding: less is no clear change (docs/protocol.md)."""
CLEAR_LN = 0.10
"""Under this difference of lnRMSSD, a tenth, RMSSD is about the same."""
SAME_LN = math.log(1.25)
"""Two changes of RMSSD within a quarter of each other are the same finding."""
SAME_HALF_TIME_S, SAME_HALF_TIME = 15.0, 0.25
"""Half-times within 15 s (the width of the smoothing) or a quarter (how exactly one can be read) are the same."""
SAME_PERCENT = 15.0
"""Shares of the way back within so many points are the same finding. [D]"""
BAND_INDICES: Mapping[Quantity, str] = {"mean_hr_bpm": "Heart rate", "ln_rmssd": "RMSSD"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and how firmly it stands."""

    id: str
    """Such as ``change:4:mean_hr_bpm``; the number is the part's seq."""
    text: str
    holds: int
    ways: int
    breaks: tuple[str, ...]
    """Choices under which it fails more often than not, such as "window 60 s (3 of 4)"."""

    @property
    def printed(self) -> bool:
        """Whether it holds in most ways."""
        return self.holds > MOST * self.ways

    @property
    def firmness(self) -> str:
        """As it stands beside the sentence."""
        return f"holds in {self.holds} of {self.ways} ways"


@dataclass(frozen=True, slots=True)
class _Read:
    """A stream in each reading, and the parts cut from it."""

    streams: Mapping[Rule, Stream]

    @classmethod
    def of(cls, stream: Stream) -> _Read:
        found = readings(stream.judgements, stream.gaps)
        return cls({rule: replace(stream, judgements=judged) for rule, judged in found.items()})

    def part(self, spans: Sequence[tuple[float, float]]) -> dict[Rule, Part]:
        cut = {rule: excerpt(stream, spans) for rule, stream in self.streams.items()}
        return {rule: Part(each.series, each.length_s) for rule, each in cut.items()}

    def series(self) -> dict[Rule, Series]:
        return {rule: Series.of(stream.judgements, stream.gaps) for rule, stream in self.streams.items()}


def sentences(found: Review, rests: Sequence[EarlierRest] = ()) -> tuple[Sentence, ...]:
    """All sentences of a review, those that are not printed among them; about half a second for twenty minutes.

    ``rests``: comparable earlier rests of the same person, oldest first.
    """
    if not found.stream.judgements or not found.phases:
        return ()
    read = _Read.of(found.stream)
    parts = {row.span.seq: read.part(found.told.own_spans(row.span)) for row in found.phases if row.used_s > 0}
    told: list[Sentence] = []
    for row in found.phases:
        change = found.changes.get(row.span.seq)
        if change is not None:
            told += _of_change(found, row, change, parts)
    told += _of_way_back(found, read)
    return (*told, *_of_band(found, rests, parts))


def _of_change(
    found: Review, row: PhaseRow, change: Reactivity, parts: Mapping[int, Mapping[Rule, Part]]
) -> list[Sentence]:
    references = _references(found, row, change)
    against = {each.title: parts[each.span.seq] for each in references}
    told = []
    bpm, ln = change.mean_hr_bpm.value, change.ln_rmssd.value
    if bpm is not None:
        ways = change_ways("mean_hr_bpm", parts[row.span.seq], against, COMPARED_S)
        name = f"change:{row.span.seq}:mean_hr_bpm"
        told.append(_sentence(name, _rate_words(row, references[0], bpm), ways, _same_rate(bpm)))
        says = next((pair.says for pair in found.pairs if pair.seq == row.span.seq and pair.says), None)
        if says is not None:
            sd_bpm = bpm / change.mean_hr_bpm.sd if change.mean_hr_bpm.sd else 0.0
            text = f"{row.title}: {says}."
            told.append(_sentence(f"felt:{row.span.seq}", text, ways, _same_side(bpm, sd_bpm)))
    if ln is not None:
        ways = change_ways("ln_rmssd", parts[row.span.seq], against, COMPARED_S)
        text = _rmssd_words(row, references[0], ln)
        told.append(_sentence(f"change:{row.span.seq}:ln_rmssd", text, ways, _same_ratio(ln)))
    return told


def _references(found: Review, row: PhaseRow, change: Reactivity) -> list[PhaseRow]:
    """The reference that pages use, then the baseline before where that is another part of the same kind of speech."""
    earlier = [other for other in found.phases[: found.phases.index(row)] if other.used_s > 0]
    named = [other for other in earlier if other.span.name == change.reference][-1]
    rests = [other for other in earlier if other.span.kind == "baseline" and other is not named]
    alike = [other for other in rests if (other.span.speech in SPOKEN) == (row.span.speech in SPOKEN)]
    return [named, *alike[-1:]]


def _of_way_back(found: Review, read: _Read) -> list[Sentence]:
    way, half = way_of(found.phases, found.heard_until_s), found.half_time
    if isinstance(way, str) or (half.value_s is None and not half.censored):
        return []
    series = read.series()
    ways = half_time_ways(series, way.baseline, way.stressor, way.until_s)
    text = _half_time_words(half.value_s, half.watched_s, paced=half.paced)
    told = [_sentence("half_time", text, ways, _same_half_time(half.value_s))]
    return [*told, *_of_shares(found, way, series)]


def _of_shares(found: Review, way: WayBack, series: Mapping[Rule, Series]) -> list[Sentence]:
    told = []
    for row in way.parts:
        share = found.coming_back[row.span.seq]["recovery_percent"].value
        if share is None or row.span.end_s is None:
            continue
        ways = recovery_ways(series, way.baseline, way.stressor, (row.span.start_s, row.span.end_s))
        guide = ", with the breath guide" if row.span.kind == "paced_breathing" else ""
        text = f"By the end of {row.title}, {share:.0f} % of the rise was gone{guide}."
        told.append(_sentence(f"recovery:{row.span.seq}", text, ways, _near(share, SAME_PERCENT)))
    return told


def _of_band(found: Review, rests: Sequence[EarlierRest], parts: Mapping[int, Mapping[Rule, Part]]) -> list[Sentence]:
    rest = compared_rest([row.span for row in found.phases])
    if rest is None or len(rests) < LEAST_RESTS or rest.seq not in parts or rest.speech in SPOKEN:
        return []
    before = [_Read.of(each.stream).part(each.spans) for each in rests]
    told = []
    for quantity, title in BAND_INDICES.items():
        ways = band_ways(quantity, parts[rest.seq], before, COMPARED_S, len(BAND_INDICES))
        if not ways or ways[0].value is None:
            continue
        inside = ways[0].value == 0.0
        side = "inside" if inside else "outside"
        text = f"{title} at rest lies {side} the own band of {len(rests)} earlier rests."
        told.append(_sentence(f"band:{quantity}", text, ways, _same_place(inside)))
    return told


def _sentence(name: str, text: str, ways: Sequence[Way], agrees: Callable[[Way], bool]) -> Sentence:
    held = [agrees(way) for way in ways]
    every, failed = Counter[str](), Counter[str]()
    for way, holds in zip(ways, held, strict=True):
        options = [f"{choice} {option}" for choice, option in way.choices.items()]
        every.update(options)
        failed.update([] if holds else options)
    breaks = [
        f"{option} ({failed[option]} of {every[option]})" for option in every if 2 * failed[option] > every[option]
    ]
    return Sentence(name, text, sum(held), len(ways), tuple(breaks))


def _near(value: float, within: float) -> Callable[[Way], bool]:
    return lambda way: way.value is not None and abs(way.value - value) <= within


def _same_rate(bpm: float) -> Callable[[Way], bool]:
    """A clear change stays clear, to the same side, and about as large; no clear change stays none."""
    if abs(bpm) < LEAST_RISE_BPM:
        return lambda way: way.value is not None and abs(way.value) < LEAST_RISE_BPM
    sign = math.copysign(1.0, bpm)
    return lambda way: way.value is not None and sign * way.value >= LEAST_RISE_BPM and abs(way.value - bpm) <= SAME_BPM


def _same_ratio(ln: float) -> Callable[[Way], bool]:
    if abs(ln) < CLEAR_LN:
        return lambda way: way.value is not None and abs(way.value) < CLEAR_LN
    sign = math.copysign(1.0, ln)
    return lambda way: way.value is not None and sign * way.value >= CLEAR_LN and abs(way.value - ln) <= SAME_LN


def _same_side(bpm: float, sd_bpm: float) -> Callable[[Way], bool]:
    """The heart stays up, or stays not up, by the thresholds of felt and heart."""
    least = max(HEART_UP_BPM, sd_bpm)
    return lambda way: way.value is not None and (way.value >= least) == (bpm >= least)


def _same_half_time(value_s: float | None) -> Callable[[Way], bool]:
    if value_s is None:
        return lambda way: way.censored
    return _near(value_s, max(SAME_HALF_TIME_S, SAME_HALF_TIME * value_s))


def _same_place(inside: bool) -> Callable[[Way], bool]:
    return lambda way: way.value is not None and (way.value == 0.0) == inside


def _rate_words(row: PhaseRow, reference: PhaseRow, bpm: float) -> str:
    if abs(bpm) < LEAST_RISE_BPM:
        return f"Heart rate in {row.title} was about that of {reference.title}."
    moved = "rose" if bpm > 0 else "fell"
    return f"Heart rate {moved} by {abs(bpm):.0f} beats/min in {row.title}, against {reference.title}."


def _rmssd_words(row: PhaseRow, reference: PhaseRow, ln: float) -> str:
    if abs(ln) < CLEAR_LN:
        return f"RMSSD in {row.title} was about that of {reference.title}."
    percent, moved = 100.0 * math.expm1(ln), "higher" if ln > 0 else "lower"
    return f"RMSSD was {abs(percent):.0f} % {moved} in {row.title} than in {reference.title}."


def _half_time_words(value_s: float | None, watched_s: float, *, paced: bool) -> str:
    how = ", with the breath guide running" if paced else ""
    minutes, seconds = divmod(round(watched_s if value_s is None else value_s), 60)
    at = f"{minutes}:{seconds:02d}"
    return f"Not half-way back within {at}{how}." if value_s is None else f"Half-way back after {at}{how}."
