"""What the page shows, made from where the sitting stands. Pure: the same state gives the same view."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sessions import prompts, words
from sessions.conductor import Conductor
from sessions.exercise import Exercise, Phase
from sessions.view import (
    ChatView,
    FieldView,
    FormView,
    PacerView,
    PhaseView,
    Screen,
    SensorView,
    SessionView,
    StepView,
    StrapView,
)

STEPS = ("Connect", "Settle", "Exercise", "Breathe", "Reflect")
_STEP_OF = {
    "baseline": "Settle",
    "control": "Exercise",
    "stressor": "Exercise",
    "practice": "Exercise",
    "paced_breathing": "Breathe",
}


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where the person stands before Begin."""

    screen: Screen = "connect"
    """``safety``, ``connect`` or ``plan``."""
    straps: tuple[StrapView, ...] = ()
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a view needs besides the conductor."""

    session_id: str
    version: int
    sensor: SensorView
    simulated: bool
    speed: float
    recording: bool
    """Heartbeats are being kept now."""
    entrance: Entrance


def session_view(conductor: Conductor, sitting: Sitting, time_s: float) -> SessionView:
    """The page at ``time_s``."""
    entered = conductor.index >= 0 or conductor.ended
    screen = conductor.screen if entered else sitting.entrance.screen
    exercise = conductor.exercise
    view = SessionView(
        session_id=sitting.session_id,
        version=sitting.version,
        screen=screen,
        panel=conductor.panel,
        title=exercise.title,
        steps=steps(exercise, _now_step(conductor, entered)),
        sensor=sitting.sensor,
        plan=tuple((phase.title, phase.seconds) for phase in exercise.phases),
        simulated=sitting.simulated,
        speed=sitting.speed,
        numbers_shown=conductor.numbers_shown,
    )
    if not entered:
        return replace(view, straps=sitting.entrance.straps, notice=sitting.entrance.notice)
    return replace(
        view,
        phase=phase_view(conductor, time_s),
        prompts=prompts.views(conductor.asked),
        pacer=pacer_view(conductor),
        pause_ways=conductor.pause_ways,
        recording=sitting.recording,
        offer_rest=conductor.offer_rest and screen == "closing",
        notice=conductor.notice or (conductor.soft_line(time_s) if screen == "phase" else None),
        offer=conductor.offer,
        feedback_seen=conductor.feedback_seen,
    )


def step_of(exercise: Exercise, index: int) -> str:
    """The header's step to which a part belongs; a rest after something belongs to that."""
    phase = exercise.phases[index]
    if phase.kind == "reflection":
        return "Reflect" if index == len(exercise.phases) - 1 else "Exercise"
    if phase.kind == "recovery":
        return step_of(exercise, index - 1) if index > 0 else "Settle"
    return _STEP_OF[phase.kind]


def steps(exercise: Exercise, now: str) -> tuple[StepView, ...]:
    """Steps of the header, derived from the script; those that it does not have are left out."""
    present = {"Connect", "Reflect"} | {step_of(exercise, index) for index in range(len(exercise.phases))}
    names = [name for name in STEPS if name in present]
    here = names.index(now) if now in names else 0
    return tuple(
        StepView(name, "now" if i == here else "done" if i < here else "ahead") for i, name in enumerate(names)
    )


def phase_view(conductor: Conductor, time_s: float) -> PhaseView | None:
    """What runs or waits now, and what comes next; None on pages without a part."""
    phase, clock = conductor.phase, conductor.clock
    if conductor.screen == "grounding":
        return _inserted(conductor, "grounding", "", conductor.grounding_text(time_s), conductor.grounding_seconds)
    if conductor.resting:
        return _inserted(conductor, "rest", "A little more rest", words.MORE_REST, conductor.seconds)
    if conductor.screen == "reflect" and phase is None:
        return _inserted(conductor, "reflection", "Look back", words.OWN_WORDS, 0.0)
    if conductor.screen not in ("phase", "rating", "reflect") or phase is None or conductor.stopped:
        return None
    parts = conductor.exercise.phases
    following = parts[conductor.index + 1].title if conductor.index + 1 < len(parts) else _after_last(conductor)
    return PhaseView(
        name=phase.name,
        title=phase.title,
        kind=phase.kind,
        instruction=phase.instruction,
        feedback=phase.feedback,
        number=conductor.index + 1,
        of=len(parts),
        start_s=_start_s(conductor),
        seconds=phase.seconds,
        min_seconds=phase.min_seconds,
        waited_s=clock.waited_s if clock is not None else 0.0,
        running=conductor.screen != "rating" and conductor.panel is None and clock is not None and clock.running,
        skippable=phase.skippable,
        can_lighten=phase.kind == "stressor",
        picture=phase.kind == "baseline",
        next_title=following,
        eyes_closed=eyes_may_close(phase),
        offers_tone=phase.kind == "baseline" and any(eyes_may_close(part) for part in parts[conductor.index :]),
        chat=_chat(conductor, phase),
        form=_form(conductor),
        lines=phase.lines.supplied if phase.lines is not None else (),
        own_lines=phase.lines is not None and phase.lines.own,
        away_at_most_s=phase.away.longest_s if phase.away is not None else None,
    )


def _chat(conductor: Conductor, phase: Phase) -> ChatView | None:
    if phase.chat is None:
        return None
    told = tuple((message.mine, message.text) for message in conductor.messages)
    return ChatView(conductor.chat_name or phase.chat.other, told)


def _form(conductor: Conductor) -> FormView | None:
    shown = conductor.form_shown()
    if shown is None:
        return None
    form, written = shown
    fields = tuple(FieldView(one.id, one.ask, one.options, written.get(one.id, "")) for one in form.fields)
    own = conductor.phase is not None and conductor.phase.form is form
    return FormView(form.look, fields, editable=own)


def eyes_may_close(phase: Phase) -> bool:
    """A silent part in the mind, with nothing to read, write or follow."""
    return phase.kind in ("control", "stressor", "practice") and phase.speech == "silent"


def pacer_view(conductor: Conductor) -> PacerView | None:
    """The guide, or None where nothing is paced now."""
    guide = conductor.guide
    if guide is None or conductor.screen != "phase":
        return None
    pattern = guide.pattern
    return PacerView(
        start_s=guide.start_s,
        inhale=pattern.inhale,
        hold_in=pattern.hold_in,
        exhale=pattern.exhale,
        hold_out=pattern.hold_out,
        stretches=tuple((s.start_s, s.period_s, s.breaths) for s in guide.plan.stretches),
        target_bpm=guide.target_bpm,
        moving=conductor.panel is None,
    )


def _now_step(conductor: Conductor, entered: bool) -> str:
    if not entered:
        return "Connect"
    on_the_way = conductor.screen in ("phase", "rating", "grounding") and not conductor.resting
    if on_the_way and conductor.heart_recorded and conductor.phase is not None:
        return step_of(conductor.exercise, conductor.index)
    return "Reflect"


def _after_last(conductor: Conductor) -> str | None:
    return None if conductor.exercise.reflects_last else "Look back"


def _inserted(conductor: Conductor, kind: str, title: str, text: str, seconds: float) -> PhaseView:
    return PhaseView(
        name=kind,
        title=title,
        kind=kind,
        instruction=text,
        feedback="none",
        number=0,
        of=len(conductor.exercise.phases),
        start_s=_start_s(conductor),
        seconds=seconds,
        min_seconds=0.0,
        waited_s=0.0,
        running=conductor.panel is None,
        skippable=False,
        can_lighten=False,
        picture=False,
        next_title=None,
    )


def _start_s(conductor: Conductor) -> float:
    """When what runs now began; it does not move while it runs."""
    if conductor.clock is not None:
        return conductor.clock.start_s
    return conductor.ledger.outer.start_s if conductor.ledger.outer is not None else 0.0
