"""`wordround serve`: the web page, or understanding alone for other pipelines on this machine."""

from enum import StrEnum
from typing import Annotated

import typer

from wordround.cli.output import err, errors_for_people
from wordround.settings import load_settings

app = typer.Typer()

_PORT_OF_UNDERSTANDING = 8790


class Served(StrEnum):
    """What is served."""

    web = "web"
    understanding = "understanding"


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port, else that of the settings.")] = None,
    only: Annotated[
        Served, typer.Option(help="web: the page; understanding: POST /understand, which needs no settings.")
    ] = Served.web,
    of_demo: Annotated[bool, typer.Option("--demo", help="The page of the demo's figures.")] = False,
) -> None:
    """Serve the web page until it is stopped, to this machine alone unless the settings say how people log in."""
    if only is Served.understanding:
        _understanding(port or _PORT_OF_UNDERSTANDING)
        return
    if of_demo:
        from wordround.demo import choose_surroundings

        choose_surroundings()
    _web(port)


def _web(port: int | None) -> None:
    import uvicorn

    from wordround.access import private
    from wordround.web.application import application

    with errors_for_people(), private():
        settings = load_settings()
        page = application(settings)
    socket = settings.web.proxy.socket if settings.web.login == "proxy" else None
    port = port or settings.web.port
    err.print(f"Open {settings.web.address or f'http://127.0.0.1:{port}'}. Stop it with Ctrl+C.")
    # No log of addresses: they hold what people search for.
    uvicorn.run(
        page, uds=str(socket) if socket else None, host="127.0.0.1", port=port, log_level="warning", access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=30, limit_concurrency=200,
    )  # fmt: skip


def _understanding(port: int) -> None:
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
