"""`wordround serve`: the web page, or understanding alone for other pipelines on this machine."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from wordround.cli.output import err, errors_for_people

if TYPE_CHECKING:
    from fastapi import FastAPI

app = typer.Typer()

_PORT_OF_UNDERSTANDING = 8790
_AT_ONCE = 200  # connections: whoever is one more is told to come back


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
    on_all_addresses: Annotated[
        bool, typer.Option("--all-addresses", help="In a container: listen on all of its addresses. Needs a login.")
    ] = False,
) -> None:
    """Serve the web page until it is stopped, to this machine alone unless the settings say how people log in."""
    if only is Served.understanding:
        if on_all_addresses:
            raise typer.BadParameter("understanding asks for no login, and listens on this machine alone")
        _understanding(port or _PORT_OF_UNDERSTANDING)
        return
    if of_demo:
        from wordround.demo import choose_surroundings

        choose_surroundings()
    _web(port, on_all_addresses)


def _web(port: int | None, on_all_addresses: bool) -> None:
    import uvicorn

    from wordround.access import private
    from wordround.api import serving
    from wordround.settings import load_settings
    from wordround.web.application import application
    from wordround.web.listening import listening

    with private():
        with errors_for_people():
            settings = load_settings()
            page = application(settings)
            serving.add(page, settings, _understanding_service() if settings.web.understanding else None)
            place = listening(settings, port, on_all_addresses=on_all_addresses)
        name = place.getsockname()
        if isinstance(name, tuple):
            err.print(f"Open {settings.web.address or f'http://{name[0]}:{name[1]}'}. Stop it with Ctrl+C.")
        else:
            err.print(f"The proxy reaches the page at {name}. Stop it with Ctrl+C.")
        # No log of addresses: they hold what people search for. h11, because it bounds what headers may hold.
        config = uvicorn.Config(
            page, http="h11", log_level="warning", access_log=False, server_header=False, proxy_headers=False,
            timeout_keep_alive=30, limit_concurrency=_AT_ONCE, timeout_graceful_shutdown=10,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[place])


def _understanding_service() -> "FastAPI":
    from wordround.api.understanding import application
    from wordround.registers.frames import frames
    from wordround.registers.models import comments_model
    from wordround.understand.annotating import Annotating

    return application(Annotating(frames(), comments_model()))


def _understanding(port: int) -> None:
    import uvicorn

    with errors_for_people():
        service = _understanding_service()
    err.print(
        f"POST comments to http://127.0.0.1:{port}/understand; its form is at /openapi.json. Stop it with Ctrl+C."
    )
    uvicorn.run(service, host="127.0.0.1", port=port, log_level="warning")
