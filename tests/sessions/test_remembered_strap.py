"""The strap of last time: chosen again by itself only while it tells the same serial number."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from acquisition.beats import Item, SensorFact, Tick
from acquisition.identity import Identity
from dashboard.sittings import source_of
from dashboard.source_setup import SourceSetup
from sessions.exercise import load
from sessions.remembered_strap import STRAP_SETTING, forget, remember, remembered
from sessions.service import Service
from sessions.session import Session, SourceChoice
from tests.sessions.sitting import CLIENT, SCRIPT, Heart, anchor

AGREED = {"health": "no", "scopes": ["record"]}
SERIAL = "00A1B2C3"


@dataclass(frozen=True)
class Found:
    address: str
    name: str | None


class Numbered(Heart):
    """A strap that tells its serial number in its first second."""

    def _through(self, item: Item) -> list[Item]:
        told = [SensorFact(item.stream, 1.0, "serial", SERIAL)] if item == Tick(item.stream, 1.0) else []
        return [*told, *super()._through(item)]


class Sitting:
    """The way in with straps found by a scan; notes what sources were asked for, stops after the first seconds."""

    def __init__(self, service: Service, found: Sequence[Found], *, press: str | None = None) -> None:
        self.choices: list[SourceChoice] = []
        self._press = press
        self._service, self._found = service, found

    async def run(self) -> None:
        def source(choice: SourceChoice) -> Heart:
            self.choices.append(choice)
            return Numbered(self._second, session=session)

        async def scan(_seconds: float) -> Sequence[Found]:
            return self._found

        session = Session(
            "s1", load(SCRIPT), service=self._service, asker=CLIENT, source_factory=source,
            publish=lambda _: None, scan=scan, anchor=anchor, clock=lambda: 0,
        )  # fmt: skip
        run = asyncio.create_task(session.run())
        await asyncio.sleep(0)
        session.act("consent", AGREED)
        async with asyncio.timeout(30):
            while self._press is not None and not session.view().straps:
                await asyncio.sleep(0)
            if self._press is not None:
                session.act("choose_sensor", {"address": self._press})
            await run

    @staticmethod
    def _second(session: Session) -> None:
        if session.view().sensor.beats_arriving:
            session.act("stop", {})


async def test_the_serial_number_a_strap_tells_is_remembered_with_it(service: Service) -> None:
    """The page knows address and name; the number comes once connected."""
    await Sitting(service, [Found("A1", "Strap 1234")]).run()
    assert remembered(service, CLIENT) == Identity("A1", SERIAL, "Strap 1234")


async def test_the_word_for_a_nameless_strap_is_not_taken_for_its_name(service: Service) -> None:
    """It is for the page alone."""
    sitting = Sitting(service, [Found("A1", None)])
    await sitting.run()
    assert sitting.choices == [SourceChoice("A1", None, None)]


async def test_a_strap_taken_by_itself_must_tell_the_number_of_last_time(service: Service) -> None:
    """The source is asked for by the whole identity, not by the address alone."""
    remember(service, CLIENT, Identity("A1", "4711", "Strap 1234"))
    sitting = Sitting(service, [Found("A1", "Strap 1234")])
    await sitting.run()
    assert sitting.choices == [SourceChoice("A1", "Strap 1234", "4711")]
    assert source_of(SourceSetup("sensor"), sitting.choices[0]).info.name == "Strap 1234"


async def test_a_strap_that_a_person_presses_is_meant_whatever_was_remembered(service: Service) -> None:
    """Else nobody could change to a new strap that sits at the old one's address."""
    remember(service, CLIENT, Identity("A1", "4711", "Strap 1234"))
    sitting = Sitting(service, [Found("A1", "Strap 1234"), Found("B2", "Strap 9")], press="A1")
    await sitting.run()
    assert sitting.choices[-1] == SourceChoice("A1", "Strap 1234", None)


@pytest.mark.parametrize(
    ("kept", "strap"),
    [
        ("A1", Identity("A1")),
        ({"address": "A1", "serial": "7", "name": "Strap"}, Identity("A1", "7", "Strap")),
        ({"address": "A1", "serial": None, "name": 3}, Identity("A1")),
        ({"serial": "7"}, None),
        (["A1"], None),
        (None, None),
    ],
)
def test_whatever_was_kept_is_read_or_passed_over(service: Service, kept: object, strap: Identity | None) -> None:
    """An address alone, as earlier versions kept it, is enough; nonsense is no strap."""
    service.set_setting(CLIENT, STRAP_SETTING, kept)
    assert remembered(service, CLIENT) == strap


def test_a_strap_can_be_forgotten(service: Service) -> None:
    """Nothing of it is left."""
    remember(service, CLIENT, Identity("A1", "4711"))
    forget(service, CLIENT)
    assert service.setting(CLIENT, STRAP_SETTING) is None
