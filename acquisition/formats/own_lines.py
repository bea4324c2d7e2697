"""One line of our own file ↔ one item. Names of fields are those of the items; what is None is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from acquisition.beats import (
    Beat,
    Gap,
    Item,
    LinkChange,
    LinkState,
    Marker,
    Notification,
    SampleChunk,
    SensorFact,
    Tick,
)
from acquisition.formats.recording_file import MAX_DURATION_S

MARKER_KINDS = ("phase", "rating", "marker", "settings", "consent", "correction")
"""Kinds of Marker that have a line of their own name; ``data`` holds the fields of the sessions' records."""

LARGEST = 2.0**63
"""Numbers beyond this are damage: the largest that is ever written is a clock in ns."""

Line = dict[str, object]


def to_line(item: Item) -> Line | None:
    """The item as a JSON-ready line, or None for ticks, which every reader makes again.

    Raises ValueError for a marker of a kind that the file has no line for.
    """
    if isinstance(item, Tick):
        return None
    line = {key: value for key, value in _WRITERS[type(item)](item).items() if value is not None}
    return {"kind": line.pop("kind"), "stream": item.stream, **line}


def to_item(line: Mapping[str, object], stream: str) -> Item:
    """The item of one line; ``stream`` is meant where the line names none.

    Raises KeyError, TypeError or ValueError when a field is missing or not what it should be.
    """
    kind = _text(line["kind"])
    stream = _text(line.get("stream", stream))
    if kind in MARKER_KINDS:
        return Marker(stream, _time(line["time_s"]), kind, _mapping(line.get("data", {})))
    if kind not in _READERS:
        raise ValueError(f"unknown kind of line {kind!r}")
    return _READERS[kind](line, stream)


# ---- items → lines ------------------------------------------------------------------------


def _write_notification(item: Notification) -> Line:
    return {"kind": "notification", "time_s": item.time_s, "arrival_ns": item.arrival_ns, "data": item.data.hex()}


def _write_beat(item: Beat) -> Line:
    fields = ("seq", "time_s", "rr_ms", "rr_ticks", "arrival_s", "uncertainty_ms")
    return {"kind": "beat", **{name: getattr(item, name) for name in fields}}


def _write_gap(item: Gap) -> Line:
    return {"kind": "gap", "from_s": item.from_s, "to_s": item.to_s, "reason": item.reason}


def _write_link(item: LinkChange) -> Line:
    return {"kind": "link", "time_s": item.time_s, "state": item.state.value, "reason": item.reason}


def _write_fact(item: SensorFact) -> Line:
    return {"kind": "fact", "time_s": item.time_s, "name": item.name, "value": item.value}


def _write_marker(item: Marker) -> Line:
    if item.kind not in MARKER_KINDS:
        raise ValueError(f"no line for markers of kind {item.kind!r}; known: {', '.join(MARKER_KINDS)}")
    return {"kind": item.kind, "time_s": item.time_s, "data": dict(item.data)}


def _write_chunk(item: SampleChunk) -> Line:
    fields = ("seq", "time_s", "sampling_rate_hz", "unit")
    samples = item.samples.tolist()
    return {"kind": "chunk", "signal": item.kind, **{name: getattr(item, name) for name in fields}, "samples": samples}


_WRITERS: Mapping[type, Callable[..., Line]] = {
    Notification: _write_notification,
    Beat: _write_beat,
    Gap: _write_gap,
    LinkChange: _write_link,
    SensorFact: _write_fact,
    Marker: _write_marker,
    SampleChunk: _write_chunk,
}


# ---- lines → items ------------------------------------------------------------------------


def _read_notification(line: Mapping[str, object], stream: str) -> Notification:
    data = bytes.fromhex(_text(line["data"]))
    return Notification(stream, _time(line["time_s"]), _whole(line["arrival_ns"]), data)


def _read_beat(line: Mapping[str, object], stream: str) -> Beat:
    rr_ms = _number(line["rr_ms"])
    if rr_ms < 0:
        raise ValueError(f"an interval of {rr_ms:g} ms is impossible")
    return Beat(
        stream,
        _whole(line["seq"]),
        _time(line["time_s"]),
        rr_ms,
        _whole(line["rr_ticks"]) if "rr_ticks" in line else None,
        _number(line["arrival_s"]) if "arrival_s" in line else None,
        _number(line["uncertainty_ms"]) if "uncertainty_ms" in line else None,
    )


def _read_gap(line: Mapping[str, object], stream: str) -> Gap:
    gap = Gap(stream, _time(line["from_s"]), _time(line["to_s"]), _text(line["reason"]))
    if gap.to_s < gap.from_s:
        raise ValueError(f"a gap cannot end at {gap.to_s:g} s, before it begins at {gap.from_s:g} s")
    return gap


def _read_link(line: Mapping[str, object], stream: str) -> LinkChange:
    reason = _text(line["reason"]) if "reason" in line else None
    return LinkChange(stream, _time(line["time_s"]), LinkState(_text(line["state"])), reason)


def _read_fact(line: Mapping[str, object], stream: str) -> SensorFact:
    return SensorFact(stream, _time(line["time_s"]), _text(line["name"]), _text(line["value"]))


def _read_chunk(line: Mapping[str, object], stream: str) -> SampleChunk:
    import numpy as np  # a recording without samples does without it

    signal, samples = line["signal"], line["samples"]
    if not isinstance(samples, list):
        raise TypeError("samples must be a list of numbers")
    # matched one by one, so that the type checker sees the four kinds
    for kind in ("ecg", "acc", "eda", "ppg"):
        if signal == kind:
            return SampleChunk(
                stream,
                _whole(line["seq"]),
                _time(line["time_s"]),
                kind,
                _number(line["sampling_rate_hz"]),
                _text(line["unit"]),
                np.asarray(samples, dtype=np.float64),
            )
    raise ValueError(f"unknown signal {signal!r}")


_READERS: Mapping[str, Callable[[Mapping[str, object], str], Item]] = {
    "notification": _read_notification,
    "beat": _read_beat,
    "gap": _read_gap,
    "link": _read_link,
    "fact": _read_fact,
    "chunk": _read_chunk,
}


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number")
    if not abs(value) < LARGEST:
        raise ValueError("a number is larger than anything that is measured")
    return float(value)


def _time(value: object) -> float:
    time_s = _number(value)
    if abs(time_s) > MAX_DURATION_S:
        raise ValueError(f"a time of {time_s:.6g} s is beyond any recording")
    return time_s


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is not a whole number")
    if not abs(value) < LARGEST:
        raise ValueError("a whole number is larger than anything that is counted")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is not an object")
    return value
