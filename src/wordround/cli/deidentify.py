"""`wordround deidentify`: taking identifiers out of lines, for other pipelines."""

import json
import sys

import typer

from wordround.cli.output import errors_for_people

app = typer.Typer()


@app.command()
def deidentify() -> None:
    """Take identifiers out of JSON lines on standard input ({"id", "text"}) and write JSON lines."""
    from wordround.cli.deidentify_lines import deidentify_lines
    from wordround.cli.json_lines import lines_of
    from wordround.registers.services import exempt_names

    # The lines are the output: what is said about them goes to standard error.
    with errors_for_people():
        outcome = deidentify_lines(lines_of(sys.stdin.buffer), sys.stdout, exempt_names())
    sys.stdout.flush()
    sys.stderr.write(json.dumps(outcome, ensure_ascii=False) + "\n")
    if outcome["refused"]:
        raise typer.Exit(1)
