"""An exercise: its parts in order, as data, with the hash of the definition it came from."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, cast

from acquisition.errors import BadInput
from sessions.exercise_parts import (
    BreakPlan,
    Chat,
    Form,
    Lines,
    PacerSettings,
    break_of,
    chat_of,
    form_of,
    lines_of,
    pacer_of,
)
from sessions.lint import lint_script
from sessions.lint_rules.wording import language_of
from sessions.records import PhaseKind
from sessions.script_file import Node, Problem, read_script
from sessions.stop_rule import StopRule, stop_rule

Feedback = Literal["none", "pacer", "pacer_and_wave", "trend"]
Screen = Literal["chat", "planning-form", "cycle-map", "hard-lines", "break", "two-people", "unlock", "clinician"]
"""What a page must be able to show or ask for a script, besides words, questions, the slow picture and the guide."""

EXERCISES = Path(__file__).parent / "exercises"
"""Where the supplied scripts lie."""

SCREENS: frozenset[Screen] = frozenset()
"""What the pages have of these; a script that needs another one is not offered and cannot be begun by a real person."""

WALKED = ("resting-start", "tour", "out-of-reach")
"""Supplied scripts that have been walked through in a browser from the first page to the last: the chooser offers no
other."""

PARSED = 64
"""Scripts kept in memory as read; there are about twenty."""

_STAYS = ("baseline", "recovery")
"""Kinds that are not skippable unless the script says so: what is compared, and the way down."""


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
    asks_about: str | None = None
    """The earlier part that its questions are about, or None for itself."""
    lengths: tuple[float, ...] = ()
    """Seconds that can be chosen instead of ``seconds``."""
    chat: Chat | None = None
    form: Form | None = None
    lines: Lines | None = None
    away: BreakPlan | None = None
    """A break: away from the screen, with a return."""

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
    """Tags of those who should leave it out for now; ``sessions.cautions`` has the questions."""
    own_questions: Mapping[str, str] = field(default_factory=dict)
    """The script's own question for a tag."""
    language: str = "en"
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
    def needs(self) -> frozenset[Screen]:
        """What a page must have for it, besides words, questions, the slow picture and the guide."""
        return frozenset(_needs(self))

    @property
    def minutes_to_choose(self) -> tuple[float, ...]:
        """Lengths of the part that has a choice of them, in minutes; empty for most exercises."""
        return tuple(seconds / 60 for phase in self.phases for seconds in phase.lengths)

    def lasting(self, minutes: float) -> Exercise:
        """The same exercise with the chosen length.

        Raises BadInput when that length is not on offer.
        """
        if minutes not in self.minutes_to_choose:
            offered = ", ".join(f"{one:g}" for one in self.minutes_to_choose) or "none"
            raise BadInput(
                f"{self.title} has no length of {minutes:g} minutes", remedy=f"lengths to choose from: {offered}"
            )
        return replace(
            self,
            phases=tuple(replace(phase, seconds=60 * minutes) if phase.lengths else phase for phase in self.phases),
        )

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
    return _read(data, str(path))


def every(own: Path | None = None) -> tuple[Exercise, ...]:
    """Every supplied exercise and every sound one of the folder ``own``, by level, then by title.

    A supplied id cannot be taken by one's own script; an unsound script is left out (`attune exercises lint` says why).
    """
    return _sorted({path.stem: load(path) for path in EXERCISES.glob("*.yaml")}, own)


def catalogue(own: Path | None = None) -> tuple[Exercise, ...]:
    """What can be chosen on the pages: those of ``every`` that the pages have all screens for and that are known to
    work there from end to end."""
    walked = {name: load(EXERCISES / f"{name}.yaml") for name in WALKED}
    return tuple(exercise for exercise in _sorted(walked, own) if exercise.needs <= SCREENS)


def _sorted(supplied: dict[str, Exercise], own: Path | None) -> tuple[Exercise, ...]:
    found = dict(supplied)
    for path in _scripts(own):
        with contextlib.suppress(BadInput):
            if not (EXERCISES / path.name).exists():
                found.setdefault(path.stem, load(path))
    return tuple(sorted(found.values(), key=lambda exercise: (exercise.level, exercise.title)))


def _scripts(own: Path | None) -> list[Path]:
    return sorted(own.glob("*.yaml")) if own is not None and own.is_dir() else []


def _path_of(which: str, own: Path | None) -> Path | None:
    """The file of an id or of a path; an id is looked up, no path is made of it."""
    if which.endswith((".yaml", ".yml")):
        return Path(which)
    known = {path.stem: path for path in _scripts(own)} | {path.stem: path for path in EXERCISES.glob("*.yaml")}
    return known.get(which)


@lru_cache(maxsize=PARSED)
def _read(data: bytes, place: str) -> Exercise:
    text = data.decode("utf-8-sig", errors="replace")
    script = read_script(text)
    if isinstance(script, Problem):
        raise BadInput(script.what, place=f"{place}:{script.line}", remedy=script.remedy)
    findings = lint_script(script, place)
    if findings:
        first = findings[0]
        more = f" (and {len(findings) - 1} more findings: attune exercises lint)" if len(findings) > 1 else ""
        raise BadInput(first.what, place=f"{first.file}:{first.line}", remedy=first.remedy + more)
    return _exercise(script, text, hashlib.sha256(data).hexdigest())


def _needs(exercise: Exercise) -> Iterator[Screen]:
    if exercise.who == "dyad":
        yield "two-people"
    if exercise.supervision == "clinician_unlocked":
        yield "unlock"
    if exercise.supervision == "clinician_present":
        yield "clinician"
    for phase in exercise.phases:
        if phase.chat is not None:
            yield "chat"
        if phase.form is not None:
            yield "cycle-map" if phase.form.look == "circle" else "planning-form"
        if phase.lines is not None:
            yield "hard-lines"
        if phase.away is not None:
            yield "break"


def _exercise(script: Node, text: str, sha256: str) -> Exercise:
    rule = script.child("stop_rule")
    cautions = script.items("avoid_if") or ()
    return Exercise(
        id=script.text("id") or "",
        version=str(script["version"]),
        title=script.text("title") or "",
        level=int(script.number("level") or 1),
        who=script.text("who") or "solo",
        supervision=script.text("supervision") or "self",
        phases=tuple(_phase(phase) for phase in script.items("phases") or ()),
        about=script.text("about") or "",
        avoid_if=tuple(one.text("tag") or str(one.value) for one in cautions),
        own_questions={one.text("tag") or "": one.text("ask") or "" for one in cautions if one.is_mapping},
        language=language_of(script),
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
        pacer=pacer_of(node) if kind == "paced_breathing" else None,
        asks_about=node.text("asks_about"),
        lengths=_lengths(node),
        chat=chat_of(node),
        form=form_of(node),
        lines=lines_of(node),
        away=break_of(node),
    )


def _lengths(node: Node) -> tuple[float, ...]:
    chosen = node.get("lengths")
    return tuple(float(one) for one in chosen) if isinstance(chosen, list) else ()
