"""The small pieces a session is made of: who watches, what is heard, what is told, what time it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from acquisition.beats import (
    Beat,
    BeatSource,
    Gap,
    LinkChange,
    LinkState,
    Notification,
    SensorFact,
    SourceInfo,
    Tick,
)
from acquisition.clock import Anchor
from acquisition.heart_rate_stream import RR_UNIT
from acquisition.silence import SilentSource
from processing.pipeline import BeatUpdate, GapUpdate, Revision
from processing.values import REASONS, IndexValue, Verdict
from sessions import words
from sessions.entering import strap_views
from sessions.keeping import zero_of
from sessions.messages import LiveFeed, plain_reason
from sessions.presence import Watch
from sessions.signal_watch import SignalWatch
from sessions.tap import Tap, shifted

STREAM = "heart-1"
STARTED = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)


def beat(seq: int, time_s: float) -> Beat:
    return Beat(STREAM, seq, time_s, 900.0)


def test_a_minute_and_ten_minutes_without_a_page() -> None:
    """Recording goes on for 60 s, then waits; after 600 s it is given up."""
    watch = Watch()
    watch.seen("a")
    watch.gone("a", 100.0)
    assert [watch.at(t) for t in (159.0, 160.0, 699.0, 700.0)] == ["going", "away", "away", "given_up"]


def test_a_sitting_that_no_page_has_reached_yet_is_not_left() -> None:
    """The person is on the way."""
    assert Watch().at(5000.0) == "here"


def test_limits_are_real_seconds() -> None:
    """At 60 times the speed a page that takes a second to open has not been gone for a minute."""
    watch = Watch(60.0)
    watch.seen("a")
    watch.gone("a", 0.0)
    assert watch.at(600.0) == "going"
    assert watch.at(3600.0) == "away"


def test_only_another_page_is_a_return_to_a_stressor() -> None:
    """A socket that blinked is the same page; a reload is another."""
    watch = Watch()
    assert not watch.seen("a")
    watch.gone("a", 1.0)
    assert not watch.seen("a")
    watch.gone("a", 2.0)
    assert watch.seen("b")


def test_two_pages_are_watched_until_both_have_gone() -> None:
    """One of two that closes leaves nobody alone."""
    watch = Watch()
    watch.seen("a")
    watch.seen("b")
    watch.gone("a", 1.0)
    assert watch.at(1000.0) == "here"


def test_the_signal_settles_after_ten_seconds_of_beats() -> None:
    """Connected is not settled; a gap begins anew."""
    signal = SignalWatch()
    signal.feed(LinkChange(STREAM, 0.0, LinkState.STREAMING))
    assert signal.view(with_sensor=True, done=False).word == words.SETTLING
    for n in range(12):
        signal.feed(beat(n, 1.0 + n))
    assert signal.arriving
    assert signal.settled
    signal.feed(Gap(STREAM, 12.0, 20.0, "link lost"))
    signal.feed(beat(12, 20.0))
    assert signal.arriving
    assert not signal.settled
    signal.feed(Tick(STREAM, 40.0))
    assert not signal.arriving


def test_the_word_of_the_footer_follows_the_link() -> None:
    """Plain words for each state, and for going on without."""
    signal = SignalWatch()
    assert signal.view(with_sensor=True, done=False).word == words.NO_SENSOR_YET
    signal.feed(LinkChange(STREAM, 1.0, LinkState.LOST, "out of reach"))
    view = signal.view(with_sensor=True, done=False)
    assert (view.state, view.word, view.reason) == ("lost", "Looking for the sensor", "out of reach")
    assert signal.view(with_sensor=False, done=False).state == "none"
    assert signal.view(with_sensor=True, done=True).word == words.SENSOR_DONE


def test_the_tap_moves_time_and_derives_beats_from_frames() -> None:
    """Frames lose nothing but their offset; the source's own beats give way to those of the frames."""
    tap = Tap((STREAM,), 10.0)
    frame = Notification(STREAM, 11.0, 11_000_000_000, bytes([0x16, 70, 0, 4]))
    heard = tap.feed(frame)
    assert heard[0] == Notification(STREAM, 1.0, 11_000_000_000, frame.data)
    assert tap.feed(beat(7, 11.0)) == []


def test_time_0_of_a_recording_is_that_of_the_last_item_before_it() -> None:
    """Begin is pressed between two items; on the machine's clock every frame then lies where its time says."""
    info = SourceInfo("sensor", "Strap", (STREAM,), origin_ns=5_000_000_000)
    begun = zero_of(info, Anchor(17_700_000_000, STARTED), 12.0)
    assert begun == Anchor(17_000_000_000, STARTED - timedelta(seconds=0.7))
    frame = Notification(STREAM, 13.25, 18_250_000_000, b"")
    (kept,) = Tap((), 12.0).feed(frame)
    assert (frame.arrival_ns - begun.monotonic_ns) / 1e9 == kept.time_s


@pytest.mark.parametrize(
    "changes", [{"kind": "simulation"}, {"kind": "replay", "origin_ns": None}, {"origin_ns": None}, {"speed": 4.0}]
)
def test_a_source_that_goes_by_another_clock_begins_now(changes: dict[str, object]) -> None:
    """Replays, simulations, and silence told faster."""
    info = replace(SourceInfo("sensor", "x", (STREAM,), origin_ns=5), **changes)  # type: ignore[arg-type] # its fields
    assert zero_of(info, Anchor(7, STARTED), 1.0) == Anchor(7, STARTED)


def test_bare_intervals_pass_and_count_from_zero() -> None:
    """A replay of plain intervals has no frames."""
    tap = Tap((STREAM,), 10.0)
    assert tap.feed(beat(7, 11.0)) == [Beat(STREAM, 0, 1.0, 900.0)]
    assert tap.feed(beat(9, 12.0)) == [Beat(STREAM, 2, 2.0, 900.0)]


def test_what_was_told_before_begin_is_kept_and_heeded() -> None:
    """A strap that counts in ms says so once connected; the recording begins later and must read its frames so."""
    tap = Tap((STREAM,), 10.0)
    facts = [SensorFact(STREAM, 2.0, RR_UNIT, "ms"), SensorFact("ecg-1", 3.0, "ecg", "on")]
    assert tap.begin(facts) == [replace(fact, time_s=0.0) for fact in facts]
    frames = [Notification(STREAM, 11.0 + n, 0, bytes([0x16, 70, 0xE8, 3])) for n in range(9)]
    heard = [item for frame in frames for item in tap.feed(frame)]
    assert {item.rr_ms for item in heard if isinstance(item, Beat)} == {1000.0}


def test_shifting_moves_every_time_of_an_item() -> None:
    """Start and end of a gap, arrival of a beat."""
    assert shifted(Gap(STREAM, 1.0, 2.0, "x"), 1.0) == Gap(STREAM, 2.0, 3.0, "x")
    moved = shifted(Beat(STREAM, 0, 1.0, 900.0, None, 1.5), 1.0)
    assert isinstance(moved, Beat)
    assert (moved.time_s, moved.arrival_s) == (2.0, 2.5)


def _update(seq: int, verdict: Verdict = Verdict.NORMAL) -> BeatUpdate:
    return BeatUpdate(seq, float(seq), 900.0, verdict, True, 900.0, {})


def test_the_page_hears_a_beat_its_revision_and_a_gap_only_while_the_heart_is_shown() -> None:
    """A revision is told only of a beat that was told."""
    feed = LiveFeed()
    assert feed.of(_update(1), shown=False) is None
    assert feed.of(Revision(1, 1.0, Verdict.ECTOPIC, None), shown=True) is None
    assert feed.of(GapUpdate(1.0, 2.0, "x"), shown=False) is None
    told = feed.of(_update(2), shown=True)
    assert told is not None
    assert (told["k"], told["q"], told["ok"]) == ("beat", 2, True)
    assert feed.of(Revision(2, 2.0, Verdict.ECTOPIC, None), shown=False) == {"k": "fix", "q": 2, "ok": False}


def _indices(score: float | None) -> dict[str, IndexValue]:
    def value(name: str, number: float | None) -> IndexValue:
        return IndexValue(name, number, "", 60.0, 60, 0.0, None if number is not None else "gap: x")

    return {"mean_hr_bpm": value("mean_hr_bpm", 66.0), "swing_bpm": value("swing_bpm", 9.0),
            "rhythm_score": value("rhythm_score", score)}  # fmt: skip


def test_the_word_for_heart_and_breath_holds_for_ten_seconds() -> None:
    """It goes from finding each other to together, and never flickers."""
    feed = LiveFeed()
    said = [feed.numbers(_indices(score), time_s)["together"] for time_s, score in
            [(0.0, None), (1.0, 0.1), (5.0, 0.9), (11.0, 0.9), (12.0, 0.1), (21.0, 0.1), (22.0, None)]]  # fmt: skip
    assert said == [None, *["finding each other"] * 2, *["together"] * 2, "finding each other", None]


def test_every_reason_has_plain_words() -> None:
    """Whatever withholds a number, the person reads a sentence."""
    for reason in REASONS:
        said = plain_reason(f"{reason}: 12 %")
        assert said is not None
        assert said.endswith(".")
        assert "%" not in said
    assert plain_reason(None) is None


def test_straps_are_listed_by_name_never_by_strength() -> None:
    """The one chosen last time is marked."""

    class Found:
        def __init__(self, address: str, name: str | None) -> None:
            self.address, self.name = address, name

    views = strap_views([Found("2", "Strap 9"), Found("1", None), Found("3", "Strap 1")], "2")
    assert [(v.name, v.remembered) for v in views] == [
        ("A strap without a name", False), ("Strap 1", False), ("Strap 9", True),
    ]  # fmt: skip


async def test_silence_ticks_each_second_until_it_is_closed() -> None:
    """A source without a sensor is a source."""
    source = SilentSource(float("inf"))
    assert isinstance(source, BeatSource)
    times = []
    async with asyncio.timeout(10):
        async for item in source:
            times.append(item.time_s)
            if len(times) == 5:
                await source.aclose()
    assert times == [1.0, 2.0, 3.0, 4.0, 5.0]


@pytest.mark.parametrize("name", [name for name in vars(words) if name.isupper()])
def test_no_word_on_the_page_names_an_emotion_or_a_disorder(name: str) -> None:
    """Words that docs/protocol.md keeps off the pages, and no exclamation marks."""
    said = str(vars(words)[name]).lower()
    never = ("arousal", "stress level", "disorder", "diagnos", "therap", "alarm", "patient", "you failed", "flooded",
             "anxious", "angry", "clinically", "!")  # fmt: skip
    assert not [word for word in never if word in said]


def test_the_hash_of_the_consent_covers_all_that_is_agreed_to() -> None:
    """A changed word is another hash."""
    before = words.consent_sha256()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "CONSENT_TEXT", words.CONSENT_TEXT + " ")
        assert words.consent_sha256() != before
