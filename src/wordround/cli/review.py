"""The verbs of `wordround review`: comments for people to code, their filled sheets, and what they have to discuss.

A sheet holds words of patients without identifiers: only its owner may read it, and no verb prints a word of it.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from wordround.cli.output import Json, out, show_plainly, step
from wordround.coding import LARGEST_SAMPLE, SMALLEST_SAMPLE

if TYPE_CHECKING:
    from wordround.coding.agreement import Agreed, Coefficient
    from wordround.review.importing import Imported

Out = Annotated[Path, typer.Option("--out", help="The sheet to write, .xlsx or .csv; it must not be there yet.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only comments from this day on, or up to it.")
]

app = typer.Typer(name="review", no_args_is_help=True, help="Comments coded by people, to check the models by.")


@app.command()
def sample(
    size: Annotated[int, typer.Option(min=SMALLEST_SAMPLE, max=LARGEST_SAMPLE, help="How many comments to draw.")],
    path: Annotated[
        Path | None,
        typer.Option("--out", help="The sheet to write, .xlsx or .csv; without it, coders code on the web page."),
    ] = None,
    coder: Annotated[
        list[str] | None, typer.Option(help="A coder, by role or initials; once for each. Without it: A and B.")
    ] = None,
    since: Day = None,
    until: Day = None,
    service: Annotated[str | None, typer.Option(help="Only comments of this service, by its id.")] = None,
    conversation: Annotated[str | None, typer.Option(help="Only contributions to this conversation.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**31 - 1, help="Draw as a sample with this seed did.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who draws: a role or initials, no name or address.")] = None,
    as_json: Json = False,
) -> None:
    """Draw comments for people to code, rare kinds over-sampled, into a sheet for each coder."""
    from wordround.review import drawing

    first, last = (None if day is None else day.date() for day in (since, until))
    step(
        lambda settings: drawing.sample(
            settings, size, path, coder or ["A", "B"], seed, by, first, last, service, conversation
        ).model_dump(),
        as_json,
        show_plainly,
    )


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Filled sheets, of coders or of what they have settled.")],
    as_json: Json = False,
) -> None:
    """Take filled sheets in, say what became of each row, and how far the coders agree."""
    from wordround.review import importing

    step(lambda settings: importing.take(settings, files), as_json, _show_imported)


@app.command()
def disagreements(
    path: Out,
    sample: Annotated[
        int | None, typer.Option(min=1, help="The sample; without it, the latest one with codes.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write what coders have to discuss into a sheet, which `review import` takes in when they have settled it."""
    from wordround.review import disagreements as discussed

    step(lambda settings: discussed.write(settings, path, sample).model_dump(), as_json, show_plainly)


def _show_imported(outcome: "Imported") -> None:
    for file in outcome.files:
        parts = {name: count for name, count in file.model_dump().items() if name not in ("file", "rows") and count}
        counted = " + ".join(f"{count:,} {name}" for name, count in parts.items()) or "0"
        out.print(f"{file.file}: {file.rows:,} rows = {counted}", markup=False, highlight=False, soft_wrap=True)
    for state in outcome.samples:
        counts = f"{state.coded:,} coded by two, {state.settled:,} settled, {state.discuss:,} to discuss"
        out.print(f"Sample {state.sample}: {state.comments:,} comments, {counts}", highlight=False)
        if state.agreement:
            _show_agreement(state.agreement)


def _show_agreement(agreed: "Agreed") -> None:
    table = Table(title=f"{', '.join(agreed.coders)}: {agreed.comments:,} comments coded by two or more")
    for column in ("", "used", "Cohen's kappa", "95 %", "Krippendorff's alpha", "95 %"):
        table.add_column(column, justify="right" if column else "left")
    table.add_row("sentiment, 3 classes", "", *_shown(agreed.kappa_of_class), *_shown(agreed.alpha_of_class))
    table.add_row("sentiment, 5 grades in order", "", "", "", *_shown(agreed.alpha_of_grade))
    for one in agreed.themes:
        used = " / ".join(str(one.counts[coder]) for coder in agreed.coders)
        table.add_row(one.label, used, *_shown(one.kappa), *_shown(one.alpha))
    if agreed.is_few:
        table.caption = "Fewer than 100 comments: the intervals are wide, and their ends rough."
    out.print(table)


def _shown(figure: "Coefficient") -> tuple[str, str]:
    from wordround.evaluate.agreement import interval, shown

    return shown(figure.value, ".2f"), interval(figure.low, figure.high, ".2f")
