"""Keeps a library's warnings from the terminal: what a person needs to know comes as a reason, without addresses."""

from __future__ import annotations

import logging
import re

ADDRESS = re.compile(r"([0-9A-F]{2}[:_-]){5}[0-9A-F]{2}", re.IGNORECASE)
"""A Bluetooth address, which names one person's sensor."""
_LOG = logging.getLogger(__name__)


class _Retell(logging.Handler):
    """Takes warnings into our own log, at a level that is not shown by default and without addresses."""

    def emit(self, record: logging.LogRecord) -> None:
        _LOG.debug("%s: %s", record.name, ADDRESS.sub("(address)", record.getMessage()))


def retell(name: str) -> None:
    """Take over the log of the library with this name; may be called again."""
    log = logging.getLogger(name)
    if not any(isinstance(handler, _Retell) for handler in log.handlers):
        log.addHandler(_Retell(logging.WARNING))
        log.propagate = False
