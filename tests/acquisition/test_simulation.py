"""The simulated strap is a source like any other, with frames, beats, gaps and ticks, the same at every speed."""

from __future__ import annotations

import asyncio
import json
import math
from pathlib import Path

import pytest

from acquisition.beats import (
    Beat,
    BeatSource,
    Gap,
    Item,
    LinkChange,
    LinkState,
    Notification,
    Responsive,
    SensorFact,
    Stimulus,
    Tick,
)
from acquisition.errors import BadInput, EnvironmentFault
from acquisition.formats import read
from acquisition.heart_rate_profile import decode
from acquisition.heart_rate_stream import HeartRateStream
from acquisition.scenarios import SCENARIOS, scenario, write_scenario
from acquisition.simulated_faults import Faults, Outage
from acquisition.simulated_strap import SimulatedStrap, encode
from acquisition.simulation import SimulatedSource
from sessions.records import PhaseSpan, Rating


def _seconds(strap: SimulatedStrap, count: int) -> list[Item]:
    return [item for _ in range(count) for item in strap.next_second()]


async def _first(source: SimulatedSource, until_s: float, ask_at: dict[float, Stimulus] | None = None) -> list[Item]:
    found: list[Item] = []
    async for item in source:
        found.append(item)
        if ask_at and isinstance(item, Tick) and item.time_s in ask_at:
            source.respond(ask_at[item.time_s])
        if isinstance(item, Tick) and item.time_s >= until_s:
            break
    await source.aclose()
    return found


def test_frames_are_real_heart_rate_measurements() -> None:
    """Each decodes, about one a second, and its intervals are the beats that follow it."""
    items = _seconds(SimulatedStrap(1), 60)
    frames = [item for item in items if isinstance(item, Notification)]
    assert len(frames) == 59
    decoded = [decode(frame.data) for frame in frames]
    assert all(each.contact and each.trailing_bytes == 0 for each in decoded)
    assert [rr for each in decoded for rr in each.rr_ticks] == [b.rr_ticks for b in items if isinstance(b, Beat)]
    assert all(each.heart_rate_bpm in range(40, 120) for each in decoded)
    assert encode(300, (), contact=False)[1] == 255


def test_items_are_those_of_the_same_decoding_as_live() -> None:
    """Fed to a fresh stream, the raw items give all items again."""
    items = _seconds(SimulatedStrap(2, faults=Faults(0.05, 0.02, 0.02, 0.05, (Outage(20, 9, "link"),))), 90)
    stream = HeartRateStream("heart-1")
    raw = [item for item in items if not isinstance(item, (Beat, Gap))]
    assert [each for item in raw for each in stream.feed(item)] == items


def test_time_never_runs_back_but_for_beats_within_their_frame() -> None:
    """Frames, links and ticks come in order, with a tick at each second."""
    items = _seconds(SimulatedStrap(3), 60)
    times = [item.time_s for item in items if not isinstance(item, (Beat, Gap))]
    assert times == sorted(times)
    assert [item.time_s for item in items if isinstance(item, Tick)] == [float(s) for s in range(1, 61)]


def test_beats_lie_where_the_heart_beat_plus_the_delay() -> None:
    """Once the offset is found, within 0.15 s, while the interval ends are exact."""
    strap = SimulatedStrap(4)
    beats = [item for item in _seconds(strap, 300) if isinstance(item, Beat)]
    truth = {seq: end_s for seq, end_s, _ in strap.truth.sent}
    assert max(abs(beat.time_s - truth[beat.seq] - 0.4) for beat in beats if beat.time_s > 120) < 0.15


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_truth_names_each_received_interval(seed: int) -> None:
    """Seqs of the truth are the seqs of the beats, faults included."""
    faults = Faults(0.05, 0.02, 0.02, 0.03, (Outage(30, 8, "link"), Outage(70.5, 9.3, "contact")))
    strap = SimulatedStrap(seed, faults=faults)
    beats = [item for item in _seconds(strap, 150) if isinstance(item, Beat)]
    assert [beat.seq for beat in beats] == [seq for seq, _, _ in strap.truth.sent][: len(beats)]
    assert len(strap.truth.sent) - len(beats) <= 4
    assert strap.truth.malformed_frames > 0
    assert strap.truth.unsent > 15
    kinds = {seq: kind for seq, _, kind in strap.truth.sent}
    early = [beat.rr_ms for beat in beats if kinds[beat.seq] == "ectopic"]
    pauses = [beat.rr_ms for beat in beats if kinds[beat.seq] == "pause"]
    assert max(early) < min(pauses)


def test_a_lost_link_is_a_gap_and_never_a_bridged_interval() -> None:
    """Lost, connecting, streaming, then a gap right before the next beat."""
    items = _seconds(SimulatedStrap(5, faults=Faults(outages=(Outage(20.0, 8.0, "link"),))), 60)
    states = [item.state for item in items if isinstance(item, LinkChange) and item.time_s >= 20]
    assert states == [LinkState.LOST, LinkState.CONNECTING, LinkState.STREAMING]
    (gap,) = [item for item in items if isinstance(item, Gap)]
    assert isinstance(items[items.index(gap) + 1], Beat)
    assert gap.from_s < 20 < 28 < gap.to_s + 1.5
    assert not any(isinstance(item, Notification) and 20 < item.time_s < 28 for item in items)
    assert max(item.rr_ms for item in items if isinstance(item, Beat)) < 1300


def test_lost_contact_is_told_by_the_frames() -> None:
    """Frames go on, say that no skin is felt, and carry no interval; the link is degraded until skin is back."""
    items = _seconds(SimulatedStrap(6, faults=Faults(outages=(Outage(20.0, 10.0, "contact"),))), 60)
    frames = [decode(i.data) for i in items if isinstance(i, Notification) and 21 < i.time_s < 30]
    assert frames
    assert all(each.contact is False and not each.rr_ticks for each in frames)
    states = [item.state for item in items if isinstance(item, LinkChange) and item.time_s >= 20]
    assert states == [LinkState.DEGRADED, LinkState.STREAMING]
    assert [item.reason for item in items if isinstance(item, Gap)] == ["no contact"]


def test_a_sensor_tells_of_itself() -> None:
    """Maker, model and battery come before streaming."""
    facts = {item.name for item in _seconds(SimulatedStrap(7), 1) if isinstance(item, SensorFact)}
    assert {"manufacturer", "model", "battery_percent"} <= facts


async def test_every_speed_gives_the_same_items() -> None:
    """Also while the session asks for stress and paced breathing at given times."""
    asks = {5.0: Stimulus("stress"), 12.0: Stimulus("paced", 6.0), 20.0: Stimulus("recovery")}
    slow = await _first(SimulatedSource(seed=3, speed=200.0), 30, asks)
    fast = await _first(SimulatedSource(seed=3, speed=math.inf), 30, asks)
    other = await _first(SimulatedSource(seed=3, speed=math.inf), 30)
    assert slow == fast
    assert fast != other


async def test_a_source_paces_itself() -> None:
    """Five seconds at speed 20 take a quarter of a second."""
    loop = asyncio.get_running_loop()
    before = loop.time()
    await _first(SimulatedSource(seed=1, speed=20.0), 5)
    assert loop.time() - before >= 0.24


async def test_stress_shows_in_the_beats() -> None:
    """What the session asks reaches the heart."""
    items = await _first(SimulatedSource(seed=3, speed=math.inf), 180, {60.0: Stimulus("stress")})
    beats = [item for item in items if isinstance(item, Beat)]
    rest = [b.rr_ms for b in beats if 10 < b.time_s < 60]
    stress = [b.rr_ms for b in beats if 110 < b.time_s < 180]
    assert 60_000 * len(stress) / sum(stress) > 60_000 * len(rest) / sum(rest) + 8


async def test_a_scenario_ends_and_an_open_heart_goes_on_until_closed() -> None:
    """A source with a scenario lasts as long as it does."""
    short = scenario("clean-rest").lasting(0.75)
    items = [item async for item in SimulatedSource(short, speed=math.inf)]
    assert items[-1] == Tick("heart-1", short.seconds)
    source = SimulatedSource(speed=1.0)
    waiting = asyncio.create_task(_first(source, 1e9))
    await asyncio.sleep(0.02)
    await source.aclose()
    await asyncio.wait_for(waiting, 1)


def test_a_simulated_source_satisfies_the_seam() -> None:
    """It is a BeatSource, and it is responsive."""
    source = SimulatedSource(seed=8, origin_ns=5)
    assert isinstance(source, BeatSource)
    assert isinstance(source, Responsive)
    assert (source.info.kind, source.info.origin_ns, source.info.streams) == ("simulation", 5, ("heart-1",))


# ---- scenarios ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_gives_the_same_bytes_on_every_run(name: str, tmp_path: Path) -> None:
    """Recording and answers, in a shorter form."""
    minutes = 12.0 if SCENARIOS[name].exercise else 2.0
    first = write_scenario(name, minutes, 5, tmp_path / "a.attune.jsonl")
    second = write_scenario(name, minutes, 5, tmp_path / "b.attune.jsonl")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert first[1].name == "a.attune.jsonl.answers.json"
    assert read(first[0]).details["derived"].endswith("equal to the file's lines")


def test_a_sitting_carries_its_phases_and_ratings_as_the_sessions_write_them(tmp_path: Path) -> None:
    """Each line's data are the fields of a PhaseSpan or Rating, phases whole when they end."""
    path, _ = write_scenario("out-of-reach", 14.0, None, tmp_path / "x.attune.jsonl")
    recording = read(path)
    spans = [PhaseSpan(**marker.data) for marker in recording.markers("phase")]  # type: ignore[arg-type]  # from JSON
    whole = {span.seq: span for span in spans if span.end_s is not None}
    names = [span.name for span in whole.values() if span.kind != "rating"]
    assert names == ["rest", "plain-scene", "out-of-reach", "soft-breath", "back-to-rest", "look-back"]
    assert len(spans) == 2 * len(whole)
    ratings = [Rating(**marker.data) for marker in recording.markers("rating")]  # type: ignore[arg-type]  # from JSON
    assert {r.prompt for r in ratings if r.phase == "out-of-reach"} >= {"suds", "body", "closeness", "here"}
    assert all(r.after_feedback == (r.phase in ("soft-breath", "look-back")) for r in ratings)
    assert recording.header["exercise"] == "out-of-reach"
    end_s = {span.name: span.end_s for span in whole.values() if span.kind != "rating"}
    assert all(r.time_s > (end_s[r.phase] or math.inf) for r in ratings)


def test_answers_hold_the_truth(tmp_path: Path) -> None:
    """Faults by seq, true beats, half-time and the clean indices of each phase."""
    _, beside = write_scenario("out-of-reach", None, None, tmp_path / "x.attune.jsonl")
    found = json.loads(beside.read_text())
    assert found["half_time"] == {"value_s": 75.0, "from_s": 700.0, "paced": True}
    phases = {phase["name"]: phase for phase in found["phases"]}
    assert phases["out-of-reach"]["mean_hr_bpm"] > phases["plain-scene"]["mean_hr_bpm"] + 8
    assert phases["out-of-reach"]["rmssd_ms"] < 0.7 * phases["rest"]["rmssd_ms"]
    assert phases["soft-breath"]["swing_bpm"] > 1.5 * phases["rest"]["swing_bpm"]
    assert 12 < phases["rest"]["breathing_bpm"] < 16
    path, beside = write_scenario("ectopic-12", None, None, tmp_path / "y.attune.jsonl")
    found = json.loads(beside.read_text())
    assert found["half_time"] is None
    assert found["fault_events"]["ectopic"] / found["received"] == pytest.approx(0.12, abs=0.003)
    seqs = {beat.seq for beat in read(path).beats}
    assert {fault["seq"] for fault in found["faults"]} <= seqs
    assert len(found["beats_s"]) == found["clean"]["beats"]


def test_unknown_scenarios_and_impossible_lengths_are_told(tmp_path: Path) -> None:
    """With the names there are, and the length that would do."""
    with pytest.raises(BadInput, match="clean-rest"):
        scenario("nothing")
    with pytest.raises(BadInput, match="too short"):
        write_scenario("out-of-reach", 1.0, None, tmp_path / "x.attune.jsonl")
    with pytest.raises(EnvironmentFault):
        write_scenario("clean-rest", 1.0, None, tmp_path / "missing" / "x.attune.jsonl")
