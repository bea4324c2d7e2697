"""Folder, settings, engine and server joined, for every command that shows pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from dashboard import logs
from dashboard.apart import Apart
from dashboard.commands.printing import note
from dashboard.engine import Engine
from dashboard.hub import Hub
from dashboard.page import PageContext
from dashboard.server import Opening, claim, run
from dashboard.settings import resolve
from dashboard.source_setup import SourceSetup
from sessions.records import Asker
from sessions.service import Service

SYSTEM = Asker("system")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be served."""

    flags: Mapping[str, object]
    """Settings given on the command line; the data folder is among them."""
    setup: SourceSetup = field(default_factory=SourceSetup)
    path: str = "/"
    """What the browser opens."""
    browser: bool = True
    prepare: Callable[[Service], None] = lambda service: None
    """Done with the open folder before anything is served."""
    lsl: bool = False
    """Whether what is recorded is sent to other programs on this computer."""


def serve(plan: Plan) -> int:
    """Serve until stopped; returns the exit status. Raises EnvironmentFault for an unusable folder or port."""
    folder = resolve(plan.flags, os.environ).data
    with Service.open(folder, writable=True) as service, _sending(service, plan.lsl):
        settings = resolve(plan.flags, os.environ, lambda name: service.setting(SYSTEM, name))
        listening = claim(settings.port)
        logs.start(folder)
        _tell_recovered(service)
        plan.prepare(service)
        ctx = PageContext(service, Engine(Hub(), service, plan.setup, Apart(folder)), settings)
        status = run(ctx, listening, Opening(plan.path, plan.browser, _say))
    if status:
        note(f"stopped; everything recorded is kept in {folder}")
    return status


@contextmanager
def _sending(service: Service, wanted: bool) -> Iterator[None]:
    """What is recorded meanwhile goes out over Lab Streaming Layer, where that is wanted."""
    if not wanted:
        yield
        return
    from sessions.lsl_outlets import LslOutlets  # an extra, which others need not have

    outlets = LslOutlets()
    service.followers.add(outlets)
    try:
        yield
    finally:
        outlets.close()


def _tell_recovered(service: Service) -> None:
    for recording_id in service.recovered_at_start:
        note(f"recording {recording_id} had been cut off; it is recovered, with everything kept up to then")


def _say(url: str) -> None:
    sys.stdout.write(f"Attunement is ready at {url}\n")
    sys.stdout.flush()
    note("stop it with Ctrl-C")
