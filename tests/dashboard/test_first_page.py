"""The first page waits for nothing that it does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "scipy", "pandas", "neurokit2", "bleak", "ruamel.yaml")
"""Each of these alone costs a tenth of a second to two seconds."""
TELL = f"import json, sys; print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"


def loaded(code: str) -> list[str]:
    """Which heavy packages a fresh interpreter has loaded after ``code``."""
    done = subprocess.run([sys.executable, "-c", f"{code}\n{TELL}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout.splitlines()[-1]))


def test_the_start_page_is_drawn_without_anything_heavy(tmp_path: Path) -> None:
    """From the open folder to the drawn page; the rest is loaded beside it, or with the first page that needs it."""
    code = f"""
import asyncio
from dashboard import home, serving
from dashboard.app import make_app
from dashboard.page import PageContext, asked_by
from dashboard.server import Opening, claim, make_server
from sessions.records import Asker
with serving.Service.open({str(tmp_path / "data")!r}, writable=True) as service:
    engine = serving.Engine(serving.Hub(), service, serving.Plan({{}}).setup, serving.Apart("nowhere"))
    ctx = PageContext(service, engine, serving.resolve({{}}, {{}}))
    listening = claim(0)
    make_server(ctx, listening, Opening(browser=False))
    asked_by.set(Asker("clinician"))
    assert asyncio.run(home.page(ctx)) is not None
    listening.close()
    engine.stop()
"""
    assert loaded(code) == []


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_the_commands_that_show_pages_load_nothing_heavy_by_themselves(command: str) -> None:
    """Their help is as quick as any other's."""
    call = f"with contextlib.suppress(SystemExit): main(['{command}', '--help'])"
    code = f"import contextlib\nfrom dashboard.__main__ import main\n{call}"
    assert loaded(code) == []
