"""The verbs of `wordround lake`."""

import typer

from wordround.cli.output import Json, show_plainly, step

app = typer.Typer(name="lake", no_args_is_help=True, help="The lake that holds the warehouse's tables.")


@app.callback()
def lake() -> None:
    """A group also while it has one verb."""


@app.command()
def claim(as_json: Json = False) -> None:
    """Let this home write to the lake in place of the one that did, which must have stopped for good."""
    from wordround import pipeline

    step(pipeline.claim_lake, as_json, show_plainly)
