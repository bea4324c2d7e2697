"""``attune doctor``: versions, folders, Bluetooth; what is there, what is missing, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import sys

from acquisition.errors import EnvironmentFault
from acquisition.samples import sample_names
from dashboard import facts
from dashboard.commands.folder import CLINICIAN, settings_of
from dashboard.commands.printing import put_json
from dashboard.logs import log_path
from sessions.service import Service


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Look at everything; a thing that is missing is a finding, not an error."""
    found = findings(args)
    if args.json:
        put_json(found)
        return 0
    for name, value in found.items():
        shown = "; ".join(f"{key} {text}" for key, text in value.items()) if isinstance(value, dict) else value
        sys.stdout.write(f"{name.replace('_', ' ')}: {_told(shown)}\n")
    return 0


def findings(args: argparse.Namespace) -> dict[str, object]:
    """Everything that doctor says, as values."""
    data = settings_of(args).data
    recordings, fault = _recordings(args)
    state = asyncio.run(facts.bluetooth())
    warning = facts.sqlite_warning()
    return {
        "version": facts.version(),
        "versions": facts.versions(),
        "warnings": [] if warning is None else [warning],
        "data_folder": str(data),
        "data_folder_exists": data.is_dir(),
        "data_folder_bytes": facts.folder_size(data),
        "data_folder_permissions": facts.permissions(data),
        "data_folder_problem": fault,
        "recordings": recordings,
        "log": str(log_path(data)),
        "bluetooth": {"ready": state == facts.BLUETOOTH_WORKS, "state": state},
        "samples": list(sample_names()),
    }


def _recordings(args: argparse.Namespace) -> tuple[int, str | None]:
    """How many recordings there are, and why the folder cannot be read if it cannot."""
    try:
        with Service.open(settings_of(args).data, writable=False) as service:
            return len(service.recordings(CLINICIAN)), None
    except EnvironmentFault as fault:
        return 0, str(fault)


def _told(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
