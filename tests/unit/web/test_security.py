"""The page against those who should not see or do what it shows: headers, forms, hosts, sessions, stored markup."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.fixtures.published import publish
from tests.fixtures.published_comments import survey
from tests.fixtures.web import ADDRESS, SECRET, Site, words
from wordround.alerts import actions
from wordround.errors import SettingsInvalid
from wordround.published.reading import read_episodes
from wordround.web import sessions
from wordround.web.application import application
from wordround.web.login.proxy import SECRET_HEADER


def test_every_answer_says_what_a_browser_may_run_and_keep(page: Site) -> None:
    for path in ("/", "/alerts", "/services", "/services/kestrel", "/nothing", "/assets/page.css"):
        found = page.visitor("r", "readers").get(path)
        policy = found.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert found.headers["Strict-Transport-Security"]
        assert found.headers["Cache-Control"] == ("no-store" if "assets" not in path else "public, max-age=2592000")
        for script in re.findall(r"<script[^>]*>", found.text):
            assert 'nonce="' in script and script.split('nonce="')[1].split('"')[0] in policy
        assert not re.findall(
            r'\son\w+="|javascript:|style="', re.sub(r"<svg.*?</svg>", "", found.text, flags=re.DOTALL)
        )


def test_nothing_of_a_page_comes_from_elsewhere(page: Site) -> None:
    for path in (
        "/",
        "/services/kestrel",
        "/assets/nhsuk-frontend-10.6.1.min.css",
        "/assets/page.js",
        "/assets/page.css",
    ):
        found = page.visitor("r", "readers").get(path).text
        assert not re.findall(r"""(?:src|href|url|@import)\s*[=(]?\s*["']?https?:""", found), path
    assert "@font-face" not in page.visitor("r", "readers").get("/assets/nhsuk-frontend-10.6.1.min.css").text


def test_a_form_from_elsewhere_or_of_another_session_does_nothing(page: Site) -> None:
    alert = f"/alerts/{read_episodes(page.settings).alerts[0].alert_id}"
    analyst, other = page.visitor("a", "analysts"), page.visitor("b", "analysts")
    stolen = other.get(alert).text.split('name="form_token" value="')[1].split('"')[0]
    analyst.get(alert)
    for token in ("", "x", stolen):
        refused = analyst.client.post(f"{alert}/acknowledge", data={"version": "0", "form_token": token})
        assert refused.status_code == 403 and "nothing was written" in words(refused)
    assert actions.handling(page.settings) == {}


@pytest.mark.parametrize(
    "headers",
    [{}, {SECRET_HEADER: "guessed"}, {SECRET_HEADER: SECRET[:-1]}, {SECRET_HEADER: SECRET, "X-Forwarded-User": " "}],
)
def test_headers_of_anybody_but_the_proxy_count_for_nothing(page: Site, headers: dict[str, str]) -> None:
    client = TestClient(page.application, ADDRESS)
    sent = {"X-Forwarded-User": "boss", "X-Forwarded-Groups": "analysts"} | headers
    assert client.get("/", headers=sent).status_code == 403


def test_a_header_that_stands_twice_is_refused(page: Site) -> None:
    client = TestClient(page.application, ADDRESS)
    twice = [
        (SECRET_HEADER, SECRET),
        ("X-Forwarded-User", "a"),
        ("X-Forwarded-User", "boss"),
        ("X-Forwarded-Groups", "analysts"),
    ]
    assert client.get("/", headers=twice).status_code == 403  # type: ignore[arg-type]


def test_a_proxy_without_a_proof_is_no_login(page: Site) -> None:
    bare = page.settings.environment.model_copy(update={"proxy_secret": None})
    with pytest.raises(SettingsInvalid, match="WORDROUND_PROXY_SECRET"):
        application(page.settings.model_copy(update={"environment": bare}))


def test_another_sites_name_for_this_machine_opens_nothing(page: Site) -> None:
    client = TestClient(page.application, "https://evil.example")
    assert client.get("/", headers={SECRET_HEADER: SECRET, "X-Forwarded-User": "a"}).status_code == 400


def test_a_session_that_was_written_by_hand_counts_for_nothing(page: Site) -> None:
    visitor = page.visitor("a", "analysts")
    visitor.client.cookies.set(sessions.cookie(is_https=True), "eyJ3aG8iOiB7Im5hbWUiOiAiYm9zcyJ9fQ==.x.y")
    assert visitor.get("/").status_code == 200
    assert "boss" not in visitor.get("/").text


def test_markup_in_what_people_wrote_is_shown_and_never_run(page: Site) -> None:
    wrote = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} & 'quotes'"
    publish(page.settings.home, survey("kestrel", [wrote]))
    alert = next(each for each in read_episodes(page.settings).alerts if each.service_id == "kestrel")
    shown = page.visitor("a", "analysts").get(f"/alerts/{alert.alert_id}")
    assert "<script>alert" not in shown.text and "<img" not in shown.text
    assert "<script>alert(1)</script>" in words(shown) or "alert(1)" in shown.text
    assert "{{ 7 * 7 }}" in shown.text


@pytest.mark.parametrize(
    "path", ["/services/../../etc/passwd", "/assets/..%2f..%2fpages%2falerts.py", "/alerts/' or 1=1 --"]
)
def test_paths_lead_nowhere_else(page: Site, path: str) -> None:
    assert page.visitor("a", "analysts").get(path).status_code == 404


def test_a_new_publication_is_seen_by_the_next_visit_and_an_open_one_goes_on(page: Site, tmp_path: Path) -> None:
    reader = page.visitor("r", "readers")
    assert "Kestrel Ward" in reader.words("/services")
    for number, name in enumerate(("Osprey Ward", "Linnet Ward")):
        change = f"update marts.dim_services set service_label = '{name}' where service_id = 'kestrel'"
        newer = publish(tmp_path / f"newer {number}", change)
        with page.application.state.publications.newest() as (_, connection):
            before = connection.execute("select service_label from marts.dim_services order by all").fetchall()
            newer.replace(page.settings.published / "wordround.duckdb")
            assert name in reader.words("/services")
            assert connection.execute("select service_label from marts.dim_services order by all").fetchall() == before


def test_without_a_publication_the_page_says_what_to_do(page: Site) -> None:
    (page.settings.published / "wordround.duckdb").unlink()
    found = page.visitor("r", "readers").get("/")
    assert found.status_code == 503 and "Load comments, build and publish first" in words(found)
