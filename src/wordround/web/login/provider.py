"""The trust's provider of identities, asked by Authlib, which checks state, nonce, signature, times and audience.

What it says of itself is read at the first login and not before: a provider that cannot be reached stops nobody who is
logged in, and not the page. What cannot be asked is logged by its kind, without addresses, codes or names.
"""

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from authlib.integrations.base_client import OAuthError
from fastapi import HTTPException
from joserfc.errors import JoseError
from starlette.requests import Request

from wordround.errors import SettingsInvalid
from wordround.settings import Settings
from wordround.web_access import is_own_machine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that another library will take httpx's place is said to whoever starts the page
    from authlib.integrations.starlette_client import OAuth

log = logging.getLogger(__name__)

_SECONDS, _SKEW_SECONDS = 10, 120
# What a log may repeat: names of the standard. What stands in their place in an address may be anything.
_CODES = (
    "access_denied", "invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "login_required",
    "mismatching_state", "server_error", "temporarily_unavailable", "unauthorized_client", "unsupported_response_type",
)  # fmt: skip
_SIGNATURES = ("RS", "PS", "ES", "Ed")  # by a key of the provider's, and none by a secret that is shared, or by nothing
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint")
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, OAuthError, JoseError, ValueError, RuntimeError, KeyError, TypeError)


class LoginRefused(Exception):
    """The provider refused the login, or what came back is not the answer to a question of this browser."""


class Provider:
    """The provider of [web.oidc]. Raises SettingsInvalid where the secret is missing."""

    def __init__(self, settings: Settings) -> None:
        oidc, secret = settings.web.oidc, settings.environment.oidc_secret
        if oidc is None or secret is None or not secret.get_secret_value():
            raise SettingsInvalid(
                "[web] login is oidc: set WORDROUND_OIDC_SECRET, the client's secret at the provider."
            )
        self._oidc, self._address = oidc, str(settings.web.address)
        self._client = OAuth().register(
            "provider",
            client_id=oidc.client_id,
            client_secret=secret.get_secret_value(),
            server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": oidc.scopes, "code_challenge_method": "S256", "timeout": _SECONDS},
        )

    async def login_address(self, request: Request) -> str:
        """Where the browser logs in; the question is kept in the session. Raises HTTPException (503)."""
        with _asked():
            await self._described()
            response = await self._client.authorize_redirect(request, f"{self._address}/login/back")
        return str(response.headers["location"])

    async def claims(self, request: Request) -> dict[str, Any]:
        """What the provider says of who comes back, in the identity token or, of what that leaves out, when asked.

        Raises LoginRefused, HTTPException (503).
        """
        if not await self._client.framework.get_state_data(request.session, request.query_params.get("state", "")):
            raise LoginRefused(_NOT_OURS)  # before anybody is asked: guesses cost the provider nothing
        with _asked():
            described = await self._described()
            try:
                answer = await self._client.authorize_access_token(request, leeway=_SKEW_SECONDS)
                claims = dict(answer.get("userinfo") or {})
                if not claims.get("sub"):
                    raise LoginRefused(_NOT_OURS)
                if not {self._oidc.name_claim, self._oidc.groups_claim} <= claims.keys() and (
                    "userinfo_endpoint" in described
                ):
                    more = await self._client.userinfo(token=answer)
                    if more.get("sub") != claims["sub"]:
                        raise LoginRefused(_NOT_OURS)
                    claims = {**more, **claims}
            except (OAuthError, JoseError) as error:
                code = getattr(error, "error", None)
                log.warning("Login: refused (%s).", code if code in _CODES else type(error).__name__)
                raise LoginRefused(_NOT_OURS) from None
        return claims

    async def logout_address(self, request: Request) -> str | None:
        """Where the provider's own session is ended; None where it has no such place or cannot be asked."""
        try:
            with _asked():
                if "end_session_endpoint" not in await self._described():
                    return None
                back = f"{self._address}/logged-out"
                made = await self._client.create_logout_url(back, client_id=self._oidc.client_id)
        except HTTPException:
            return None
        return str(made["url"])

    async def _described(self) -> Mapping[str, Any]:
        """What the provider says of itself. Raises ValueError where it is another, or would send secrets unsealed."""
        found: dict[str, Any] = await self._client.load_server_metadata()
        if str(found.get("issuer")).rstrip("/") != self._oidc.issuer.rstrip("/"):
            found.clear()
            raise ValueError("another issuer")
        unsafe = [name for name in _ADDRESSES if name in found and not _is_safe(str(found[name]))]
        if unsafe or not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= found.keys():
            found.clear()
            raise ValueError("addresses")
        signed_by = found.get("id_token_signing_alg_values_supported", [])
        found["id_token_signing_alg_values_supported"] = [
            each for each in signed_by if each.startswith(_SIGNATURES)
        ] or ["RS256"]
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" not in methods and "client_secret_post" in methods:
            self._client.client_kwargs["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105  a way
        return found


_NOT_OURS = "The login did not succeed, or its address was opened a second time. Log in anew."


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        log.warning("Login: the provider of identities cannot be asked (%s).", type(error).__name__)
        raise HTTPException(503, "Your trust's login cannot be reached. Try again in a few minutes.") from None


def _is_safe(address: str) -> bool:
    return address.startswith("https://") or is_own_machine(address)
