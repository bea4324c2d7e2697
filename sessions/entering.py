"""The way in: safety notice and consent, then the strap, then the plan. Nothing is recorded here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from acquisition.beats import BeatSource, Item, SensorFact
from acquisition.clock import Anchor
from acquisition.errors import AttunementError, BadInput
from acquisition.identity import Identity
from acquisition.silence import SilentSource
from acquisition.station_messages import strap_name
from sessions import words
from sessions.listener import Listener
from sessions.records import Asker, Consent
from sessions.remembered_strap import remember, remembered
from sessions.service import Service
from sessions.session_view import Entrance
from sessions.signal_watch import SignalWatch
from sessions.view import StrapView

NAMELESS = "A strap without a name"
SCAN_S = 5.0
"""A strap advertises about once a second; five seconds find it even where some are missed."""


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """Which source a sitting wants: the strap with this address, or None for the one the program was started with."""

    address: str | None = None
    name: str | None = None
    """What is printed on the strap, or None when it does not say."""
    serial: str | None = None
    """Its serial number: no strap that tells another one is taken for it. None until it is known."""
    by_page: bool = False
    """The browser of the person's own page holds the strap and tells what it sends."""


SourceFactory = Callable[[SourceChoice], BeatSource]


class Strap(Protocol):
    """What a scan finds (``acquisition.sensor.FoundSensor``)."""

    @property
    def address(self) -> str:
        """What to connect to."""
        ...

    @property
    def name(self) -> str | None:
        """What is printed on it, or None."""
        ...


Scan = Callable[[float], Awaitable[Sequence[Strap]]]
"""Looks for straps for so many seconds (``acquisition.sensor.scan``)."""


def consent_given(data: Mapping[str, object], anchor: Callable[[], Anchor]) -> Consent:
    """The consent on a page's answer: ``{"health": "no"|"yes", "scopes": ["record", ...]}``.

    ``yes`` means that a caution fits and the person goes on after "talk to your clinician first". Raises BadInput
    while the health question is open or recording is not agreed to.
    """
    health, scopes = data.get("health"), data.get("scopes", ())
    if health not in ("no", "yes"):
        raise BadInput("the health question is open", place="consent", remedy="answer it with one of the two")
    if not isinstance(scopes, list | tuple) or "record" not in scopes:
        raise BadInput("recording is not agreed to", place="consent", remedy="tick it, or stop here")
    agreed = tuple(scope for scope in words.CONSENT_SCOPES if scope in scopes)
    return Consent(anchor().wall, words.CONSENT_VERSION, words.consent_sha256(), agreed, health == "no")


def strap_views(found: Sequence[Strap], remembered: object) -> tuple[StrapView, ...]:
    """Straps by name, never by strength; the one chosen last time is marked."""
    views = [StrapView(one.address, one.name or NAMELESS, one.address == remembered) for one in found]
    return tuple(sorted(views, key=lambda view: (view.name, view.address)))


class Doorway:
    """What happens before Begin. ``changed`` is called when something came of waiting (a scan)."""

    def __init__(
        self,
        *,
        service: Service,
        asker: Asker,
        listener: Listener,
        make_source: SourceFactory,
        scan: Scan | None,
        choice: SourceChoice | None,
        simulated: bool,
        silent_speed: float,
        anchor: Callable[[], Anchor],
        changed: Callable[[], None],
    ) -> None:
        self._service, self._asker = service, asker
        self._listener, self._make_source, self._scan = listener, make_source, scan
        self._choice = choice
        self._silent_speed = silent_speed
        self._anchor, self._changed = anchor, changed
        self._looking: asyncio.Task[None] | None = None
        self.simulated = simulated
        self.entrance = Entrance("connect" if simulated else "safety")
        self.signal = SignalWatch()
        self.consent: Consent | None = None
        self.with_sensor = True

    def arrive(self) -> None:
        """The sitting is there: a source that is settled beforehand is opened, once it may be."""
        if self._choice is not None and self.entrance.screen == "connect":
            self._open(self._choice)

    @property
    def may_begin(self) -> bool:
        """There is a source, and whoever is real has agreed."""
        there = self.entrance.screen in ("connect", "plan") and self._listener.source is not None
        return there and (self.simulated or self.consent is not None)

    def act(self, action: str, data: Mapping[str, object]) -> None:
        """A press before Begin. Raises BadInput for unusable data."""
        screen = self.entrance.screen
        if action == "consent" and screen == "safety":
            self.consent = consent_given(data, self._anchor)
            self.entrance = Entrance("connect")
            self.arrive()
            if self._choice is None:
                self._look()  # the page says "we will look for the sensor while you put it on"
        elif action in ("scan", "try_again") and screen == "connect":
            self._look()
        elif action == "choose_sensor" and screen == "connect":
            self._choose(data.get("address"))
        elif action == "use_station" and screen == "connect" and not self.simulated:
            choice = SourceChoice(name=strap_name(data.get("name")), by_page=True)
            self._stop_looking()
            self.entrance = Entrance("connect")
            self._open(choice)
        elif action == "without_sensor" and screen in ("connect", "plan"):
            self.with_sensor, self.signal = False, SignalWatch()
            self._listener.open(SilentSource(self._silent_speed))
            self.entrance = Entrance("plan")
        elif action == "continue" and screen == "connect" and self._listener.source is not None:
            self.entrance = Entrance("plan")

    def refused(self, why: str) -> None:
        """Recording could not begin; the page says why."""
        self.entrance = replace(self.entrance, notice=why)

    def ended(self, reason: str | None) -> None:
        """The source has ended before Begin."""
        self._listener.let_go()
        self.signal.missing(reason)
        if self.entrance.screen == "plan":
            self.entrance = Entrance("connect")

    def again(self) -> BeatSource | None:
        """The chosen source anew, after it had ended; None when it cannot be had."""
        self._learn_serial()
        try:
            return self._make_source(self._choice) if self._choice is not None else None
        except AttunementError as error:
            self.signal.failed(str(error))
            return None

    def hear(self, item: Item) -> None:
        """An item of the source before Begin."""
        self.signal.feed(item)
        if isinstance(item, SensorFact):
            self._learn_serial()

    async def aclose(self) -> None:
        """Look for nothing any more; a strap that was connected after Begin is remembered, too."""
        self._learn_serial()
        self._stop_looking()
        if self._looking is not None:
            await asyncio.gather(self._looking, return_exceptions=True)

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()

    def _look(self) -> None:
        if self._scan is None or self.simulated:  # the source was settled beforehand
            self.arrive()
        elif self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._find_straps(self._scan))

    async def _find_straps(self, scan: Scan) -> None:
        """Scan; a single strap is taken and named, unless another was used last time: it may be somebody else's.

        Several are chosen by the number printed on them.
        """
        self._listener.let_go()
        self.signal.searching()
        self.entrance = Entrance("connect")
        self._changed()
        try:
            found = await scan(SCAN_S)
        except AttunementError as error:
            self.signal.missing(str(error))
        else:
            last = remembered(self._service, self._asker)
            straps = strap_views(found, last.address if last is not None else None)
            self.entrance = Entrance("connect", straps)
            if len(straps) == 1 and (straps[0].remembered or last is None):
                self._choose(straps[0].address, last.serial if last is not None else None)
            else:
                self.signal.missing(None if straps else words.NO_STRAP_SEEN)
        self._changed()

    def _choose(self, address: object, serial: str | None = None) -> None:
        """Take a strap that was found. One that a person presses is meant, whatever serial number it will tell."""
        known = {strap.address: strap.name for strap in self.entrance.straps}
        if not isinstance(address, str) or address not in known:
            raise BadInput("that strap was not found", place="choose_sensor", remedy="look again")
        name = known[address] if known[address] != NAMELESS else None
        self._open(SourceChoice(address, name, serial))
        self.signal.called(known[address])
        self._remember()

    def _remember(self) -> None:
        choice = self._choice
        if choice is not None and choice.address is not None:
            remember(self._service, self._asker, Identity(choice.address, choice.serial, choice.name))

    def _learn_serial(self) -> None:
        """Whichever strap was chosen: from now on it is the one with the number that it has told."""
        told, choice = self.signal.fact("serial"), self._choice
        if told is not None and choice is not None and choice.address is not None and choice.serial != told:
            self._choice = replace(choice, serial=told)
            self._remember()

    def _open(self, choice: SourceChoice) -> None:
        self._choice = choice
        self.signal = SignalWatch()
        try:
            source = self._make_source(choice)
        except AttunementError as error:
            self.signal.missing(str(error))
            return
        self.signal.called(source.info.name)
        self._listener.open(source)
