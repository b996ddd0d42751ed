"""The verbs of backups: backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from wordround.cli.output import Json, show_plainly, step

app = typer.Typer()


@app.command()
def backup(
    place: Annotated[Path, typer.Argument(help="A folder, or a new file whose name ends in .tar; outside the home.")],
    keys: Annotated[
        Path | None, typer.Option(help="Where the archive of the keys goes; without it, beside the other.")
    ] = None,
    keep_days: Annotated[
        int | None, typer.Option(min=1, help="Remove backups of this home that are older than so many days.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write what cannot be made again (landing, warehouse, records, keys ...) to a file, while other runs wait."""
    from wordround import pipeline

    step(lambda settings: pipeline.back_up(settings, place, keys, keep_days), as_json, show_plainly)


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="The file of a backup.")],
    keys: Annotated[
        Path | None, typer.Option(help="The archive of its keys; without it, the one beside the backup.")
    ] = None,
    erasures: Annotated[
        Path | None,
        typer.Option(help="The folder `erasure` of the lost home; without it, the file .erased beside the backup."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Fill an empty data home from a backup, erase again what was erased since it was made, and publish."""
    from wordround import pipeline

    step(lambda settings: pipeline.restore(settings, backup, keys, erasures), as_json, show_plainly)
