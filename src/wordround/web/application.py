"""The web page as an application: its pages, how people log in, and what happens when something is wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.formparsers import MultiPartParser
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from wordround import __version__
from wordround.errors import NothingPublished, WordroundError
from wordround.settings import Settings
from wordround.web import sessions
from wordround.web.components import ASSETS
from wordround.web.headers import SecurityHeaders
from wordround.web.login import login_of
from wordround.web.pages import routers
from wordround.web.publication import Publications
from wordround.web.uploads import LARGEST, MEGABYTE, Uploads
from wordround.web.visits import NotLoggedIn, rendered, to_login

_TITLES = {
    400: "This is not a page of ours",
    403: "You may not see this",
    404: "Page not found",
    409: "Somebody was faster",
    422: "Something in the address or the form cannot be read",
    429: "Too many tries",
    503: "Not available just now",
}


def application(settings: Settings) -> FastAPI:
    """Return the application. Raises SettingsInvalid where the login lacks a secret."""
    login = login_of(settings)
    publications, uploads = Publications(settings), Uploads()
    # Files that are sent stay in memory: what is larger than one may be is refused, and not put on the disk meanwhile.
    MultiPartParser.spool_max_size = LARGEST + MEGABYTE

    @asynccontextmanager
    async def while_it_runs(_: FastAPI) -> AsyncIterator[None]:
        yield
        publications.close()
        uploads.close()

    # No pages of documentation: they would load scripts from elsewhere.
    app = FastAPI(
        title="Wordround", version=__version__, lifespan=while_it_runs, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.settings, app.state.login, app.state.publications = settings, login, publications
    app.state.uploads = uploads
    app.include_router(login.router)
    for router in routers():
        app.include_router(router)
    app.mount("/assets", StaticFiles(directory=str(ASSETS)), name="assets")
    _handle_errors(app)
    _wrap(app, settings)
    return app


def _wrap(app: FastAPI, settings: Settings) -> None:
    address = urlsplit(settings.web.address or "")
    is_https = address.scheme == "https"
    issuer = urlsplit(settings.web.oidc.issuer) if settings.web.login == "oidc" and settings.web.oidc else None
    app.add_middleware(
        SessionMiddleware, secret_key=sessions.key(settings), session_cookie=sessions.COOKIE,
        max_age=settings.web.session_hours * 3600, same_site="lax", https_only=is_https,
    )  # fmt: skip
    # Another site's name that leads to this machine must not open the page in somebody's browser.
    hosts = [address.hostname] if address.hostname else []
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", *hosts], www_redirect=False)
    app.add_middleware(
        SecurityHeaders, is_https=is_https, providers=f"{issuer.scheme}://{issuer.netloc}" if issuer else ""
    )


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(NotLoggedIn)
    async def not_logged_in(request: Request, _: NotLoggedIn) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": "Log in first."}, 401)
        return to_login(request)

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        says = error.detail if isinstance(error, HTTPException) and error.detail else ""
        return _said(request, error.status_code, says)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        # The names of what is wrong, and never what was sent.
        names = sorted({str(one["loc"][-1]) for one in error.errors()})
        return _said(request, 422, f"Not readable: {', '.join(names)}.")

    @app.exception_handler(NothingPublished)
    async def nothing_published(request: Request, _: NothingPublished) -> Response:
        return _said(request, 503, "Nothing has been published yet. Load comments, build and publish first.")

    @app.exception_handler(WordroundError)
    async def failed(request: Request, error: WordroundError) -> Response:
        return _said(request, 503, str(error).splitlines()[0])

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        return _said(request, 500, f"The page could not be made ({type(error).__name__}). Nothing was written.")


def _said(request: Request, status: int, says: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": says or _TITLES.get(status, "Refused")}, status)
    title = _TITLES.get(status, "Something went wrong")
    settings = request.app.state.settings
    page = rendered(request, settings, None, "error.html.j2", title=title, says=says, status=status)
    return HTMLResponse(page, status)
