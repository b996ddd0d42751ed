"""The verb around relevance: measuring how well experiences of care are told from other posts."""

from pathlib import Path
from typing import Annotated, Any

import typer

from wordround.cli.output import Json, out, step
from wordround.settings import Settings


def add_commands(evaluate: typer.Typer) -> None:
    """Add the verb."""

    @evaluate.command("relevance")
    def evaluate_relevance(
        labels: Annotated[
            Path | None, typer.Option(help="A file of survey answers: all are experiences, so it adds a recall.")
        ] = None,
        write: Annotated[
            Path | None, typer.Option(help="Write the page here, such as docs/models/relevance.md.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Measure relevance on written posts: by cut-off, reason and probability, with 95 % intervals."""
        from wordround.evaluate import relevance as evaluating_relevance
        from wordround.evaluate import relevance_page

        def work(_: Settings) -> dict[str, Any]:
            outcome = evaluating_relevance.evaluate(labels_file=labels)
            if write:
                relevance_page.write(write, outcome)
            return outcome

        step(work, as_json, lambda outcome: out.print(evaluating_relevance.as_table(outcome)))
