"""A whole demo sitting from an installed wheel: run outside the checkout, with the environment's own ``attune``.

Starts the demo, goes through the short look over its socket as a page would, and looks at what was kept. Needs nothing
but what the wheel brings.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import Request, urlopen

from websockets.sync.client import connect

SPEED = 60
ANSWERS = {
    "connect": ("continue", {}),
    "plan": ("begin", {}),
    "rating": ("rate", {"answers": {}}),
    "reflect": ("not_today", {"text": "", "answers": {}}),
    "sharing": ("share", {"scope": "clinician"}),
    "closing": ("finish", {}),
}
"""What a page would send on each screen; parts of the exercise run by themselves."""


def attune(data: str, *arguments: str) -> subprocess.Popen[str]:
    """The installed program."""
    program = Path(sys.executable).with_name("attune")
    return subprocess.Popen([program, "--data", data, *arguments], stdout=subprocess.PIPE, text=True)


def printed(data: str, *arguments: str) -> object:
    """One command's JSON."""
    process = attune(data, *arguments)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, arguments
    return json.loads(out)


def begin(url: str) -> str:
    """Choose the short look and a simulated heart; returns the sitting's id."""
    call = {
        "output": "start-answer.children",
        "outputs": {"id": "start-answer", "property": "children"},
        "inputs": [
            {"id": "start-request", "property": "data", "value": {"exercise": "tour", "heart": "simulate", "at": 1}}
        ],
        "changedPropIds": ["start-request.data"],
        "state": [],
    }
    head = {"Content-Type": "application/json", "Origin": url}
    with urlopen(Request(f"{url}/_dash-update-component", json.dumps(call).encode(), head)) as answer:
        found = re.search(r"/session/([\w-]+)", json.dumps(json.load(answer)))
    assert found, "the sitting did not begin"
    return found[1]


def walk(url: str, session: str) -> list[str]:
    """Go through every screen; returns them in order."""
    seen: list[str] = []
    with connect(f"{url.replace('http', 'ws')}/ws/session/{session}", origin=url) as socket:  # type: ignore[arg-type]  # it takes any text
        while not seen or seen[-1] != "ended":
            message = json.loads(socket.recv(timeout=120))
            if message.get("k") != "view":
                continue
            screen = message["view"]["screen"]
            seen += [screen] if screen not in seen[-1:] else []
            if screen in ANSWERS:
                action, data = ANSWERS[screen]
                socket.send(json.dumps({"k": "do", "action": action, "data": data}))
    return seen


def main() -> int:
    """Demo, page, sitting, recording."""
    import acquisition

    assert "site-packages" in str(acquisition.__file__), f"not the installed one: {acquisition.__file__}"
    with tempfile.TemporaryDirectory() as data:
        demo = attune(data, "demo", "--no-browser", "--port", "0", "--speed", str(SPEED))
        try:
            assert demo.stdout is not None
            url = re.sub(r"(http://[\d.]+:\d+).*", r"\1", demo.stdout.readline().split()[-1])
            for path in ("/", "/healthz", "/assets/tokens.css", "/assets/socket.js"):
                with urlopen(url + path) as answer:
                    assert answer.status == 200, path
            seen = walk(url, begin(url))
        finally:
            demo.terminate()
            demo.wait(30)
        kept = printed(data, "recordings", "--json")
        assert isinstance(kept, list)
        mine = next(one for one in kept if one["exercise"] == "tour")
        assert mine["state"] == "closed", mine
        assert mine["beats"] > 200, mine
        shown = printed(data, "show", mine["id"], "--json")
        assert isinstance(shown, dict)
        names = [phase["name"] for phase in shown["phases"]]
        analyzed = printed(data, "analyze", "sample:clean-rest", "--json")
        assert isinstance(analyzed, list)
    print(f"demo from the wheel: {mine['beats']} beats kept; {', '.join(names)}; screens {' '.join(seen)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
