"""``attune``: everything is joined here. Each command is a file of its own and is loaded only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType, ModuleType
from typing import NoReturn

from acquisition.errors import AttunementError

WRONG_USE = 2
INTERRUPTED = 130
PROGRAM = "attune"

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "a complete guided session on a simulated heart, in your browser",
        "serve": "the pages: practise, review, replay",
        "scan": "which heart-rate sensors are near",
        "record": "record one or two sensors",
        "replay": "tell a recording again, as the live pipeline sees it",
        "analyze": "all indices of one or more recordings",
        "synchrony": "whether two people's hearts moved together",
        "recordings": "what is kept",
        "show": "one recording: its parts, ratings and indices",
        "report": "one recording as a file to print and keep, which checks its own numbers",
        "simulate": "make a recording of a simulated heart, with its answers",
        "exercises": "the exercise scripts: list, show, check",
        "backup": "copy everything that is kept into one file",
        "delete": "remove one recording for good",
        "doctor": "versions, folders, Bluetooth: what is there and what is missing",
    }
)
"""Every command that works, in the order of the help, with what it is for."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, the way all errors of this program are said."""

    def error(self, message: str) -> NoReturn:
        """One line on stderr, exit status 2."""
        self.exit(WRONG_USE, f"{PROGRAM}: {message}; see `{self.prog} --help`\n")
        raise AssertionError("exit does not return")


class _ShowVersion(argparse.Action):
    """``--version``; reads the metadata only when asked."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib import metadata

        sys.stdout.write(f"{PROGRAM} {metadata.version('attunement')}\n")
        parser.exit()


class _WideHelp(argparse.HelpFormatter):
    """Help with room for the longest command beside what it is for."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28)


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The whole command line; with ``only``, every other command stays unloaded and has no arguments."""
    parser = Parser(
        prog=PROGRAM,
        description="Biofeedback for relationship stress: record, practise, review, replay.",
        formatter_class=_WideHelp,
    )
    parser.add_argument(
        "--data", metavar="DIR", help="where recordings are kept (also ATTUNE_DATA; else your user data folder)"
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="say the version and stop")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, what in COMMANDS.items():
        command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
        if only in (None, name):
            module(name).add_arguments(command)
    return parser


def module(name: str) -> ModuleType:
    """The file of a command: ``add_arguments(parser)`` and ``run(args) -> exit status``."""
    return importlib.import_module(f"dashboard.commands.{name}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, 2, 3, 4, 5 or 130 as the contract of the command line says."""
    words = list(sys.argv[1:] if argv is None else argv)
    named = next((word for word in words if word in COMMANDS), "")
    args = build_parser(only=named).parse_args(words)
    try:
        return int(module(args.command).run(args))
    except AttunementError as error:
        sys.stderr.write(f"{PROGRAM}: {error}\n")
        return error.exit_status
    except KeyboardInterrupt:
        sys.stderr.write(f"{PROGRAM}: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has heard enough; the interpreter must not complain while it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
