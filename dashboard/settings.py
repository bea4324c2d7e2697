"""Settings in one order: a flag, then ``ATTUNE_*``, then what is saved, then the default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs

from acquisition.errors import AttunementError

Origin = Literal["flag", "environment", "saved", "default"]

PORT = 8050
"""Where pages are served when nothing else is said."""
HIGHEST_PORT = 65535
THEMES = ("system", "light", "dark")
DEMO_FOLDER = "demo"
"""The demo keeps its recordings in this folder beside the real ones, so that the two never mix."""


class WrongUse(AttunementError):
    """A flag or variable that makes no sense; exit status 2."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set, and how its words become a value."""

    name: str
    default: str
    parse: Callable[[str], Any]
    what: str
    """What a valid value is, for the message when it is not."""

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"ATTUNE_{self.name.upper()}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A setting's value and where it is from."""

    value: Any
    origin: Origin


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= HIGHEST_PORT:
        raise ValueError(text)
    return port


def _theme(text: str) -> str:
    if text not in THEMES:
        raise ValueError(text)
    return text


def _folder(text: str) -> Path:
    return Path(text).expanduser()


SETTINGS: tuple[Setting, ...] = (
    Setting("data", str(platformdirs.user_data_path("attunement", appauthor=False)), _folder, "a folder"),
    Setting("port", str(PORT), _port, f"a number from 0 to {HIGHEST_PORT}"),
    Setting("theme", "system", _theme, "system, light or dark"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, resolved."""

    chosen: Mapping[str, Chosen]

    @property
    def data(self) -> Path:
        """The folder that holds recordings and the log."""
        return Path(self.chosen["data"].value)

    @property
    def exercises(self) -> Path:
        """The folder for scripts of one's own, beside the recordings."""
        return self.data / "exercises"

    @property
    def port(self) -> int:
        """Where pages are served; 0 takes any free one."""
        return int(self.chosen["port"].value)

    @property
    def theme(self) -> str:
        """What a browser shows that has not chosen for itself."""
        return str(self.chosen["theme"].value)


def resolve(
    flags: Mapping[str, object],
    environ: Mapping[str, str],
    saved: Callable[[str], object | None] = lambda name: None,
) -> Settings:
    """Every setting by the one order; raises WrongUse with the flag or variable that cannot be used.

    A saved value that cannot be read any more is passed over: it must not keep the program from starting.
    """
    return Settings({setting.name: _choose(setting, flags, environ, saved) for setting in SETTINGS})


def _choose(
    setting: Setting,
    flags: Mapping[str, object],
    environ: Mapping[str, str],
    saved: Callable[[str], object | None],
) -> Chosen:
    flag = flags.get(setting.name)
    if flag is not None:
        return Chosen(_parsed(setting, str(flag), f"--{setting.name}"), "flag")
    variable = environ.get(setting.variable)
    if variable:
        return Chosen(_parsed(setting, variable, setting.variable), "environment")
    kept = saved(setting.name)
    if kept is not None:
        try:
            return Chosen(setting.parse(str(kept)), "saved")
        except ValueError:
            pass
    return Chosen(setting.parse(setting.default), "default")


def _parsed(setting: Setting, text: str, place: str) -> object:
    try:
        return setting.parse(text)
    except ValueError:
        raise WrongUse(f"{text!r} cannot be used", place=place, remedy=f"give {setting.what}") from None
