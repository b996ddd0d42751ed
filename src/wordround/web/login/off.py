"""No login: the page is on this machine alone, shows an invented trust, and whoever opens it may do everything."""

from getpass import getuser

from fastapi import APIRouter
from starlette.requests import Request

from wordround.errors import SettingsInvalid
from wordround.governance import FICTIONAL_TRUST
from wordround.settings import Settings
from wordround.web.people import Person, whoever_sits_here
from wordround.web_access import is_own_machine


class NoLogin:
    """Whoever sits here."""

    can_log_out = False

    def __init__(self, settings: Settings) -> None:
        address = settings.web.address
        if address and not is_own_machine(address):
            raise SettingsInvalid(
                f"[web] login is off, and address is {address}: without a login the page is for this machine alone. "
                'Set login to "oidc" or "proxy", or leave address out.'
            )
        if settings.trust.code != FICTIONAL_TRUST:
            raise SettingsInvalid(
                "[web] login is off: every account of this machine could read the comments of your trust. Without a "
                f'login the page shows the fictional trust of the demo only ({FICTIONAL_TRUST}). Set login to "oidc" '
                'or "proxy".'
            )
        self.router = APIRouter()
        self._person = whoever_sits_here(getuser())

    def person(self, _: Request) -> Person | None:
        """Whoever sits here."""
        return self._person
