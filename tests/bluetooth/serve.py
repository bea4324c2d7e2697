"""Keeps emulated straps up for other processes: ``python -m tests.bluetooth.serve strap no-rr polar ...``.

Prints one JSON line with the bus (set it as DBUS_SYSTEM_BUS_ADDRESS of the program under test) and the straps, numbered
from 1. Then takes one command a line on standard input and answers each with ``ok``, ``error: ...`` or what it asks:

    drop N [SECONDS]        end the link; with SECONDS, stay out of reach so long
    mute N on|off           connected, and silent
    contact N on|off        electrodes dry or moist
    rr N on|off             with or without RR intervals
    advertise N on|off      within reach or not
    malformed N on|off      cut the last byte off each frame
    repeat N COUNT          deliver each frame so many times
    hold N on|off           keep frames back; they come at once when it ends
    lose N on|off           let frames vanish while the link stands
    power on|off            the adapter
    delivered N             a JSON list of the frames, in hex, that somebody was subscribed to get
    quit                    end; so does the end of input
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence

from tests.bluetooth.bluez import EmulatedBlueZ
from tests.bluetooth.polar import EmulatedPolar
from tests.bluetooth.private_bus import PrivateBus
from tests.bluetooth.strap import EmulatedStrap

KINDS = ("strap", "no-rr", "polar")
"""A plain strap, one without intervals, one that also sends ECG, acceleration and pulse intervals."""
ATTRIBUTES = {
    "mute": "mute",
    "contact": "contact",
    "rr": "sends_rr",
    "advertise": "advertising",
    "hold": "holding",
    "lose": "losing",
}
"""Commands that turn a knob on or off."""
DONE = "ok"


def make_strap(number: int, kind: str) -> EmulatedStrap:
    """The strap with this number, counted from 1; each has a heart of its own."""
    if kind not in KINDS:
        raise SystemExit(f"{kind} is no kind of sensor; there are: {', '.join(KINDS)}")
    make = EmulatedPolar if kind == "polar" else EmulatedStrap
    return make(
        f"A0:00:00:00:00:{number:02X}",
        f"Strap {4710 + number}",
        sends_rr=kind != "no-rr",
        mean_rr_s=0.8 + 0.05 * number,
        seed=number,
        rssi_dbm=-50 - 5 * number,
    )


class Control:
    """Turns words into faults."""

    def __init__(self, bluez: EmulatedBlueZ, straps: Sequence[EmulatedStrap]) -> None:
        self._bluez, self._straps = bluez, straps

    def obey(self, words: Sequence[str]) -> str:
        """Do what one line says and return the answer; raises ValueError, LookupError or TypeError when it makes no
        sense."""
        name, *rest = words
        if name == "power":
            self._bluez.power(_is_on(rest[0]))
            return DONE
        strap = self._straps[int(rest[0]) - 1]
        if name == "delivered":
            return json.dumps([frame.hex() for frame in strap.delivered])
        if name == "drop":
            self._drop(strap, float(rest[1]) if len(rest) > 1 else 0.0)
        elif name == "repeat":
            strap.repeat = int(rest[1])
        elif name == "malformed":
            strap.mangle = (lambda data: data[:-1]) if _is_on(rest[1]) else None
        elif name in ATTRIBUTES:
            setattr(strap, ATTRIBUTES[name], _is_on(rest[1]))
        else:
            raise ValueError(f"no command {name}")
        return DONE

    def _drop(self, strap: EmulatedStrap, seconds: float) -> None:
        self._bluez.drop(strap)
        if seconds:
            strap.advertising = False
            asyncio.get_running_loop().call_later(seconds, lambda: setattr(strap, "advertising", True))


def _is_on(word: str) -> bool:
    if word not in ("on", "off"):
        raise ValueError(f"{word} is neither on nor off")
    return word == "on"


async def serve(kinds: Sequence[str]) -> None:
    """Run until ``quit`` or the end of input."""
    straps = [make_strap(number, kind) for number, kind in enumerate(kinds, 1)]
    with PrivateBus() as bus:
        bluez = EmulatedBlueZ(bus.address)
        await bluez.start()
        for strap in straps:
            bluez.add(strap)
        told = [{"number": n, "address": s.address, "name": s.name} for n, s in enumerate(straps, 1)]
        print(json.dumps({"bus": bus.address, "straps": told}), flush=True)
        control = Control(bluez, straps)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while words := (await lines.readline()).decode().split():
            if words == ["quit"]:
                break
            try:
                print(control.obey(words), flush=True)
            except (ValueError, LookupError, TypeError) as error:
                print(f"error: {error}", flush=True)
        await bluez.stop()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1:] or ["strap"]))
