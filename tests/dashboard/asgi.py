"""Drives an ASGI application by hand: one request or handshake in, everything it sends out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1:8050"
ORIGIN = f"http://{HOST}"
JSON = {"content-type": "application/json", "origin": ORIGIN}


@dataclass
class Answer:
    """What came back."""

    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Status of the response, for http and refused handshakes alike."""
        return next(int(m["status"]) for m in self.sent if m["type"].endswith("response.start"))

    @property
    def headers(self) -> dict[str, str]:
        """Headers by lower-case name."""
        start = next(m for m in self.sent if m["type"].endswith("response.start"))
        return {name.decode().lower(): value.decode() for name, value in start["headers"]}

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(m.get("body", b"") for m in self.sent)


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


async def request(
    app: Any,
    path: str = "/",
    method: str = "GET",
    *,
    headers: dict[str, str] | None = None,
    body: list[bytes] | None = None,
) -> Answer:
    """One request; ``body`` comes in as many pieces as given."""
    pieces = list(body or [b""])
    messages = [
        {"type": "http.request", "body": piece, "more_body": i < len(pieces) - 1} for i, piece in enumerate(pieces)
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": _raw({"host": HOST, **(headers or {})}),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8050),
    }
    answer = Answer()

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        answer.sent.append(message)

    await app(scope, receive, send)
    return answer


async def handshake(app: Any, headers: dict[str, str] | None = None, *, can_answer: bool = True) -> Answer:
    """The beginning of a websocket; the page leaves at once after it."""
    messages = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}]
    scope = {
        "type": "websocket",
        "path": "/ws/session/x",
        "headers": _raw({"host": HOST, "origin": ORIGIN, **(headers or {})}),
        "extensions": {"websocket.http.response": {}} if can_answer else {},
    }
    answer = Answer()

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        answer.sent.append(message)

    await app(scope, receive, send)
    return answer
