"""The verbs of `wordround train`."""

from pathlib import Path
from typing import Annotated

import typer

from wordround.cli.output import Json, out, step

app = typer.Typer(name="train", no_args_is_help=True, help="Train a model that the project ships.")


@app.command()
def names(
    into: Annotated[
        Path | None, typer.Option(help="Where to write the model; without it, the one that the project ships.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Train the name tagger on generated comments (a minute). The same seed gives the same model."""
    from wordround.evaluate.corpus import training

    step(
        lambda _: training.train(into or training.MODEL),
        as_json,
        lambda outcome: out.print(
            f"{outcome['comments']:,} comments, {outcome['tokens']:,} words weighed, {outcome['bytes']:,} bytes",
            highlight=False,
        ),
    )
