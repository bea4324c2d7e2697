"""``/recordings/ID/report``: the same file in the browser, to read, print and save. Loads nothing of what it needs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import Literal

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from acquisition.errors import BadInput, EnvironmentFault
from dashboard.page import PageContext
from sessions.records import Asker
from sessions.service import Service

SCRIPT = Path(__file__).with_name("recompute.js")
NOT_THERE = "This recording cannot be opened. It may have been deleted, or it is not shared with you."
Reader = Literal["clinician", "client"]


def script_hash() -> str:
    """The checking script as the content security policy names it."""
    digest = hashlib.sha256(SCRIPT.read_text(encoding="utf-8").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def add_report(server: FastAPI, ctx: PageContext) -> None:
    """Serve reports on ``server``, each as its asker may see it, worked out apart from the sessions."""

    async def report(recording_id: str, reader: Reader = "clinician") -> HTMLResponse:
        try:
            return HTMLResponse(await asyncio.to_thread(_written, ctx, ctx.asker, recording_id, reader))
        except BadInput:
            return HTMLResponse(NOT_THERE, status_code=404)
        except EnvironmentFault as fault:
            return HTMLResponse(f"The report could not be written: {fault}", status_code=503)

    server.add_api_route("/recordings/{recording_id}/report", report, methods=["GET"], response_class=HTMLResponse)


def _written(ctx: PageContext, asker: Asker, recording_id: str, reader: Reader) -> str:
    apart = ctx.engine.apart
    if apart is None:
        return written(ctx.service, asker, recording_id, reader)
    return apart.ask(written, asker, recording_id, reader)


def written(service: Service, asker: Asker, recording_id: str, reader: Reader) -> str:
    """The report's text, wherever this runs."""
    from dashboard.report.document import Report

    return Report.of(service, asker, recording_id).html(for_client=reader == "client", served=True)
