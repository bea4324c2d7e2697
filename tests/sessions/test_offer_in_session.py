"""A whole sitting on a simulated heart: the rise is offered a pause, answered, kept, and read again with its rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from acquisition.simulated_heart import Person
from acquisition.simulation import SimulatedSource
from processing.alert_settings import AlertSettings, alert_settings
from sessions import words
from sessions.exercise import Exercise, load
from sessions.service import Service
from sessions.session import Session
from tests.sessions.sitting import CLINICIAN, Heart, sit, walk

SECONDS = {"baseline": 45.0, "stressor": 150.0}


def _short() -> Exercise:
    """Out of reach with a stressor long enough to rise in, and hardly anything else."""
    script = load("out-of-reach")
    return replace(
        script,
        phases=tuple(
            replace(p, seconds=SECONDS.get(p.kind, 2.0), min_seconds=0.0, prompts=p.prompts[:1]) for p in script.phases
        ),
    )


@dataclass
class Stirred(Heart):
    """A heart that answers to the stressor with so many beats a minute."""

    rise_bpm: float = 40.0
    person: Person = field(default_factory=Person)

    def __post_init__(self) -> None:
        super().__post_init__()
        person = replace(self.person, stress_rise_bpm=self.rise_bpm)
        self._source = SimulatedSource(seed=self.seed, speed=float("inf"), person=person)


async def test_a_sitting_offers_a_pause_after_a_rise(service: Service) -> None:
    """The person carries on; the page shows the same words each time, and only the recording knows why."""
    shown: list[str] = []

    def act(session: Session) -> None:
        offer = session.view().offer
        if offer is not None:
            shown.append(offer)
            session.act("carry_on", {})
        walk(session)

    sat = await sit(service, act, script=_short(), heart=Stirred(act))
    kept = service.recording(CLINICIAN, sat.session.recording_id or "")
    offers = [marker.data for marker in kept.markers if marker.kind == "offer"]
    answers = [marker.data for marker in kept.markers if marker.kind == "offer_answer"]
    assert shown == [words.QUIET_OFFER] * len(offers)
    assert [one["answer"] for one in answers] == ["carry_on"] * len(offers)
    assert "alert" in [one["why"] for one in offers]
    rises = [
        marker.data["what"] for marker in kept.markers if marker.kind == "heart_rise" and marker.data["rule"] == "alert"
    ]
    assert rises[0] == "sustained"
    rules = [record.values["heart_rules"] for record in kept.settings if "heart_rules" in record.values]
    assert isinstance(rules[0], dict)
    assert alert_settings(rules[0]["alert"]) == AlertSettings()
