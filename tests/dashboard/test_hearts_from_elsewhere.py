"""Sittings whose hearts another package brings, and what goes out to other programs: chosen when the program starts."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from dashboard.serving import Plan, _sending
from dashboard.sittings import sitting_maker
from dashboard.source_setup import SourceSetup
from sessions.exercise import load
from sessions.records import Asker
from sessions.service import Service
from tests.acquisition.foreign_package import package as package
from tests.dashboard.command_line import Attune

SCRIPT = Path(__file__).parents[1] / "sessions" / "test-strap.yaml"
CLIENT = Asker("client")


@pytest.mark.usefixtures("package")
async def test_a_heart_from_another_package_needs_consent_and_no_search(tmp_path: Path) -> None:
    """A real person wears it: first the safety page, then its beats are there without any strap to choose."""
    setup = SourceSetup("elsewhere", elsewhere="plugin:steady:750")
    assert not setup.simulated
    with Service.open(tmp_path, writable=True) as service:
        make = sitting_maker("s1", load(SCRIPT), setup=setup, service=service, asker=CLIENT, client=None)
        sitting = make(lambda message: None)
        session = sitting.session
        running = asyncio.create_task(sitting.run())
        await asyncio.sleep(0)
        assert session.view().screen == "safety"
        session.act("consent", {"health": "no", "scopes": ["record"]})
        async with asyncio.timeout(20):
            while not session.view().sensor.beats_arriving:
                await asyncio.sleep(0)
        assert session.view().screen == "connect"
        session.act("stop", {})
        await running


def test_a_package_that_is_not_there_is_told_before_anything_is_served(attune: Attune) -> None:
    """Status 3, with those that there are."""
    done = attune("serve", "--source", "plugin:unheard-of", "--no-browser", "--port", "0")
    assert done.status == 3
    assert "those offered are" in done.err


@pytest.mark.parametrize("words", [("--lsl",), ("--source", "lsl:RR")])
def test_without_the_extra_the_program_says_so_and_does_not_start(
    attune: Attune, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Status 5, with what to install."""
    monkeypatch.setitem(sys.modules, "pylsl", None)
    done = attune("serve", *words, "--no-browser", "--port", "0")
    assert done.status == 5
    assert "attunement[lsl]" in done.err


def test_nothing_is_sent_unless_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outlets are off by default, and gone when the program ends."""
    opened: list[str] = []

    class Outlets:
        def __init__(self) -> None:
            opened.append("open")

        def close(self) -> None:
            opened.append("closed")

    monkeypatch.setattr("sessions.lsl_outlets.LslOutlets", Outlets)
    with Service.open(tmp_path, writable=True) as service:
        with _sending(service, Plan({}).lsl):
            assert opened == []
        with _sending(service, wanted=True):
            assert opened == ["open"]
    assert opened == ["open", "closed"]
