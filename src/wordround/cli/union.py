"""`wordround union`: the public figures of several trusts in one file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordround.cli.output import Json, done, show_plainly

if TYPE_CHECKING:
    from wordround.outcomes import Stored

app = typer.Typer()


@app.command()
def union(
    out: Annotated[Path, typer.Option(help="The file to write; it must not be there yet.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="What each trust gives out: published/public/wordround_public.duckdb; else that of every trust here."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Unite the public figures of several trusts in one file, for a region or a nation."""
    done(lambda: _united(files or [], out), as_json, show_plainly)


def _united(files: list[Path], out: Path) -> "Stored":
    from wordround.outcomes import stored
    from wordround.publish.union import files_of_trusts, unite

    named, wrong = (files, []) if files else files_of_trusts()
    united = unite(named, out)
    return stored(united.model_copy(update={"refused": [*wrong, *united.refused]}))
