"""The verbs around de-identification: taking identifiers out of lines, measuring how well, training the name tagger."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from wordround.cli.output import Json, out, step
from wordround.settings import Settings

Outcome = dict[str, Any]


def add_commands(app: typer.Typer, evaluate: typer.Typer) -> None:
    """Add the verbs."""
    train = typer.Typer(no_args_is_help=True, help="Train a model that the project ships.")
    app.add_typer(train, name="train")

    @app.command()
    def deidentify() -> None:
        """Take identifiers out of JSON lines on standard input ({"id", "text"}), and write JSON lines to
        standard output.
        """
        from wordround.cli.deidentify_lines import deidentify_lines
        from wordround.registers.services import names_that_stay

        # The lines are the output: what is said about them goes to standard error.
        outcome = deidentify_lines(sys.stdin.buffer, sys.stdout, names_that_stay())
        sys.stdout.flush()
        sys.stderr.write(json.dumps(outcome, ensure_ascii=False) + "\n")
        if outcome["refused"]:
            raise typer.Exit(1)

    @evaluate.command("deidentify")
    def evaluate_deidentify(
        fillings: Annotated[int, typer.Option(min=1, help="How often each template is filled.")] = 6,
        write: Annotated[
            Path | None, typer.Option(help="Write the page here, such as docs/models/deidentification.md.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Measure de-identification on generated comments: each kind, with 95 % intervals, and the gates."""
        from wordround.evaluate import deidentification_page
        from wordround.evaluate import deidentify as evaluating_deidentify

        def work(_: Settings) -> Outcome:
            outcome = evaluating_deidentify.evaluate(fillings)
            if write:
                deidentification_page.write(write, outcome)
            return outcome

        step(work, as_json, lambda outcome: out.print(evaluating_deidentify.as_table(outcome)))

    @train.command("names")
    def train_names(
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
