"""Lays the API beside the web page: figures at `/api`, and understanding at `/api/understand` where it is on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from wordround.api import figures
from wordround.records import api_keys
from wordround.settings import Settings


def add(page: FastAPI, settings: Settings, understanding: FastAPI | None = None) -> None:
    """Add the API to a page; `understanding`: the service of `api.understanding`, which a key opens as well."""
    api = figures.application(settings, page.state.publications)
    if understanding is None:
        page.mount("/api", api)
        return
    _describe(api, understanding)
    page.mount("/api", _Beside(api, understanding, settings))
    before = page.router.lifespan_context

    @asynccontextmanager
    async def both(app: Any) -> AsyncIterator[Any]:
        # What is mounted is not started with the page.
        async with before(app) as state, understanding.router.lifespan_context(understanding):
            yield state

    page.router.lifespan_context = both


class _Beside:
    """Hands `/understand` to the one and all else to the other."""

    def __init__(self, api: ASGIApp, understanding: ASGIApp, settings: Settings) -> None:
        self._api, self._understanding, self._settings = api, understanding, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; understanding only to whoever has a key."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path != "/understand":
            await self._api(scope, receive, send)
        elif await run_in_threadpool(self._has_key, Request(scope)):
            await self._understanding(scope, receive, send)
        else:
            refused = JSONResponse({"detail": "Send a key that is in force."}, 401, {"WWW-Authenticate": "Bearer"})
            await refused(scope, receive, send)

    def _has_key(self, request: Request) -> bool:
        kind, _, key = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and api_keys.holder(self._settings, key.strip()) is not None


def _describe(api: FastAPI, understanding: FastAPI) -> None:
    """Let the one description hold both."""
    found, other = api.openapi(), understanding.openapi()
    found["paths"] |= other["paths"]
    found["components"]["schemas"] |= other["components"]["schemas"]
