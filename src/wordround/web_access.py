"""`[web]`: how people log in to the web page, and what those of a group may see and do there.

Only the answers are here. Roles are the trust's own groups, as the provider of identities or the proxy names them:
Wordround keeps no list of people.
"""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from wordround.governance import Block

Role = Literal["reader", "lead", "analyst", "coder", "approver", "governance"]
ROLES: tuple[Role, ...] = ("reader", "lead", "analyst", "coder", "approver", "governance")


def is_own_machine(address: str) -> bool:
    """Whether an address is one of this machine, which nobody else can open."""
    return urlsplit(address).hostname in ("127.0.0.1", "::1", "localhost")


class Group(Block):
    """One group of people, and what they may see and do."""

    name: str = Field(min_length=1, description="as the provider or the proxy names it")
    roles: Annotated[tuple[Role, ...], Field(min_length=1, description=f"any of {', '.join(ROLES)}")]
    services: tuple[str, ...] = Field(default=(), description="ids of the services that its leads lead")
    known_as: str | None = Field(
        default=None, max_length=60, description="the role that alerts are assigned to, such as quality lead"
    )

    @model_validator(mode="after")
    def _leads_lead_something(self) -> Self:
        if ("lead" in self.roles) != bool(self.services):
            raise ValueError("services: name those of a group whose role is lead, and of no other")
        return self


class Oidc(Block):
    """The trust's provider of identities (OpenID Connect). WORDROUND_OIDC_SECRET is the client's secret."""

    issuer: str = Field(pattern=r"^https?://", description="its address, below which .well-known is found")
    client_id: str = Field(min_length=1, description="Wordround's name at the provider")
    name_claim: str = Field(default="preferred_username", description="the claim that names who logs in")
    groups_claim: str = Field(default="groups", description="the claim that lists their groups")
    scopes: str = Field(default="openid profile", description="what is asked for; it must have openid")

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if not self.issuer.startswith("https://") and not is_own_machine(self.issuer):
            raise ValueError("issuer: must begin with https://, unless it is on this machine")
        if "openid" not in self.scopes.split():
            raise ValueError("scopes: must have openid")
        return self


class Proxy(Block):
    """A proxy that has logged people in before. It proves itself by a socket that only it may open, or by a secret."""

    user_header: str = Field(default="X-Forwarded-User", description="the header that names who is logged in")
    groups_header: str = Field(default="X-Forwarded-Groups", description="the header that lists their groups")
    socket: Path | None = Field(
        default=None, description="the unix socket to listen on; without it WORDROUND_PROXY_SECRET must be set"
    )
    socket_group: str | None = Field(
        default=None, description="the group of this machine that may open the socket too, which the proxy is in"
    )


class Airflow(Block):
    """The Airflow that waits for reports to be approved, where it is not this home's own."""

    address: str = Field(pattern=r"^https?://[^/]+$", description="its address, below which /api/v2 is found")
    user: str = Field(default="wordround", min_length=1, description="its password is WORDROUND_AIRFLOW_PASSWORD")

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if not self.address.startswith("https://") and not is_own_machine(self.address):
            raise ValueError("address: must begin with https://, unless it is on this machine")
        return self


class Web(Block):
    """The web page."""

    login: Literal["off", "oidc", "proxy"] = Field(
        default="off", description="off: whoever sits at this machine may do everything, and nobody else reaches it"
    )
    address: str | None = Field(
        default=None, pattern=r"^https?://[^/]+$", description="where people open it; else this machine alone"
    )
    port: int = Field(default=8790, ge=1, le=65535, description="the port on this machine")
    contact: str | None = Field(
        default=None, max_length=200, description="whom people ask for access, as the page names it to who has none"
    )
    session_hours: int = Field(default=10, ge=1, le=24, description="after which a person logs in again")
    groups: tuple[Group, ...] = ()
    oidc: Oidc | None = None
    proxy: Proxy = Field(default_factory=Proxy)
    airflow: Airflow | None = Field(default=None, description="else the Airflow of this home, where it runs")
    understanding: bool = Field(default=False, description="serve POST /api/understand")

    @model_validator(mode="after")
    def _can_log_in(self) -> Self:
        if self.login == "oidc" and self.oidc is None:
            raise ValueError("login is oidc: [web.oidc] must say at which provider")
        if self.login == "oidc" and self.address is None:
            raise ValueError("login is oidc: address must say where people come back to")
        if self.address and not self.address.startswith("https://") and not is_own_machine(self.address):
            raise ValueError("address: must begin with https://, unless it is on this machine")
        names = [each.name for each in self.groups]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"[[web.groups]]: the name {twice[0]!r} stands twice")
        return self
