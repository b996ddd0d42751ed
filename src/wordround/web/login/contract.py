"""What each way to log in has to do."""

from typing import Protocol

from fastapi import APIRouter
from starlette.requests import Request

from wordround.web.people import Person

_LONGEST_NAME = 200


class Login(Protocol):
    """A way to log in. `router`: its pages; `can_log_out`: whether logging out is up to us."""

    router: APIRouter
    can_log_out: bool

    def person(self, request: Request) -> Person | None:
        """Who visits; None where nobody has logged in."""
        ...


def login_name(given: object) -> str | None:
    """A login as it is shown and kept; None where what was given names nobody."""
    name = given.strip() if isinstance(given, str) else ""
    return name if name and name.isprintable() and len(name) <= _LONGEST_NAME else None
