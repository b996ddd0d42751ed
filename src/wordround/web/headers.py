"""What every answer carries so that a browser runs and shows nothing but this page's own, and keeps none of it."""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'nonce-{nonce}'; script-src 'self' 'nonce-{nonce}'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_MONTH = 2_592_000
_OF_A_FILE = (200, 206, 304)


class SecurityHeaders:
    """Gives each request a nonce for its script, and each answer its headers."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app, self._is_https = app, is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers on what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        is_asset = scope["path"].startswith("/assets/")

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A file that is shown as it was made has a policy of its own, and a stricter one.
                headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=nonce))
                headers.update(_HEADERS)
                if self._is_https:
                    headers["Strict-Transport-Security"] = f"max-age={_MONTH}"
                # Pages hold comments: they are not kept where the next person at the machine finds them. Where an asset
                # is not there, the answer is a page too, with a cookie.
                is_kept = is_asset and message["status"] in _OF_A_FILE
                headers["Cache-Control"] = f"public, max-age={_MONTH}" if is_kept else "no-store"
            await send(message)

        await self._app(scope, receive, answered)
