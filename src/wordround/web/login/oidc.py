"""A login at the trust's provider of identities: OpenID Connect, by the code flow with PKCE.

The provider is asked by `provider`. Only the login and the groups that mean something here are kept, in the session.

To the provider a browser goes from a page of ours, and is not sent on by the answer to a form: what a form leads to
must stay with this page (form-action), and providers send people on to others.
"""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import Request

from wordround.settings import Settings
from wordround.web import sessions
from wordround.web.login.contract import login_name
from wordround.web.login.provider import LoginRefused, Provider
from wordround.web.people import Person, person
from wordround.web.rates import Rate
from wordround.web.visits import LOGIN_ENDED, is_own_address, rendered

_LONGEST_ADDRESS = 1_000  # a cookie holds 4,096
_OWN_PAGES = ("/login", "/logout", "/logged-out")


class OidcLogin:
    """Whoever the session says, which the provider began."""

    can_log_out = True

    def __init__(self, settings: Settings) -> None:
        self._settings, self._web = settings, settings.web
        self._provider = Provider(settings)
        # A ward's computers share an address, and begin the day at the same time: two requests a login.
        self._rate = Rate(each=60, together=600)
        self.router = APIRouter()
        self.router.add_api_route("/login", self._begin, methods=["GET"])
        self.router.add_api_route("/login/back", self._come_back, methods=["GET"])
        self.router.add_api_route("/logout", self._log_out, methods=["POST"])
        self.router.add_api_route("/logged-out", self._logged_out, methods=["GET"])

    def person(self, request: Request) -> Person | None:
        """Who the session says has logged in."""
        found = sessions.who(request)
        return None if found is None else person(*found, self._web.groups)

    async def _begin(self, request: Request, to: str = "/") -> Response:
        self._rate.refuse(request)
        request.session["to"] = own_page(to)
        address = await self._provider.login_address(request)
        return self._onward(request, address, "Going to your trust's login", "Log in")

    async def _come_back(self, request: Request) -> Response:
        self._rate.refuse(request)
        to = own_page(str(request.session.get("to", "/")))
        try:
            claims = await self._provider.claims(request)
        except LoginRefused as refused:
            # Another tab was faster, or the address was opened again: whoever is logged in stays so.
            if sessions.who(request):
                return RedirectResponse("/", 303)
            raise HTTPException(403, str(refused)) from None
        oidc = self._settings.web.oidc
        assert oidc is not None  # noqa: S101  the settings have it where the login is oidc
        name, groups = login_name(claims.get(oidc.name_claim)), claims.get(oidc.groups_claim, [])
        if name is None:
            raise HTTPException(403, f"The provider does not say who you are: it gives no {oidc.name_claim}.")
        groups = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        known = {group.name for group in self._web.groups}
        # Of the groups only those that mean something here: a cookie is small, and the others are none of our business.
        theirs = sorted(known & {str(group) for group in groups})
        sessions.begin(request, name, theirs, self._web.session_hours)
        return RedirectResponse(to, 303)

    async def _log_out(self, request: Request, form_token: Annotated[str, Form()] = "") -> Response:
        if sessions.who(request) is None:
            return RedirectResponse("/logged-out", 303)
        if not sessions.is_own_form(request, form_token):
            raise HTTPException(403, LOGIN_ENDED)
        sessions.end(request)
        address = await self._provider.logout_address(request)
        if address is None:
            return RedirectResponse("/logged-out", 303)
        return self._onward(request, address, "You have logged out of Wordround", "Log out of your trust's login too")

    def _logged_out(self, request: Request) -> HTMLResponse:
        return HTMLResponse(self._page(request, "You have logged out", "/", "Log in again"))

    def _onward(self, request: Request, address: str, title: str, words: str) -> HTMLResponse:
        """A page that goes to the provider by itself, and by its link where a browser does not."""
        page = self._page(request, title, address, words)
        return HTMLResponse(page, headers={"Refresh": f"0; url={address}"})

    def _page(self, request: Request, title: str, address: str, words: str) -> str:
        return rendered(request, self._settings, None, "onward.html.j2", title=title, address=address, words=words)


def own_page(to: str) -> str:
    """A page of ours to go to after the login, whatever was asked for."""
    is_of_login = to.partition("?")[0].rstrip("/") in _OWN_PAGES or to.startswith("/login/")
    return to if is_own_address(to) and not is_of_login and len(to) <= _LONGEST_ADDRESS else "/"
