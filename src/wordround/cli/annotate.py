"""`wordround annotate`: what comments say, as JSON lines, for other pipelines."""

import json
import sys
from typing import Annotated

import typer

from wordround.cli.output import errors_for_people

app = typer.Typer()


@app.command()
def annotate(
    words: Annotated[bool, typer.Option(help="Say of each theme which words spoke for it.")] = False,
) -> None:
    """Annotate JSON lines on standard input ({"id", "text", "question_type"}) and write JSON lines."""
    from wordround.cli.annotate_lines import annotate_lines
    from wordround.cli.json_lines import lines_of
    from wordround.registers.frames import frames
    from wordround.registers.models import comments_model
    from wordround.understand.annotating import Annotating

    # The lines are the output: what is said about them goes to standard error.
    with errors_for_people():
        outcome = annotate_lines(lines_of(sys.stdin.buffer), sys.stdout, Annotating(frames(), comments_model()), words)
    sys.stdout.flush()
    sys.stderr.write(json.dumps(outcome, ensure_ascii=False) + "\n")
    if outcome["refused"]:
        raise typer.Exit(1)
