"""`wordround serve`: understanding for other pipelines on this machine."""

from typing import Annotated

import typer

from wordround.cli.output import err, errors_for_people

app = typer.Typer()


@app.command()
def serve(port: Annotated[int, typer.Option(min=1, max=65535, help="The port, on loopback.")] = 8790) -> None:
    """Answer POST /understand on this machine until it is stopped: what `wordround annotate` does, over HTTP."""
    import uvicorn

    from wordround.api.understanding import application
    from wordround.registers.frames import frames
    from wordround.registers.models import comments_model
    from wordround.understand.annotating import Annotating

    with errors_for_people():
        service = application(Annotating(frames(), comments_model()))
    err.print(
        f"POST comments to http://127.0.0.1:{port}/understand; its form is at /openapi.json. Stop it with Ctrl+C."
    )
    uvicorn.run(service, host="127.0.0.1", port=port, log_level="warning")
