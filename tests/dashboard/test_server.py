"""The server as a whole: its own pages and nothing else, sockets that share a session, and an orderly end."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import inspect
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acquisition.errors import EnvironmentFault
from dashboard import facts
from dashboard.app import make_app, scripts, styles
from dashboard.callbacks import PATH, fits
from dashboard.report.page import script_hash
from dashboard.server import claim
from sessions.service import Service
from tests.dashboard.running import Running, context, server

__all__ = ["server"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    """The Dash app alone."""
    ctx = context(tmp_path / "data")
    yield make_app(ctx)[0]
    ctx.service.close()


def test_small_answers_are_sent_at_once() -> None:
    """asyncio switches Nagle's delay off only on sockets that name TCP; without it each answer waited 40 ms."""
    with contextlib.closing(claim(0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP


async def test_the_server_says_that_it_is_well(server: Running) -> None:
    """/healthz has the shape of the contract."""
    status, _, body = await server.fetch("/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok", "version": facts.version()})


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Start"),
        ("/session", "Practise"),
        ("/recordings", "Recordings"),
        ("/clients", "Clients"),
        ("/replay", "Replay"),
    ],
)
async def test_each_page_has_its_title_and_language(server: Running, path: str, title: str) -> None:
    """A screen reader says where one is before any script has run."""
    status, _, body = await server.fetch(path)
    assert status == 200
    assert f"<title>{title} · Attunement</title>" in body
    assert '<html lang="en"' in body
    assert "theme.js" in body.split("</head>")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/session/../x",
        "/session/a/b",
        "/docs",
        "/openapi.json",
        "/redoc",
        "/assets/none.css",
        "/favicon.ico",
    ],
)
async def test_an_unknown_address_is_not_found(server: Running, path: str) -> None:
    """404, whatever is asked for, and never a server error."""
    assert (await server.fetch(path))[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2fapp.py",
        "/assets/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
        "/_dash-component-suites/dash/../../x.js",
        "/_dash-component-suites/dash/%2e%2e/%2e%2e/x.js",
        "/_dash-component-suites/os/path.py",
        "/_dash-component-suites/dash/dash.py",
    ],
)
async def test_no_path_leads_out_of_the_assets(server: Running, path: str) -> None:
    """Traversal and files that are not meant to be served are 404, not 200 and not 500."""
    assert (await server.fetch(path))[0] == 404


async def test_everything_the_first_page_names_is_there(server: Running) -> None:
    """Each script, style sheet and icon is served by this server, under its own address."""
    _, _, body = await server.fetch("/")
    named = re.findall(r'(?:src|href)="([^"]+)"', body)
    assert len(named) > len(styles()) + len(scripts())
    assert all(name.startswith("/") and not name.startswith("//") for name in named)
    assert {(await server.fetch(name))[0] for name in named} == {200}


async def test_the_policy_lets_exactly_our_inline_scripts_run(server: Running) -> None:
    """The only inline script of a page is the one whose hash the policy names; the other is the report's."""
    _, head, body = await server.fetch("/")
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", body, flags=re.DOTALL)
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in inline}
    allowed = re.search(r"script-src ([^;]+)", head["content-security-policy"])
    assert allowed is not None
    assert hashes == set(allowed[1].split()) - {"'self'", script_hash()}
    assert not re.search(r"\son\w+=", body)


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "1",
        "null",
        '{"output": "nothing.children"}',
        '{"output": {}}',
        '{"output": "page-content.children"}',
    ],
)
async def test_what_is_no_callback_is_a_bad_request(server: Running, body: str) -> None:
    """Dash never sees it, so nothing falls over."""
    assert (await server.fetch(PATH, method="POST", body=body))[0] == 400


async def test_a_page_is_drawn_by_the_router(server: Running) -> None:
    """The callback that draws pages answers, and an unknown address says so in words."""
    inputs = [
        {"id": "address", "property": "pathname", "value": "/nowhere"},
        {"id": "address", "property": "search", "value": ""},
    ]
    asked = {
        "output": "page-content.children",
        "outputs": {"id": "page-content", "property": "children"},
        "inputs": inputs,
        "changedPropIds": ["address.pathname"],
    }
    status, _, body = await server.fetch(PATH, method="POST", body=json.dumps(asked))
    assert status == 200
    assert "There is no such page" in body


def test_every_callback_is_asynchronous(app: Any) -> None:
    """A synchronous one would stop every page and socket while it runs."""
    app._setup_server()
    kept = {name: entry["callback"] for name, entry in app.callback_map.items() if "callback" in entry}
    assert kept
    assert [name for name, callback in kept.items() if not inspect.iscoroutinefunction(callback)] == []


def test_dash_opens_no_socket_of_its_own(app: Any) -> None:
    """Neither the route nor the setting that makes pages open it."""
    assert [route for route in app.routes if "ws" in route] == []
    assert "websocket" not in app._config()


def test_nothing_is_loaded_from_elsewhere(app: Any) -> None:
    """Served locally, no tools for developers, no title that changes while waiting."""
    assert app.config.serve_locally
    assert not app._dev_tools.ui
    assert not app.config.update_title


def test_a_callback_with_other_inputs_does_not_fit() -> None:
    """Missing, renamed and surplus inputs are refused."""
    known = {"o.children": {"inputs": [{"id": "i", "property": "value"}], "state": []}}
    right = {
        "output": "o.children",
        "outputs": {"id": "o", "property": "children"},
        "inputs": [{"id": "i", "property": "value", "value": 1}],
        "changedPropIds": ["i.value"],
    }
    assert fits(right, known)
    wrongs: list[dict[str, object]] = [
        {"inputs": []},
        {"inputs": [1]},
        {"state": [{}]},
        {"changedPropIds": [1]},
        {"outputs": 3},
        {"output": 3},
    ]
    for wrong in wrongs:
        assert not fits({**right, **wrong}, known)


def test_a_port_that_is_taken_is_named() -> None:
    """The place, what is wrong and what to do; exit status 5."""
    with contextlib.closing(claim(0)) as taken, pytest.raises(EnvironmentFault) as fault:
        claim(taken.getsockname()[1])
    assert fault.value.exit_status == 5
    assert "--port" in str(fault.value)


def test_the_server_listens_on_this_machine_only() -> None:
    """No other machine can reach it, whatever its name."""
    with contextlib.closing(claim(0)) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert listening.family is socket.AF_INET


@pytest.mark.parametrize(("wanted", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_server_that_is_stopped_ends_in_order(tmp_path: Path, wanted: signal.Signals, status: int) -> None:
    """Ctrl-C is 130 and names what is kept; a request to end is 0; the folder is free again."""
    command = [sys.executable, "-m", "dashboard", "--data", str(tmp_path / "d"), "serve", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(wanted)
        _, err = process.communicate(timeout=60)
    assert "http://127.0.0.1:" in first, err
    assert process.returncode == status, err
    assert (str(tmp_path / "d") in err) == (wanted is signal.SIGINT)
    assert "Traceback" not in err
    Service.open(tmp_path / "d", writable=True).close()
