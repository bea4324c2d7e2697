"""What a page that holds a strap may say, and nothing else: JSON values in, checked values out. Pure.

Everything that happens to the strap is an item with a number of its own, so that a page can say it again and nothing
is lost or doubled. The page names causes; the words that people read and that are recorded are ours.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

from acquisition import sensor_words as words
from acquisition.beats import LinkState
from acquisition.errors import BadInput
from acquisition.sensor_facts import CHARACTERISTICS
from acquisition.supervision import LINK_LOST, SILENT, SILENT_TOO_LONG

NS_PER_MS = 1_000_000
MOST_ITEMS = 128
"""Items of one message: two minutes of a strap, far below what a socket takes at once."""
LARGEST_VALUE = 512
"""Bytes of a value; the attribute protocol allows no more (Bluetooth Core 5.4, Vol 3, Part F, 3.2.9)."""
LONGEST_NAME = 248
"""Characters of a device's name; Bluetooth allows as many bytes (Core 5.4, Vol 3, Part C, 3.2.2)."""
LARGEST_NUMBER = 2**53 - 1
"""Above this a number of JavaScript is not exact."""
LARGEST_MS = 1e13
"""Three centuries: no clock reads more, and sums of it are finite."""
RUN = re.compile(r"[0-9a-f]{16}")

CHOOSE_AGAIN = "the page was opened anew; choose the strap on it once more"
CAUSES: Mapping[str, tuple[LinkState, str | None]] = MappingProxyType(
    {
        "connecting": (LinkState.CONNECTING, None),
        "not_found": (LinkState.SEARCHING, f"{words.NOT_SEEN}; {words.NOT_SEEN_REMEDY}"),
        "no_heart_rate": (LinkState.SEARCHING, f"{words.NO_HEART_RATE}; {words.NO_HEART_RATE_REMEDY}"),
        "choose_again": (LinkState.SEARCHING, CHOOSE_AGAIN),
        "silent": (LinkState.DEGRADED, SILENT),
        "lost": (LinkState.LOST, LINK_LOST),
        "silent_too_long": (LinkState.LOST, SILENT_TOO_LONG),
        "bluetooth_off": (LinkState.BLUETOOTH_OFF, f"{words.OFF}; {words.OFF_REMEDY}"),
    }
)
"""What a page may say of its link, and what that means. That beats flow shows from the beats."""
FACTS = tuple(name for name in CHARACTERISTICS if name != "serial")
"""What a page can tell of its strap; browsers keep serial numbers to themselves."""


@dataclass(frozen=True, slots=True)
class Hello:
    """A page begins to speak, or goes on after its socket was cut."""

    run: str
    """One loading of a page; numbers of items count within it."""
    first: int
    """Number of the oldest item that the page still holds, or of its next one."""
    name: str | None


@dataclass(frozen=True, slots=True)
class StationItem:
    """One thing that happened to the strap."""

    n: int
    at_ns: int
    """The page's clock, brought to the server's by what the page knew of it then."""


@dataclass(frozen=True, slots=True)
class Frame(StationItem):
    """A value of 0x2A37, untouched."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Cause(StationItem):
    """The link changed."""

    state: LinkState
    reason: str | None


@dataclass(frozen=True, slots=True)
class Fact(StationItem):
    """The value of a characteristic by which the strap tells of itself."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Items:
    """A row of items; their numbers rise by one."""

    items: tuple[StationItem, ...]
    trip_ms: float
    """Round trip of the best clock question: the true offset is within half of it."""
    whole: bool
    """The page holds nothing beyond these."""


@dataclass(frozen=True, slots=True)
class Bye:
    """The page is being closed, and its strap with it."""


PageMessage: TypeAlias = Hello | Items | Bye


def read_message(message: Mapping[str, object]) -> PageMessage:
    """The message as a value. Raises BadInput for anything that is not exactly one."""
    match message.get("k"):
        case "hello":
            return _hello(message)
        case "items":
            return _items(message)
        case "bye":
            return Bye()
    raise _bad("there is no such message", "k")


def strap_name(told: object) -> str | None:
    """What a page says its strap calls itself, fit to be shown; None for nothing. Raises BadInput for anything else.

    >>> strap_name("Strap\\t7 ")
    'Strap7'
    """
    if told is not None and (not isinstance(told, str) or len(told) > LONGEST_NAME):
        raise _bad("a name is a short text", "name")
    return "".join(sign for sign in told or "" if sign.isprintable()).strip() or None


def _hello(message: Mapping[str, object]) -> Hello:
    run = message.get("run")
    if not isinstance(run, str) or not RUN.fullmatch(run):
        raise _bad("a run is 16 hexadecimal digits", "run")
    return Hello(run, _number(message.get("first"), "first"), strap_name(message.get("name")))


def _items(message: Mapping[str, object]) -> Items:
    told, whole = message.get("items"), message.get("whole")
    if not isinstance(told, list) or len(told) > MOST_ITEMS:
        raise _bad(f"items are a list of at most {MOST_ITEMS}", "items")
    if not isinstance(whole, bool):
        raise _bad("it is true or false", "whole")
    items = tuple(_item(each) for each in told)
    if any(later.n != item.n + 1 for item, later in pairwise(items)):
        raise _bad("numbers rise by one", "items")
    return Items(items, abs(_milliseconds(message.get("trip"), "trip")), whole)


def _item(told: object) -> StationItem:
    if not isinstance(told, dict):
        raise _bad("an item is an object", "items")
    n = _number(told.get("n"), "n")
    at_ns = round((_milliseconds(told.get("t"), "t") + _milliseconds(told.get("o"), "o")) * NS_PER_MS)
    match sorted(set(told) - {"n", "t", "o"}):
        case ["frame"]:
            return Frame(n, at_ns, _value(told["frame"]))
        case ["link"] if isinstance(told["link"], str) and told["link"] in CAUSES:
            return Cause(n, at_ns, *CAUSES[told["link"]])
        case ["fact", "value"] if told["fact"] in FACTS:
            return Fact(n, at_ns, told["fact"], _value(told["value"]))
    raise _bad("an item is a frame, a known change of the link or a known fact", "items")


def _value(told: object) -> bytes:
    if isinstance(told, str) and len(told) <= 2 * LARGEST_VALUE:
        try:
            data = b64decode(told, validate=True)
        except (binascii.Error, ValueError):
            raise _bad("a value is base64", "items") from None
        if len(data) <= LARGEST_VALUE:
            return data
    raise _bad(f"a value has at most {LARGEST_VALUE} bytes", "items")


def _number(told: object, place: str) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not 1 <= told <= LARGEST_NUMBER:
        raise _bad("it is a whole number from 1", place)
    return told


def _milliseconds(told: object, place: str) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not -LARGEST_MS <= told <= LARGEST_MS:
        raise _bad("it is a number of milliseconds", place)
    return float(told)


def _bad(what: str, field: str) -> BadInput:
    return BadInput(what, place=f"station message, {field}", remedy="reload the page")
