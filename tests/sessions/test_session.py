"""A whole sitting on a simulated heart: from the first page to a closed recording and its review."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from acquisition import formats
from acquisition.beats import LinkState
from acquisition.errors import BluetoothUnavailable, EnvironmentFault
from acquisition.replay import ReplaySource
from acquisition.samples import resolve
from processing.analysis import judge
from sessions import words
from sessions.exercise import load
from sessions.keeping import Keeping
from sessions.review import as_json, review
from sessions.service import Service
from sessions.session import Session
from sessions.summary import HEADINGS
from tests.sessions.sitting import CLIENT, CLINICIAN, SCRIPT, STARTED, Heart, Sat, anchor, sit, walk

AGREED = {"health": "no", "scopes": ["record", "clinician"]}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Service.open(tmp_path / "data", writable=True) as opened:
        yield opened


@dataclass(frozen=True)
class Found:
    address: str
    name: str | None


def stored(service: Service, sat: Sat) -> dict[str, object]:
    assert sat.session.recording_id is not None
    kept = service.recording(CLINICIAN, sat.session.recording_id)
    return as_json(review(kept, service.recording_file(CLINICIAN, sat.session.recording_id)))


async def test_a_sitting_leaves_a_closed_recording_with_all_that_was_said(service: Service) -> None:
    """First page to closed recording: beats, parts, answers, own words, consent to share, all of it kept."""
    sat = await sit(service, walk)
    kept = service.recording(CLINICIAN, sat.session.recording_id or "")
    assert kept.summary.state == "closed"
    assert kept.summary.shared == "clinician"
    assert kept.meta.started_at == STARTED
    assert kept.meta.exercise == "test-strap"
    assert [span.name for span in kept.phases if span.kind not in ("rating", "pause")] == [
        "rest", "plain", "moment", "breath", "after", "back",
    ]  # fmt: skip
    assert ("back", "note", "a word") in [(r.phase, r.prompt, r.value) for r in kept.ratings]
    assert kept.missing_beats == 0
    assert sat.heart.closed


async def test_kept_beats_and_verdicts_are_those_of_a_replay(service: Service) -> None:
    """What was stored live equals what the raw frames give again, verdict by verdict."""
    sat = await sit(service, walk)
    file = service.recording_file(CLINICIAN, sat.session.recording_id or "")
    live = service.judgements(CLINICIAN, sat.session.recording_id or "")
    assert "equal to the stored ones" in file.details["derived"]
    assert live == judge(file.items)
    assert not any(judgement.provisional for judgement in live)


async def test_the_look_before_begin_is_not_stored(service: Service) -> None:
    """Recording starts with Begin: its time is 0 then, whatever came before."""
    waited: list[Session] = []

    def slowly(session: Session) -> None:
        waited.append(session)
        if len(waited) > 30:
            walk(session)

    sat = await sit(service, slowly)
    file = service.recording_file(CLINICIAN, sat.session.recording_id or "")
    assert file.items[0].time_s == 0.0
    assert file.beats[0].seq == 0
    assert service.recording(CLINICIAN, sat.session.recording_id or "").phases[0].start_s == 0.0


async def test_no_heartbeat_leaves_for_the_page_outside_the_part_that_shows_it(service: Service) -> None:
    """Only ``pacer_and_wave`` lets beats over the socket."""
    sat = await sit(service, walk)
    part: object = None
    for message in sat.messages:
        if message["k"] == "view":
            view = message["view"]
            assert isinstance(view, dict)
            part = view["phase"] and view["phase"]["name"] if view["screen"] == "phase" else None
        elif message["k"] in ("beat", "gap", "numbers"):
            assert part == "breath"
    assert sat.of("beat")
    assert not sat.of("numbers")


async def test_numbers_come_only_when_asked_for(service: Service) -> None:
    """``numbers`` shows them in the part that shows the heart, each null with a reason in plain words."""

    def act(session: Session) -> None:
        if session.view().screen == "phase" and not session.view().numbers_shown:
            session.act("numbers", {"on": True})
        walk(session)

    numbers = (await sit(service, act)).of("numbers")
    assert numbers
    assert all(one["hr"] is None or 40 < float(str(one["hr"])) < 140 for one in numbers)
    assert all(one["reason"] is None or str(one["reason"]).endswith(".") for one in numbers)


async def test_every_message_is_json(service: Service) -> None:
    """No message holds anything that JSON has no word for."""
    sat = await sit(service, walk)
    for message in sat.messages:
        json.dumps(message, allow_nan=False)
    versions = [message["view"]["version"] for message in sat.of("view")]  # type: ignore[index]  # a view is an object
    assert versions == sorted(set(versions))


async def test_a_simulated_heart_answers_to_the_script(service: Service) -> None:
    """The source is told what the person is asked: rest, control, stress, paced with its rate, recovery."""
    sat = await sit(service, walk)
    kinds = [stimulus.kind for stimulus in sat.heart.asked]
    assert [kind for kind in dict.fromkeys(kinds) if kind] == ["rest", "control", "stress", "recovery", "paced"]
    rates = [s.breathing_rate_bpm for s in sat.heart.asked if s.breathing_rate_bpm is not None]
    assert rates[0] == 12.0


async def test_stop_ends_whole_and_keeps_everything(service: Service) -> None:
    """Stopped in the stressor: grounding, two questions that may be left, close; the recording is closed."""
    sat = await sit(service, lambda session: walk(session, stop_in="moment"))
    kept = service.recording(CLINICIAN, sat.session.recording_id or "")
    assert kept.summary.state == "closed"
    assert next(span for span in kept.phases if span.name == "moment").ended == "stopped"
    assert "breath" not in [span.name for span in kept.phases]


async def test_a_lost_link_leaves_a_gap_and_the_sitting_goes_on(service: Service) -> None:
    """Eight seconds without link: no card, the recording has a gap, the review shows it."""
    sat = await sit(service, walk, heart=Heart(walk, mute=((30.0, 38.0),)))
    found = stored(service, sat)
    assert not any(message["view"]["panel"] for message in sat.of("view"))  # type: ignore[index]  # a view is an object
    assert any("One gap in the signal" in str(flag) for flag in found["flags"])  # type: ignore[attr-defined]  # a list


async def test_a_sensor_lost_for_long_opens_the_card_and_then_the_panel(service: Service) -> None:
    """After 20 s the card; when the sensor is back nobody is put back by itself: the pause panel waits for a press."""
    panels: list[str] = []

    def act(session: Session) -> None:
        view = session.view()
        if view.panel:
            panels.append(view.panel)
        if view.panel == "pause":
            assert view.notice == words.SENSOR_BACK
            session.act("resume", {})
        elif view.panel is None:
            walk(session)

    sat = await sit(service, act, heart=Heart(act, mute=((10.0, 60.0),)))
    assert list(dict.fromkeys(panels)) == ["sensor_lost", "pause"]
    assert service.recording(CLINICIAN, sat.session.recording_id or "").summary.state == "closed"


async def test_a_source_that_ends_leaves_the_sitting_its_time(service: Service) -> None:
    """The end of a source is a lost sensor: time goes on, the card comes, and "Go on without it" goes on."""
    heart = Heart(walk, ends_s=15.0)
    session = Session(
        "s2", load(SCRIPT), service=service, asker=CLIENT, source_factory=lambda _: heart,
        publish=lambda _: None, simulated=True, speed=200.0, anchor=anchor,
    )  # fmt: skip
    heart.session = session
    run = asyncio.create_task(session.run())
    async with asyncio.timeout(60):
        while session.view().panel != "sensor_lost":
            await asyncio.sleep(0.01)
        assert session.view().sensor.state == str(LinkState.LOST)
        session.act("without_sensor", {})
        assert session.view().panel is None
        assert session.view().sensor.state == "none"
        await session.aclose()
        await run
    assert session.ended
    kept = service.recording(CLINICIAN, session.recording_id or "")
    assert kept.summary.state == "closed"
    assert [span for span in kept.phases if span.kind != "pause"][-1].ended == "interrupted"


async def test_a_real_person_is_recorded_only_after_consent(service: Service) -> None:
    """Safety page first; nothing begins before the health question is answered and recording agreed to."""
    screens: list[str] = []

    def act(session: Session) -> None:
        screens.append(session.view().screen)
        walk(session)

    def agree(session: Session) -> None:
        assert session.view().screen == "safety"
        session.act("begin", {})
        assert session.recording_id is None
        for missing in ({}, {"health": "no", "scopes": ["clinician"]}, {"scopes": ["record"]}):
            with pytest.raises(ValueError, match="consent"):
                session.act("consent", missing)
        session.act("consent", AGREED)
        session.act("scan", {})

    async def scan(_seconds: float) -> Sequence[Found]:
        return [Found("A1", "Strap 1234")]

    sat = await sit(service, act, simulated=False, scan=scan, before=agree)
    kept = service.recording(CLINICIAN, sat.session.recording_id or "")
    assert kept.consents[0].scopes == ("record", "clinician")
    assert kept.consents[0].text_sha256 == words.consent_sha256()
    assert kept.consents[0].health_cleared
    assert "safety" not in screens


async def test_several_straps_are_chosen_by_name_and_the_choice_is_remembered(service: Service) -> None:
    """Never the strongest silently: all are shown by name, the one pressed is connected and marked next time."""

    async def scan(_seconds: float) -> Sequence[Found]:
        return [Found("B2", "Strap 9"), Found("A1", "Strap 1")]

    async def until_found(session: Session) -> None:
        session.act("consent", AGREED)
        session.act("scan", {})
        while not session.view().straps:
            await asyncio.sleep(0)

    choosing = asyncio.Event()

    def before(session: Session) -> None:
        async def choose() -> None:
            await until_found(session)
            assert [strap.name for strap in session.view().straps] == ["Strap 1", "Strap 9"]
            assert not session.view().sensor.beats_arriving
            with pytest.raises(ValueError, match="not found"):
                session.act("choose_sensor", {"address": "elsewhere"})
            session.act("choose_sensor", {"address": "B2"})
            choosing.set()

        tasks.append(asyncio.create_task(choose()))

    tasks: list[asyncio.Task[None]] = []
    await sit(service, walk, simulated=False, scan=scan, before=before)
    assert choosing.is_set()
    assert service.setting(CLIENT, "strap") == "B2"


async def test_no_bluetooth_is_said_with_what_to_do_and_the_way_without_stays_open(service: Service) -> None:
    """A failing scan leaves its reason on the page; "Go on without it" leads to the plan."""

    async def scan(_seconds: float) -> Sequence[Found]:
        raise BluetoothUnavailable("Bluetooth is off", remedy="turn it on")

    session = Session(
        "s3", load(SCRIPT), service=service, asker=CLIENT, source_factory=lambda _: Heart(walk),
        publish=lambda _: None, scan=scan, speed=500.0, anchor=anchor,
    )  # fmt: skip
    run = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    session.act("consent", AGREED)
    session.act("scan", {})
    async with asyncio.timeout(60):
        while session.view().sensor.reason is None:
            await asyncio.sleep(0)
        assert session.view().sensor.reason == "Bluetooth is off; turn it on"
        session.act("without_sensor", {})
        assert session.view().screen == "plan"
        session.act("begin", {})
        while not session.ended:
            walk(session)
            await asyncio.sleep(0.005)
        await run
    kept = service.recording(CLINICIAN, session.recording_id or "")
    assert kept.summary.state == "closed"
    assert kept.summary.beats == 0
    assert any(r.prompt == "suds" for r in kept.ratings)


async def test_nobody_is_recorded_unawares(service: Service) -> None:
    """A minute after the last page has gone nothing more is stored; when it is back the panel waits for a press."""
    state = {"gone": 0.0}

    def act(session: Session) -> None:
        view = session.view()
        now = state["gone"] = state["gone"] + 1.0
        if now == 1.0:
            session.page_seen("one")
        if view.screen in ("connect", "plan"):
            walk(session)
        elif view.phase and view.phase.name == "moment" and "left" not in state:
            session.page_gone("one")
            state["left"] = now
        elif "left" in state and now == state["left"] + 200:
            assert view.panel == "pause"
            assert not view.recording
            session.page_seen("two")
            assert session.view().recording
            session.act("resume", {})
        elif "left" not in state or now > state["left"] + 200:
            walk(session)

    sat = await sit(service, act)
    kept = service.recording(CLINICIAN, sat.session.recording_id or "")
    silent = [gap for gap in kept.gaps if gap.to_s - gap.from_s > 100]
    assert len(silent) == 1
    file = service.recording_file(CLINICIAN, sat.session.recording_id or "")
    assert not [
        b for b in file.beats if silent[0].from_s + 1e-6 < b.time_s - b.rr_ms / 1000 and b.time_s < silent[0].to_s
    ]
    assert "equal to the stored ones" in file.details["derived"]
    assert live_equals_replay(service, sat)


def live_equals_replay(service: Service, sat: Sat) -> bool:
    file = service.recording_file(CLINICIAN, sat.session.recording_id or "")
    return service.judgements(CLINICIAN, sat.session.recording_id or "") == judge(file.items)


async def test_a_sitting_that_nobody_comes_back_to_closes_whole(service: Service) -> None:
    """After ten minutes without a page the recording is closed, not cut off."""

    def act(session: Session) -> None:
        if session.view().screen in ("connect", "plan"):
            walk(session)
            if session.view().screen == "phase":
                session.page_seen("one")
                session.page_gone("one")

    sat = await sit(service, act)
    kept = service.recording(CLINICIAN, sat.session.recording_id or "")
    assert kept.summary.state == "closed"
    assert kept.markers[-1].text == "page closed"
    assert max(span.end_s or 0.0 for span in kept.phases) == pytest.approx(600.0, abs=2.0)


async def test_a_page_that_comes_in_place_of_another_finds_the_stressor_waiting(service: Service) -> None:
    """Reloaded in a stressor: the panel opens; nobody is put back into it."""
    seen: list[str | None] = []

    def act(session: Session) -> None:
        view = session.view()
        if view.screen == "phase" and view.phase and view.phase.name == "moment" and not seen:
            session.page_seen("one")
            session.page_gone("one")
            session.page_seen("two")
            seen.append(session.view().panel)
            session.act("resume", {})
        else:
            walk(session)

    await sit(service, act)
    assert seen == ["pause"]


async def test_no_room_to_begin_is_said_on_the_page(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at Begin: nothing starts, and the page says why."""
    refused: list[str | None] = []

    def full(*_: object, **__: object) -> None:
        raise EnvironmentFault("the disk is full", remedy="make room")

    monkeypatch.setattr(service, "start_recording", full)

    def act(session: Session) -> None:
        if session.view().screen == "plan":
            session.act("begin", {})
            refused.append(session.view().notice)
            session.act("stop", {})
        else:
            walk(session)

    sat = await sit(service, act)
    assert refused == ["the disk is full; make room"]
    assert sat.session.ended
    assert sat.session.recording_id is None


async def test_the_tour_ends_with_the_persons_own_summary(service: Service) -> None:
    """ "See your heart" works out the summary while the sitting goes on, with the same three headings every time."""
    seen: list[tuple[str, ...]] = []

    def act(session: Session) -> None:
        view = session.view()
        if view.screen == "reflect":
            session.act("see_heart", {"text": "done", "answers": {"helped": 60}})
        elif view.screen == "summary" and view.summary is not None:
            seen.append(tuple(note.heading for note in view.summary.notes))
            session.act("continue", {})
        else:
            walk(session)

    sat = await sit(service, act, script="tour")
    assert seen == [HEADINGS]
    found = stored(service, sat)
    phases = found["phases"]
    assert isinstance(phases, list)
    assert [p["name"] for p in phases][-1] == "look-back"
    assert phases[-1]["ratings"] == {"note": "done", "helped": 60.0}
    assert phases[1]["indices"]["rmssd_ms"]["reason"] == "too_short: needs 60 s, has 45 s"


async def test_what_nobody_foresaw_ends_the_sitting_whole(service: Service) -> None:
    """An error in the middle closes the recording; it is raised where the sitting is run, and nothing hangs."""

    def act(session: Session) -> None:
        walk(session)
        if session.view().phase and session.recording_id:
            raise RuntimeError("unforeseen")

    with pytest.raises(RuntimeError, match="unforeseen"):
        await sit(service, act)
    (summary,) = service.recordings(CLINICIAN)
    assert summary.state == "closed"


async def test_a_disk_that_fills_up_is_said_and_the_sitting_goes_on(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says that nothing more is recorded; the person is led to the end all the same."""
    told: list[str | None] = []

    def act(session: Session) -> None:
        view = session.view()
        if view.phase and view.phase.name == "moment":
            monkeypatch.setattr(Keeping, "failing", True)
        if Keeping.failing is True:
            told.append(view.notice)
            assert not view.recording or view.phase is None or view.phase.name == "moment"
        walk(session)

    sat = await sit(service, act)
    assert words.NOT_KEPT in told
    assert sat.session.ended


async def test_a_recording_told_again_brings_no_parts_of_its_own(service: Service) -> None:
    """``serve --source FILE``: markers of the file's sitting do not mix with this one's."""
    file = formats.read(resolve("sample:out-of-reach"))
    messages: list[object] = []
    session = Session(
        "s4", load(SCRIPT), service=service, asker=CLIENT, source_factory=lambda _: ReplaySource(file, 400.0),
        publish=messages.append, simulated=True, speed=400.0, anchor=anchor,
    )  # fmt: skip
    run = asyncio.create_task(session.run())
    async with asyncio.timeout(60):
        while not session.ended:
            walk(session)
            await asyncio.sleep(0.005)
        await run
    kept = service.recording(CLINICIAN, session.recording_id or "")
    found = review(kept, service.recording_file(CLINICIAN, session.recording_id or ""))
    assert [row.span.name for row in found.phases] == ["rest", "plain", "moment", "breath", "after", "back"]


async def test_a_summary_that_cannot_be_made_lets_nobody_wait(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page comes with the same headings and says so; the recording is kept."""

    def fails(*_: object) -> None:
        raise ValueError("unreadable")

    monkeypatch.setattr("sessions.session.summary_of", fails)
    notes: list[str] = []

    def act(session: Session) -> None:
        view = session.view()
        if view.screen == "reflect":
            session.act("see_heart", {})
        elif view.screen == "summary" and view.summary is not None:
            notes.extend(note.text for note in view.summary.notes)
            session.act("continue", {})
        else:
            walk(session)

    sat = await sit(service, act)
    assert len(notes) == len(HEADINGS)
    assert all("Everything recorded is kept" in note for note in notes)
    assert service.recording(CLINICIAN, sat.session.recording_id or "").summary.state == "closed"
