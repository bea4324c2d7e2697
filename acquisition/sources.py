"""Every source by one name: a file, a sample, a simulated heart, a sensor, a stream of LSL, or another maker's plug-in.

Another package offers its sources by an entry point of the group ``attunement.sources``: its value names a callable
that takes what stands after the second colon (or nothing) and gives a ``BeatSource``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from acquisition.beats import BeatSource
from acquisition.errors import AttunementError, BadInput

GROUP = "attunement.sources"
"""Group of the entry points under which other packages offer sources."""
SENSOR, SIMULATE, PLUGIN, LSL = "sensor", "simulate", "plugin", "lsl"


def open_source(name: str, *, speed: float = 1.0) -> BeatSource:
    """The source of this name: ``FILE``, ``sample:NAME``, ``simulate`` or ``simulate:SCENARIO``, ``sensor:ADDRESS``,
    ``lsl`` or ``lsl:STREAM``, ``plugin:NAME`` or ``plugin:NAME:ARGUMENT``.

    ``speed`` (seconds of source time per second, ``inf`` as fast as can be) holds for files and simulation; all others
    have a pace of their own. Raises BadInput (UnreadableFile for a file), EnvironmentFault where an extra is missing.
    """
    kind, _, rest = name.partition(":")
    if kind == SIMULATE:
        return _simulated(rest, speed)
    if kind == SENSOR and rest:
        from acquisition.sensor import SensorSource  # loads the Bluetooth library, which others need not have

        return SensorSource(rest)
    if kind == LSL:
        from acquisition.lsl_inlet import LslSource  # loads the library of an extra, which others need not have

        return LslSource(rest) if rest else LslSource()
    if kind == PLUGIN and rest:
        plugin, _, argument = rest.partition(":")
        return foreign_source(plugin, *([argument] if argument else []))
    return _told_again(name, speed)


def foreign_names() -> tuple[str, ...]:
    """Names of the sources that installed packages offer, in order."""
    return tuple(sorted(_offers()))


def is_elsewhere(name: str) -> bool:
    """Whether this names a heart that another program or package brings: ``lsl`` or ``plugin``.

    Raises what opening it would raise where it is not there at all: BadInput, or EnvironmentFault for a missing extra.

    >>> is_elsewhere("sample:clean-rest")
    False
    """
    kind, _, rest = name.partition(":")
    if kind == LSL:
        from acquisition.lsl import library

        library()
    elif kind == PLUGIN and rest:
        _offered(rest.partition(":")[0])
    return kind == LSL or (kind == PLUGIN and bool(rest))


def foreign_source(name: str, *arguments: str) -> BeatSource:
    """A source of another package; raises BadInput when there is none of this name or it cannot be used."""
    place = f"{PLUGIN}:{name}"
    offer = _offered(name)
    remedy = f"ask the makers of {offer.value}"
    try:
        make: Callable[..., Any] = offer.load()
        source = make(*arguments)
    except AttunementError:
        raise
    except Exception as error:
        raise BadInput(f"the source cannot be opened ({error!r})", place=place, remedy=remedy) from error
    if not isinstance(source, BeatSource):
        what = f"it gives a {type(source).__name__}, which has not info, __aiter__ and aclose"
        raise BadInput(what, place=place, remedy=remedy)
    return source


def _offered(name: str) -> EntryPoint:
    offers = _offers()
    if name not in offers:
        known = ", ".join(offers) or "none"
        what = "no installed package offers this source"
        raise BadInput(what, place=f"{PLUGIN}:{name}", remedy=f"those offered are: {known}")
    return offers[name]


def _offers() -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def _simulated(name: str, speed: float) -> BeatSource:
    from acquisition.scenarios import SCENARIOS, scenario
    from acquisition.simulation import SimulatedSource

    if name and name not in SCENARIOS:
        remedy = f"use one of: {', '.join(SCENARIOS)}"
        raise BadInput("there is no such scenario", place=f"{SIMULATE}:{name}", remedy=remedy)
    return SimulatedSource(scenario(name) if name else None, speed=speed)


def _told_again(name: str, speed: float) -> BeatSource:
    from acquisition.formats import read
    from acquisition.replay import ReplaySource
    from acquisition.samples import resolve

    return ReplaySource(read(Path(resolve(name))), speed)
