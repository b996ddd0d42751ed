"""The verbs of `wordround train`."""

from pathlib import Path
from typing import Annotated

import typer

from wordround.cli.output import Json, out, show_plainly, step

# With fewer, what is settled on a fold would be judged on it.
FEWEST_FOLDS = 2

app = typer.Typer(name="train", no_args_is_help=True, help="Train a model that the project ships.")


@app.command()
def comments(
    labelled: Annotated[Path, typer.Option(help="The labelled file, as published.")],
    phase_one: Annotated[Path, typer.Option(help="The comments of the first phase, as published.")],
    folds: Annotated[int, typer.Option(min=0, max=5, help="Judge it on so many of five folds first.")] = 5,
    into: Annotated[
        Path | None, typer.Option(help="Where to write the model; without it, the one that the project ships.")
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Learn from what the trust's people have coded too; in force where better.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Train the model of sentiment and themes on labelled comments. Needs the packages of requirements-train.lock."""
    from wordround.understand.learned import COMMENTS

    try:
        from wordround.train.comments import train
    except ModuleNotFoundError as error:
        raise typer.BadParameter(f"{error.name} is not installed. Install the extra: wordround[train].") from error
    if folds < FEWEST_FOLDS and into is None:
        raise typer.BadParameter("The model that is shipped says how well it does: judge it on two folds or more.")
    if own:
        if into is not None:
            raise typer.BadParameter("--own writes the trust's own model, below the data home: leave --into out.")
        from wordround.train.retraining import retrain

        step(
            lambda settings: retrain(
                settings,
                labelled,
                phase_one,
                lambda one, other, new, codes, held_out: train(one, other, new, folds, codes, held_out),
            ).model_dump(),
            as_json,
            show_plainly,
        )
        return
    step(
        lambda _: train(labelled, phase_one, into or COMMENTS, folds),
        as_json,
        lambda outcome: out.print(
            f"{outcome.comments:,} comments, {outcome.texts:,} texts, {outcome.bytes:,} bytes", highlight=False
        ),
    )


@app.command()
def relevance(
    labelled: Annotated[Path, typer.Option(help="The labelled file, as published.")],
    phase_one: Annotated[Path, typer.Option(help="The comments of the first phase, as published.")],
    general: Annotated[
        Path,
        typer.Option(help="hutto_ICWSM_2014.tar.gz of VADER's source distribution: public texts on anything."),
    ],
    into: Annotated[
        Path | None, typer.Option(help="Where to write the model; without it, the one that the project ships.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Train the model of which posts are experiences of care. Needs the packages of requirements-train.lock."""
    from wordround.understand.learned_relevance import RELEVANCE

    try:
        from wordround.train.relevance import train
    except ModuleNotFoundError as error:
        raise typer.BadParameter(f"{error.name} is not installed. Install the extra: wordround[train].") from error
    step(
        lambda _: train(labelled, phase_one, general, into or RELEVANCE),
        as_json,
        lambda outcome: out.print(
            f"{outcome.texts:,} texts, {outcome.bytes:,} bytes: {outcome.recall:.3f} of comments found,"
            f" {outcome.passed:.3f} of general posts pass",
            highlight=False,
        ),
    )


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
