"""``attune report``: one recording as a file to print and keep, which can check its own numbers."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from acquisition.errors import EnvironmentFault
from dashboard.commands.folder import CLINICIAN, service_of

FORMATS = (".html", ".json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("id", metavar="ID", help="as `attune recordings` names it")
    parser.add_argument("--out", type=_file, required=True, metavar="FILE", help="FILE.html to print, FILE.json")
    parser.add_argument("--for", dest="reader", choices=("clinician", "client"), default="clinician",
                        help="who reads it; the client's leaves out the clinician's notes")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Review it and write the file."""
    text = _text(args)
    try:
        args.out.write_text(text, encoding="utf-8")
    except OSError as fault:
        what = f"{args.out} could not be written: {fault.strerror}"
        raise EnvironmentFault(what, remedy="choose another place") from fault
    sys.stderr.write(f"{args.out} written\n")
    return 0


def _file(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in FORMATS:
        raise argparse.ArgumentTypeError(f"{text}: a report ends in {' or '.join(FORMATS)}")
    return path


def _text(args: argparse.Namespace) -> str:
    from dashboard.report.document import Report

    with service_of(args) as service:
        report = Report.of(service, CLINICIAN, args.id)
    if args.out.suffix.lower() == ".html":
        return report.html(for_client=args.reader == "client")
    return json.dumps(report.values(), indent=2) + "\n"
