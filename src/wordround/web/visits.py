"""One visit: who it is, which publication it reads, and how its page is made.

A handler asks for a `Visit` and gets one only where somebody is logged in; `needs` asks for a role as well. Forms are
taken only with the token of their session.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

import duckdb
from fastapi import Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from wordround.alerts.actions import Who
from wordround.settings import Settings
from wordround.web import sessions
from wordround.web.components import environment
from wordround.web.people import Person
from wordround.web.publication import Build, Publications
from wordround.web_access import Role

# The largest number that the records hold.
LAST_ID = 2**63 - 1
LOGIN_ENDED = "Your session has ended, or the form is not one of this page. Open the page again; nothing was written."


class NotLoggedIn(Exception):
    """Nobody is logged in. The visitor is sent to the login and comes back."""


class NoRole(Exception):
    """Somebody is logged in who may see nothing. They are told whom to ask."""


@dataclass(frozen=True)
class Kept:
    """The content of a page that was made once: what stands before it, and itself."""

    title: str
    before: Markup
    content: Markup


@dataclass(frozen=True)
class Visit:
    """A visit. `build` is the publication that all of it reads, `connection` its own connection to it."""

    request: Request
    settings: Settings
    person: Person
    build: Build
    connection: duckdb.DuckDBPyConnection

    @property
    def indexed(self) -> duckdb.DuckDBPyConnection:
        """The same connection, once its comments can be looked for by what is known of them, and by their ids."""
        self.build.make_index()
        return self.connection

    @property
    def who(self) -> Who:
        """Who acts, as the records hold it."""
        return Who(self.person.name, is_login=True)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page."""
        about = self.build.published
        return HTMLResponse(
            rendered(self.request, self.settings, self.person, template, published=about, **values), status
        )

    def kept_page(
        self, template: str, name: str, values: Callable[[], dict[str, Any]], whole: str = "kept.html.j2", **more: Any
    ) -> HTMLResponse:
        """Return a page whose content follows from the publication alone, made at the first look.

        name: of its address. Whoever has other roles or services has a page of their own. `whole`: the template
        around it, with `more` of what can change at any time, such as records.
        """
        about = self.person.roles, self.person.services

        def make() -> Kept:
            given = {
                "layout": "parts.html.j2",
                "settings": self.settings,
                "published": self.build.published,
                **values(),
            }
            # The mark cannot come from data: the templates escape it.
            before, _, content = environment().get_template(template).render(given).partition("<!--content-->")
            return Kept(given["title"], Markup(before), Markup(content))  # noqa: S704  both are made by templates

        kept = self.build.page((name, *about), make)
        return self.page(whole, title=kept.title, kept=kept, **more)

    def back(self, path: str, said: str | None = None) -> RedirectResponse:
        """Return to a page after a form, which says what was done."""
        if said:
            self.request.session["said"] = said
        return RedirectResponse(path, 303)


def rendered(request: Request, settings: Settings, person: Person | None, template: str, **values: Any) -> str:
    """A page as HTML. `said` is what the form before it has done, once."""
    said = request.session.pop("said", None) if "session" in request.scope else None
    return (
        environment()
        .get_template(template)
        .render(
            {"published": None, **values},
            request=request,
            settings=settings,
            person=person,
            nonce=request.state.nonce,
            said=said,
            form_token=sessions.token(request) if person else "",
            path=request.url.path,
        )
    )


def visitor(request: Request) -> Person:
    """Who visits. Raises NotLoggedIn."""
    found: Person | None = request.app.state.login.person(request)
    if found is None:
        raise NotLoggedIn
    return found


def visit(request: Request, person: Annotated[Person, Depends(visitor)]) -> Iterator[Visit]:
    """A visit to what is published. Raises NothingPublished, NotLoggedIn, NoRole."""
    if not person.roles:
        raise NoRole
    publications: Publications = request.app.state.publications
    with publications.newest() as (build, connection):
        yield Visit(request, request.app.state.settings, person, build, connection)


Visiting = Annotated[Visit, Depends(visit)]


def needs(*roles: Role) -> Callable[[Visit], Visit]:
    """A visit of somebody who has one of these roles."""

    def allowed(visit: Visiting) -> Visit:
        if not visit.person.has(*roles):
            raise HTTPException(403, "Your role does not include this page.")
        return visit

    return allowed


def own_form(request: Request, form_token: Annotated[str, Form()] = "") -> None:
    """Refuse a form that did not come from a page of this session."""
    if not sessions.is_own_form(request, form_token):
        raise HTTPException(403, LOGIN_ENDED)


async def fields(request: Request) -> dict[str, object]:
    """The fields of a form, by name."""
    return dict(await request.form())


def is_own_address(address: str) -> bool:
    """Whether an address leads to a page of ours, and not to another host."""
    return address.startswith("/") and not address.startswith("//") and address.isprintable() and "\\" not in address


def to_login(request: Request) -> RedirectResponse:
    """To the login, and back to this page afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?to={quote(here, safe='')}", 303)
