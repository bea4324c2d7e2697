"""Which clients of the bus have asked a characteristic to notify; it does so from the first to the last of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from dbus_fast import Message


def who_leaves() -> Message:
    """The call after which the bus tells of clients that go away."""
    return Message(
        destination="org.freedesktop.DBus",
        path="/org/freedesktop/DBus",
        interface="org.freedesktop.DBus",
        member="AddMatch",
        signature="s",
        body=["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
    )


class Subscriptions:
    """Paths of characteristics and the clients' names; ``tell`` is called with a path as its notifying begins and
    ends."""

    def __init__(self, tell: Callable[[str, bool], None]) -> None:
        self._tell = tell
        self._clients: defaultdict[str, set[str]] = defaultdict(set)

    def wanted(self, path: str) -> bool:
        """Whether anybody asked for this one."""
        return bool(self._clients.get(path))

    def join(self, path: str, client: str) -> None:
        """A client asks."""
        first = not self._clients[path]
        self._clients[path].add(client)
        if first:
            self._tell(path, True)

    def leave(self, client: str, path: str | None = None) -> None:
        """A client asks no more for this one, or, without ``path``, for anything."""
        for each, clients in tuple(self._clients.items()):
            if path in (None, each) and client in clients:
                clients.discard(client)
                if not clients:
                    self._end(each)

    def end_below(self, beginning: str) -> None:
        """Nobody gets anything more from paths that begin so."""
        for path in [path for path in self._clients if path.startswith(beginning)]:
            self._end(path)

    def _end(self, path: str) -> None:
        del self._clients[path]
        self._tell(path, False)
