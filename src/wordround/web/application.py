"""The web page as an application: its pages, how people log in, and what happens when something is wrong."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request
from starlette.formparsers import MultiPartParser
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from wordround import __version__
from wordround.local_airflow import approvals
from wordround.records import store
from wordround.settings import Settings
from wordround.web import sessions
from wordround.web.bodies import Bounded, Larger, Why
from wordround.web.components import ASSETS
from wordround.web.headers import SecurityHeaders
from wordround.web.login import login_of
from wordround.web.pages import routers
from wordround.web.people import SENDS_FILES
from wordround.web.publication import Publications
from wordround.web.reading_ahead import read_ahead
from wordround.web.refusals import Unforeseen, handle_errors, refusal
from wordround.web.uploads import LARGEST, MEGABYTE, Uploads

# A form of this page has some kilobytes. What takes files says so here, by the path that its addresses begin with.
_MOST_BYTES = 1_000_000


def _may_not_send_files(scope: Scope) -> Why | None:
    """Why somebody may send no files, or None."""
    request = Request(scope)
    try:
        person = request.app.state.login.person(request)
    except HTTPException as error:
        return Why(error.status_code, error.detail)
    if person is None:
        return Why(401)
    return None if person.has(*SENDS_FILES) else Why(403, "Your role does not include sending files.")


_LARGER = {
    "/upload": Larger(LARGEST + MEGABYTE, _may_not_send_files),
    "/api/understand": Larger(20 * MEGABYTE),  # which asks for a key before it reads
}


def application(settings: Settings) -> FastAPI:
    """Return the application. Raises SettingsInvalid where the login, or an Airflow that is named, lacks a secret."""
    login = login_of(settings)
    approvals.check(settings)
    publications, uploads = Publications(settings), Uploads()
    # Files that are sent stay in memory: what is larger than one may be is refused, and not put on the disk meanwhile.
    MultiPartParser.spool_max_size = LARGEST + MEGABYTE

    @asynccontextmanager
    async def while_it_runs(_: FastAPI) -> AsyncIterator[None]:
        ended = threading.Event()
        ahead = threading.Thread(target=read_ahead, args=(publications, ended), daemon=True)
        ahead.start()
        with store.kept_open(settings):
            yield
        ended.set()
        ahead.join(timeout=1)
        publications.close()
        uploads.close()

    # No pages of documentation: they would load scripts from elsewhere.
    app = FastAPI(
        title="Wordround", version=__version__, lifespan=while_it_runs, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.settings, app.state.login, app.state.publications = settings, login, publications
    app.state.uploads = uploads
    app.state.ended = sessions.Ended()
    app.include_router(login.router)
    for router in routers():
        app.include_router(router)
    app.mount("/assets", StaticFiles(directory=str(ASSETS)), name="assets")
    handle_errors(app)
    _wrap(app, settings)
    return app


def _wrap(app: FastAPI, settings: Settings) -> None:
    address = urlsplit(settings.web.address or "")
    is_https = address.scheme == "https"
    # The last that is added is the first that a request meets.
    app.add_middleware(Bounded, most_bytes=_MOST_BYTES, elsewhere=_LARGER, refusal=refusal)
    app.add_middleware(Unforeseen)
    app.add_middleware(
        SessionMiddleware, secret_key=sessions.key(settings), session_cookie=sessions.cookie(is_https),
        max_age=settings.web.session_hours * 3600, same_site="lax", https_only=is_https,
    )  # fmt: skip
    # Another site's name that leads to this machine must not open the page in somebody's browser.
    hosts = [address.hostname] if address.hostname else []
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", *hosts], www_redirect=False)
    app.add_middleware(SecurityHeaders, is_https=is_https)
