"""A login at the trust's provider of identities: OpenID Connect, by the code flow with PKCE.

Authlib asks the provider, checks state, nonce and signature, and gives the claims. Only the login and the groups are
kept, in the session.
"""

import logging
from urllib.parse import urlsplit

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from wordround.errors import SettingsInvalid
from wordround.settings import Settings
from wordround.web import sessions
from wordround.web.people import Person, person

log = logging.getLogger(__name__)


class OidcLogin:
    """Whoever the session says, which the provider began."""

    can_log_out = True

    def __init__(self, settings: Settings) -> None:
        oidc, secret = settings.web.oidc, settings.environment.oidc_secret
        if oidc is None or secret is None:
            raise SettingsInvalid(
                "[web] login is oidc: set WORDROUND_OIDC_SECRET, the client's secret at the provider."
            )
        self._web, self._oidc = settings.web, oidc
        clients = OAuth()
        self._client = clients.register(
            "provider",
            client_id=oidc.client_id,
            client_secret=secret.get_secret_value(),
            server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": oidc.scopes, "code_challenge_method": "S256", "timeout": 10},
        )
        self.router = APIRouter()
        self.router.add_api_route("/login", self._begin, methods=["GET"])
        self.router.add_api_route("/login/back", self._come_back, methods=["GET"])

    def person(self, request: Request) -> Person | None:
        """Who the session says has logged in."""
        found = sessions.who(request)
        return None if found is None else person(*found, self._web.groups)

    async def _begin(self, request: Request, to: str = "/") -> Response:
        request.session["to"] = _own_page(to)
        try:
            response: Response = await self._client.authorize_redirect(request, f"{self._web.address}/login/back")
        except (httpx.HTTPError, OAuthError, ValueError) as error:
            raise _unreachable(error) from None
        return response

    async def _come_back(self, request: Request) -> Response:
        to = _own_page(str(request.session.get("to", "/")))
        try:
            answer = await self._client.authorize_access_token(request)
        except OAuthError:
            # State, nonce or code is not ours, or the person was refused there: begin anew, with nothing of it kept.
            sessions.end(request)
            raise HTTPException(403, "The login did not succeed. Open the page again to log in anew.") from None
        except (httpx.HTTPError, ValueError) as error:
            raise _unreachable(error) from None
        claims = answer.get("userinfo") or {}
        name, groups = claims.get(self._oidc.name_claim), claims.get(self._oidc.groups_claim, [])
        if not isinstance(name, str) or not name.strip():
            raise HTTPException(403, f"The provider does not say who you are: it gives no {self._oidc.name_claim}.")
        groups = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        known = {group.name for group in self._web.groups}
        # Of the groups only those that mean something here: a cookie is small, and the others are none of our business.
        sessions.begin(request, name.strip(), sorted(known & {str(group) for group in groups}))
        return RedirectResponse(to, 303)


def _own_page(to: str) -> str:
    """A page of ours to go to, whatever was asked for."""
    parts = urlsplit(to)
    is_own = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return to if is_own and to.isprintable() else "/"


def _unreachable(error: Exception) -> HTTPException:
    log.warning("Login: the provider of identities cannot be asked (%s).", type(error).__name__)
    return HTTPException(503, "Your trust's login cannot be reached. Try again in a few minutes.")
