"""One sitting's end of the link to a page that holds a strap: who speaks, and what of it was kept last.

A page numbers what it tells and keeps it until it is acknowledged; after a cut it goes on from there. Whatever is told
twice is kept once, and out of its turn not at all, so nothing is lost or doubled. Knows nothing of sockets: a page is
a function that takes a JSON-ready answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from acquisition.station_messages import Bye, Hello, Items, PageMessage, StationItem

Tell = Callable[[Mapping[str, object]], object]
"""Gives an answer to one page; returns at once. Equal only to itself, as long as its socket lives."""


class Inlet(Protocol):
    """The source that wants what a page tells. All methods return at once."""

    def named(self, name: str | None) -> None:
        """What the strap calls itself."""
        ...

    def heard(self) -> None:
        """The page is there."""
        ...

    def take(self, item: StationItem, trip_ms: float) -> bool:
        """One more item; False when it cannot be taken now and must be told again."""
        ...

    def hole(self) -> None:
        """The page could not keep all: items are missing before the next one."""
        ...

    def caught_up(self) -> None:
        """The page holds nothing more back."""
        ...

    def away(self) -> None:
        """The page's socket was cut; it may come back and tell what happened meanwhile."""
        ...

    def left(self) -> None:
        """The page was closed, and has let go of its strap."""
        ...


class Station:
    """Joins pages, one at a time, to the source that is open now, if any. Every method is called on one loop."""

    def __init__(self) -> None:
        self._page: Tell | None = None
        self._inlet: Inlet | None = None
        self._name: str | None = None
        self._run = ""
        self._last = 0
        """Number of the last item kept of this run."""
        self.repeated = 0
        """Items that were told again after they had been kept."""

    def open(self, inlet: Inlet) -> None:
        """A source wants what is told from now on; a page that waits may begin."""
        self._inlet = inlet
        inlet.named(self._name)
        self._acknowledge()

    def close(self, inlet: Inlet) -> None:
        """That source wants no more; its page is asked to let go of the strap."""
        if self._inlet is inlet:
            self._inlet = None
            self._answer({"k": "let_go"})
            self._run = ""

    def say(self, page: Tell, message: PageMessage) -> None:
        """What a page says."""
        if isinstance(message, Hello):
            self._hello(page, message)
        elif page is not self._page:
            page({"k": "elsewhere"})
        elif isinstance(message, Items):
            self._items(message)
        elif isinstance(message, Bye):
            self._leave()

    def heard(self, page: Tell) -> None:
        """A page's socket is alive."""
        if page is self._page and self._inlet is not None:
            self._inlet.heard()

    def gone(self, page: Tell) -> None:
        """A page's socket has closed."""
        if page is self._page:
            self._page = None
            if self._inlet is not None and self._run:
                self._inlet.away()

    def _hello(self, page: Tell, hello: Hello) -> None:
        """The newest page takes over. Another run than before is another loading, and the old strap's link is gone."""
        if self._page is not page:
            self._answer({"k": "elsewhere"})
        self._page, self._name = page, hello.name
        inlet = self._inlet
        if hello.run != self._run:
            if inlet is not None and self._run:
                inlet.left()
            self._run, self._last = hello.run, hello.first - 1
        elif hello.first > self._last + 1:
            self._last = hello.first - 1
            if inlet is not None:
                inlet.hole()
        if inlet is not None:
            inlet.named(hello.name)
            inlet.heard()
        self._acknowledge()

    def _items(self, message: Items) -> None:
        inlet = self._inlet
        if inlet is None:
            return
        inlet.heard()
        for item in message.items:
            if item.n <= self._last:
                self.repeated += 1
            elif item.n > self._last + 1 or not inlet.take(item, message.trip_ms):
                break
            else:
                self._last = item.n
        else:
            if message.whole:
                inlet.caught_up()
        self._acknowledge()

    def _leave(self) -> None:
        self._page, self._run = None, ""
        if self._inlet is not None:
            self._inlet.left()

    def _acknowledge(self) -> None:
        """Everything up to this number is kept; without a source nothing is, and the page waits."""
        if self._inlet is not None and self._run:
            self._answer({"k": "ack", "run": self._run, "kept": self._last})

    def _answer(self, message: Mapping[str, object]) -> None:
        if self._page is not None:
            self._page(message)
