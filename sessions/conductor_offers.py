"""What follows when the heart has risen: an equal offer of a pause, and the end of a part at the hard limit.

An offer stands beside the exercise, which goes on; it is no panel and stops no clock, since a person with closed eyes
would wait for ever. Each offer, its answer and each rise is kept as a marker, and the client's page shows none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from processing.alert_settings import AlertSettings
from processing.arousal import BaselineReference
from processing.quiet_alert import Second
from sessions import words
from sessions.conductor_activity import Activity
from sessions.exercise import Exercise
from sessions.heart_watch import WATCHED, HeartRule, HeartWatch, Stand
from sessions.pause_offers import Answer, PauseOffers
from sessions.records import SettingsRecord

FIXED_FROM_LEVEL = 2
"""Levels whose exercises hold fixed offers, and in which the quiet alert is on unless a clinician turns it off."""


class Offering(Activity):
    """Offers of a pause, and the limits of heart rate."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__(exercise)
        strong = exercise.level >= FIXED_FROM_LEVEL
        self.heart = HeartWatch(exercise.stop_rule, alert_on=strong)
        self.offers = PauseOffers(fixed=strong)
        self._watched: tuple[int, int] | None = None
        """Place and take of the part whose offers are drawn."""
        self._loss_kept = False
        """The signal has been away for so long that it was kept as a limit."""
        self._owed = False
        """A rise in a part without fixed offers: asked after it, as after a high answer, where it betrays nothing."""

    @property
    def offer(self) -> str | None:
        """The words of the offer that stands, or None."""
        stands = self.offers.open is not None and self.screen == "phase" and self.panel is None
        return words.QUIET_OFFER if stands else None

    def rests(self, reference: BaselineReference) -> None:
        """The person's own reference, from a baseline or a spoken control."""
        self.heart.rests(reference)

    def set_alert(self, settings: AlertSettings, time_s: float, *, on: bool = True) -> None:
        """The clinician's quiet alert from now on."""
        self.heart.alert_on = on
        self.ledger.records += self.heart.change(settings, time_s)
        self._keep_rules(time_s)

    def heard(self, second: Second) -> None:
        """Take what the heart says this second; comes once a second, after ``tick``."""
        time_s = second.time_s
        stand = self._stand()
        self._keep_loss(time_s)
        self._follow_part(stand, time_s)
        markers, reached = self.heart.hear(second, stand)
        self.ledger.records += markers
        for rule in reached:
            self._reached(rule, time_s)
        if self.stopped or stand is None or stand.waiting or self.clock is None:
            return
        if self.offers.stale(time_s):
            self._answer("left", time_s)
        offer = self.offers.due(self.clock.elapsed(time_s), time_s)
        if offer is not None:
            self._mark(time_s, "offer", number=offer.number, why=offer.why)
            self.version += 1

    def carry_on(self, time_s: float) -> None:
        """No pause now."""
        if self.offer is not None:
            self._answer("carry_on", time_s)

    def pause(self, time_s: float, why: str = "pressed", notice: str | None = None) -> None:
        """As ever; an offer that stands is answered by it."""
        if self.offer is not None:
            self._answer("pause" if why == "pressed" else "left", time_s)
        super().pause(time_s, why, notice)

    def _answer(self, answer: Answer, time_s: float) -> None:
        offer = self.offers.answered()
        if offer is not None:
            self._mark(time_s, "offer_answer", number=offer.number, answer=answer)
            self.version += 1

    def _stand(self) -> Stand | None:
        phase = self.phase
        if self.screen != "phase" or phase is None or self.resting or self.stopped or self.clock is None:
            return None
        return Stand(self.index, self.take, phase.kind, phase.speech, self.panel is not None or not self.clock.running)

    def _follow_part(self, stand: Stand | None, time_s: float) -> None:
        """Draw the offers of a part when it begins; when it is over none stands any more."""
        here = (stand.index, stand.take) if stand is not None and stand.kind in WATCHED else None
        if here == self._watched:
            return
        self._watched = here
        self._answer("left", time_s)
        self.offers.leave()
        phase = self.phase
        if here is None or phase is None or self.clock is None:
            return
        self._keep_rules(time_s)
        # The moment at which the part began hangs on how long the person took to answer: no two sittings share it.
        seed = f"{self.exercise.sha256} {phase.name} {self.take} {self.clock.start_s:.6f}"
        fixed = self.offers.enter(seed, phase.seconds)
        if fixed:
            self._mark(time_s, "offers_planned", of=phase.name, at_s=list(fixed))

    def _reached(self, rule: HeartRule, time_s: float) -> None:
        if rule == "hr_hard":
            self._stop_by_limit(time_s, rule, words.HEART_LIMIT)
            return
        if rule == "hr_soft":
            self._mark(time_s, "limit", rule=rule)
        if self.offers.fixed:
            self.offers.rose("alert" if rule == "alert" else "hr_soft", time_s)
        else:
            self._owed = True

    def _wants_offer(self, given: Mapping[str, object]) -> bool:
        owed, self._owed = self._owed, False
        answered = super()._wants_offer(given)
        if answered:
            rule = "here" if given.get("here") == "a bit far away" else "suds"
            self._mark(self.now_s, "limit", rule=rule, then="offer")
        return answered or owed

    def _keep_loss(self, time_s: float) -> None:
        """A signal that has been away for the rule's time is kept once, in whatever part; the exercise may go on."""
        since_s = self.lost_since_s if self.with_sensor and self.heart_recorded else None
        lost = since_s is not None and time_s - since_s >= self.exercise.stop_rule.signal_lost_s
        if lost and not self._loss_kept:
            self._mark(time_s, "limit", rule="signal_lost", since_s=since_s)
        self._loss_kept = lost

    def _keep_rules(self, time_s: float) -> None:
        self.ledger.records.append(SettingsRecord(time_s, {"heart_rules": self.heart.settings}))
