"""Whether the heart is heard: the word in the footer, and what Connect shows."""

from __future__ import annotations

from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, SensorFact
from sessions import words
from sessions.view import SensorView

ARRIVING_S = 5.0
"""Beats arrive while the last one is at most this old: a heart above 12 a minute beats sooner, and straps deliver up
to 2.6 s late."""
SETTLED_S = 10.0
"""So many seconds of beats without a break, and the signal has settled (the shortest window of heart rate)."""


class SignalWatch:
    """Follows the items of one source."""

    def __init__(self) -> None:
        self._state: LinkState | None = None
        self._reason: str | None = None
        self._name: str | None = None
        self._last_s: float | None = None
        self._since_s: float | None = None
        self._now_s = 0.0
        self._facts: dict[tuple[str, str], SensorFact] = {}

    def feed(self, item: Item) -> None:
        """Take the next item; time goes with it."""
        self._now_s = max(self._now_s, item.time_s)
        if isinstance(item, LinkChange):
            self._state, self._reason = item.state, item.reason
            if item.state not in (LinkState.STREAMING, LinkState.DEGRADED):
                self._since_s = None
        elif isinstance(item, Gap):
            self._since_s = None
        elif isinstance(item, Beat):
            if self._since_s is None or not self.arriving:
                self._since_s = item.time_s
            self._last_s = item.time_s
            if self._state is None:  # a replay of bare intervals has no link
                self._state = LinkState.STREAMING
        elif isinstance(item, SensorFact):
            self._facts[item.stream, item.name] = item
            if item.name == "model" and self._name is None:
                self._name = item.value

    def called(self, name: str) -> None:
        """The source's own name, as printed on the strap."""
        self._name = name

    def searching(self) -> None:
        """Straps are being looked for."""
        self._state, self._reason = LinkState.SEARCHING, None

    def missing(self, reason: str | None) -> None:
        """No strap is chosen; ``reason`` says why the last try came to nothing."""
        self._state, self._reason = None, reason

    def failed(self, reason: str) -> None:
        """The source could not be opened again."""
        self._reason = reason

    def restart(self, time_s: float) -> None:
        """The session's own clock begins: forget times, keep what is known of the link."""
        self._now_s = time_s
        self._last_s = time_s if self.arriving else None
        self._since_s = self._last_s

    @property
    def facts(self) -> tuple[SensorFact, ...]:
        """What the sensor has told of itself, the newest of each kind."""
        return tuple(self._facts.values())

    def fact(self, name: str) -> str | None:
        """The value of a fact, or None while it is not known."""
        return next((fact.value for fact in self._facts.values() if fact.name == name), None)

    @property
    def state(self) -> LinkState | None:
        """Where the link stands, or None while there is none."""
        return self._state

    @property
    def reason(self) -> str | None:
        """Why it is not steady."""
        return self._reason

    @property
    def arriving(self) -> bool:
        """The last beat is not old."""
        return self._last_s is not None and self._now_s - self._last_s <= ARRIVING_S

    @property
    def settled(self) -> bool:
        """Beats have come long enough without a break."""
        return self.arriving and self._since_s is not None and self._now_s - self._since_s >= SETTLED_S

    @property
    def silent_since_s(self) -> float:
        """When the last beat came; 0 when none has."""
        return self._last_s if self._last_s is not None else 0.0

    def view(self, *, with_sensor: bool, done: bool, delay_s: float = 0.0) -> SensorView:
        """The footer's word; ``done`` once recording has ended."""
        if not with_sensor:
            return SensorView("none", words.NO_SENSOR, None, None, beats_arriving=False, settled=False)
        state = self._state
        word = words.SENSOR_WORDS[state] if state is not None else words.NO_SENSOR_YET
        if state is LinkState.STREAMING and not self.arriving:
            word = words.SETTLING
        if done:
            word = words.SENSOR_DONE
        return SensorView(
            str(state) if state is not None else "none",
            word,
            self._reason,
            self._name,
            beats_arriving=self.arriving,
            settled=self.settled,
            delay_s=delay_s,
        )
