"""Numbers on the command line, refused with a sentence when they make no sense."""

from __future__ import annotations

import argparse
import math


def positive(text: str) -> float:
    """A number above 0.

    >>> positive("2.5")
    2.5
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (number > 0 and math.isfinite(number)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def speed(text: str) -> float:
    """A number above 0, or ``max`` for as fast as can be.

    >>> speed("max")
    inf
    """
    return math.inf if text == "max" else positive(text)


def whole(text: str) -> int:
    """A whole number, 0 or more."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def at_least_one(text: str) -> int:
    """A whole number, 1 or more.

    >>> at_least_one("4")
    4
    """
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 or more")
    return number
