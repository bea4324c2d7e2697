"""An exercise: its parts in order, as data, with the hash of the definition it came from."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, cast

from acquisition.errors import BadInput
from processing.pacer import BreathPattern
from sessions.lint import lint_script
from sessions.records import PhaseKind
from sessions.script_file import Node, Problem, read_script
from sessions.stop_rule import StopRule, stop_rule

Feedback = Literal["none", "pacer", "pacer_and_wave", "trend"]

EXERCISES = Path(__file__).parent / "exercises"
"""Where the supplied scripts lie."""

DEFAULT_TARGET_BPM = 6.0
"""A fair default where no resonance rate is known (Steffen 2017; docs/protocol.md)."""

_STAYS = ("baseline", "recovery")
"""Kinds that are not skippable unless the script says so: what is compared, and the way down."""


@dataclass(frozen=True, slots=True)
class PacerSettings:
    """The guide of one part: where it slides to, and the shape of a breath."""

    target_bpm: float = DEFAULT_TARGET_BPM
    pattern: BreathPattern = field(default_factory=BreathPattern)


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of an exercise."""

    name: str
    kind: PhaseKind
    seconds: float
    """Planned length."""
    min_seconds: float
    """The person may go on after this."""
    speech: str
    feedback: Feedback
    instruction: str
    prompts: tuple[str, ...]
    """Questions asked at its end."""
    reference: str | None = None
    posture: str = "sitting"
    skippable: bool = True
    pacer: PacerSettings | None = None
    """The guide, or None where nothing is paced."""

    @property
    def title(self) -> str:
        """The name for people.

        >>> Phase("soft-breath", "paced_breathing", 60, 0, "silent", "pacer", "", ()).title
        'Soft breath'
        """
        return self.name.replace("-", " ").capitalize()

    @property
    def shows_heart(self) -> bool:
        """The heart is shown while it runs: only where the script says ``pacer_and_wave``."""
        return self.feedback == "pacer_and_wave"


@dataclass(frozen=True)
class Exercise:
    """A whole script."""

    id: str
    version: str
    title: str
    level: int
    who: str
    supervision: str
    phases: tuple[Phase, ...]
    about: str = ""
    avoid_if: tuple[str, ...] = ()
    stop_rule: StopRule = field(default_factory=StopRule)
    definition: str = ""
    """The script's own text, kept with each recording."""
    sha256: str = ""
    """Hash of the definition's bytes."""

    @cached_property
    def planned_s(self) -> float:
        """Seconds of all parts together, without the time for answering."""
        return sum(phase.seconds for phase in self.phases)

    @property
    def reflects_last(self) -> bool:
        """The last part is the look back, which then is the Reflect page itself."""
        return self.phases[-1].kind == "reflection"


def load(which: str | Path, own: Path | None = None) -> Exercise:
    """The exercise with this id, or from this file (a ``Path``, or a text that ends in .yaml or .yml).

    ``own`` is a folder of one's own scripts, looked through after the supplied ones.

    Raises BadInput with file and line when there is no such script or it is not sound.
    """
    path = which if isinstance(which, Path) else _path_of(which, own)
    try:
        data = path.read_bytes() if path is not None else None
    except OSError:
        data = None
    if path is None or data is None:
        raise BadInput(
            f"there is no exercise {str(which)[:80]!r}",
            remedy="see `attune exercises list`, or give the path of a script",
        )
    text = data.decode("utf-8-sig", errors="replace")
    script = read_script(text)
    if isinstance(script, Problem):
        raise BadInput(script.what, place=f"{path}:{script.line}", remedy=script.remedy)
    findings = lint_script(script, str(path))
    if findings:
        first = findings[0]
        more = f" (and {len(findings) - 1} more findings: attune exercises lint)" if len(findings) > 1 else ""
        raise BadInput(first.what, place=f"{first.file}:{first.line}", remedy=first.remedy + more)
    return _exercise(script, text, hashlib.sha256(data).hexdigest())


def catalogue(own: Path | None = None) -> tuple[Exercise, ...]:
    """Every supplied exercise and every sound one of the folder ``own``, by level, then by title.

    A supplied id cannot be taken by one's own script; an unsound script is left out (`attune exercises lint` says why).
    """
    every = {path.stem: load(path) for path in EXERCISES.glob("*.yaml")}
    for path in _scripts(own):
        with contextlib.suppress(BadInput):
            every.setdefault(path.stem, load(path))
    return tuple(sorted(every.values(), key=lambda exercise: (exercise.level, exercise.title)))


def _scripts(own: Path | None) -> list[Path]:
    return sorted(own.glob("*.yaml")) if own is not None and own.is_dir() else []


def _path_of(which: str, own: Path | None) -> Path | None:
    """The file of an id or of a path; an id is looked up, no path is made of it."""
    if which.endswith((".yaml", ".yml")):
        return Path(which)
    known = {path.stem: path for path in _scripts(own)} | {path.stem: path for path in EXERCISES.glob("*.yaml")}
    return known.get(which)


def _exercise(script: Node, text: str, sha256: str) -> Exercise:
    rule = script.child("stop_rule")
    return Exercise(
        id=script.text("id") or "",
        version=str(script["version"]),
        title=script.text("title") or "",
        level=int(script.number("level") or 1),
        who=script.text("who") or "solo",
        supervision=script.text("supervision") or "self",
        phases=tuple(_phase(phase) for phase in script.items("phases") or ()),
        about=script.text("about") or "",
        avoid_if=script.texts("avoid_if") or (),
        stop_rule=stop_rule({key: rule.number(key) or 0.0 for key in rule} if rule else {}),
        definition=text,
        sha256=sha256,
    )


def _phase(node: Node) -> Phase:
    kind = cast("PhaseKind", node.text("kind"))
    skippable = node.get("skippable")
    return Phase(
        name=node.text("name") or "",
        kind=kind,
        seconds=node.number("seconds") or 0.0,
        min_seconds=node.number("min_seconds") or 0.0,
        speech=node.text("speech") or "silent",
        feedback=cast("Feedback", node.text("feedback")),
        instruction=" ".join((node.text("instruction") or "").split()),
        prompts=node.texts("prompts") or (),
        reference=node.text("reference"),
        posture=node.text("posture") or "sitting",
        skippable=skippable if isinstance(skippable, bool) else kind not in _STAYS,
        pacer=_pacer(node) if kind == "paced_breathing" else None,
    )


def _pacer(node: Node) -> PacerSettings:
    own = node.child("pacer")
    if own is None:
        return PacerSettings()
    shares = {key: own.number(key) or 0.0 for key in ("inhale", "hold_in", "exhale", "hold_out")}
    pattern = BreathPattern(**shares) if any(shares.values()) else BreathPattern()
    return PacerSettings(own.number("target_bpm") or DEFAULT_TARGET_BPM, pattern)
