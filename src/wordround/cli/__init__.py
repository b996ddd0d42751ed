"""The command line: every step of a DAG is a verb, so that everything can be run and debugged without Airflow.

Results go to stdout (`--json`: one object and nothing else), progress and errors to stderr. An error that a user can
put right is one paragraph without a traceback, and exit code 1.

Each module of this folder that has an `app` is listed in `PARTS`. An app with a name is a group (`wordround keys
rotate`); the verbs of one without stand by themselves (`wordround load`). What takes long to import is imported inside
the verb.
"""

import logging
import sys
from typing import Annotated

import typer
from setproctitle import setproctitle

from wordround import __version__, trusts
from wordround.cli import (
    alerts,
    annotate,
    backup,
    chart,
    conversation,
    deidentify,
    dictionary,
    erasing,
    evaluate,
    frames,
    ingest,
    init,
    installation,
    keys,
    lake,
    quotes,
    report,
    review,
    serve,
    services,
    steps,
    train,
    union,
    web,
)
from wordround.cli.output import errors_for_people, out

# The order of `wordround --help`.
PARTS = (
    init,
    ingest,
    steps,
    alerts,
    conversation,
    services,
    erasing,
    keys,
    lake,
    backup,
    union,
    report,
    quotes,
    deidentify,
    annotate,
    serve,
    web,
    chart,
    frames,
    review,
    evaluate,
    train,
    installation,
    dictionary,
)

app = typer.Typer(
    name="wordround",
    help="Patient comments and social posts as a routine feedback channel for an NHS trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _part in PARTS:
    app.add_typer(_part.app)


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(__version__, highlight=False)
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what is happening.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    trust: Annotated[str | None, typer.Option(help="For which trust, where WORDROUND_TRUSTS names several.")] = None,
) -> None:
    """Set up what every verb shares."""
    if trust is not None:
        with errors_for_people():
            trusts.enter(trust)
    # Everybody on a machine may list its processes.
    setproctitle(f"wordround {context.invoked_subcommand}")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(message)s")
    logging.getLogger("wordround").setLevel(logging.DEBUG if verbose else logging.INFO)
