"""A script that was used is never changed under its own name and version: an edit makes a new version.

The hash of each definition that a real person has sat through is remembered; the definition itself is kept with the
recording.
"""

from __future__ import annotations

from collections.abc import Mapping

from acquisition.errors import BadInput
from sessions.exercise import Exercise
from sessions.records import Asker
from sessions.service import Service

VERSIONS_SETTING = "script_versions"
"""The setting that holds id → version → SHA-256 of the definition."""
_SYSTEM = Asker("system")


def used_versions(service: Service) -> Mapping[str, Mapping[str, str]]:
    """id → version → hash of every definition used so far."""
    kept = service.setting(_SYSTEM, VERSIONS_SETTING)
    return {str(name): dict(versions) for name, versions in kept.items()} if isinstance(kept, dict) else {}


def same_as_used(service: Service, exercise: Exercise) -> None:
    """Raise BadInput when this id and version were used with another definition."""
    before = used_versions(service).get(exercise.id, {}).get(exercise.version)
    if before is not None and before != exercise.sha256:
        raise BadInput(
            f"the script {exercise.id} was changed after it had been used as version {exercise.version}",
            remedy="give the changed script a higher version",
        )


def remember_used(service: Service, exercise: Exercise) -> None:
    """Keep the hash of a definition that is being used; an earlier one of the same version stays."""
    used = {name: dict(versions) for name, versions in used_versions(service).items()}
    versions = used.setdefault(exercise.id, {})
    if exercise.version not in versions:
        versions[exercise.version] = exercise.sha256
        service.set_setting(_SYSTEM, VERSIONS_SETTING, used)
