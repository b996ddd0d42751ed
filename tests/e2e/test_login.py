"""Logging in at a real provider of identities, with a real browser: `wordround serve` in between, as a trust runs it.

The page is at 127.0.0.1 and the provider at localhost: to a browser two sites, as at a trust.
"""

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from itsdangerous import TimestampSigner
from pydantic import SecretStr

from tests.fixtures.browser import DESK, TELEPHONE, chromium, is_wider_than_its_window, needs_chromium, violations
from tests.fixtures.provider import REALM, SECRET, TENANT, Provider, free_port, needs_node, providing
from tests.fixtures.published import publish
from tests.fixtures.web import ADDRESS, groups_as_toml, served, web_settings
from wordround.web.application import application

pytestmark = [needs_chromium, needs_node, pytest.mark.slow]


@dataclass(frozen=True)
class Pages:
    """The address of a page of each tenant, the data home of the first, and the provider of both."""

    realm: str
    tenant: str
    home: Path
    provider: Provider


def settings(address: str, issuer: str) -> str:
    port = address.rpartition(":")[2]
    return f"""
login = "oidc"
address = "{address}"
port = {port}
contact = "the patient experience team, extension 4410"
{groups_as_toml()}
[web.oidc]
issuer = "{issuer}"
client_id = "wordround"
"""


Browser = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Opens a window of a browser that has no cookies."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])

        @contextmanager
        def window(width: int = DESK, **context: Any) -> Iterator[Any]:
            with launched.new_context(viewport={"width": width, "height": 900}, **context) as made:
                yield made.new_page()

        yield window
        launched.close()


@pytest.fixture(scope="module")
def pages(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Both pages run before there is a provider."""
    ports = [free_port() for _ in range(3)]
    realm, tenant = (f"http://127.0.0.1:{port}" for port in ports[:2])
    homes = [tmp_path_factory.mktemp(name) for name in ("realm", "tenant")]
    for home in homes:
        publish(home)
    issuers = [f"http://localhost:{ports[2]}{path}" for path in (REALM, TENANT)]
    with (
        served(homes[0], settings(realm, issuers[0]), WORDROUND_OIDC_SECRET=SECRET),
        served(homes[1], settings(tenant, issuers[1]), WORDROUND_OIDC_SECRET=SECRET),
    ):
        with browser() as page:
            page.goto(realm)
            assert page.title() == "Not available just now – Wordround"
            assert "Your trust's login cannot be reached" in page.inner_text("main")
        with providing(ports[2], realm, tenant) as provider:
            yield Pages(realm, tenant, homes[0], provider)


def log_in(page: Any, login: str) -> None:
    """At the provider, as whoever has this login."""
    page.wait_for_url("http://localhost:*/**")
    page.fill("[name=login]", login)
    page.fill("[name=password]", "any")
    page.click("[type=submit]")
    page.wait_for_url("http://127.0.0.1:*/**")


@pytest.fixture
def visit(pages: Pages, browser: Browser) -> Iterator[Any]:
    with browser() as page:
        yield page


def words(page: Any) -> str:
    return " ".join(page.inner_text("main").split())


def cookie(visit: Any) -> dict[str, Any]:
    [found] = visit.context.cookies("http://127.0.0.1")
    assert (found["name"], found["httpOnly"], found["sameSite"]) == ("wordround", True, "Lax")
    return dict(found)


def set_cookie(visit: Any, value: str) -> None:
    visit.context.add_cookies([{"name": "wordround", "value": value, "domain": "127.0.0.1", "path": "/"}])


def ended(pages: Pages, value: str) -> str:
    """A session as it is once its hours are over."""
    signer = TimestampSigner((pages.home / "keys" / "web.key").read_text().strip())
    session = json.loads(b64decode(signer.unsign(value.encode())))
    session["who"]["until"] = int(time.time()) - 1
    return signer.sign(b64encode(json.dumps(session).encode())).decode()


@pytest.mark.parametrize("javascript", [True, False])
def test_whoever_logs_in_comes_back_to_the_page_that_they_asked_for(
    browser: Browser, pages: Pages, javascript: bool
) -> None:
    with browser(java_script_enabled=javascript) as visit:
        visit.goto(f"{pages.realm}/alerts?show=all&service=kestrel")
        visit.wait_for_url("http://localhost:*/**")
        log_in(visit, "m.farrow")
        assert visit.url == f"{pages.realm}/alerts?show=all&service=kestrel"
        assert "m.farrow" in visit.inner_text("header") and "Log out" in visit.inner_text("header")
        cookie(visit)


def test_the_provider_is_asked_with_pkce_state_and_nonce_and_told_no_page(pages: Pages, visit: Any) -> None:
    asked: list[Any] = []
    visit.on("request", lambda request: asked.append(request) if "/auth?" in request.url else None)
    visit.goto(f"{pages.realm}/services/kestrel")
    visit.wait_for_url("http://localhost:*/**")
    sent = parse_qs(urlsplit(asked[0].url).query)
    assert sent["code_challenge_method"] == ["S256"] and sent["response_type"] == ["code"]
    assert all(len(sent[name][0]) >= 20 for name in ("code_challenge", "state", "nonce"))
    assert "kestrel" not in asked[0].url and "referer" not in asked[0].headers


def test_groups_give_roles_whether_they_stand_in_the_token_or_are_asked_for(browser: Browser, pages: Pages) -> None:
    for address in (pages.realm, pages.tenant):
        for login, role, services in (("m.farrow", "Analyst", False), ("k.lead", "Lead", True)):
            with browser() as visit:
                visit.goto(f"{address}/account")
                log_in(visit, login)
                assert f"You are logged in as {login}." in words(visit) and role in words(visit)
                assert ("Kestrel Ward" in words(visit)) is services
                assert "staff" not in words(visit)  # a group that means nothing here is not even kept


def test_who_has_no_group_is_told_whom_to_ask_and_can_log_out(browser: Browser, pages: Pages) -> None:
    with browser(TELEPHONE) as visit:
        visit.goto(f"{pages.realm}/alerts")
        log_in(visit, "new.starter")
        assert visit.inner_text("h1") == "You have no access yet"
        assert "Ask the patient experience team, extension 4410" in words(visit)
        assert "Alerts" not in visit.inner_text("header")
        assert violations(visit) == [] and not is_wider_than_its_window(visit)
        visit.click("text=Log out")
        visit.wait_for_url("http://localhost:*/**")


def test_logging_out_ends_the_session_here_and_at_the_provider(pages: Pages, visit: Any) -> None:
    visit.goto(f"{pages.realm}/services")
    log_in(visit, "m.farrow")
    before = cookie(visit)["value"]
    visit.click("text=Log out")
    visit.wait_for_url("http://localhost:*/**")
    visit.click("text=Log out everywhere")
    visit.wait_for_url(f"{pages.realm}/logged-out**")
    assert visit.inner_text("h1") == "You have logged out" and "m.farrow" not in visit.inner_text("body")
    # A copy of the cookie from before is worth nothing, and the provider asks who it is.
    set_cookie(visit, before)
    visit.goto(f"{pages.realm}/services")
    log_in(visit, "k.lead")
    assert "k.lead" in visit.inner_text("header") and visit.url == f"{pages.realm}/services"


def test_where_the_provider_cannot_end_its_session_logging_out_ends_ours(pages: Pages, visit: Any) -> None:
    visit.goto(f"{pages.tenant}/services")
    log_in(visit, "m.farrow")
    before = cookie(visit)["value"]
    visit.click("text=Log out")
    visit.wait_for_url(f"{pages.tenant}/logged-out")
    set_cookie(visit, before)
    assert visit.request.get(f"{pages.tenant}/account", max_redirects=0).status == 303
    visit.click("text=Log in again")
    visit.wait_for_url(f"{pages.tenant}/")  # the provider still knows who it is


def test_a_session_that_is_over_leads_to_the_login_and_back_also_from_a_form(pages: Pages, visit: Any) -> None:
    visit.goto(f"{pages.realm}/governance")
    log_in(visit, "i.gov")
    visit.fill("[name=day]", "2026-11-02")
    set_cookie(visit, ended(pages, cookie(visit)["value"]))
    visit.click("main button")
    # The provider's own session goes on: nobody types anything.
    visit.wait_for_url(f"{pages.realm}/governance?by=&day=2026-11-02")
    assert visit.input_value("[name=day]") == "2026-11-02"


def test_a_form_that_writes_and_comes_too_late_writes_nothing_and_says_so(pages: Pages, visit: Any) -> None:
    visit.goto(f"{pages.realm}/alerts?show=all")
    log_in(visit, "m.farrow")
    visit.click("tbody a")
    visit.wait_for_selector("text=I have seen it")
    set_cookie(visit, ended(pages, cookie(visit)["value"]))
    visit.click("text=I have seen it")
    visit.wait_for_selector("text=Your session has ended")
    assert "Nothing was written." in words(visit)


def test_an_answer_to_no_question_of_this_browser_is_refused_and_ends_nothing(pages: Pages, visit: Any) -> None:
    for query in ("state=x&code=y", "code=y", "", "error=access_denied&error_description=<b>hm</b>"):
        answer = visit.goto(f"{pages.realm}/login/back?{query}")
        assert answer.status == 403 and "The login did not succeed" in words(visit), query
        assert "hm" not in visit.content()
    visit.goto(f"{pages.realm}/account")
    log_in(visit, "m.farrow")
    visit.goto(f"{pages.realm}/login/back?state=x&code=y")
    assert visit.url == f"{pages.realm}/" and "m.farrow" in visit.inner_text("header")


def test_an_answer_counts_once_and_in_its_own_browser(browser: Browser, pages: Pages, visit: Any) -> None:
    answers: list[str] = []
    visit.on("request", lambda request: answers.append(request.url) if "/login/back?" in request.url else None)
    visit.goto(f"{pages.realm}/account")
    log_in(visit, "m.farrow")
    [answer] = answers
    with browser() as thief:
        assert thief.goto(answer).status == 403
        assert thief.context.request.get(f"{pages.realm}/account", max_redirects=0).status == 303
    visit.context.clear_cookies()
    assert visit.goto(answer).status == 403


def test_a_session_from_before_the_login_keeps_nothing(browser: Browser, pages: Pages, visit: Any) -> None:
    with browser() as attacker:
        attacker.goto(f"{pages.realm}/services")
        log_in(attacker, "k.lead")
        planted = cookie(attacker)["value"]
        token = attacker.get_attribute("[name=form_token]", "value")
    set_cookie(visit, planted)
    visit.goto(f"{pages.realm}/login?to=/services")
    log_in(visit, "m.farrow")
    assert "m.farrow" in visit.inner_text("header") and cookie(visit)["value"] != planted
    assert visit.get_attribute("[name=form_token]", "value") != token
    set_cookie(visit, planted)  # whoever planted it has nothing of it either: that session has ended
    assert visit.request.get(f"{pages.realm}/account", max_redirects=0).status == 303


@pytest.mark.parametrize(("seconds", "is_taken"), [(60, True), (-60, True), (900, False), (-7200, False)])
def test_clocks_may_differ_by_a_minute_and_not_by_a_quarter_of_an_hour(
    pages: Pages, visit: Any, seconds: int, is_taken: bool
) -> None:
    visit.goto(f"{pages.realm}/account")
    visit.wait_for_url("http://localhost:*/**")
    with pages.provider.ahead(seconds):
        log_in(visit, "m.farrow")
        assert ("m.farrow" in words(visit)) is is_taken
        assert is_taken or "The login did not succeed" in words(visit)


def test_the_pages_of_a_login_can_be_used_by_everybody(browser: Browser, pages: Pages) -> None:
    for width in (TELEPHONE, DESK):
        with browser(width) as visit:
            visit.goto(f"{pages.realm}/logged-out")
            assert violations(visit) == [] and not is_wider_than_its_window(visit)
            visit.goto(f"{pages.realm}/governance")
            log_in(visit, "i.gov")
            for path in ("/governance", "/account", "/nothing"):
                visit.goto(f"{pages.realm}{path}")
                assert violations(visit) == [] and not is_wider_than_its_window(visit), path


def test_another_issuer_than_the_settings_name_is_not_trusted(pages: Pages, tmp_path: Path) -> None:
    """By its other name the same server is another issuer: what it signs is for that one."""
    publish(tmp_path)
    for issuer in (f"http://127.0.0.1:{pages.provider.port}{REALM}", f"http://localhost:{pages.provider.port}/none"):
        block = {"login": "oidc", "oidc": {"issuer": issuer, "client_id": "wordround"}}
        made = web_settings(tmp_path, **block)
        environment = made.environment.model_copy(update={"oidc_secret": SecretStr(SECRET)})
        client = TestClient(application(made.model_copy(update={"environment": environment})), ADDRESS)
        refused = client.get("/login", follow_redirects=False)
        assert refused.status_code == 503 and "cannot be reached" in refused.text
