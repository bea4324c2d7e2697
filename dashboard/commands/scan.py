"""``attune scan``: which heart-rate sensors are near, whatever their names."""

from __future__ import annotations

import argparse
import asyncio

from acquisition.sensor import FoundSensor, scan
from dashboard.commands.numbers import positive
from dashboard.commands.printing import note, progress, put_json, put_table

SECONDS = 5.0
"""Long enough for several advertisements of a strap, which come about once a second."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--seconds", type=positive, default=SECONDS, help="how long to look (default 5)")
    parser.add_argument("--json", action="store_true", help="one JSON list")


def run(args: argparse.Namespace) -> int:
    """Look, and say what was found; finding nothing is no error."""
    progress("looking for sensors ")
    found = asyncio.run(scan(args.seconds))
    progress("")
    if args.json:
        put_json([as_json(sensor) for sensor in found])
    elif found:
        put_table(("address", "name", "signal dBm"), [(s.address, s.name, s.rssi_dbm) for s in found])
    else:
        note("no heart-rate sensor was seen; wear the strap with dampened patches, and close other apps that hold it")
    return 0


def as_json(sensor: FoundSensor) -> dict[str, object]:
    """One sensor in the documented shape."""
    return {
        "address": sensor.address,
        "name": sensor.name,
        "rssi_dbm": sensor.rssi_dbm,
        "services": list(sensor.services),
        "offers": list(sensor.offers),
    }
