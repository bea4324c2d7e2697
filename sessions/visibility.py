"""The one rule of who may see a recording; lists, console, replay, report and export all ask it.

The scopes agreed to before the sitting decide until the person chooses at its end; that choice then binds everybody
but the person. Without a clinician passphrase all pages are open to whoever sits at the machine: everybody there
counts as the clinician, and what the person chose is kept all the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from acquisition.errors import BadInput
from sessions.kept import RecordingSummary
from sessions.records import Asker, Rating, SessionMarker, SessionRecord

Scope = Literal["clinician", "clinician_without_words", "private"]
"""What a person can choose at the end: shared with the clinician; shared without what was written; nobody for now."""

LOCK_SETTING = "clinician_passphrase"
"""The setting whose presence locks clinician and developer pages (set from 4 of 5 on)."""

CLINICIAN_VIEW = "clinician"
"""The scope of a consent by which the clinician may see the sitting."""

WORDS_SCALE = "text"
"""``Rating.scale`` of what a person wrote in own words."""


def check_scope(scope: str) -> None:
    """Raise BadInput unless ``scope`` is one that can be chosen."""
    if scope not in get_args(Scope):
        known = ", ".join(get_args(Scope))
        raise BadInput(f"nobody can be given access by {scope!r}", place="scope", remedy=f"choose one of {known}")


def is_own(asker: Asker, summary: RecordingSummary) -> bool:
    """Whether the recording is the asking person's own, or the program itself asks."""
    return asker.role == "system" or (asker.role == "client" and asker.code == summary.client)


def may_see(asker: Asker, summary: RecordingSummary, *, passphrase_set: bool = False) -> bool:
    """Whether the asker may know that this recording exists and look into it."""
    if is_own(asker, summary):
        return True
    if asker.role == "developer" and summary.simulated:
        return True
    if passphrase_set and asker.role != "clinician":
        return False
    if summary.shared is not None:
        return summary.shared != "private"
    return summary.scopes is None or CLINICIAN_VIEW in summary.scopes


def readable(asker: Asker, summary: RecordingSummary, record: SessionRecord) -> SessionRecord | None:
    """The record as this asker may read it, or None: own words are left out where the person kept them."""
    if is_own(asker, summary) or summary.shared != "clinician_without_words":
        return record
    if isinstance(record, Rating) and _is_words(record):
        return None
    if isinstance(record, SessionMarker):
        data = {name: value for name, value in record.data.items() if name not in ("text", "words")}
        return replace(record, text="", data=data)
    return record


def _is_words(rating: Rating) -> bool:
    return rating.scale == WORDS_SCALE or (isinstance(rating.value, str) and not rating.scale)
