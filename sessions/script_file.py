"""An exercise script as read: YAML in which every key remembers its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

LARGEST_SCRIPT = 200_000
"""Characters; the longest supplied script has about 5,000."""


class Problem(NamedTuple):
    """Why a text is no script."""

    line: int
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping of the script (or something that ought to be one), with the lines of its keys."""

    value: object
    own_line: int
    """Line on which it begins, from 1."""

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys at all."""
        return isinstance(self.value, CommentedMap)

    @property
    def _map(self) -> CommentedMap:
        return self.value if isinstance(self.value, CommentedMap) else CommentedMap()

    def __contains__(self, key: str) -> bool:
        return key in self._map

    def __getitem__(self, key: str) -> object:
        return self._map[key]

    def get(self, key: str) -> object:
        """The raw value, or None."""
        return self._map.get(key)

    def __iter__(self) -> Iterator[str]:
        """Its keys, in the order written."""
        return (str(key) for key in self._map)

    def line(self, key: str) -> int:
        """Line of a key, or the mapping's own line when the key is not there."""
        return int(self._map.lc.key(key)[0]) + 1 if key in self._map else self.own_line

    def text(self, key: str) -> str | None:
        """The value when it is a text that is not empty, else None."""
        value = self.get(key)
        return str(value) if isinstance(value, str) and value else None

    def number(self, key: str) -> float | None:
        """The value when it is a number, else None."""
        value = self.get(key)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def texts(self, key: str) -> tuple[str, ...] | None:
        """The value when it is a list of texts, else None."""
        value = self.get(key)
        if not isinstance(value, CommentedSeq) or not all(isinstance(one, str) for one in value):
            return None
        return tuple(str(one) for one in value)

    def child(self, key: str) -> Node | None:
        """The value when it is a mapping, else None."""
        value = self.get(key)
        return Node(value, int(value.lc.line) + 1) if isinstance(value, CommentedMap) else None

    def items(self, key: str) -> tuple[Node, ...] | None:
        """The value when it is a list, each entry as a node, else None."""
        value = self.get(key)
        if not isinstance(value, CommentedSeq):
            return None
        return tuple(Node(one, int(value.lc.item(i)[0]) + 1) for i, one in enumerate(value))


def read_script(text: str) -> Node | Problem:
    """The script's top mapping, or why it cannot be read. Never executes anything from the file."""
    if len(text) > LARGEST_SCRIPT:
        return Problem(1, "the file is too large for a script", f"keep it under {LARGEST_SCRIPT} characters")
    try:
        documents = list(YAML(typ="rt").load_all(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        why = " ".join(str(error.problem or "cannot be read").split())
        return Problem(line, f"not readable as YAML: {why}", "check indentation, quotes and colons near this line")
    except (YAMLError, ValueError, RecursionError):
        return Problem(1, "not readable as YAML", "save it as plain UTF-8 text, from a copy of a supplied script")
    if len(documents) != 1:
        what = "the script is empty" if not documents else "the file holds more than one script"
        return Problem(1, what, "keep one script in a file of its own")
    top = documents[0]
    if not isinstance(top, CommentedMap):
        return Problem(1, "the file is not an exercise script", "begin from a copy of a supplied script")
    return Node(top, 1)
