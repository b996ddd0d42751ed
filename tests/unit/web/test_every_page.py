"""What has to hold of every page that there is, and of every one that is added: it is asked of all routes."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import duckdb
import pytest
from fastapi.dependencies.utils import get_flat_dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from tests.fixtures.web import ADDRESS, Site
from tests.unit.web.test_logins import oidc_settings, session, visitor
from wordround.published.reading import read_episodes
from wordround.records import comment_readings
from wordround.web.application import application
from wordround.web.visits import own_form

# Open to whoever asks: where people log in and out.
OF_THE_LOGIN = {"/login", "/login/back", "/logout", "/logged-out"}
# What somebody may type where an address or a form asks for a number, a day, a name or words.
ODD = (
    "", "-1", "99999999999999999999", "9999-12-31", "0001-01-01", "\x00", "'", '"><b>', "%", "a" * 5_000, "ı\u202e",
)  # fmt: skip


def routes(app: Any) -> list[APIRoute]:
    found = [route for route in app.routes if isinstance(route, APIRoute)]
    assert len(found) > 10
    return found


def addresses(page: Site) -> Iterator[str]:
    """Every page, with ids that exist."""
    alert = read_episodes(page.settings).alerts[0]
    known = {"alert_id": alert.alert_id, "service_id": "kestrel", "theme_code": "staff"}
    known["conversation_id"] = "maternity_hour"
    for route in routes(page.application):
        if "GET" in route.methods:
            yield re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: known.get(part[1], "1"), route.path)


def test_every_form_asks_for_the_token_of_its_session(page: Site) -> None:
    for route in routes(page.application):
        if route.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            asked = [each.call for each in _all(route.dependant)]
            assert own_form in asked or route.path.startswith("/api/"), f"{route.path} takes forms of other sites"


def _all(dependant: Any) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each
        yield from _all(each)


def test_nobody_opens_a_page_without_a_login(page: Site) -> None:
    settings = oidc_settings(page.settings.home)
    anybody = TestClient(application(settings), ADDRESS, follow_redirects=False)
    for path in addresses(page):
        found = anybody.get(path)
        if path.startswith("/api/"):
            assert found.status_code in (401, 403), path
        elif path not in OF_THE_LOGIN:
            assert (found.status_code, found.headers["location"][:11]) == (303, "/login?to=%"), path


def test_a_session_without_a_role_opens_no_page_but_the_account(page: Site) -> None:
    settings = oidc_settings(page.settings.home)
    nobody = visitor(settings, session(settings, ["staff"]))
    for path in addresses(page):
        if path not in OF_THE_LOGIN | {"/account"}:
            assert nobody.get(path).status_code == 403, path


@pytest.mark.parametrize("group", ["readers", "approvers", "governance"])
def test_no_page_shows_a_comment_to_who_sees_labels_only(page: Site, group: str) -> None:
    with duckdb.connect(str(page.settings.published / "wordround.duckdb"), read_only=True) as connection:
        rows = connection.execute("select distinct comment_text from marts.fct_comments").fetchall()
    texts = [text for (text,) in rows]
    assert len(texts) > 20
    reader = page.visitor("r", group)
    for path in addresses(page):
        shown = unescape(reader.get(path).text)
        assert [text for text in texts if text and text in shown] == [], path
    assert comment_readings.latest(page.settings) == []


def filled(path: str, value: str) -> str:
    """An address with this in place of its parts."""
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("group", ["analysts", "governance"])
def test_nothing_that_is_typed_into_an_address_breaks_a_page(page: Site, group: str) -> None:
    client = page.visitor("x", group).client
    for route in routes(page.application):
        if "GET" not in route.methods:
            continue
        for odd in ODD:
            for field in get_flat_dependant(route.dependant).query_params:
                found = client.get(filled(route.path, "kestrel"), params={field.alias: odd})
                assert found.status_code < 500, (route.path, field.alias, odd[:20])
                assert '"><b>' not in found.text
            if "{" in route.path and odd:
                found = client.get(filled(route.path, quote(odd, safe="")))
                assert found.status_code < 500, (route.path, odd[:20])


def test_nothing_that_is_typed_into_a_form_breaks_a_page(page: Site) -> None:
    visitor = page.visitor("a", "analysts")
    alert = read_episodes(page.settings).alerts[0].alert_id
    token = visitor.get(f"/alerts/{alert}").text.split('name="form_token" value="')[1].split('"')[0]
    for route in routes(page.application):
        if "POST" not in route.methods:
            continue
        for field in get_flat_dependant(route.dependant).body_params:
            for odd in ODD:
                sent = {"version": "0", "form_token": token} | {field.alias: odd}
                path = filled(route.path, alert if "alert_id" in route.path else "1")
                found = visitor.client.post(path, data=sent, follow_redirects=False)
                assert found.status_code < 500, (path, field.alias, odd[:20])
