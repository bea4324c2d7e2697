"""A view as the socket carries it (``dataclasses.asdict`` as JSON) becomes a value again, strictly."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from sessions.view import SessionView

T = TypeVar("T")


class NotAView(ValueError):
    """What came is not a view; the page stays as it is."""


def view_of(data: object) -> SessionView:
    """The view in ``data``. Raises NotAView for anything that is not exactly one."""
    return _built(SessionView, data)


def _built(cls: type[T], data: object) -> T:
    if not isinstance(data, Mapping):
        raise NotAView(f"{cls.__name__} is not an object")
    hints = _hints(cls)
    if not set(data) <= set(hints):
        raise NotAView(f"{cls.__name__} has unknown fields")
    try:
        return cls(**{name: _value(hints[name], value) for name, value in data.items()})
    except TypeError as error:
        raise NotAView(f"{cls.__name__} lacks a field") from error


def _hints(cls: type[Any]) -> Mapping[str, Any]:
    return typing.get_type_hints(cls)


def _value(hint: Any, data: object) -> object:
    origin, options = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _first(options, data)
    if origin is typing.Literal:
        if data in options:
            return data
    elif origin is tuple:
        return _row(options, data)
    elif dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _built(hint, data)
    elif hint is types.NoneType or hint is None:
        if data is None:
            return None
    elif hint is float:
        if isinstance(data, int | float) and not isinstance(data, bool):
            return data
    elif isinstance(data, hint) and (hint is bool or not isinstance(data, bool)):
        return data
    raise NotAView(f"{data!r:.40} is no {hint}")


def _first(options: tuple[Any, ...], data: object) -> object:
    for option in options:
        try:
            return _value(option, data)
        except NotAView:
            continue
    raise NotAView(f"{data!r:.40} fits nothing that was expected")


def _row(options: tuple[Any, ...], data: object) -> tuple[object, ...]:
    if not isinstance(data, list | tuple):
        raise NotAView("a row was expected")
    if options[-1:] == (Ellipsis,):
        return tuple(_value(options[0], item) for item in data)
    if len(data) != len(options):
        raise NotAView(f"a row of {len(options)} was expected")
    return tuple(_value(option, item) for option, item in zip(options, data, strict=True))
