"""A break: agreed on with a time to be back, away from the screen, and kept from the call to how things went on.

Not a pause, which waits in front of the screen for a press. A break is called by somebody, has a return time that
nobody can leave out, and ends with a check and a choice. The machine is pure; every step is a marker of the recording,
from which the whole break is read again. Going on is said by everybody who takes part, never by a heart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from acquisition.errors import BadInput
from sessions.exercise_parts import LONGEST_AWAY_H, BreakPlan
from sessions.records import SessionMarker

MARKER = "break"
"""Kind of every marker of a break."""
DEFAULT_S = 1200.0
"""20 minutes: a convention from couples' work, with no trial behind the number; a setting."""
SHORTEST_S, LONGEST_S = 300.0, 3600.0
"""Under 5 minutes it is a pause; over an hour it is another day, unless a new time is agreed on."""
HOUR_S = 3600.0

Caller = Literal["client", "partner", "clinician", "script"]
Did = Literal["music", "puzzle", "steps", "breathing", "outside", "chores", "thinking_it_over", "other"]
"""What somebody did meanwhile; what it was matters more than the break itself (Gottman and Tabares 2018)."""
WITH_MOVEMENT = frozenset({"steps", "outside", "chores"})
"""Things done on one's feet: the heart's way down then tells of walking."""
Outcome = Literal["resumed", "changed", "ended"]
"""``changed``: to a lighter moment or another part; ``ended``: the sitting was closed kindly."""
State = Literal["away", "back", "ready", "over"]


@dataclass(frozen=True, slots=True)
class Break:
    """One break as far as it has come; times in seconds of the recording."""

    number: int
    called_by: Caller
    called_s: float
    agreed_s: tuple[float, ...]
    """Agreed times to be back; each "not yet" adds one."""
    people: tuple[str, ...] = ("client",)
    """Everybody whose word it takes to go on."""
    stressor_end_s: float | None = None
    """Last second of the stressor that it broke off or followed, or None; half-time counts from there."""
    back: Mapping[str, float] = field(default_factory=dict)
    """When each was back; a "not yet" sends everybody off again."""
    did: Mapping[str, tuple[Did, ...]] = field(default_factory=dict)
    moved: Mapping[str, bool] = field(default_factory=dict)
    """Whether each walked or moved about, as they say; unanswered is unanswered."""
    suds: Mapping[str, float] = field(default_factory=dict)
    """Distress (0-100) on return, where it was answered."""
    ready: frozenset[str] = frozenset()
    outcome: Outcome | None = None
    over_s: float | None = None

    @property
    def return_s(self) -> float:
        """The time agreed on last."""
        return self.agreed_s[-1]

    @property
    def state(self) -> State:
        """Where it stands: ``ready`` when everybody is back and has said so."""
        if self.outcome is not None:
            return "over"
        if len(self.back) < len(self.people):
            return "away"
        return "ready" if self.ready == frozenset(self.people) else "back"

    def left_s(self, time_s: float) -> float:
        """Seconds until the agreed return; 0 once it has come. Nothing starts again by itself then."""
        return max(0.0, self.return_s - time_s)

    def late_s(self, who: str) -> float | None:
        """How long after the time agreed on last somebody was back (0 when in time), or None while away."""
        return max(0.0, self.back[who] - self.return_s) if who in self.back else None

    def walked(self, who: str) -> bool | None:
        """Whether somebody moved, from their answer or from what they did; None when they said neither."""
        if who in self.moved:
            return self.moved[who]
        if who in self.did:
            return bool(WITH_MOVEMENT & set(self.did[who]))
        return None


def length_allowed(seconds: float, plan: BreakPlan | None = None) -> float:
    """The length agreed on, s. Raises BadInput when there is none, or it is not one that can be kept."""
    longest = plan.longest_s if plan is not None and plan.longest_s > 0 else LONGEST_S
    if not (math.isfinite(seconds) and SHORTEST_S <= seconds <= longest):
        raise BadInput(
            "a break needs a time to be back",
            place="break",
            remedy=f"choose from {SHORTEST_S / 60:g} to {longest / 60:g} minutes",
        )
    return float(seconds)


class BreakKeeper:
    """The breaks of one sitting: takes what people say, gives markers to keep. Times never run backwards."""

    def __init__(self, plan: BreakPlan | None = None) -> None:
        self._plan = plan
        self._now_s = -math.inf
        self.last: Break | None = None

    @property
    def open(self) -> Break | None:
        """The break that goes on, or None."""
        return self.last if self.last is not None and self.last.outcome is None else None

    def call(
        self,
        by: str,
        seconds: float,
        time_s: float,
        *,
        people: Sequence[str] = ("client",),
        stressor_end_s: float | None = None,
    ) -> SessionMarker:
        """Somebody calls a break for so long. Raises BadInput without a return time, or while one goes on."""
        if self.open is not None or by not in get_args(Caller) or not people:
            raise BadInput("a break cannot be called now", place="break", remedy="come back from the one that goes on")
        length_s, now_s = length_allowed(seconds, self._plan), self._at(time_s)
        number = 1 if self.last is None else self.last.number + 1
        data = {
            "what": "called",
            "number": number,
            "by": by,
            "return_s": now_s + length_s,
            "people": list(people),
            "stressor_end_s": stressor_end_s,
        }
        return self._keep(now_s, data)

    def returned(
        self,
        who: str,
        time_s: float,
        *,
        did: Iterable[str] = (),
        moved: bool | None = None,
        suds: float | None = None,
    ) -> SessionMarker:
        """Somebody is back, and says what they like of what they did. Raises BadInput for an answer off its scale."""
        going = self._going(who)
        done = tuple(did)
        if set(done) - set(get_args(Did)):
            raise BadInput("that is not on the list", place="break", remedy=f"choose from {', '.join(get_args(Did))}")
        if suds is not None and not 0 <= suds <= 100:
            raise BadInput("distress is a number from 0 to 100", place="break", remedy="choose it again")
        data: dict[str, object] = {"what": "returned", "number": going.number, "who": who}
        data |= {"did": list(done)} if done else {}
        data |= {"moved": moved} if moved is not None else {}
        data |= {"suds": float(suds)} if suds is not None else {}
        return self._keep(self._at(time_s), data)

    def checked(self, who: str, ready: bool, time_s: float, *, seconds: float | None = None) -> SessionMarker:
        """Ready to go on, or not yet, which needs a new time within the hours that a break may last.

        Raises BadInput when somebody is still away or the new time is missing or too far.
        """
        going, now_s = self._going(who), self._at(time_s)
        if who not in going.back:
            raise BadInput("somebody who is away cannot be ready", place="break", remedy="come back first")
        data: dict[str, object] = {"what": "checked", "number": going.number, "who": who, "ready": ready}
        if not ready:
            return_s = now_s + length_allowed(seconds if seconds is not None else math.nan, self._plan)
            within_h = self._plan.return_within_h if self._plan is not None else LONGEST_AWAY_H
            if return_s - going.called_s > HOUR_S * within_h:
                raise BadInput(
                    f"a break lasts {within_h:g} hours at most", place="break", remedy="end here and begin anew"
                )
            data["return_s"] = return_s
        return self._keep(now_s, data)

    def close(self, outcome: str, time_s: float) -> SessionMarker:
        """How things went on. Only ending needs nobody's word: going on needs everybody's."""
        going = self.open
        if going is None or outcome not in get_args(Outcome) or (outcome != "ended" and going.state != "ready"):
            raise BadInput("not everybody is ready yet", place="break", remedy="wait, agree on a new time, or end here")
        return self._keep(self._at(time_s), {"what": "closed", "number": going.number, "outcome": outcome})

    def _going(self, who: str) -> Break:
        if self.open is None or who not in self.open.people:
            raise BadInput("there is no break to come back from", place="break", remedy="go on with the exercise")
        return self.open

    def _at(self, time_s: float) -> float:
        self._now_s = max(self._now_s, time_s)
        return self._now_s

    def _keep(self, time_s: float, data: Mapping[str, object]) -> SessionMarker:
        marker = SessionMarker(time_s, MARKER, "", data)
        self.last = _after(self.last, marker)
        return marker


def breaks_of(markers: Iterable[SessionMarker]) -> tuple[Break, ...]:
    """Every break of a recording, read from its markers in their order; one without an end is still open."""
    found: dict[int, Break] = {}
    for marker in markers:
        if marker.kind == MARKER:
            number = int(_number(marker.data["number"]))
            found[number] = _after(found.get(number), marker)
    return tuple(found.values())


def _after(before: Break | None, marker: SessionMarker) -> Break:
    """The break with one more step in it."""
    data, time_s = marker.data, marker.time_s
    if data["what"] == "called":
        return _called(data, time_s)
    if before is None:
        raise BadInput("a break goes on that never began", place="break", remedy="use the whole recording")
    who = str(data.get("who", ""))
    if data["what"] == "returned":
        return _returned(before, who, data, time_s)
    if data["what"] == "checked":
        if data["ready"] is True:
            return replace(before, ready=before.ready | {who})
        agreed = (*before.agreed_s, _number(data["return_s"]))
        return replace(before, agreed_s=agreed, ready=frozenset(), back={})
    outcome = next(one for one in get_args(Outcome) if one == data["outcome"])
    return replace(before, outcome=outcome, over_s=time_s)


def _called(data: Mapping[str, object], time_s: float) -> Break:
    ended = data.get("stressor_end_s")
    return Break(
        number=int(_number(data["number"])),
        called_by=next(one for one in get_args(Caller) if one == data["by"]),
        called_s=time_s,
        agreed_s=(_number(data["return_s"]),),
        people=_texts(data["people"]),
        stressor_end_s=None if ended is None else _number(ended),
    )


def _returned(before: Break, who: str, data: Mapping[str, object], time_s: float) -> Break:
    after = replace(before, back={**before.back, who: time_s})
    if "did" in data:
        done = set(_texts(data["did"]))
        after = replace(after, did={**after.did, who: tuple(one for one in get_args(Did) if one in done)})
    if "moved" in data:
        after = replace(after, moved={**after.moved, who: data["moved"] is True})
    if "suds" in data:
        after = replace(after, suds={**after.suds, who: _number(data["suds"])})
    return after


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput("a time of a break is not a number", place="break", remedy="use the whole recording")
    return float(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()
