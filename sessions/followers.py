"""Whoever listens to what is being recorded, beside the recorder and never in its way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from sessions.records import RecordingMeta
from sessions.store.batch import Kept

log = logging.getLogger("attunement.followers")


class Follower(Protocol):
    """Gets what is put into recordings, on whichever thread puts it. Every method must return at once."""

    def begin(self, recording_id: str, meta: RecordingMeta) -> None:
        """A recording begins."""
        ...

    def hear(self, recording_id: str, item: Kept) -> None:
        """Something was put into it; its time is the recording's."""
        ...

    def end(self, recording_id: str) -> None:
        """Nothing more will be put into it."""
        ...


class Followers:
    """All of them; one that raises hears no more, and nobody else notices."""

    def __init__(self) -> None:
        self._all: tuple[Follower, ...] = ()

    def add(self, follower: Follower) -> None:
        """Tell this one, too, from the next recording on."""
        self._all = (*self._all, follower)

    def begin(self, recording_id: str, meta: RecordingMeta) -> None:
        """Tell all that a recording begins."""
        self._tell(lambda follower: follower.begin(recording_id, meta))

    def hear(self, recording_id: str, item: Kept) -> None:
        """Tell all what was put into it."""
        self._tell(lambda follower: follower.hear(recording_id, item))

    def end(self, recording_id: str) -> None:
        """Tell all that it has ended."""
        self._tell(lambda follower: follower.end(recording_id))

    def _tell(self, what: Callable[[Follower], None]) -> None:
        for follower in self._all:
            try:
                what(follower)
            except Exception:  # whatever it was, the recording goes on
                log.exception("a follower failed; it hears no more")
                self._all = tuple(one for one in self._all if one is not follower)
