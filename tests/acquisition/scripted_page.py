"""A page that holds a strap, made of plain Python: it numbers, keeps, sends and sends again as the real one does."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from acquisition.station import Station, Tell
from acquisition.station_messages import read_message
from tests.bluetooth.frames import heart_rate_frame

RUN = "0123456789abcdef"
MOST = 100


class ScriptedPage:
    """One loading of a page. Its clock reads ``now_ms() + ahead_ms``; what it sends goes through the check of
    messages. With ``deaf`` it hears no acknowledgement, as when the socket is cut right after sending."""

    def __init__(
        self,
        station: Station,
        now_ms: Callable[[], float],
        *,
        run: str = RUN,
        ahead_ms: float = 1e6,
        name: str = "Strap 7",
    ) -> None:
        self._station, self._now_ms, self._ahead_ms = station, now_ms, ahead_ms
        self._run, self._name = run, name
        self._next = 1
        self._socket: Tell | None = None
        self._may_send = False
        self.offset_error_ms = 0.0
        self.held: list[dict[str, Any]] = []
        self.sent: list[bytes] = []
        """Every frame of the strap, in order, whether or not it has arrived."""
        self.heard: list[Mapping[str, object]] = []
        self.deaf = False

    def connect(self) -> None:
        """Open a socket and say hello."""

        def hear(message: Mapping[str, object]) -> None:
            if self._socket is hear:
                self._hear(message)

        self._socket, self._may_send = hear, False
        first = self.held[0]["n"] if self.held else self._next
        self.say({"k": "hello", "run": self._run, "first": first, "name": self._name})

    def cut(self) -> None:
        """The socket is lost, without a word."""
        socket, self._socket = self._socket, None
        if socket is not None:
            self._station.gone(socket)

    def say(self, message: Mapping[str, object]) -> None:
        """Send anything as it is."""
        assert self._socket is not None
        self._station.say(self._socket, read_message(message))

    def alive(self) -> None:
        """Ask for the clock."""
        if self._socket is not None:
            self._station.heard(self._socket)

    def beat(self, *rr_ticks: int) -> None:
        """The strap sends a frame."""
        data = heart_rate_frame(70, rr_ticks, contact=True)
        self.sent.append(data)
        self.happens(frame=b64encode(data).decode())

    def happens(self, **what: object) -> None:
        """Something to tell: ``frame=``, ``link=``, or ``fact=`` with ``value=``."""
        offset_ms = -self._ahead_ms + self.offset_error_ms
        self.held.append({"n": self._next, "t": self._now_ms() + self._ahead_ms, "o": offset_ms, **what})
        self._next += 1
        self.pump()

    def pump(self) -> None:
        """Send what is held."""
        if self._socket is not None and self._may_send:
            now, later = self.held[:MOST], self.held[MOST:]
            self.say({"k": "items", "trip": 1.5, "whole": not later, "items": now})

    def _hear(self, message: Mapping[str, object]) -> None:
        self.heard.append(message)
        if message["k"] != "ack" or self.deaf:
            return
        first, self._may_send = not self._may_send, True
        before = len(self.held)
        self.held = [item for item in self.held if item["n"] > int(str(message["kept"]))]
        if first or (self.held and len(self.held) < before):
            self.pump()
