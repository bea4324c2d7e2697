"""Whether anybody watches: nobody is recorded unawares (docs/protocol.md)."""

from __future__ import annotations

from typing import Literal

RECORDING_GOES_ON_S = 60.0
"""After the last page has gone recording goes on for so long."""
CLOSES_AFTER_S = 600.0
"""After so long the recording closes whole."""

Presence = Literal["here", "going", "away", "given_up"]


class Watch:
    """Pages that come and go, told in the session's time. Limits are real seconds, so a speed above 1 stretches them:
    a page that takes a second to open must not count as a minute gone."""

    def __init__(self, speed: float = 1.0) -> None:
        self.factor = max(1.0, speed)
        """Seconds of the session's time that a real second takes."""
        self._pages: dict[str, int] = {}
        self._last_page: str | None = None
        self._gone_since_s: float | None = None

    def seen(self, page_id: str) -> bool:
        """A page is open; True when it has taken the place of another one that had gone."""
        came_back = self._gone_since_s is not None
        new = page_id != self._last_page or page_id == ""
        self._pages[page_id] = self._pages.get(page_id, 0) + 1
        self._last_page = page_id
        self._gone_since_s = None
        return came_back and new

    def gone(self, page_id: str, time_s: float) -> None:
        """That page has closed."""
        left = self._pages.get(page_id, 0) - 1
        if left > 0:
            self._pages[page_id] = left
        else:
            self._pages.pop(page_id, None)
        if not self._pages and self._gone_since_s is None:
            self._gone_since_s = time_s

    def at(self, time_s: float) -> Presence:
        """How long nobody has been there. Before the first page has come, the person is on the way."""
        if self._gone_since_s is None:
            return "here"
        gone_s = (time_s - self._gone_since_s) / self.factor
        if gone_s >= CLOSES_AFTER_S:
            return "given_up"
        return "away" if gone_s >= RECORDING_GOES_ON_S else "going"
