"""The strap that was chosen last, kept as a setting with its serial number, so that no other takes its place."""

from __future__ import annotations

from dataclasses import asdict

from acquisition.identity import Identity
from sessions.records import Asker
from sessions.service import Service

STRAP_SETTING = "strap"


def remembered(service: Service, asker: Asker) -> Identity | None:
    """The strap chosen last, or None. Earlier versions kept its address alone."""
    kept = service.setting(asker, STRAP_SETTING)
    if isinstance(kept, str):
        return Identity(kept)
    if not isinstance(kept, dict) or not isinstance(kept.get("address"), str):
        return None
    said = {name: kept.get(name) for name in ("serial", "name")}
    return Identity(kept["address"], **{name: value for name, value in said.items() if isinstance(value, str)})


def remember(service: Service, asker: Asker, strap: Identity) -> None:
    """Keep this one instead of the one before."""
    service.set_setting(asker, STRAP_SETTING, asdict(strap))


def forget(service: Service, asker: Asker) -> None:
    """Keep none."""
    service.set_setting(asker, STRAP_SETTING, None)
