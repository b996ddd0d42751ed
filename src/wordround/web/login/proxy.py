"""A login by a proxy, which names who is logged in by headers.

Anybody can send such headers. They count only from a proxy that proves itself: by the socket that only it may open, or
by a secret that it sends along. Without the proof a request is refused, whatever else it carries.
"""

import hmac

from fastapi import APIRouter, HTTPException
from starlette.requests import Request

from wordround.errors import SettingsInvalid
from wordround.settings import Settings
from wordround.web.login.contract import login_name
from wordround.web.people import Person, person

SECRET_HEADER = "X-Wordround-Proxy-Secret"  # noqa: S105  the name of a header
_SHORTEST_SECRET = 16


class ProxyLogin:
    """Whoever the proxy says."""

    can_log_out = False

    def __init__(self, settings: Settings) -> None:
        self.router = APIRouter()
        self._web = settings.web
        secret = settings.environment.proxy_secret
        self._secret = secret.get_secret_value() if secret else None
        if self._secret is None and self._web.proxy.socket is None:
            raise SettingsInvalid(
                "[web] login is proxy, and nothing proves the proxy: set WORDROUND_PROXY_SECRET, which the proxy sends "
                f"as {SECRET_HEADER}, or [web.proxy] socket."
            )
        if self._secret is not None and len(self._secret) < _SHORTEST_SECRET:
            raise SettingsInvalid(f"WORDROUND_PROXY_SECRET: give at least {_SHORTEST_SECRET} characters.")

    def person(self, request: Request) -> Person | None:
        """Whoever the proxy says. Raises HTTPException where it is not the proxy that asks, or it names nobody."""
        if not self._is_proxy(request):
            raise HTTPException(403, "This page is reached through the trust's own address only.")
        names = _values(request, self._web.proxy.user_header)
        name = login_name(names[0]) if len(names) == 1 else None
        if name is None:
            raise HTTPException(403, "The proxy does not say who is logged in.")
        groups = _values(request, self._web.proxy.groups_header)
        if len(groups) > 1:
            # One of them may be the visitor's own, beside which the proxy has put its own.
            raise HTTPException(403, "The proxy does not say clearly in which groups you are.")
        return person(name, (group.strip() for group in ",".join(groups).split(",")), self._web.groups)

    def _is_proxy(self, request: Request) -> bool:
        if self._web.proxy.socket is not None and request.client is not None:
            return False  # it came by the network: nobody is named where it came through the socket
        if self._secret is None:
            return True
        sent = request.headers.getlist(SECRET_HEADER)
        return len(sent) == 1 and hmac.compare_digest(sent[0].encode(), self._secret.encode())


def _values(request: Request, header: str) -> list[str]:
    """What stands in a header, each time that it is sent. Most proxies write names in UTF-8, others in Latin-1."""
    return [_text(value) for name, value in request.headers.raw if name.decode("latin-1") == header.lower()]


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
