"""No login: the page is on this machine alone, and whoever sits at it may do everything."""

from getpass import getuser

from fastapi import APIRouter
from starlette.requests import Request

from wordround.web.people import Person, whoever_sits_here


class NoLogin:
    """Whoever sits here."""

    can_log_out = False

    def __init__(self) -> None:
        self.router = APIRouter()
        self._person = whoever_sits_here(getuser())

    def person(self, _: Request) -> Person | None:
        """Whoever sits here."""
        return self._person
