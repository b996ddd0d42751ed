"""The verbs of `wordround evaluate`: each measures one task and prints the figures, and may write their page."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordround.cli.output import Json, out, step

if TYPE_CHECKING:
    from wordround.evaluate.evaluation import Evaluation

app = typer.Typer(name="evaluate", no_args_is_help=True, help="Measure a model against labels given by people.")

Labels = Annotated[Path, typer.Option(help="A labelled file.")]


@app.command()
def comments(
    model: Annotated[Path | None, typer.Option(help="A model's file; without it, the one in force.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write the page here, such as docs/models/comments.md.")] = None,
    as_json: Json = False,
) -> None:
    """Show how well the learned model does, on comments that it did not learn from."""
    from wordround.evaluate.comments import evaluate
    from wordround.registers.models import comments_model

    _measure(lambda: evaluate(model or comments_model()), as_json, write)


@app.command()
def own(as_json: Json = False) -> None:
    """Measure the model in force on the comments that the trust's own people have coded, with 95 % intervals."""
    from wordround.review.accuracy import evaluate

    step(lambda settings: evaluate(settings), as_json, lambda evaluation: out.print(evaluation.as_table()))


@app.command()
def sentiment(labels: Labels, as_json: Json = False) -> None:
    """Measure the sentiment labels: precision, recall and F1 of each, and the bias of the share of negatives."""
    from wordround.evaluate.labels import evaluate

    _measure(lambda: evaluate(labels), as_json)


@app.command()
def copies(
    write: Annotated[Path | None, typer.Option(help="Write the page here, such as docs/models/copies.md.")] = None,
    as_json: Json = False,
) -> None:
    """Measure how copied text is found, on generated comments: pairs and comments, 95 % intervals, and the gates."""
    from wordround.evaluate.copies import evaluate

    _measure(evaluate, as_json, write)


@app.command()
def alerts(
    series: Annotated[
        int | None, typer.Option(min=20, help="Series in each world in which nothing changes; fewer are faster.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another one makes other worlds.")] = None,
    history: Annotated[
        Path | None,
        typer.Option(help="A data home, a published .duckdb, or a table: adds changes put into the trust's own weeks."),
    ] = None,
    write: Annotated[Path | None, typer.Option(help="Write the page here, such as docs/models/alerts.md.")] = None,
    as_json: Json = False,
) -> None:
    """Measure what is promised of alerts on simulated services: false episodes and weeks to find. Five minutes."""
    from wordround.evaluate.alerts.promise import SEED, SERIES, evaluate

    _measure(lambda: evaluate(series or SERIES, SEED if seed is None else seed, history), as_json, write)


@app.command()
def deidentify(
    fillings: Annotated[int, typer.Option(min=1, help="How often each template is filled.")] = 6,
    write: Annotated[
        Path | None, typer.Option(help="Write the page here, such as docs/models/deidentification.md.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure de-identification on generated comments: each kind, with 95 % intervals, and the gates."""
    from wordround.evaluate.deidentify import evaluate

    _measure(lambda: evaluate(fillings), as_json, write)


@app.command()
def relevance(
    labels: Annotated[
        Path | None, typer.Option(help="A file of survey answers: all are experiences, so it adds a recall.")
    ] = None,
    general: Annotated[
        Path | None, typer.Option(help="Posts of other subjects, one a line: adds how many are taken for experiences.")
    ] = None,
    write: Annotated[Path | None, typer.Option(help="Write the page here, such as docs/models/relevance.md.")] = None,
    as_json: Json = False,
) -> None:
    """Measure relevance on written posts: by cut-off, reason and probability, with 95 % intervals."""
    from wordround.evaluate.relevance import evaluate

    _measure(lambda: evaluate(labels_file=labels, general_file=general), as_json, write)


def _measure(evaluate: Callable[[], "Evaluation"], as_json: bool, page: Path | None = None) -> None:
    from wordround.evaluate.evaluation import write_page

    def work(_: object) -> "Evaluation":
        evaluation = evaluate()
        if page:
            write_page(page, evaluation)
        return evaluation

    step(work, as_json, lambda evaluation: out.print(evaluation.as_table()))
