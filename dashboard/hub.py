"""Fan-out of a session's messages to its pages: numbered, bounded, and never waiting for a slow one.

A hub lives on the web server's loop and is touched from there only. The recorder never reads from it, so what a slow
page misses is never lost to the recording.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

QUEUE_LIMIT = 256
"""Messages waiting for one page before the oldest is dropped: about a minute of beats, ticks and numbers."""
HISTORY_LIMIT = 512
"""Messages kept for catching up after a short loss of the socket: about two minutes."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A message and its place in its topic's row."""

    n: int
    message: Mapping[str, object]
    text: str
    """JSON, written once for all pages."""


class Subscription:
    """One page's own queue; the oldest message gives way when it is full."""

    def __init__(self, limit: int = QUEUE_LIMIT) -> None:
        self._waiting: deque[str] = deque(maxlen=limit)
        self._news = asyncio.Event()
        self.dropped = 0

    def put(self, text: str) -> None:
        """Add a message; never waits."""
        if len(self._waiting) == self._waiting.maxlen:
            self.dropped += 1
        self._waiting.append(text)
        self._news.set()

    def clear(self) -> None:
        """Forget what is waiting."""
        self._waiting.clear()
        self._news.clear()

    async def next(self) -> str:
        """The oldest waiting message; waits for one."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()


@dataclass(slots=True)
class _Topic:
    n: int = 0
    history: deque[Numbered] = field(default_factory=lambda: deque(maxlen=HISTORY_LIMIT))
    latest: dict[str, Mapping[str, object]] = field(default_factory=dict)
    pages: set[Subscription] = field(default_factory=set)


class Hub:
    """Topics by name, such as ``session/ID``; each numbers its messages from 1."""

    def __init__(self) -> None:
        self._topics: dict[str, _Topic] = {}

    def publish(self, topic: str, message: Mapping[str, object]) -> int:
        """Number a message, keep it for catching up, and hand it to every page of the topic."""
        row = self._topics.setdefault(topic, _Topic())
        row.n += 1
        kind = str(message.get("k", ""))
        numbered = Numbered(row.n, message, encode({**message, "n": row.n}))
        row.history.append(numbered)
        row.latest[kind] = message
        for page in row.pages:
            page.put(numbered.text)
        return row.n

    def subscribe(self, topic: str) -> Subscription:
        """A new queue that receives everything published from now on."""
        page = Subscription()
        self.add(topic, page)
        return page

    def add(self, topic: str, page: Subscription) -> None:
        """Let ``page`` receive everything published from now on; harmless when it does already."""
        self._topics.setdefault(topic, _Topic()).pages.add(page)

    def unsubscribe(self, topic: str, page: Subscription) -> None:
        """Send no more to this page; harmless when it has gone already."""
        row = self._topics.get(topic)
        if row is not None:
            row.pages.discard(page)

    def since(self, topic: str, n: int) -> list[str] | None:
        """Everything after message ``n``, or None when some of it is no longer kept."""
        row = self._topics.get(topic)
        if row is None or n > row.n:
            return None
        missed = [message.text for message in row.history if message.n > n]
        return missed if len(missed) == row.n - n else None

    def recent(self, topic: str) -> list[Mapping[str, object]]:
        """What is kept of the topic's messages, oldest first."""
        row = self._topics.get(topic)
        return [numbered.message for numbered in row.history] if row else []

    def latest(self, topic: str, kind: str) -> Mapping[str, object] | None:
        """The newest message of a kind, or None before the first."""
        row = self._topics.get(topic)
        return row.latest.get(kind) if row else None

    def number(self, topic: str) -> int:
        """The number of the topic's newest message, 0 before the first."""
        row = self._topics.get(topic)
        return row.n if row else 0

    def forget(self, topic: str) -> None:
        """Drop a topic and its history; pages that still wait simply get nothing more."""
        self._topics.pop(topic, None)


def encode(message: Mapping[str, object]) -> str:
    """One message as JSON without spaces; a float that is no number is a mistake of ours and raises ValueError."""
    return json.dumps(message, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
