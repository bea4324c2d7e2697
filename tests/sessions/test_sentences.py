"""Sentences of a review and how many ways of computing them agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from acquisition import formats
from acquisition.samples import resolve
from processing.choices import LEAST_WAYS, Part, change_ways
from processing.readings import Rule, readings
from processing.values import Judgement
from sessions.own_rest import EarlierRest
from sessions.phase_table import COMPARED_S, PhaseRow, Stream, excerpt
from sessions.review import Review, review
from sessions.sentences import Sentence, sentences

STARTED = datetime(2026, 3, 1, 10, tzinfo=UTC)


@cache
def reviewed(name: str) -> Review:
    return review(None, formats.read(resolve(f"sample:{name}")))


@cache
def told(name: str) -> dict[str, Sentence]:
    return {one.id: one for one in sentences(reviewed(name))}


def test_a_large_change_holds_in_every_way() -> None:
    """Fourteen beats up against the plain scene, said with the way back and with felt and heart."""
    found = told("out-of-reach")
    change = found["change:4:mean_hr_bpm"]
    assert change.text == "Heart rate rose by 14 beats/min in Out of reach, against Plain scene."
    assert change.holds == change.ways
    assert change.firmness == f"holds in {change.ways} of {change.ways} ways"
    assert found["half_time"].text == "Half-way back after 1:17, with the breath guide running."
    assert found["felt:4"].text == "Out of reach: heart up, said up."


@pytest.mark.parametrize("name", ["out-of-reach", "calm-words-body-up", "paced-6"])
def test_every_sentence_is_asked_of_at_least_twenty_four_ways(name: str) -> None:
    """And counts no more than there are."""
    for one in told(name).values():
        assert one.ways >= LEAST_WAYS
        assert 0 <= one.holds <= one.ways


@pytest.mark.parametrize("name", ["out-of-reach", "calm-words-body-up"])
def test_the_figure_that_the_page_shows_is_one_of_the_ways(name: str) -> None:
    """A sentence about it therefore holds at least once, in the product's own way."""
    found = reviewed(name)
    read = {rule: replace(found.stream, judgements=judged) for rule, judged in _readings(found).items()}
    for row in found.phases:
        change = found.changes.get(row.span.seq)
        if change is None or change.mean_hr_bpm.value is None:
            continue
        named = next(other for other in found.phases if other.span.name == change.reference)
        own, other = ({rule: _part(found, stream, each) for rule, stream in read.items()} for each in (row, named))
        ways = change_ways("mean_hr_bpm", own, {"": other}, COMPARED_S)
        assert min(abs(way.value - change.mean_hr_bpm.value) for way in ways if way.value is not None) < 1e-9


def _readings(found: Review) -> dict[Rule, tuple[Judgement, ...]]:
    return readings(found.stream.judgements, found.stream.gaps)


def _part(found: Review, stream: Stream, row: PhaseRow) -> Part:
    cut = excerpt(stream, found.told.own_spans(row.span))
    return Part(cut.series, cut.length_s)


def test_a_sentence_that_most_ways_deny_is_not_printed_and_says_what_breaks_it() -> None:
    """RMSSD of the plain scene hangs on how long a window is taken."""
    one = told("calm-words-body-up")["change:2:ln_rmssd"]
    assert not one.printed
    assert one.holds <= one.ways / 2
    assert any(each.startswith("average median") for each in one.breaks)


def test_a_sentence_that_half_of_the_ways_deny_is_not_printed_either() -> None:
    """Most is more than half."""
    assert not Sentence("x", "X.", 24, 48, ()).printed
    assert Sentence("x", "X.", 25, 48, ()).printed


def test_no_number_no_sentence() -> None:
    """What the page withholds is not said; a plain recording has nothing to say."""
    names = set(told("out-of-reach"))
    assert "change:6:ln_rmssd" not in names  # with a guide RMSSD is no change
    assert told("clean-rest") == {}
    assert told("ectopic-12") == {}


def test_no_sentence_names_a_feeling_or_grades() -> None:
    """Plain words."""
    words = " ".join(one.text.lower() for name in ("out-of-reach", "paced-6") for one in told(name).values())
    assert not any(word in words for word in ("arousal", "stress", "anxious", "better", "worse", "normal", "score"))


def rests(count: int, *, slower: float = 1.0) -> tuple[EarlierRest, ...]:
    """The same rest on earlier days, each a little different; ``slower`` stretches its intervals."""
    found = reviewed("out-of-reach")
    rest = found.phases[0].span
    made = []
    for day in range(count):
        factor = slower * (1 + 0.01 * (day % 3 - 1))
        judged = tuple(
            replace(j, rr_ms=j.rr_ms * factor, corrected_ms=tuple(c * factor for c in j.corrected_ms))
            for j in found.stream.judgements
            if j.time_s <= (rest.end_s or 0.0)
        )
        span = (rest.start_s, rest.end_s or 0.0)
        made.append(EarlierRest(f"d{day}", STARTED + timedelta(days=day), Stream(judged, (), 0.0), (span,)))
    return tuple(made)


def test_after_five_rests_the_own_band_is_told() -> None:
    """The same heart lies inside; a heart whose rests were a third slower lies outside; before five nothing is said."""
    found = reviewed("out-of-reach")
    inside = {one.id: one for one in sentences(found, rests(6))}["band:mean_hr_bpm"]
    assert inside.text == "Heart rate at rest lies inside the own band of 6 earlier rests."
    assert inside.printed
    assert inside.ways >= LEAST_WAYS
    outside = {one.id: one for one in sentences(found, rests(6, slower=1.35))}["band:mean_hr_bpm"]
    assert "outside the own band" in outside.text
    assert not any(one.id.startswith("band") for one in sentences(found, rests(4)))
