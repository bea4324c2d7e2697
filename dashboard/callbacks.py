"""Is what a page posts a callback of ours? Anything else is answered 400 before Dash takes it apart and falls over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.gate import App, Message, Receive, Scope, Send

PATH = "/_dash-update-component"


class Callbacks:
    """ASGI, behind the gate (which has read the body whole and knows that it is JSON)."""

    def __init__(self, app: App, callbacks: Mapping[str, Mapping[str, Any]]) -> None:
        self._app, self._callbacks = app, callbacks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on everything but a callback that is none."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        first = await receive()
        if not fits(json.loads(first["body"]), self._callbacks):
            head = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 400, "headers": head})
            await send({"type": "http.response.body", "body": b"That is no callback of this program."})
            return
        waiting = [first]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replay, send)


def fits(body: object, callbacks: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether ``body`` names a callback and brings exactly its inputs and states.

    >>> known = {"out.children": {"inputs": [{"id": "in", "property": "value"}], "state": []}}
    >>> fits({"output": "out.children", "outputs": {"id": "out", "property": "children"},
    ...       "changedPropIds": ["in.value"], "inputs": [{"id": "in", "property": "value", "value": 1}]}, known)
    True
    >>> fits({"output": "other.children"}, known)
    False
    """
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        return False
    known = callbacks.get(body["output"])
    changed = body.get("changedPropIds", [])
    return (
        known is not None
        and isinstance(changed, list)
        and all(isinstance(name, str) for name in changed)
        and _same(body.get("inputs", []), known["inputs"])
        and _same(body.get("state", []), known["state"])
        and _outputs_fit(body.get("outputs"))
    )


def _same(given: object, wanted: Sequence[Mapping[str, Any]]) -> bool:
    return (
        isinstance(given, list)
        and len(given) == len(wanted)
        and all(
            isinstance(one, dict) and one.get("id") == other["id"] and one.get("property") == other["property"]
            for one, other in zip(given, wanted, strict=True)
        )
    )


def _outputs_fit(outputs: object) -> bool:
    row = outputs if isinstance(outputs, list) else [outputs]
    return all(isinstance(one, dict) and {"id", "property"} <= set(one) for one in row)
