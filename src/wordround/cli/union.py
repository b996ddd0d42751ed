"""`wordround union`: the public figures of several trusts in one file."""

from pathlib import Path
from typing import Annotated

import typer

from wordround.cli.output import Json, done, show_plainly

app = typer.Typer()


@app.command()
def union(
    files: Annotated[
        list[Path], typer.Argument(help="What each trust gives out: published/public/wordround_public.duckdb.")
    ],
    out: Annotated[Path, typer.Option(help="The file to write; it must not be there yet.")],
    as_json: Json = False,
) -> None:
    """Unite the public figures of several trusts in one file, for a region or a nation."""
    from wordround.outcomes import stored
    from wordround.publish.union import unite

    done(lambda: stored(unite(files, out)), as_json, show_plainly)
