"""What a person does in a part besides listening: write into a form, write in a practice chat that answers.

Everything is kept as it is written, as markers of the sitting; the chat's other side is the script and nobody else. A
name typed for it stays on the page and is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from acquisition.errors import BadInput
from sessions.conductor_care import Care
from sessions.exercise import Exercise, Phase
from sessions.exercise_parts import Chat, Form
from sessions.prompts import LONGEST_TEXT
from sessions.records import HowEnded

LONGEST_MESSAGE = 500
"""Characters of one chat message."""
LONGEST_NAME = 40
"""Characters of a name typed for the chat's other side."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a practice chat."""

    mine: bool
    text: str


class Activity(Care):
    """Forms and chats of the part that runs."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__(exercise)
        self.written: dict[str, dict[str, str]] = {}
        """Part → field → what was written last."""
        self.chat_name: str | None = None
        """A name typed for the other side; never kept."""
        self._said: dict[str, list[Message]] = {}
        self._answered: set[tuple[int, int]] = set()
        """(place, take) of parts whose reply has come."""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The chat of the part that runs, from its first message on; empty where there is none."""
        phase = self.phase
        return () if phase is None or phase.chat is None else tuple(self._said.get(self._thread(phase), ()))

    def form_shown(self) -> tuple[Form, Mapping[str, str]] | None:
        """The form of the part that runs, its own or an earlier part's, with what is written in it; None without."""
        phase = self.phase
        if phase is None or phase.form is None:
            return None
        if phase.form.shows is None:
            return phase.form, self.written.get(phase.name, {})
        of = next(part for part in self.exercise.phases if part.name == phase.form.shows)
        return (of.form or Form()), self.written.get(of.name, {})

    def write(self, data: Mapping[str, object], time_s: float) -> None:
        """Keep what was written into a field of this part's own form. Raises BadInput for another field or value."""
        phase = self.phase
        if phase is None or phase.form is None or phase.form.shows is not None or not self._active:
            return
        name, value = data.get("field"), data.get("value")
        field = next((one for one in phase.form.fields if one.id == name), None)
        if field is None:
            raise BadInput("that field is not in this form", place="write", remedy="write into a field of the page")
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or (field.options and value not in field.options):
            raise BadInput(f"{value!r:.40} cannot be kept in {name!r}", place="write", remedy="write it again")
        self.written.setdefault(phase.name, {})[field.id] = value
        self._mark(time_s, "form", value, part=phase.name, field=field.id)
        self.version += 1

    def say(self, data: Mapping[str, object], time_s: float) -> None:
        """Keep a message to nobody, or a name for the other side. Raises BadInput for what is no short text."""
        phase = self.phase
        if phase is None or phase.chat is None or not self._active:
            return
        text, name = data.get("text", ""), data.get("name")
        if not isinstance(text, str) or len(text) > LONGEST_MESSAGE:
            raise BadInput("the message is not a short text", place="say", remedy="shorten it")
        if name is not None and (not isinstance(name, str) or len(name) > LONGEST_NAME):
            raise BadInput("the name is not a short text", place="say", remedy="shorten it")
        self.chat_name = (name.strip() or None) if name is not None else self.chat_name
        if text.strip():
            self._add(phase, Message(mine=True, text=text.strip()), time_s)
        self.version += 1

    def _reply_if_due(self, time_s: float) -> None:
        """The other side answers at its own second, whenever the tick comes; never while the part waits."""
        phase, clock = self.phase, self.clock
        chat = phase.chat if phase is not None and self.screen == "phase" else None
        if phase is None or chat is None or chat.reply is None or clock is None:
            return
        if (self.index, self.take) in self._answered or clock.elapsed(time_s) < chat.reply_after_s:
            return
        self._answered.add((self.index, self.take))
        self._add(phase, Message(mine=False, text=chat.reply), min(time_s, clock.end_s(chat.reply_after_s)))
        self.version += 1

    def _leave_phase(self, time_s: float, ended: HowEnded) -> None:
        self._reply_if_due(time_s)
        super()._leave_phase(time_s, ended)

    @property
    def _active(self) -> bool:
        return self.screen in ("phase", "reflect") and self.panel is None and not self.resting

    def _add(self, phase: Phase, message: Message, time_s: float) -> None:
        self._said.setdefault(self._thread(phase), []).append(message)
        self._mark(time_s, "chat", message.text, part=phase.name, side="me" if message.mine else "script")

    def _thread(self, phase: Phase) -> str:
        """Name of the part in which this part's chat began."""
        chat: Chat | None = phase.chat
        while chat is not None and chat.continues is not None:
            phase = next(part for part in self.exercise.phases if part.name == chat.continues)
            chat = phase.chat
        return phase.name
