"""Which earlier rests a rest is held against."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sessions.own_rest import EARLIER_AT_MOST, earlier_rests
from sessions.records import Asker, PhaseSpan
from sessions.service import Service
from tests.sessions.keeping import CLINICIAN, STARTED, heard, meta

TODAY = STARTED + timedelta(days=40)


def rest(
    service: Service,
    started_at: datetime,
    client: str | None = "A1",
    *,
    speech: str = "silent",
    seconds: float = 80.0,
    simulated: bool = False,
) -> str:
    """A sitting that is one baseline."""
    begun = replace(meta(client, simulated=simulated), started_at=started_at)
    recorder = service.start_recording(CLINICIAN, begun)
    for item in heard(90):
        recorder.put(item)
    recorder.put(PhaseSpan(0, "rest", "baseline", 1.0, 1.0 + seconds, speech=speech))
    recorder.close()
    return recorder.recording_id


def test_only_comparable_earlier_rests_of_the_same_person_count(service: Service) -> None:
    """Not another client's, a later, spoken or short one, a simulated heart's, nor one at another time of day."""
    first = rest(service, STARTED)
    second = rest(service, STARTED + timedelta(days=3, hours=2))
    rest(service, STARTED, "B2")
    rest(service, STARTED, None)
    rest(service, TODAY + timedelta(days=1))
    rest(service, STARTED + timedelta(hours=9))
    rest(service, STARTED, speech="speaking")
    rest(service, STARTED, seconds=40.0)
    rest(service, STARTED, simulated=True)
    today = service.recording(CLINICIAN, rest(service, TODAY))
    found = earlier_rests(service, CLINICIAN, today)
    assert [one.id for one in found] == [first, second]
    assert found[0].spans == ((1.0, 81.0),)
    assert found[0].stream.judgements


def test_a_recording_without_a_code_has_no_earlier_rests(service: Service) -> None:
    """Nobody knows whose it is."""
    rest(service, STARTED, None)
    today = service.recording(CLINICIAN, rest(service, TODAY, None))
    assert earlier_rests(service, CLINICIAN, today) == ()


def test_what_the_asker_may_not_see_is_not_read(service: Service) -> None:
    """A rest that the person keeps to themselves is no part of a band that the clinician sees."""
    hidden, _ = rest(service, STARTED), rest(service, STARTED + timedelta(days=1))
    service.set_visibility(Asker("client", "A1"), hidden, "private")
    today = service.recording(CLINICIAN, rest(service, TODAY))
    assert hidden not in [one.id for one in earlier_rests(service, CLINICIAN, today)]


def test_the_latest_dozen_is_enough(service: Service) -> None:
    """Older ones are not read, and they come oldest first."""
    made = [rest(service, STARTED + timedelta(days=day)) for day in range(EARLIER_AT_MOST + 2)]
    today = service.recording(CLINICIAN, rest(service, TODAY))
    assert [one.id for one in earlier_rests(service, CLINICIAN, today)] == made[2:]
