"""The gate: nobody but this machine's own pages gets in, and nothing goes out without its headers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.gate import BODY_LIMIT, JSON_DEPTH_LIMIT, Gate, content_policy, local_hosts, nesting
from dashboard.page import asked_by
from tests.dashboard.asgi import HOST, JSON, ORIGIN, handshake, request


class Inside:
    """An application that remembers what reached it."""

    def __init__(self) -> None:
        self.reached: list[dict[str, Any]] = []
        self.asked_by: list[str] = []
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached.append(scope)
        self.asked_by.append(asked_by.get().role)
        first = await receive()
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        self.bodies.append(first["body"])
        head = [(b"content-type", b"text/html"), (b"cache-control", b"public")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"inside"})


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def gate(inside: Inside) -> Gate:
    return Gate(inside, hosts=local_hosts(8050), policy=content_policy(["'sha256-abc='"]))


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:8050", "LOCALHOST:8050", "[::1]:8050"])
async def test_the_machines_own_names_are_let_in(gate: Gate, inside: Inside, host: str) -> None:
    """Every spelling of this machine reaches the pages, as the clinician of this machine."""
    assert (await request(gate, headers={"host": host})).body == b"inside"
    assert inside.asked_by == ["clinician"]


@pytest.mark.parametrize(
    "host", ["attacker.test", "attacker.test:8050", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.attacker.test:8050", ""]
)
async def test_a_foreign_host_name_is_misdirected(gate: Gate, inside: Inside, host: str) -> None:
    """DNS rebinding ends at the gate, for pages and sockets alike."""
    assert (await request(gate, headers={"host": host})).status == 421
    assert (await handshake(gate, {"host": host, "origin": f"http://{host}"})).status == 421
    assert inside.reached == []


@pytest.mark.parametrize(
    "path", ["/", "/session", "/assets/ui.css", "/_dash-layout", "/_dash-update-component", "/healthz"]
)
async def test_no_path_goes_round_the_gate(gate: Gate, path: str) -> None:
    """Pages, assets, callbacks and the health answer are all behind it."""
    assert (await request(gate, path, headers={"host": "evil.test"})).status == 421
    assert "content-security-policy" in (await request(gate, path)).headers


@pytest.mark.parametrize("origin", [None, "null", "http://evil.test", f"https://{HOST}", "http://127.0.0.1:8051"])
async def test_a_socket_or_post_from_elsewhere_is_forbidden(gate: Gate, inside: Inside, origin: str | None) -> None:
    """Another site, another port, another scheme or no origin at all: 403."""
    headers = {"content-type": "application/json", **({"origin": origin} if origin else {})}
    assert (await request(gate, "/x", "POST", headers=headers, body=[b"{}"])).status == 403
    assert (await handshake(gate, {"origin": origin or ""})).status == 403
    assert inside.reached == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_browser_that_names_another_site_is_forbidden(gate: Gate, site: str) -> None:
    """Sec-Fetch-Site is believed when it accuses; reading a page by a link from elsewhere stays allowed."""
    accused = {**JSON, "sec-fetch-site": site}
    assert (await request(gate, "/x", "POST", headers=accused, body=[b"{}"])).status == 403
    assert (await request(gate, "/", headers={"sec-fetch-site": site})).status == 200


async def test_our_own_pages_post_and_connect(gate: Gate, inside: Inside) -> None:
    """The same origin passes, and its body arrives as it was sent."""
    headers = {**JSON, "sec-fetch-site": "same-origin"}
    answer = await request(gate, "/x", "POST", headers=headers, body=[b'{"a"', b":1}"])
    assert (answer.status, inside.bodies) == (200, [b'{"a":1}'])
    assert (await handshake(gate)).sent == [{"type": "websocket.accept"}]


async def test_a_refused_handshake_without_an_answer_is_closed(gate: Gate) -> None:
    """Where a server cannot answer a handshake with a status, the socket is closed instead."""
    sent = (await handshake(gate, {"origin": "http://evil.test"}, can_answer=False)).sent
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_cap_is_refused(gate: Gate, inside: Inside, announced: bool) -> None:
    """One byte more than the cap is too much, announced or not; exactly the cap is not."""
    over = b'"' + b"a" * (BODY_LIMIT - 1) + b'"'
    headers = {**JSON, **({"content-length": str(len(over))} if announced else {})}
    halves = [over[:1000], over[1000:]]
    assert (await request(gate, "/x", "POST", headers=headers, body=halves)).status == 413
    assert inside.reached == []
    assert (await request(gate, "/x", "POST", headers=JSON, body=[over[:-2] + b'"'])).status == 200


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "99999999999999999999"])
async def test_an_absurd_length_is_refused(gate: Gate, length: str) -> None:
    """A length that is none never reaches the pages."""
    assert (await request(gate, "/x", "POST", headers={**JSON, "content-length": length}, body=[b"{}"])).status == 413


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[" * 65 + b"]" * 65, b'{"a":' * 100_000, b"{", b"", b"\xff", b"no"])
async def test_deep_or_broken_json_is_a_bad_request(gate: Gate, inside: Inside, body: bytes) -> None:
    """Whatever the bytes are, the answer is 400 and nothing falls over."""
    assert (await request(gate, "/x", "POST", headers=JSON, body=[body])).status == 400
    assert inside.reached == []


async def test_json_as_deep_as_allowed_passes(gate: Gate) -> None:
    """The limit itself is allowed, and brackets inside texts do not count."""
    deep = b"[" * JSON_DEPTH_LIMIT + b"]" * JSON_DEPTH_LIMIT
    text = json.dumps("[{" * 500 + '\\"').encode()
    for body in (deep, text):
        assert (await request(gate, "/x", "POST", headers=JSON, body=[body])).status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_form_is_not_taken(gate: Gate, kind: str) -> None:
    """Only JSON, which a foreign page cannot send without asking first."""
    assert (await request(gate, "/x", "POST", headers={**JSON, "content-type": kind}, body=[b"a=1"])).status == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_not_allowed(gate: Gate, method: str) -> None:
    """Pages read and post."""
    assert (await request(gate, "/", method, headers=JSON)).status == 405


@pytest.mark.parametrize("path", ["/assets/../app.py", "/..", "/assets/..\\app.py", "/a\0b"])
async def test_a_path_that_climbs_is_not_found(gate: Gate, inside: Inside, path: str) -> None:
    """No step upwards reaches anything that reads files."""
    assert (await request(gate, path)).status == 404
    assert inside.reached == []


async def test_every_answer_carries_the_policy(gate: Gate) -> None:
    """Good and refused answers alike say what a browser may do with them; pages are never stored."""
    for answer in (await request(gate), await request(gate, headers={"host": "evil.test"})):
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self' 'sha256-abc=';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


async def test_assets_are_asked_for_again_and_bundles_keep_their_own_rule(gate: Gate) -> None:
    """Our files are revalidated; Dash's bundles are named by content."""
    assert (await request(gate, "/assets/ui.css")).headers["cache-control"] == "no-cache"
    assert (await request(gate, "/_dash-component-suites/dash/x.js")).headers["cache-control"] == "public"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


def depth(value: object) -> int:
    """Depth by walking the parsed value."""
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 0


@given(JSON_VALUES, st.booleans())
def test_nesting_counted_without_parsing_is_the_depth(value: object, ascii_only: bool) -> None:
    """For every JSON text the count of brackets equals the depth of what it means."""
    text = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert nesting(text, limit=1000) == depth(value)


@given(st.binary(max_size=200))
async def test_no_bytes_make_the_gate_fall_over(body: bytes) -> None:
    """Any body gives an answer of the gate or of the page, never an exception."""
    gate = Gate(Inside(), hosts=local_hosts(8050), policy="")
    assert (await request(gate, "/x", "POST", headers=JSON, body=[body])).status in (200, 400)


def test_the_origin_of_a_page_is_its_host() -> None:
    """The helper's own origin is one that the gate knows."""
    assert ORIGIN.removeprefix("http://") in local_hosts(8050)
