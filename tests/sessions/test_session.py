"""A whole sitting on a simulated heart: from the first page to a closed recording and its review."""

from __future__ import annotations

import asyncio
import json

from acquisition import formats
from acquisition.beats import Item, Notification, SensorFact
from acquisition.heart_rate_profile import decode
from acquisition.heart_rate_stream import RR_UNIT
from acquisition.replay import ReplaySource
from acquisition.samples import resolve
from processing.analysis import judge
from sessions.exercise import load
from sessions.review import review
from sessions.review_json import as_json
from sessions.service import Service
from sessions.session import Session
from sessions.summary import HEADINGS
from tests.sessions.sitting import CLIENT, CLINICIAN, SCRIPT, STARTED, Heart, Sat, anchor, sit, walk


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


async def test_what_a_strap_told_before_begin_is_in_the_recording_and_its_unit_is_heeded(service: Service) -> None:
    """Model and battery were told while the page waited; so was that it counts in ms, and the beats are read so."""

    class InMs(Heart):
        """Says so before its first frame."""

        def _through(self, item: Item) -> list[Item]:
            told = [SensorFact(item.stream, 0.9, RR_UNIT, "ms")] if item.time_s == 1.0 else []
            return [*told, *super()._through(item)]

    waited: list[Session] = []

    def slowly(session: Session) -> None:
        waited.append(session)
        if len(waited) > 30:
            walk(session)

    sat = await sit(service, slowly, heart=InMs(slowly))
    kept = service.recording(CLINICIAN, sat.session.recording_id or "")
    assert {("model", 0.0), (RR_UNIT, 0.0)} <= {(fact.name, fact.time_s) for fact in kept.facts}
    file = service.recording_file(CLINICIAN, sat.session.recording_id or "")
    assert "equal to the stored ones" in file.details["derived"]
    frame = next(item for item in file.items if isinstance(item, Notification) and decode(item.data).rr_ticks)
    assert file.beats[0].rr_ms == decode(frame.data).rr_ticks[0]


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
