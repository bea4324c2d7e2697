"""The way in to a sitting: consent, straps, no Bluetooth, no room."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from acquisition.errors import BluetoothUnavailable, EnvironmentFault
from acquisition.identity import Identity
from sessions import words
from sessions.exercise import load
from sessions.remembered_strap import remembered
from sessions.service import Service
from sessions.session import Session
from tests.sessions.sitting import CLIENT, CLINICIAN, SCRIPT, Heart, anchor, sit, walk

AGREED = {"health": "no", "scopes": ["record", "clinician"]}


@dataclass(frozen=True)
class Found:
    address: str
    name: str | None


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
    assert remembered(service, CLIENT) == Identity("B2", None, "Strap 9")


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
