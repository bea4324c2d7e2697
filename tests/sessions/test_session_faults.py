"""A sitting with trouble: a lost strap, a closed page, a full disk; it goes on or ends whole."""

from __future__ import annotations

import asyncio

import pytest

from acquisition.beats import LinkState
from processing.analysis import judge
from sessions import words
from sessions.exercise import load
from sessions.keeping import Keeping
from sessions.review import review
from sessions.review_json import as_json
from sessions.service import Service
from sessions.session import Session
from sessions.summary import HEADINGS
from tests.sessions.sitting import CLIENT, CLINICIAN, SCRIPT, Heart, Sat, anchor, sit, walk


def stored(service: Service, sat: Sat) -> dict[str, object]:
    assert sat.session.recording_id is not None
    kept = service.recording(CLINICIAN, sat.session.recording_id)
    return as_json(review(kept, service.recording_file(CLINICIAN, sat.session.recording_id)))


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
