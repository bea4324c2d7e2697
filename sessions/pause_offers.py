"""When "Would a pause help?" is asked: at times fixed beforehand, and after a rise; nobody can tell which it was.

Times are drawn before a part begins, one or two in each, from a seed that differs between sittings; the heart has no
say in them. An offer after a rise comes with the same words and keeps the same distance from the one before. So neither
that an offer comes, nor when, nor how many, says anything about a heart.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Why = Literal["fixed", "alert", "hr_soft"]
"""What an offer follows from; kept in the recording, never shown to the client."""
Answer = Literal["pause", "carry_on", "left"]
"""``left``: it went unanswered, or something else came."""

FIRST_S = 60.0
"""No fixed offer comes sooner into a part: the person has just begun."""
LAST_S = 20.0
"""Nor so close to its end, which brings questions and a rest anyway."""
APART_S = 60.0
"""Two offers are never closer; a person who has just answered is left alone. A rise waits so long."""
TWO_FROM_S = 180.0
"""A part of this length or more may hold two fixed offers."""
STAYS_S = 45.0
"""An unanswered offer leaves by itself, as it came: without a sound and without a consequence."""
CLINICIAN_FIRST_S = 20.0
"""A clinician who is there hears of a rise first; so long unanswered, the offer goes to the client."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer that stands."""

    number: int
    time_s: float
    why: Why


def fixed_times(seed: str, seconds: float) -> tuple[float, ...]:
    """Times on a part's own clock, drawn before it begins; none in a part too short for one.

    >>> fixed_times("a", 60.0)
    ()
    >>> all(FIRST_S <= at <= 300.0 - LAST_S for at in fixed_times("a", 300.0))
    True
    """
    draw = random.Random(seed)  # noqa: S311 - a moment that nobody guesses is enough, it guards no secret
    last_s = seconds - LAST_S
    if last_s < FIRST_S:
        return ()
    first = draw.uniform(FIRST_S, last_s)
    second = draw.uniform(FIRST_S, last_s)
    two = seconds >= TWO_FROM_S and draw.random() < 0.5 and abs(first - second) >= APART_S
    return tuple(sorted((first, second))) if two else (first,)


class PauseOffers:
    """Offers of one sitting. Pure: times come with every call."""

    def __init__(self, *, fixed: bool) -> None:
        self.fixed = fixed
        """Whether the exercise has fixed offers (levels 2 and 3)."""
        self.open: Offer | None = None
        self.clinician_there = False
        self._times: tuple[float, ...] = ()
        self._waiting: tuple[float, Why] | None = None
        self._count = 0
        self._last_s = float("-inf")

    def enter(self, seed: str, seconds: float) -> tuple[float, ...]:
        """A part begins; gives the times of its fixed offers."""
        self._waiting = None
        self._times = fixed_times(seed, seconds) if self.fixed else ()
        return self._times

    def leave(self) -> None:
        """The part is over; what waited in it is not asked any more."""
        self._times, self._waiting = (), None

    def rose(self, why: Why, time_s: float) -> None:
        """The heart has risen: an offer is due, to the clinician first if one is there."""
        if self._waiting is None:
            self._waiting = time_s + (CLINICIAN_FIRST_S if self.clinician_there else 0.0), why

    def clinician_took_it(self) -> None:
        """The clinician has it in hand; the client is not asked because of it."""
        self._waiting = None

    def due(self, elapsed_s: float, time_s: float) -> Offer | None:
        """The offer that begins now, or None; ``elapsed_s`` is the part's own clock."""
        passed = [at for at in self._times if at <= elapsed_s]
        self._times = self._times[len(passed) :]
        if self.open is not None or time_s - self._last_s < APART_S:
            return None
        why: Why | None = "fixed" if passed else None
        if self._waiting is not None and self._waiting[0] <= time_s:
            why, self._waiting = self._waiting[1], None
        if why is None:
            return None
        self._count += 1
        self._last_s = time_s
        self.open = Offer(self._count, time_s, why)
        return self.open

    def stale(self, time_s: float) -> bool:
        """The open offer has stood long enough."""
        return self.open is not None and time_s - self.open.time_s >= STAYS_S

    def answered(self) -> Offer | None:
        """The open offer is over; gives it."""
        offer, self.open = self.open, None
        return offer
