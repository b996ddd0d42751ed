"""The verbs of `wordround keys`."""

import typer

from wordround.cli.output import Json, show_plainly, step

app = typer.Typer(name="keys", no_args_is_help=True, help="The keys of the pseudonyms.")


@app.command()
def rotate(as_json: Json = False) -> None:
    """Bring every stored id under a fresh key, or finish a rotation that was cut short, and publish."""
    from wordround import pipeline

    step(pipeline.rotate_keys, as_json, show_plainly)
