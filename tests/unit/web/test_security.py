"""The page against those who should not see or do what it shows: headers, forms, hosts, sessions, stored markup."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import Response
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict
from starlette.types import Message, Receive, Scope, Send

from tests.fixtures.published import publish
from tests.fixtures.published_comments import survey
from tests.fixtures.web import ADDRESS, SECRET, Site, site, words
from wordround.alerts import actions
from wordround.errors import SettingsInvalid
from wordround.published.reading import read_episodes
from wordround.records import comment_readings, erasure_receipts
from wordround.web import sessions
from wordround.web.application import application
from wordround.web.bodies import Bounded
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


def test_no_cache_keeps_an_answer_with_somebodys_session(page: Site) -> None:
    """The answer where an asset is missing is a page: it takes what a form before it has said out of the session."""
    analyst = page.visitor("a", "analysts")
    alert = f"/alerts/{read_episodes(page.settings).alerts[0].alert_id}"
    token = analyst.get(alert).text.split('name="form_token" value="')[1].split('"')[0]
    sent = {"version": "0", "form_token": token, "words": "the ward was painted"}
    analyst.client.post(f"{alert}/note", data=sent, follow_redirects=False)
    for path in ("/assets/page.css", "/assets/nothing.css", "/assets/"):
        found = analyst.get(path)
        assert ("public" in found.headers["Cache-Control"]) == (found.status_code == 200)
        assert found.status_code == 404 or "Set-Cookie" not in found.headers


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


@pytest.mark.parametrize(
    "more", [("X-Forwarded-User", "boss"), ("X-Forwarded-Groups", "analysts"), ("x-forwarded-groups", "")]
)
def test_a_header_that_stands_twice_is_refused(page: Site, more: tuple[str, str]) -> None:
    """A proxy that adds its header beside the visitor's own, in place of setting it, says nothing of anybody."""
    client = TestClient(page.application, ADDRESS)
    once = [(SECRET_HEADER, SECRET), ("X-Forwarded-User", "a"), ("X-Forwarded-Groups", "readers")]
    assert client.get("/account", headers=once).status_code == 200  # type: ignore[arg-type]
    for twice in ([*once, more], [more, *once]):
        assert client.get("/account", headers=twice).status_code == 403  # type: ignore[arg-type]


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


# Words that an answer must not repeat, whatever part of a request they came in.
SENT = "zebra-crossing-4711"


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", f"/alerts?show={SENT}", {}),
        ("GET", f"/services/{SENT}", {}),
        ("GET", f"/{SENT}?{SENT}={SENT}", {}),
        ("GET", f"/governance?day={SENT}", {}),
        ("GET", f"/governance?page={SENT}", {}),
        ("POST", "/alerts/a/acknowledge", {"data": {"version": SENT, SENT: SENT}}),
        ("POST", "/alerts/a/acknowledge", {"content": SENT, "headers": {"Content-Type": "multipart/form-data"}}),
        ("POST", "/alerts/a/acknowledge", {"json": {SENT: SENT}}),
        (SENT.upper(), "/", {}),
        ("GET", "/", {"headers": {"Cookie": f"__Host-wordround={SENT}"}}),
    ],
)
def test_a_refusal_never_repeats_what_was_sent(page: Site, method: str, path: str, sent: dict[str, Any]) -> None:
    found = page.visitor("g", "governance").client.request(method, path, **sent)
    assert SENT not in found.text.casefold() and found.status_code != 500
    assert "Content-Security-Policy" in found.headers


class Exact(BaseModel):
    """A body as an interface for programs may ask for: no other name than its own."""

    model_config = ConfigDict(extra="forbid")

    service: str
    parts: dict[str, int]


def test_names_that_are_sent_are_not_repeated_either(page: Site) -> None:
    def exact(body: Exact) -> None: ...

    page.application.add_api_route("/exact", exact, methods=["POST"])
    client = page.visitor("r", "readers").client
    for sent in ({"service": "a", "parts": {SENT: SENT}}, {"service": "a", "parts": {}, SENT: 1}, [SENT], SENT):
        found = client.post("/exact", json=sent)
        assert found.status_code == 422 and SENT not in found.text and "Not readable: " in words(found)


def test_what_nobody_foresaw_is_said_in_a_sentence_and_its_words_are_in_no_log(
    page: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError(SENT)

    monkeypatch.setattr("wordround.web.visits.Visit.page", fails)
    found = page.visitor("r", "readers").get("/services")
    assert found.status_code == 500 and "The page could not be made (ValueError)" in words(found)
    assert "Content-Security-Policy" in found.headers and found.headers["Cache-Control"] == "no-store"
    assert "ValueError at" in caplog.text and SENT not in found.text + caplog.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(page: Site) -> None:
    taken = []

    def pieces() -> Iterator[bytes]:
        for number in range(200):
            taken.append(number)
            yield b"a" * 100_000

    client = page.visitor("a", "analysts").client
    for body in (b"x" * 1_000_001, pieces()):
        refused = client.post(
            "/alerts/a/acknowledge", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert refused.status_code == 413 and "Nothing was written" in words(refused)
        assert "Content-Security-Policy" in refused.headers
    assert client.get("/services").status_code == 200


def test_a_file_of_somebody_who_may_send_none_is_not_read_into_memory(page: Site) -> None:
    """A form is read before anybody asks who sends it: files would fill the memory of the page."""

    def pieces() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(30):
            yield b"a" * 100_000
        yield b"\r\n--x--\r\n"

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    nobody = TestClient(page.application, ADDRESS)
    for client, says in (
        (nobody, "reached through the trust's own address only"),
        (page.visitor("r", "readers").client, "Your role does not include sending files"),
    ):
        for body in (pieces(), b"x" * 3_000_000):
            refused = client.post("/upload", content=body, headers=kind)
            assert refused.status_code == 403 and says in words(refused)
    analyst = page.visitor("a", "analysts").client
    assert "the form is not one of this page" in words(analyst.post("/upload", content=pieces(), headers=kind))


def test_a_body_that_never_comes_is_not_waited_for() -> None:
    waits: list[int] = []

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        await receive()

    async def never() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Message) -> None:
        waits.append(message.get("status", 0))

    scope = {"type": "http", "path": "/", "headers": [(b"content-length", b"10")]}
    bounded = Bounded(app, most_bytes=100, refusal=lambda _, why: Response(status_code=why.status), seconds=0.01)
    asyncio.run(bounded(scope, never, send))
    assert waits[0] == 408


def test_ids_of_others_open_no_comments(page: Site) -> None:
    """A lead reads what they lead: no id, and no other spelling of one, opens more."""
    lead = page.visitor("k", "kestrel-leads")
    others = [each for each in read_episodes(page.settings).alerts if each.service_id != "kestrel"]
    assert others
    for alert in others:
        said = lead.words(f"/alerts/{alert.alert_id}")
        assert "Your role does not include the comments of this service." in said
        for path in (f"/alerts/{alert.alert_id}?service=kestrel", f"/alerts/{alert.alert_id}?with_posts=true"):
            assert lead.get(path).text.count("<blockquote") == 0
        for odd in (alert.alert_id.upper() + "%00", alert.alert_id + "/..", f"{alert.alert_id}'--"):
            assert lead.get(f"/alerts/{odd}").text.count("<blockquote") == 0
    assert {reading.by for reading in comment_readings.latest(page.settings)} <= {"k"}
    assert [reading for reading in comment_readings.latest(page.settings) if reading.comment_count == 0] == []


@pytest.mark.parametrize("group", ["readers", "coders", "approvers", "governance"])
def test_roles_that_see_labels_only_are_shown_no_comment_anywhere(page: Site, group: str) -> None:
    visitor = page.visitor("x", group)
    for alert in read_episodes(page.settings).alerts:
        assert "<blockquote" not in visitor.get(f"/alerts/{alert.alert_id}").text
    assert comment_readings.latest(page.settings) == []


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../application.py", "/assets/%2e%2e/application.py", "/assets/..%5c..%5cpages", "/assets//etc/passwd",
        "/services/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/services/%00", "//evil.example/", "/.git/config", "/assets/",
    ],
)  # fmt: skip
def test_no_spelling_of_a_path_leads_out(page: Site, path: str) -> None:
    found = page.visitor("a", "analysts").client.get(ADDRESS + path, follow_redirects=False)
    assert found.status_code in (404, 405) or found.headers.get("location", "").startswith(("/", ADDRESS))
    assert "import" not in found.text and "root:" not in found.text


def test_line_ends_that_are_sent_end_no_header(page: Site) -> None:
    analyst = page.visitor("a", "analysts")
    for path in ("/services/x%0d%0aSet-Cookie:%20a=b", "/?to=%0d%0aSet-Cookie:%20a=b", "/governance?by=%0d%0aX: y"):
        found = analyst.get(path)
        assert not [value for value in found.headers.get_list("set-cookie") if value.startswith("a=b")]
        assert "X" not in found.headers


def test_a_name_that_is_none_is_refused(page: Site) -> None:
    client = TestClient(page.application, ADDRESS)
    for name in ("a" * 201, "a\x07b", "\u202eboss".encode(), ""):
        sent = {"X-Forwarded-User": name, "X-Forwarded-Groups": "analysts", SECRET_HEADER: SECRET}
        assert client.get("/account", headers=sent).status_code == 403  # type: ignore[arg-type]


def test_many_at_once_are_answered_and_none_is_mixed_up_with_another(page: Site) -> None:
    names = [f"reader-{number}" for number in range(60)]
    with ThreadPoolExecutor(30) as threads:
        found = list(threads.map(lambda name: page.visitor(name, "readers").get("/account"), names))
    assert [each.status_code for each in found] == [200] * 60
    assert all(f"as {name}." in words(each) for name, each in zip(names, found, strict=True))


class TestGovernance:
    def test_the_log_is_shown_to_governance_alone(self, page: Site) -> None:
        for group in ("readers", "kestrel-leads", "analysts", "coders", "approvers"):
            assert page.visitor("x", group).get("/governance").status_code == 403
            assert "Governance" not in page.visitor("x", group).words("/").partition("What needs a look")[0]
        assert "Governance" in page.visitor("g", "governance").words("/")

    def test_it_says_who_read_what_and_when_a_hundred_a_page_by_person_and_day(self, page: Site) -> None:
        governance = page.visitor("i.gov", "governance")
        assert "Nobody has been shown a comment" in governance.words("/governance")
        for number in range(150):
            comment_readings.log(page.settings, "m.farrow", "alert", {"alert": f"a{number}"}, number + 1)
        comment_readings.log(page.settings, "k.lead", "search", {}, 3, typed="parking")
        first, second = governance.get("/governance"), governance.get("/governance?page=2")
        assert (first.text.count('class="when"'), second.text.count('class="when"')) == (100, 51)
        assert "words: parking" in words(first) and "alert: a149" in words(first) and "alert: a0 " in words(second)
        assert "Older" in words(first) and "Newer" in words(second) and "Older" not in words(second)
        mine = governance.words("/governance?by=k.lead")
        assert "parking" in mine and "alert: a1" not in mine
        today = datetime.now(ZoneInfo("Europe/London")).date()
        assert "parking" in governance.words(f"/governance?by=k.lead&day={today}")
        assert "Nobody was shown comments as you asked" in governance.words("/governance?day=2026-01-01")
        for day in ("yesterday", "2026-13-01", "9999-12-31", "0001-01-01"):
            assert governance.get(f"/governance?day={day}").status_code == 422
        assert governance.get("/governance?page=0").status_code == 422
        assert governance.get("/governance?by=%27%20or%201=1").status_code == 200

    def test_it_says_on_what_authority_each_source_is_read_and_how_long(self, page: Site) -> None:
        said = page.visitor("i.gov", "governance").words("/governance")
        for part in ("Lawful basis", "Impact assessment", "The text of a comment is kept for"):
            assert part in said

    def test_it_has_a_receipt_of_each_erasure_that_leads_to_nobody(self, page: Site) -> None:
        governance = page.visitor("i.gov", "governance")
        assert "Nothing has been erased yet" in governance.words("/governance")
        where = {"landing": 2, "warehouse": 2, "reports": 1, "tool_files": 0, "vault": 0}
        asked_at = "2026-11-20T02:15:00+00:00"
        erasure_receipts.log(page.settings, "comment", "chirp", asked_at, {"comments": 2, "where": where}, 0)
        erasure_receipts.log_search(page.settings, 1, 0)
        erasure_receipts.log(page.settings, "author", "chirp", asked_at, {"comments": 1, "where": {"landing": 1}}, 3)
        with erasure_receipts.path_of(page.settings).open("a", encoding="utf-8") as file:
            file.write('{"by": "comment"}\n{"torn\n')
        receipts = governance.words("/governance").split("Receipts of erasures, the latest first")[1]
        assert "everything of one author 1 1 left 3 files that a person must remove" in receipts
        assert "comments that were named, or withdrawn at their source 2 5 removed 1 file and left nothing" in receipts
        assert receipts.index("author") < receipts.index("withdrawn")
        assert "hirp" not in receipts and "landing" not in receipts and receipts.count("UTC") == 2
        for group in ("readers", "analysts", "approvers", "coders", "kestrel-leads"):
            assert page.visitor("x", group).get("/governance").status_code == 403


class TestAccount:
    def test_it_says_who_i_am_what_i_may_and_which_services_i_lead(self, page: Site) -> None:
        said = page.visitor("k.lead", "kestrel-leads", "nonsense").words("/account")
        assert "You are logged in as k.lead." in said and "Kestrel Ward" in said and "nonsense" not in said
        assert "logged" in said and "Analyst" not in said

    def test_without_a_role_every_page_says_whom_to_ask(self, tmp_path: Path) -> None:
        publish(tmp_path)
        with site(tmp_path, contact="the patient experience team") as made:
            for path in ("/", "/alerts", "/services/kestrel", "/account"):
                found = made.visitor("new", "staff").get(path)
                assert found.status_code == (200 if path == "/account" else 403)
                assert "Ask the patient experience team" in words(found) and "Kestrel" not in words(found)
