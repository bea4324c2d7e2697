"""The one ASGI gate in front of pages, callbacks, assets and sockets: who may knock, how loudly, and what leaves.

Every path passes it, so nothing behind it has to remember. Until logins exist, everyone who reaches this machine's
own address is the clinician of this machine; the identity is set here and read everywhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias

from dashboard.page import asked_by
from sessions.records import Asker

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_LIMIT = 1 << 20
"""Bytes of a request body (1 MiB): a callback's state is a few kB, so more is a mistake or an attack."""
JSON_DEPTH_LIMIT = 64
"""Nesting of a JSON body; callbacks stay under 20, and very deep ones exhaust the parser."""
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""Names under which this machine may be asked for; any other name is DNS rebinding."""
METHODS = ("GET", "HEAD", "POST")
OWN_SITE = ("same-origin", "none")
"""What ``Sec-Fetch-Site`` says of our own pages; another port of this machine is ``same-site`` and not ours."""

_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)


class _Refused(Exception):
    """A request that goes no further."""

    def __init__(self, status: int, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(words)


def local_hosts(port: int) -> frozenset[str]:
    """Values of ``Host`` that mean this server.

    >>> sorted(local_hosts(8050))
    ['127.0.0.1:8050', '[::1]:8050', 'localhost:8050']
    """
    return frozenset(f"{name}:{port}" for name in LOOPBACK_NAMES)


def content_policy(script_hashes: Iterable[str]) -> str:
    """The content security policy; only the inline scripts with these hashes may run."""
    scripts = " ".join(["'self'", *script_hashes])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'; base-uri 'none'"
    )


class Gate:
    """Pure ASGI, for http and websocket alike."""

    def __init__(self, app: App, *, hosts: frozenset[str], policy: str) -> None:
        self._app = app
        self._hosts = hosts
        self._headers = _security_headers(policy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a good request through with its identity; answer any other one here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        head = {name.lower(): value for name, value in scope["headers"]}
        try:
            self._check_sender(scope, head)
            if scope["type"] == "http" and scope["method"] == "POST":
                receive = await _checked_body(head, receive)
        except _Refused as refused:
            await self._refuse(scope, receive, send, refused)
            return
        token = asked_by.set(Asker("clinician"))
        try:
            await self._app(scope, receive, self._with_headers(scope, send))
        finally:
            asked_by.reset(token)

    def _check_sender(self, scope: Scope, head: dict[bytes, bytes]) -> None:
        host = _text(head, b"host").lower()
        if host not in self._hosts:
            raise _Refused(421, "This server answers only to its own address on this machine.")
        path = scope["path"]
        if "\\" in path or "\0" in path or ".." in path.split("/"):
            raise _Refused(404, "There is no such page.")
        socket = scope["type"] == "websocket"
        if not socket and scope["method"] not in METHODS:
            raise _Refused(405, "This server reads and posts, nothing else.")
        if socket or scope["method"] == "POST":
            site = _text(head, b"sec-fetch-site") or "none"
            if _text(head, b"origin").lower() != f"http://{host}" or site not in OWN_SITE:
                raise _Refused(403, "Only this server's own pages may do that.")

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        cache = _cache_rule(scope["path"])

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [*self._headers, *cache]
                names = {name for name, _ in own}
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
                message = {**message, "headers": [*kept, *own]}
            await send(message)

        return sending

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, refused: _Refused) -> None:
        kind = "http"
        if scope["type"] == "websocket":
            await receive()
            if "websocket.http.response" not in scope.get("extensions", {}):
                await send({"type": "websocket.close", "code": 1008, "reason": refused.words})
                return
            kind = "websocket.http"
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"connection", b"close"),
            (b"cache-control", b"no-store"),
            *self._headers,
        ]
        await send({"type": f"{kind}.response.start", "status": refused.status, "headers": headers})
        await send({"type": f"{kind}.response.body", "body": refused.words.encode()})


def _security_headers(policy: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    )


def _cache_rule(path: str) -> tuple[tuple[bytes, bytes], ...]:
    if path.startswith("/_dash-component-suites/"):
        return ()  # Dash names these by their content and says how long they last
    if path.startswith("/assets/"):
        return ((b"cache-control", b"no-cache"),)
    return ((b"cache-control", b"no-store"),)


def _text(head: dict[bytes, bytes], name: bytes) -> str:
    return head.get(name, b"").decode("latin-1")


async def _checked_body(head: dict[bytes, bytes], receive: Receive) -> Receive:
    """Read a whole body within the cap, check that it is shallow JSON, and give it on as it was."""
    length = _text(head, b"content-length")
    if length and (not length.isdecimal() or int(length) > BODY_LIMIT):
        raise _Refused(413, "That is more than a page of ours ever sends.")
    if _text(head, b"content-type").split(";")[0].strip().lower() != "application/json":
        raise _Refused(415, "Only JSON is taken here.")
    body = await _read(receive)
    if nesting(body) > JSON_DEPTH_LIMIT:
        raise _Refused(400, "That JSON is nested too deeply.")
    try:
        json.loads(body)
    except ValueError:
        raise _Refused(400, "That is not JSON.") from None
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Refused(400, "The request broke off.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BODY_LIMIT:
            raise _Refused(413, "That is more than a page of ours ever sends.")
        if not message.get("more_body", False):
            return b"".join(parts)


def nesting(body: bytes, limit: int = JSON_DEPTH_LIMIT) -> int:
    """How deep the brackets of a JSON text go, counted without parsing; stops at ``limit`` + 1.

    >>> nesting(b'{"a": [1, [2]], "b": "[[[["}')
    3
    """
    depth = deepest = 0
    for mark in _MARKS.finditer(body):
        sign = mark[0]
        if sign in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > limit:
                break
        elif sign in b"]}":
            depth -= 1
    return deepest
