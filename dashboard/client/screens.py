"""A view becomes a page: one function for each screen, nothing else decides what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dash.development.base_component import Component

from dashboard.client import arrive, breathe, leave, phase, questions, summary
from sessions.view import Screen, SessionView

Layout = Callable[[SessionView], Component]


def screen(view: SessionView) -> Component:
    """The page of a view; equal views give equal pages."""
    return LAYOUTS[view.screen](view)


def _part(view: SessionView) -> Component:
    """A part with a guide breathes; a breathing part whose guide has gone is one's own breath."""
    if view.phase is not None and view.phase.kind == "paced_breathing" and view.pacer is None:
        return phase.own_breathing(view)
    return breathe.breathe(view) if view.pacer is not None else phase.phase(view)


LAYOUTS: Mapping[Screen, Layout] = {
    "safety": arrive.safety,
    "connect": arrive.connect,
    "plan": arrive.plan,
    "phase": _part,
    "rating": questions.rating,
    "grounding": leave.grounding,
    "reflect": leave.reflect,
    "summary": summary.summary,
    "sharing": leave.sharing,
    "closing": leave.closing,
    "ended": leave.ended,
}
