"""What is answered where a request is refused or fails: one sentence, which never repeats what was sent."""

import logging
from pathlib import PurePath
from traceback import extract_tb

from fastapi import FastAPI, HTTPException, Request
from fastapi.dependencies.utils import get_flat_dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wordround.errors import NothingPublished, WordroundError
from wordround.web import account
from wordround.web.bodies import Why
from wordround.web.visits import NoRole, NotLoggedIn, rendered, to_login, visitor

log = logging.getLogger(__name__)

_TITLES = {
    400: "This is not a page of ours",
    401: "Your session has ended",
    403: "You may not see or do this",
    404: "Page not found",
    408: "This took too long to arrive",
    409: "Somebody was faster",
    413: "This is too large",
    422: "Something in the address or the form cannot be read",
    429: "Too many tries",
    503: "Not available just now",
}
_BODIES = {
    401: "Nothing was written. Log in and send the form again.",
    408: "What was sent did not arrive in time. Nothing was written.",
    413: "More was sent than this page takes. Nothing was written.",
}


class Unforeseen:
    """Answers what no handler foresaw, and logs its kind and place: what it says may quote a comment."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001  whatever it is costs this request alone
            kind = type(error).__name__
            places = [f"{PurePath(each.filename).name}:{each.lineno}" for each in extract_tb(error.__traceback__)[-3:]]
            log.error("A page could not be made: %s at %s.", kind, ", ".join(places))
            if not has_begun:
                says = f"The page could not be made ({kind}). Tell whoever runs Wordround."
                await answer(Request(scope), 500, says)(scope, receive, send)


def handle_errors(app: FastAPI) -> None:
    """Give the application an answer to each kind of error."""

    @app.exception_handler(NotLoggedIn)
    async def not_logged_in(request: Request, _: NotLoggedIn) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": "Log in first."}, 401)
        if request.method not in ("GET", "HEAD"):
            return answer(request, 401, "Nothing was written. Log in and send the form again.")
        return to_login(request)

    @app.exception_handler(NoRole)
    async def no_role(request: Request, _: NoRole) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": "You belong to no group that may see this."}, 403)
        return account.page(request, visitor(request), 403)

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        says = error.detail if isinstance(error, HTTPException) and error.detail else ""
        return answer(request, error.status_code, says, error.headers)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        names = ", ".join(_own_names(request, error)) or "what was sent"
        return answer(request, 422, f"Not readable: {names}.")

    @app.exception_handler(NothingPublished)
    async def nothing_published(request: Request, _: NothingPublished) -> Response:
        return answer(request, 503, "Nothing has been published yet. Load comments, build and publish first.")

    @app.exception_handler(WordroundError)
    async def failed(request: Request, error: WordroundError) -> Response:
        return answer(request, 503, str(error).splitlines()[0])


def refusal(scope: Scope, why: Why) -> Response:
    """The answer to a body that is not taken."""
    return answer(Request(scope), why.status, why.says or _BODIES[why.status])


def answer(request: Request, status: int, says: str, headers: object = None) -> Response:
    """A page, or what a program reads, that says why there is nothing else."""
    kept = dict(headers) if isinstance(headers, dict) else {}
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": says or _TITLES.get(status, "Refused")}, status, kept)
    title, settings = _TITLES.get(status, "Something went wrong"), request.app.state.settings
    page = rendered(request, settings, None, "error.html.j2", title=title, says=says, status=status)
    return HTMLResponse(page, status, kept)


def _own_names(request: Request, error: RequestValidationError) -> list[str]:
    """The names of what is wrong, as far as they are ours: a name can be sent too."""
    dependant = getattr(request.scope.get("route"), "dependant", None)
    if dependant is None:
        return []
    every = get_flat_dependant(dependant)
    ours = {
        field.alias
        for fields in (every.path_params, every.query_params, every.header_params, every.body_params)
        for field in fields
    }
    return sorted(ours & {str(part) for one in error.errors() for part in one["loc"]})
