"""Sessions: a signed cookie that says who logged in, and the token by which a form shows that it is the page's own.

The cookie is signed and not sealed: it holds a login and groups, and nothing that its owner may not read. It ends so
many hours after the login, however much it is used, is made anew at each login, and is refused everywhere once the key
is made anew. Of sessions that were ended before, a copy of the cookie is refused for as long as this process runs.
"""

import hmac
import secrets
import time
from typing import Any

from starlette.requests import Request

from wordround.access import KEY_BYTES, own_secret, parse_key
from wordround.settings import Settings

_TOKEN, _WHO = "form", "who"


def cookie(is_https: bool) -> str:
    """The name of the cookie. By `__Host-` a browser takes it from this very host, and from no neighbour."""
    return "__Host-wordround" if is_https else "wordround"


def key(settings: Settings) -> str:
    """The key that signs sessions: of the environment, else of a file that is made where there is none.

    Raises SettingsInvalid for one that could be guessed or read.
    """
    given, path = settings.environment.web_key, settings.home / "keys" / "web.key"
    if given is not None:
        return parse_key(given.get_secret_value(), "the environment variable WORDROUND_WEB_KEY").hex()
    return parse_key(own_secret(path, secrets.token_hex(KEY_BYTES)), str(path)).hex()


class Ended:
    """Sessions that were ended before their time, each until it would have ended by itself."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def add(self, session: str, until: float) -> None:
        """Remember one, and forget those whose time is over."""
        self._until = {**{each: end for each, end in self._until.items() if end > time.time()}, session: until}

    def __contains__(self, session: object) -> bool:
        return session in self._until


def begin(request: Request, name: str, groups: list[str], hours: int) -> None:
    """Begin a session for somebody who has logged in; nothing of a session before it is kept."""
    end(request)
    request.session[_WHO] = {
        "name": name, "groups": groups, "id": secrets.token_urlsafe(12), "until": int(time.time()) + hours * 3600
    }  # fmt: skip


def end(request: Request) -> None:
    """End the session."""
    found = request.session.get(_WHO)
    if isinstance(found, dict):
        request.app.state.ended.add(str(found["id"]), float(found["until"]))
    request.session.clear()


def who(request: Request) -> tuple[str, list[str]] | None:
    """The login and the groups of the session; None where nobody has logged in, or it has ended."""
    found: Any = request.session.get(_WHO)
    if not isinstance(found, dict) or found["until"] <= time.time() or found["id"] in request.app.state.ended:
        return None
    return str(found["name"]), [str(group) for group in found["groups"]]


def token(request: Request) -> str:
    """The token that the forms of this session carry."""
    if _TOKEN not in request.session:
        request.session[_TOKEN] = secrets.token_urlsafe(24)
    return str(request.session[_TOKEN])


def is_own_form(request: Request, sent: str) -> bool:
    """Whether what was sent came from a form of this session."""
    known = request.session.get(_TOKEN)
    return isinstance(known, str) and hmac.compare_digest(known.encode(), sent.encode())
