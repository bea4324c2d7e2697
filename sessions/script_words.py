"""The words of an exercise script: which keys and values there are, and since which schema."""

from __future__ import annotations

SCHEMAS = (1, 2)
"""Versions of the schema that can be read. 2 brought forms, chats, lines, breaks, lengths to choose from and questions
about an earlier part; a script without ``schema`` is of version 1 and stays valid."""

KINDS = ("baseline", "control", "stressor", "paced_breathing", "practice", "recovery", "reflection")
INSERTED_KINDS = ("pause", "rating", "grounding", "rest")
SPEECH = ("silent", "speaking", "listening", "writing", "conversation")
SPOKEN = ("speaking", "conversation")
FEEDBACK = ("none", "pacer", "pacer_and_wave", "trend")
SHOWS_HEART = ("pacer_and_wave", "trend")
WHO = ("solo", "dyad")
SUPERVISION = ("self", "clinician_present", "clinician_unlocked")

TOP_NEEDED = ("id", "version", "title", "level", "who", "supervision", "phases", "stop_rule")
TOP_MAY = ("schema", "language", "avoid_if", "about")
PHASE_NEEDED = ("name", "kind", "seconds", "min_seconds", "speech", "feedback", "instruction", "prompts")
PHASE_SINCE_2 = ("asks_about", "lengths", "chat", "form", "lines", "break")
PHASE_MAY = ("posture", "reference", "skippable", "pacer", *PHASE_SINCE_2)
PACER_MAY = ("target_bpm", "inhale", "hold_in", "exhale", "hold_out")
CHAT_MAY = ("with", "reply", "reply_after_s", "continues")
FORM_MAY = ("look", "fields", "shows")
FORM_LOOKS = ("list", "circle")
FIELD_NEEDED = ("id", "ask")
FIELD_MAY = ("options",)
LINES_MAY = ("supplied", "own")
BREAK_MAY = ("most_minutes", "return_within_h")
CAUTION_NEEDED = ("tag", "ask")
DEFAULT_LANGUAGE = "en"
