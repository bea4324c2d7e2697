"""Sittings in which anything happens and the heart does what it likes: offers keep their place, stop always works."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from processing.arousal import BaselineReference
from processing.quiet_alert import Second
from sessions import words
from sessions.exercise import Exercise, every
from sessions.heart_watch import WATCHED
from sessions.records import SessionMarker
from tests.conductor_histories import histories
from tests.sessions.any_history import Sittings
from tests.sessions.anything_pressed import PART_S
from tests.sessions.every_script import brisk

SHORT = 8
WATCHED_S = 200.0


def _strong(script: Exercise) -> Exercise:
    """Soon at its parts in which a pause may be offered, and long enough there."""
    pairs = zip(brisk(script, PART_S).phases, brisk(script, WATCHED_S).phases, strict=True)
    return replace(script, phases=tuple(long if long.kind in WATCHED else short for short, long in pairs))


STRONG = [_strong(script) for script in every() if script.level >= 2]


class Stirred(Sittings):
    """As there, with a heart that is heard each second."""

    @initialize(script=st.sampled_from(STRONG), rate=st.sampled_from([66.0, 100.0]), seconds=st.integers(60, 130))
    def begin(self, script: Exercise, rate: float, seconds: int) -> None:
        super().begin(script, self.stressor_of(script))
        for spoken in (False, True):
            self.conductor.rests(BaselineReference(66.0, 2.0, None, None, 60, spoken))
        self.hear(rate, seconds)

    @staticmethod
    def stressor_of(script: Exercise) -> int:
        return next((n for n, part in enumerate(script.phases) if part.kind == "stressor"), 0)

    @rule(rate=st.sampled_from([None, 66.0, 100.0, 150.0]), seconds=st.integers(1, 60))
    def heart_beats(self, rate: float | None, seconds: int) -> None:
        self.hear(rate, seconds)

    def hear(self, rate: float | None, seconds: int) -> None:
        for _ in range(seconds):
            self.now = max(self.now, self.conductor.now_s) + 1.0
            self.conductor.tick(self.now)
            self.conductor.heard(Second(self.now, rate, 0.0 if rate is None else 100.0))

    @invariant()
    def offers_stand_only_beside_a_running_part(self) -> None:
        """No offer over a panel, on another page, or after a stop; its words are always the same."""
        conductor = getattr(self, "conductor", None)
        if conductor is None or conductor.offer is None:
            return
        assert conductor.offer == words.QUIET_OFFER
        assert (conductor.screen, conductor.panel, conductor.stopped) == ("phase", None, False)

    @invariant()
    def each_offer_has_one_answer_at_most(self) -> None:
        """And none is answered that was not made; each comes in a part that is watched."""
        if getattr(self, "conductor", None) is None:
            return
        markers = [r for r in (*self.records, *self.conductor.ledger.records) if isinstance(r, SessionMarker)]
        made = [m.data["number"] for m in markers if m.kind == "offer"]
        answered = [m.data["number"] for m in markers if m.kind == "offer_answer"]
        assert made == list(range(1, len(made) + 1))
        assert answered == made[: len(answered)]
        assert len(made) - len(answered) <= 1
        assert not made or any(phase.kind in WATCHED for phase in self.conductor.exercise.phases)


TestStirred = Stirred.TestCase
TestStirred.settings = histories(SHORT)
