"""`wordround dictionary`: the pages of the documentation that are made from the dbt project."""

from typing import Annotated

import typer

from wordround.cli.output import show_plainly, step

app = typer.Typer()


@app.command()
def dictionary(
    check: Annotated[bool, typer.Option(help="Fail when the pages are stale instead of writing them.")] = False,
) -> None:
    """Write the data dictionary, the page of sources (in a clone) and dbt's page of every model and its origins."""
    from wordround.build.dictionary import write

    step(lambda settings: write(settings, check=check), False, show_plainly)
