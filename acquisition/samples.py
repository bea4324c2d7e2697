"""Where the sample recordings lie, in a checkout as in a wheel: sample_data/ beside the packages."""

from __future__ import annotations

from pathlib import Path

import acquisition
from acquisition.errors import UnreadableFile
from acquisition.formats.own import SUFFIX

PREFIX = "sample:"
"""Wherever a file may stand, ``sample:NAME`` may stand too."""


def sample_folder() -> Path:
    """The folder of the samples; it may be missing in a broken installation."""
    return Path(str(acquisition.__file__)).parent.parent / "sample_data"


def sample_names() -> tuple[str, ...]:
    """Names of all samples there are, in order."""
    return tuple(sorted(path.name.removesuffix(SUFFIX) for path in sample_folder().glob(f"*{SUFFIX}")))


def sample_path(name: str) -> Path:
    """The file of a sample; raises UnreadableFile with the names there are. No folder outside is ever reached."""
    names = sample_names()
    if name not in names:
        remedy = f"use one of: {', '.join(names)}" if names else "install again, the samples are missing"
        raise UnreadableFile("there is no such sample", place=f"{PREFIX}{name}", remedy=remedy)
    return sample_folder() / f"{name}{SUFFIX}"


def resolve(file: str | Path) -> Path:
    """The path that ``FILE`` or ``sample:NAME`` means; raises UnreadableFile for a sample that is none."""
    text = str(file)
    return sample_path(text.removeprefix(PREFIX)) if text.startswith(PREFIX) else Path(text)
