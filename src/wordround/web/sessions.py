"""Sessions: a signed cookie that says who logged in, and the token by which a form shows that it is the page's own.

The cookie is signed and not sealed: it holds a login and groups, and nothing that its owner may not read. It ends with
the hours of the settings, is made anew at each login, and is refused everywhere once the key is made anew.
"""

import hmac
import os
import secrets
from typing import Any

from starlette.requests import Request

from wordround.settings import Settings

COOKIE = "wordround"
_TOKEN, _WHO = "form", "who"


def key(settings: Settings) -> str:
    """The key that signs sessions: of the environment, else of a file that is made where there is none."""
    if settings.environment.web_key is not None:
        return settings.environment.web_key.get_secret_value()
    path = settings.home / "keys" / "web.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


def begin(request: Request, name: str, groups: list[str]) -> None:
    """Begin a session for somebody who has logged in; nothing of a session before it is kept."""
    request.session.clear()
    request.session[_WHO] = {"name": name, "groups": groups}


def end(request: Request) -> None:
    """End the session."""
    request.session.clear()


def who(request: Request) -> tuple[str, list[str]] | None:
    """The login and the groups of the session; None where nobody has logged in."""
    found: Any = request.session.get(_WHO)
    if not isinstance(found, dict):
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
